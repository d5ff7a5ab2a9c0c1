"""Validation of a Pod on creation, and of the spec that pods and templates share.

Source: kubernetes pkg/apis/core/validation/validation.go ValidatePodCreate, ValidatePodSpec.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.affinity import check_affinity
from k8scourse.apiserver.validation.containers import (
    PodContext,
    check_containers,
    check_ephemeral_containers,
    check_image_padding,
    check_init_containers,
)
from k8scourse.apiserver.validation.label_selector import check_labels
from k8scourse.apiserver.validation.object_meta import check_metadata
from k8scourse.apiserver.validation.pod_claims import check_file_key_volumes, check_pod_claims
from k8scourse.apiserver.validation.pod_network import (
    check_dns_config,
    check_dns_policy,
    check_host_aliases,
    check_host_name_override,
    check_host_names,
)
from k8scourse.apiserver.validation.ports import check_host_network_ports
from k8scourse.apiserver.validation.resources import check_overhead, check_pod_resources
from k8scourse.apiserver.validation.security import check_host_users, check_pod_security_context
from k8scourse.apiserver.validation.support import Errors, check, check_choice
from k8scourse.apiserver.validation.tolerations import check_tolerations
from k8scourse.apiserver.validation.topology_spread import check_topology_spread
from k8scourse.apiserver.validation.volumes import check_volumes
from k8scourse.machinery.field import FieldError, duplicate, forbidden, invalid, key, not_supported, required
from k8scourse.machinery.names import is_dns1123_subdomain, is_qualified_name, range_error

MIRROR_ANNOTATION = "kubernetes.io/config.mirror"
DELETION_COST_ANNOTATION = "controller.kubernetes.io/pod-deletion-cost"
PREEMPTION_POLICIES = ("PreemptLowerPriority", "Never")
INT32_MAX = (1 << 31) - 1
_RESTART_POLICIES = ("Always", "OnFailure", "Never")
_OS_NAMES = ("linux", "windows")
_OBJECT_NAMES = ("serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName")

Spec = Mapping[str, Any]


def validate_pod(pod: Mapping[str, Any]) -> list[FieldError]:
    """Return the faults of a Pod that is to be created."""
    errors = check_pod_metadata_and_spec(pod)
    spec = pod["spec"]
    if spec.get("ephemeralContainers"):
        errors.append(forbidden("spec.ephemeralContainers", "cannot be set on create"))
    if spec.get("nodeName") and spec.get("schedulingGates"):
        errors.append(forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared"))
    return errors


def check_pod_metadata_and_spec(pod: Mapping[str, Any]) -> list[FieldError]:
    """Return the faults of a Pod by itself (on create and on update)."""
    metadata, spec = pod["metadata"], pod["spec"]
    errors = check_metadata(metadata, namespaced=True)
    if metadata.get("annotations"):
        check_pod_annotations(errors, metadata["annotations"], spec, "metadata.annotations")
    check_pod_spec(errors, spec, "spec", metadata=metadata)
    if not spec.get("serviceAccountName"):
        _check_no_token(errors, spec)
    for kind in ("containers", "initContainers"):
        for index, container in enumerate(spec.get(kind) or ()):
            check_image_padding(errors, container, f"spec.{kind}[{index}]")
    return errors


def check_pod_annotations(errors: Errors, annotations: Mapping[str, str], spec: Spec, path: str) -> None:
    """Check the annotations that mean something for a pod."""
    if MIRROR_ANNOTATION in annotations and not spec.get("nodeName"):
        text = "must set spec.nodeName if mirror pod annotation is set"
        errors.append(invalid(key(path, MIRROR_ANNOTATION), annotations[MIRROR_ANNOTATION], text))
    cost = annotations.get(DELETION_COST_ANNOTATION)
    if cost is not None and not _is_deletion_cost(cost):
        errors.append(invalid(key(path, DELETION_COST_ANNOTATION), cost, "must be a 32bit integer"))


def _is_deletion_cost(text: str) -> bool:
    """Whether Go reads a 32 bit integer there; a plus sign and leading zeros are refused (helper/helpers.go)."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()) or (len(text) > 1 and text[0] == "0"):
        return False
    return -INT32_MAX - 1 <= int(text) <= INT32_MAX


def check_pod_spec(errors: Errors, spec: Spec, path: str, *, metadata: Mapping[str, Any] | None = None) -> None:
    """Check the spec of a pod; *metadata* is the pod's, or None for a template."""
    grace = spec.get("terminationGracePeriodSeconds")
    if grace is None:
        errors.append(required(f"{path}.terminationGracePeriodSeconds"))
    pod_name = (metadata or {}).get("name") or ""
    volumes = check_volumes(errors, spec["volumes"], pod_name, f"{path}.volumes") if spec.get("volumes") else {}
    claims = spec.get("resourceClaims") or ()
    if claims:
        check_pod_claims(errors, claims, f"{path}.resourceClaims")
    context = PodContext(
        volumes=volumes,
        claim_names=frozenset(claim["name"] for claim in claims if claim.get("name")),
        grace_period=grace,
        restart_policy=spec.get("restartPolicy") or "",
        host_users=spec.get("hostUsers") is not False,
    )
    _check_all_containers(errors, spec, context, path)
    if spec.get("resources"):
        check_pod_resources(errors, spec, f"{path}.resources")
    if spec.get("hostNetwork"):
        check_host_network_ports(errors, spec, path, is_pod=metadata is not None)
    if spec.get("restartPolicy") not in _RESTART_POLICIES:
        check_choice(errors, f"{path}.restartPolicy", spec.get("restartPolicy"), _RESTART_POLICIES)
    check_dns_policy(errors, spec, path)
    if spec.get("nodeSelector"):
        check_labels(errors, spec["nodeSelector"], f"{path}.nodeSelector")
    check_pod_security_context(errors, spec, f"{path}.securityContext")
    _check_scheduling(errors, spec, path)
    _check_rest(errors, spec, path)


def _check_all_containers(errors: Errors, spec: Spec, context: PodContext, path: str) -> None:
    containers: Sequence[Mapping[str, Any]] = spec.get("containers") or ()
    check_containers(errors, containers, context, f"{path}.containers")
    if spec.get("initContainers"):
        check_init_containers(errors, spec["initContainers"], containers, context, f"{path}.initContainers")
    if spec.get("ephemeralContainers"):
        check_ephemeral_containers(errors, spec, context, f"{path}.ephemeralContainers")


def _check_scheduling(errors: Errors, spec: Spec, path: str) -> None:
    """Check the fields that the scheduler reads."""
    if spec.get("affinity"):
        check_affinity(errors, spec["affinity"], f"{path}.affinity")
    check_dns_config(errors, spec, f"{path}.dnsConfig")
    for index, gate in enumerate(spec.get("readinessGates") or ()):
        where = f"{path}.readinessGates[{index}].conditionType"
        check(errors, where, gate.get("conditionType") or "", is_qualified_name)
    if spec.get("schedulingGates"):
        _check_gates(errors, spec["schedulingGates"], f"{path}.schedulingGates")
    if spec.get("topologySpreadConstraints"):
        check_topology_spread(errors, spec["topologySpreadConstraints"], f"{path}.topologySpreadConstraints")


def _check_gates(errors: Errors, gates: Sequence[Mapping[str, Any]], path: str) -> None:
    seen: set[str] = set()
    for index, gate in enumerate(gates):
        name = gate.get("name") or ""
        check(errors, f"{path}[{index}]", name, is_qualified_name)
        if name in seen:
            errors.append(duplicate(f"{path}[{index}]", name))
        seen.add(name)


def _check_rest(errors: Errors, spec: Spec, path: str) -> None:
    check_host_users(errors, spec, path)
    check_host_name_override(errors, spec, f"{path}.hostnameOverride")
    for field in _OBJECT_NAMES[:2]:
        if spec.get(field):
            check(errors, f"{path}.{field}", spec[field], is_dns1123_subdomain)
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= INT32_MAX:
        errors.append(invalid(f"{path}.activeDeadlineSeconds", deadline, range_error(1, INT32_MAX)))
    check_host_names(errors, spec, path)
    if spec.get("tolerations"):
        check_tolerations(errors, spec["tolerations"], f"{path}.tolerations")
    if spec.get("hostAliases"):
        check_host_aliases(errors, spec["hostAliases"], f"{path}.hostAliases")
    for field in _OBJECT_NAMES[2:]:
        if spec.get(field):
            check(errors, f"{path}.{field}", spec[field], is_dns1123_subdomain)
    policy = spec.get("preemptionPolicy")
    if policy is not None and policy not in PREEMPTION_POLICIES:
        check_choice(errors, f"{path}.preemptionPolicy", policy, PREEMPTION_POLICIES)
    if spec.get("overhead"):
        check_overhead(errors, spec["overhead"], f"{path}.overhead")
    if spec.get("os") is not None:
        _check_os(errors, spec, path)
    check_file_key_volumes(errors, spec, path)


def _check_os(errors: Errors, spec: Spec, path: str) -> None:
    name = spec["os"].get("name") or ""
    if not name:
        errors.append(required(f"{path}.os.name"))
    elif name not in _OS_NAMES:
        errors.append(not_supported(f"{path}.os", name, _OS_NAMES))
    elif name == "linux":
        text = "windows options cannot be set for a linux pod"
        if (spec.get("securityContext") or {}).get("windowsOptions") is not None:
            errors.append(forbidden(f"{path}.securityContext.windowsOptions", text))
        for kind in ("initContainers", "containers", "ephemeralContainers"):
            for index, container in enumerate(spec.get(kind) or ()):
                if (container.get("securityContext") or {}).get("windowsOptions") is not None:
                    where = f"{path}.{kind}[{index}].securityContext.windowsOptions"
                    errors.append(forbidden(where, text))


def _check_no_token(errors: Errors, spec: Spec) -> None:
    for index, volume in enumerate(spec.get("volumes") or ()):
        for number, source in enumerate((volume.get("projected") or {}).get("sources") or ()):
            if source.get("serviceAccountToken") is not None:
                where = f"spec.volumes[{index}].projected.sources[{number}].serviceAccountToken"
                errors.append(forbidden(where, "must not be specified when serviceAccountName is not set"))
