"""Validation of the status that components report for a Pod.

Source: kubernetes pkg/apis/core/validation/validation.go ValidatePodStatusUpdate.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.addresses import check_ip, is_dual_stack
from k8scourse.apiserver.validation.object_meta import check_metadata_update
from k8scourse.apiserver.validation.pod_update import check_pod_annotation_updates
from k8scourse.apiserver.validation.support import Errors, check, check_immutable
from k8scourse.component_helpers.container_restart import all_containers_could_restart, container_should_restart
from k8scourse.machinery.field import FieldError, forbidden, invalid
from k8scourse.machinery.names import is_dns1123_subdomain, is_qualified_name

_SYSTEM_CONDITIONS = ("PodScheduled", "Ready", "Initialized")
_NOT_NEGATIVE = "must be a non-negative integer"
_STAYS_TERMINATED = "may not be transitioned to non-terminated state"

Status = Mapping[str, Any]


def validate_pod_status_update(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[FieldError]:
    """Return the faults of changing the status of the stored Pod *old* to that of *new*."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    check_pod_annotation_updates(errors, new["metadata"], old["metadata"])
    status: Status = new.get("status") or {}
    before: Status = old.get("status") or {}
    _check_conditions(errors, status.get("conditions") or ())
    _check_nomination(errors, status, before, bool(old["spec"].get("nodeName")))
    if (status.get("observedGeneration") or 0) < 0:
        errors.append(invalid("status.observedGeneration", status["observedGeneration"], _NOT_NEGATIVE))
    check_immutable(errors, "status.qosClass", status.get("qosClass") or "", before.get("qosClass") or "")
    _check_transitions(errors, status, before, old["spec"])
    _check_ips(errors, status, before, "podIPs")
    hosts = status.get("hostIPs") or ()
    if hosts and status.get("hostIP") != hosts[0].get("ip"):
        errors.append(invalid("status.hostIPs[0].ip", hosts[0].get("ip"), "must be equal to `hostIP`"))
    _check_ips(errors, status, before, "hostIPs")
    return errors


def _check_conditions(errors: Errors, conditions: Sequence[Mapping[str, Any]]) -> None:
    for index, condition in enumerate(conditions):
        path = f"status.conditions[{index}]"
        if (condition.get("observedGeneration") or 0) < 0:
            errors.append(invalid(f"{path}.observedGeneration", condition["observedGeneration"], _NOT_NEGATIVE))
        if condition.get("type") not in _SYSTEM_CONDITIONS:
            check(errors, f"{path}.Type", condition.get("type") or "", is_qualified_name)


def _check_nomination(errors: Errors, status: Status, before: Status, is_bound: bool) -> None:
    node = status.get("nominatedNodeName")
    if not node or node == before.get("nominatedNodeName"):
        return
    path = "status.nominatedNodeName"
    check(errors, path, node, is_dns1123_subdomain)
    if is_bound:
        errors.append(forbidden(path, "may not be set on pods that are already bound to a node"))


def _check_transitions(errors: Errors, status: Status, before: Status, spec: Mapping[str, Any]) -> None:
    """Report containers that run again although their pod may not restart them."""
    if all_containers_could_restart(spec):
        return
    for kind, containers in (
        ("containerStatuses", spec.get("containers") or ()),
        ("initContainerStatuses", spec.get("initContainers") or ()),
    ):
        current = {entry.get("name"): entry for entry in status.get(kind) or ()}
        by_name = {container.get("name"): container for container in containers}
        for index, entry in enumerate(before.get(kind) or ()):
            ended = (entry.get("state") or {}).get("terminated")
            now = current.get(entry.get("name"))
            if not ended or now is None or (now.get("state") or {}).get("terminated"):
                continue
            container = by_name.get(entry.get("name"))
            if container is None or not container_should_restart(container, spec, ended.get("exitCode", 0)):
                errors.append(forbidden(f"status.{kind}[{index}].state", _STAYS_TERMINATED))


def _check_ips(errors: Errors, status: Status, before: Status, kind: str) -> None:
    addresses = [entry.get("ip") or "" for entry in status.get(kind) or ()]
    known = [entry.get("ip") for entry in before.get(kind) or ()]
    for index, address in enumerate(addresses):
        check_ip(errors, address, f"status.{kind}[{index}]", [ip for ip in known if ip])
    if len(addresses) > 2 or (len(addresses) == 2 and not is_dual_stack(addresses)):
        text = "may specify no more than one IP for each IP family"
        shown = [{"IP": address} for address in addresses]
        errors.append(invalid(f"status.{kind}", shown, text))
