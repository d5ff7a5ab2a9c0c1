"""Validation of Services.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateServiceCreate, ValidateServiceUpdate,
ValidateServiceStatusUpdate.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.addresses import check_cidr, check_endpoint_ip, check_ip
from k8scourse.apiserver.validation.internal_values import internal_value
from k8scourse.apiserver.validation.label_selector import check_labels
from k8scourse.apiserver.validation.load_balancer import check_load_balancer_status
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.ports import PROTOCOLS
from k8scourse.apiserver.validation.service_addresses import (
    check_cluster_ips,
    check_cluster_ips_update,
    check_families_update,
)
from k8scourse.apiserver.validation.support import Errors, check, check_choice
from k8scourse.component_helpers.services import (
    CLUSTER_IP,
    EXTERNAL_NAME,
    LOAD_BALANCER,
    NODE_PORT,
    is_externally_accessible,
    is_headless,
    needs_health_check_port,
)
from k8scourse.machinery.field import FieldError, duplicate, forbidden, invalid, key, not_supported, required
from k8scourse.machinery.names import (
    is_dns1123_label,
    is_dns1123_subdomain,
    is_port_name,
    is_port_number,
    is_qualified_name,
)

TYPES = (CLUSTER_IP, EXTERNAL_NAME, LOAD_BALANCER, NODE_PORT)
AFFINITIES = ("ClientIP", "None")
TRAFFIC_POLICIES = ("Cluster", "Local")
DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")
MAX_AFFINITY_SECONDS = 86400
TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints"
TOPOLOGY_MODE = "service.kubernetes.io/topology-mode"
SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
_BALANCED_ONLY = "may only be used when `type` is 'LoadBalancer'"

Service = Mapping[str, Any]
Spec = Mapping[str, Any]


def validate_service(service: Service) -> list[FieldError]:
    """Return the faults of a Service that is to be created; its name may begin with a digit (1.36)."""
    errors = check_metadata(service["metadata"], namespaced=True, name_rule=is_dns1123_label)
    _check_service(errors, service, {})
    return errors


def validate_service_update(new: Service, old: Service) -> list[FieldError]:
    """Return the faults of changing the stored Service *old* to *new*: addresses stay once they are set."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    spec, before = new["spec"], old["spec"]
    check_cluster_ips_update(errors, spec, before)
    check_families_update(errors, spec, before)
    balanced = spec.get("type") == before.get("type") == LOAD_BALANCER
    if balanced and spec.get("loadBalancerClass") != before.get("loadBalancerClass"):
        path = "spec.loadBalancerClass"
        errors.append(invalid(path, spec.get("loadBalancerClass"), "may not change once set"))
    _check_load_balancer_class(errors, spec)
    both_checked = needs_health_check_port(spec) and needs_health_check_port(before)
    if both_checked and spec.get("healthCheckNodePort") != before.get("healthCheckNodePort"):
        errors.append(forbidden("spec.healthCheckNodePort", "field is immutable"))
    _check_service(errors, new, old)
    return errors


def validate_service_status_update(new: Service, old: Service) -> list[FieldError]:
    """Return the faults of a reported status: only load balancers have addresses there."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    status, before = ((service.get("status") or {}).get("loadBalancer") or {} for service in (new, old))
    path = "status.loadBalancer"
    if new["spec"].get("type") != LOAD_BALANCER and status.get("ingress"):
        errors.append(forbidden(f"{path}.ingress", "may only be used when `spec.type` is 'LoadBalancer'"))
    else:
        check_load_balancer_status(errors, status, before, path)
    return errors


def _check_service(errors: Errors, service: Service, old: Service) -> None:
    spec, before = service["spec"], old.get("spec") or {}
    annotations = service["metadata"].get("annotations") or {}
    if {TOPOLOGY_HINTS, TOPOLOGY_MODE} <= annotations.keys() and (
        annotations[TOPOLOGY_HINTS] != annotations[TOPOLOGY_MODE]
    ):
        text = f"must match annotations[{TOPOLOGY_HINTS}] when both are specified"
        errors.append(invalid(key("metadata.annotations", TOPOLOGY_MODE), annotations[TOPOLOGY_MODE], text))
    ports = spec.get("ports") or ()
    if not ports and not is_headless(spec) and spec.get("type") != EXTERNAL_NAME:
        errors.append(required("spec.ports"))
    _check_type(errors, spec)
    _check_ports(errors, ports)
    if spec.get("selector"):
        check_labels(errors, spec["selector"], "spec.selector")
    _check_affinity(errors, spec)
    check_cluster_ips(errors, spec, before)
    _check_external_ips(errors, spec, before)
    check_choice(errors, "spec.type", spec.get("type"), TYPES)
    _check_port_numbers(errors, spec, ports)
    _check_source_ranges(errors, service, old)
    _check_policies(errors, spec)


def _check_type(errors: Errors, spec: Spec) -> None:
    kind = spec.get("type")
    if kind in (LOAD_BALANCER, NODE_PORT) and is_headless(spec):
        text = f"may not be set to 'None' for {kind} services"
        errors.append(invalid("spec.clusterIPs[0]", "None", text))
    if kind != EXTERNAL_NAME:
        return
    for field in ("clusterIPs", "ipFamilies", "ipFamilyPolicy"):
        if spec.get(field):
            errors.append(forbidden(f"spec.{field}", "may not be set for ExternalName services"))
    name = (spec.get("externalName") or "").removesuffix(".")
    if name:
        check(errors, "spec.externalName", name, is_dns1123_subdomain)
    else:
        errors.append(required("spec.externalName"))


def _check_ports(errors: Errors, ports: Sequence[Mapping[str, Any]]) -> None:
    names: set[str] = set()
    for index, port in enumerate(ports):
        path, name = f"spec.ports[{index}]", port.get("name")
        if name:
            check(errors, f"{path}.name", name, is_dns1123_label)
            if name in names:
                errors.append(duplicate(f"{path}.name", name))
            names.add(name)
        elif len(ports) > 1:
            errors.append(required(f"{path}.name"))
        _check_number(errors, port.get("port") or 0, f"{path}.port")
        check_choice(errors, f"{path}.protocol", port.get("protocol"), PROTOCOLS)
        target = port.get("targetPort", 0)
        if isinstance(target, str):
            check(errors, f"{path}.targetPort", target, is_port_name)
        else:
            _check_number(errors, target, f"{path}.targetPort")
        if port.get("appProtocol") is not None:
            check(errors, f"{path}.appProtocol", port["appProtocol"], is_qualified_name)


def _check_number(errors: Errors, number: int, path: str) -> None:
    errors.extend(invalid(path, number, message) for message in is_port_number(number))


def _check_affinity(errors: Errors, spec: Spec) -> None:
    affinity, config = spec.get("sessionAffinity"), spec.get("sessionAffinityConfig")
    check_choice(errors, "spec.sessionAffinity", affinity, AFFINITIES)
    path = "spec.sessionAffinityConfig"
    if affinity == "None" and config is not None:
        errors.append(forbidden(path, "must not be set when session affinity is None"))
    if affinity != "ClientIP":
        return
    client = (config or {}).get("clientIP")
    seconds = (client or {}).get("timeoutSeconds")
    absent = "when session affinity type is ClientIP"
    if config is None:
        errors.append(required(path, absent))
    elif client is None:
        errors.append(required(f"{path}.clientIP", absent))
    elif seconds is None:
        errors.append(required(f"{path}.clientIP.timeoutSeconds", absent))
    elif not 0 < seconds <= MAX_AFFINITY_SECONDS:
        text = f"must be greater than 0 and less than {MAX_AFFINITY_SECONDS}"
        errors.append(invalid(f"{path}.clientIP.timeoutSeconds", seconds, text))


def _check_external_ips(errors: Errors, spec: Spec, before: Spec) -> None:
    for index, address in enumerate(spec.get("externalIPs") or ()):
        path, count = f"spec.externalIPs[{index}]", len(errors)
        check_ip(errors, address, path, before.get("externalIPs") or ())
        if len(errors) == count:
            check_endpoint_ip(errors, address, path)


def _check_port_numbers(errors: Errors, spec: Spec, ports: Sequence[Mapping[str, Any]]) -> None:
    """Check that a ClusterIP needs no node ports, and that no number is taken twice for a protocol."""
    for index, port in enumerate(ports):
        if spec.get("type") == CLUSTER_IP and port.get("nodePort"):
            errors.append(forbidden(f"spec.ports[{index}].nodePort", "may not be used when `type` is 'ClusterIP'"))
    for name in ("nodePort", "port"):
        taken: set[tuple[str, int]] = set()
        for index, port in enumerate(ports):
            claim = port.get("protocol") or "", port.get(name) or 0
            if claim in taken and name == "port":
                shown = internal_value("ServicePort", {"protocol": claim[0], "port": claim[1]})
                errors.append(duplicate(f"spec.ports[{index}]", shown))
            elif claim in taken and claim[1]:
                errors.append(duplicate(f"spec.ports[{index}].nodePort", claim[1]))
            taken.add(claim)


def _check_source_ranges(errors: Errors, service: Service, old: Service) -> None:
    """Check spec.loadBalancerSourceRanges (upstream's path has a capital), else the old annotation."""
    spec = service["spec"]
    ranges = spec.get("loadBalancerSourceRanges") or ()
    is_balanced = spec.get("type") == LOAD_BALANCER
    if ranges:
        path = "spec.LoadBalancerSourceRanges"
        if not is_balanced:
            errors.append(forbidden(path, _BALANCED_ONLY))
        known = [value.strip() for value in (old.get("spec") or {}).get("loadBalancerSourceRanges") or ()]
        for index, value in enumerate(ranges):
            check_cidr(errors, value.strip(), f"{path}[{index}]", known)
        return
    given, before = (
        ((obj.get("metadata") or {}).get("annotations") or {}).get(SOURCE_RANGES) for obj in (service, old)
    )
    if given is None:
        return
    path = key("metadata.annotations", SOURCE_RANGES)
    if not is_balanced:
        errors.append(forbidden(path, _BALANCED_ONLY))
    if given != before and given.strip():
        for value in given.split(","):
            check_cidr(errors, value.strip(), path)


def _check_policies(errors: Errors, spec: Spec) -> None:
    is_balanced = spec.get("type") == LOAD_BALANCER
    allocates = spec.get("allocateLoadBalancerNodePorts")
    if allocates is not None and not is_balanced:
        errors.append(forbidden("spec.allocateLoadBalancerNodePorts", _BALANCED_ONLY))
    if allocates is None and is_balanced:
        errors.append(required("allocateLoadBalancerNodePorts"))
    _check_load_balancer_class(errors, spec)
    _check_external_traffic(errors, spec)
    internal = spec.get("internalTrafficPolicy")
    if internal is None and spec.get("type") in (CLUSTER_IP, NODE_PORT, LOAD_BALANCER):
        errors.append(required("spec.internalTrafficPolicy"))
    if internal is not None and internal not in TRAFFIC_POLICIES:
        errors.append(not_supported("spec.internalTrafficPolicy", internal, TRAFFIC_POLICIES))
    distribution = spec.get("trafficDistribution")
    if distribution is not None and distribution not in DISTRIBUTIONS:
        errors.append(not_supported("spec.trafficDistribution", distribution, DISTRIBUTIONS))


def _check_load_balancer_class(errors: Errors, spec: Spec) -> None:
    name = spec.get("loadBalancerClass")
    if name is None:
        return
    if spec.get("type") == LOAD_BALANCER:
        check(errors, "spec.loadBalancerClass", name, is_qualified_name)
    else:
        errors.append(forbidden("spec.loadBalancerClass", _BALANCED_ONLY))


def _check_external_traffic(errors: Errors, spec: Spec) -> None:
    policy, path = spec.get("externalTrafficPolicy"), "spec.externalTrafficPolicy"
    if is_externally_accessible(spec):
        check_choice(errors, path, policy, TRAFFIC_POLICIES)
    elif policy:
        errors.append(invalid(path, policy, "may only be set for externally-accessible services"))
    port, path = spec.get("healthCheckNodePort") or 0, "spec.healthCheckNodePort"
    if needs_health_check_port(spec):
        if not port:
            errors.append(required(path))
        else:
            _check_number(errors, port, path)
    elif port:
        text = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        errors.append(invalid(path, port, text))
