"""The strategy of Pods.

Source: kubernetes pkg/registry/core/pod/strategy.go; fields behind gates that are off: pkg/api/pod/util.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.strategies.match_label_keys import merge_match_label_keys
from k8scourse.apiserver.strategies.pod_warnings import DNS_LABEL_ADVICE, pod_warnings
from k8scourse.apiserver.strategies.strategy import Strategy, Subresource, keep, object_fields
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.pod import validate_pod
from k8scourse.apiserver.validation.pod_status import validate_pod_status_update
from k8scourse.apiserver.validation.pod_update import validate_ephemeral_containers_update, validate_pod_update
from k8scourse.component_helpers.qos import compute_pod_qos
from k8scourse.machinery.go_format import go_value
from k8scourse.machinery.names import is_dns1123_label

GATED_REASON = "SchedulingGated"
GATED_MESSAGE = "Scheduling is blocked due to non-empty scheduling gates"
_FINISHED = ("Failed", "Succeeded")
_PROJECTIONS_OFF = ("clusterTrustBundle", "podCertificate")

Object = dict[str, Any]


def prepare_for_create(pod: Object) -> None:
    """Give a new pod its first status and generation; its own labels go into matchLabelKeys' selectors."""
    metadata, spec = pod["metadata"], pod["spec"]
    metadata["generation"] = 1
    status: Object = {"phase": "Pending", "qosClass": compute_pod_qos(pod)}
    drop_disabled_fields(spec)
    if spec.get("schedulingGates"):
        status["conditions"] = [_gated_condition(metadata)]
    pod["status"] = status
    if spec.get("affinity") or spec.get("topologySpreadConstraints"):
        merge_match_label_keys(spec, metadata.get("labels") or {})


def _gated_condition(metadata: Mapping[str, Any]) -> Object:
    """The condition that a gated pod starts with; a new object's creation is the moment of the transition."""
    return {
        "type": "PodScheduled",
        "status": "False",
        "reason": GATED_REASON,
        "message": GATED_MESSAGE,
        "lastProbeTime": None,
        "lastTransitionTime": metadata.get("creationTimestamp"),
    }


def drop_disabled_fields(spec: Object) -> None:
    """Remove fields whose feature gates are off by default in 1.36."""
    spec.pop("schedulingGroup", None)
    for kind in ("containers", "initContainers"):
        for container in spec.get(kind) or ():
            if container.get("lifecycle"):
                container["lifecycle"].pop("stopSignal", None)
    for volume in spec.get("volumes") or ():
        for source in (volume.get("projected") or {}).get("sources") or ():
            for name in _PROJECTIONS_OFF:
                source.pop(name, None)


def prepare_for_update(new: Object, old: Object) -> None:
    """Keep the status; count a generation if the spec changed."""
    keep(new, old, "status")
    _count_generation(new, old)


def _count_generation(new: Object, old: Object) -> None:
    if not semantic_equal(new["spec"], old["spec"]):
        new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1


def prepare_for_status_update(new: Object, old: Object) -> None:
    """Keep all but the status (labels and annotations may change, owners may not)."""
    keep(new, old, "spec")
    keep(new["metadata"], old["metadata"], "ownerReferences")
    status, before = new.setdefault("status", {}), old.get("status") or {}
    if not status.get("qosClass") and before.get("qosClass"):
        status["qosClass"] = before["qosClass"]
    _keep_observed_generations(status, before)


def _keep_observed_generations(status: Object, before: Mapping[str, Any]) -> None:
    """Let a writer that knows nothing of observedGeneration leave it as it was."""
    if not status.get("observedGeneration") and before.get("observedGeneration"):
        status["observedGeneration"] = before["observedGeneration"]
    known = {item["type"]: item["observedGeneration"] for item in before.get("conditions") or () if _observed(item)}
    if not known or not status.get("conditions"):
        return
    status["conditions"] = [
        {**item, "observedGeneration": known[item["type"]]}
        if item.get("type") in known and not _observed(item)
        else item
        for item in status["conditions"]
    ]


def _observed(condition: Mapping[str, Any]) -> bool:
    return bool(condition.get("observedGeneration"))


def prepare_ephemeral_containers_update(new: Object, old: Object) -> None:
    """Take over nothing but spec.ephemeralContainers."""
    wanted = new["spec"]
    new["spec"] = dict(old["spec"])
    keep(new["spec"], wanted, "ephemeralContainers")
    keep(new, old, "status")
    for name in ("labels", "annotations", "finalizers", "ownerReferences"):
        keep(new["metadata"], old["metadata"], name)
    _count_generation(new, old)


def warnings_on_create(pod: Object) -> list[str]:
    """Return what kubectl shows as ``Warning:`` for an accepted pod."""
    faults = is_dns1123_label(pod["metadata"].get("name") or "")
    advice = DNS_LABEL_ADVICE.format(use="the Pod's hostname", faults=go_value(list(faults)))
    return [*([advice] if faults else []), *pod_warnings("", pod["spec"], pod["metadata"])]


def graceful_deletion(pod: Object, options: Mapping[str, Any]) -> int | None:
    """Return how many seconds *pod* gets to end; 0 if it never reached a node or has finished."""
    spec = pod["spec"]
    period = options.get("gracePeriodSeconds")
    if period is None:
        period = spec.get("terminationGracePeriodSeconds") or 0
    if not spec.get("nodeName") or (pod.get("status") or {}).get("phase") in _FINISHED:
        return 0
    return 1 if period < 0 else period


def selectable_fields(pod: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that a field selector of pods may name."""
    spec, status = pod.get("spec") or {}, pod.get("status") or {}
    addresses = status.get("podIPs") or ()
    return {
        **object_fields(pod),
        "spec.nodeName": spec.get("nodeName") or "",
        "spec.restartPolicy": spec.get("restartPolicy") or "",
        "spec.schedulerName": spec.get("schedulerName") or "",
        "spec.serviceAccountName": spec.get("serviceAccountName") or "",
        "spec.hostNetwork": "true" if spec.get("hostNetwork") else "false",
        "status.phase": status.get("phase") or "",
        "status.podIP": (addresses[0].get("ip") or "") if addresses else "",
        "status.nominatedNodeName": status.get("nominatedNodeName") or "",
    }


POD = Strategy(
    prepare_for_create=prepare_for_create,
    prepare_for_update=prepare_for_update,
    prepare_for_status_update=prepare_for_status_update,
    validate=validate_pod,
    validate_update=validate_pod_update,
    validate_status_update=validate_pod_status_update,
    warnings_on_create=warnings_on_create,
    selectable_fields=selectable_fields,
    graceful_deletion=graceful_deletion,
    subresources={
        "ephemeralcontainers": Subresource(
            prepare=prepare_ephemeral_containers_update, validate=validate_ephemeral_containers_update
        )
    },
    has_status=True,
)
