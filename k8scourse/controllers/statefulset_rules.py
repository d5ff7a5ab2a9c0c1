"""Names, ordinals and pods of StatefulSets.

Source: pkg/controller/statefulset/stateful_set_utils.go
"""

from __future__ import annotations

import re
from typing import Any

from k8scourse.client.informers import Object
from k8scourse.component_helpers.pod_status import is_pod_available, is_pod_ready
from k8scourse.controllers.pod_control import pod_from_template
from k8scourse.controllers.template_hash import REVISION_HASH

POD_NAME = "statefulset.kubernetes.io/pod-name"
POD_INDEX = "apps.kubernetes.io/pod-index"

_MEMBER = re.compile(r"(.*)-([0-9]+)", re.DOTALL)
_MOST = 2**31 - 1


def parent_and_ordinal(pod: Object) -> tuple[str, int]:
    """The name of the set and the ordinal that a pod's name tells; ("", -1) if it tells none."""
    match = _MEMBER.fullmatch(pod["metadata"]["name"])
    if match is None:
        return "", -1
    ordinal = int(match[2])
    return match[1], ordinal if ordinal <= _MOST else -1


def ordinal_of(pod: Object) -> int:
    """The ordinal of a pod, -1 if its name ends in none."""
    return parent_and_ordinal(pod)[1]


def is_member(owner: Object, pod: Object) -> bool:
    """Whether the pod's name is one of the set's."""
    return parent_and_ordinal(pod)[0] == owner["metadata"]["name"]


def ordinals(owner: Object) -> range:
    """The ordinals that the set wants."""
    spec = owner["spec"]
    start = (spec.get("ordinals") or {}).get("start", 0)
    return range(start, start + spec["replicas"])


def allows_burst(owner: Object) -> bool:
    """Whether pods come and go without waiting for each other (podManagementPolicy Parallel)."""
    return owner["spec"].get("podManagementPolicy") == "Parallel"


def revision_of(pod: Object) -> str:
    """The name of the revision that a pod follows."""
    return (pod["metadata"].get("labels") or {}).get(REVISION_HASH, "")


# the state of a pod


def phase_of(pod: Object) -> str:
    """The pod's phase; empty for one that has not been created yet."""
    return (pod.get("status") or {}).get("phase", "")


def is_going(pod: Object) -> bool:
    """Whether the pod's deletion has begun."""
    return "deletionTimestamp" in pod["metadata"]


def is_running_and_ready(pod: Object) -> bool:
    """Whether the pod runs and is ready."""
    return phase_of(pod) == "Running" and is_pod_ready(pod)


def is_unavailable(pod: Object, min_ready: int, now: int) -> bool:
    """Whether the pod is going or has not been ready for *min_ready* seconds at *now* (ns)."""
    return is_going(pod) or not is_pod_available(pod, min_ready, now)


# claims by their names


def claim_name(owner: Object, template: Object, ordinal: int) -> str:
    """The name of the claim that the pod with *ordinal* gets from a claim template."""
    return f"{template['metadata']['name']}-{owner['metadata']['name']}-{ordinal}"


def claim_templates(owner: Object) -> list[Object]:
    """The set's volumeClaimTemplates."""
    return owner["spec"].get("volumeClaimTemplates") or []


def storage_matches(owner: Object, pod: Object) -> bool:
    """Whether the pod's volumes are the claims of the set's templates."""
    ordinal = ordinal_of(pod)
    volumes = {volume["name"]: volume for volume in pod["spec"].get("volumes") or ()}
    return ordinal >= 0 and all(
        (volumes.get(template["metadata"]["name"], {}).get("persistentVolumeClaim") or {}).get("claimName")
        == claim_name(owner, template, ordinal)
        for template in claim_templates(owner)
    )


def with_storage(owner: Object, pod: Object) -> Object:
    """The pod with the volumes of the set's templates in place of its own of the same name."""
    ordinal, templates = ordinal_of(pod), claim_templates(owner)
    names = {template["metadata"]["name"] for template in templates}
    volumes: list[Object] = [
        {
            "name": template["metadata"]["name"],
            "persistentVolumeClaim": {"claimName": claim_name(owner, template, ordinal)},
        }
        for template in templates
    ]
    volumes += [volume for volume in pod["spec"].get("volumes") or () if volume["name"] not in names]
    return {**pod, "spec": {**pod["spec"], "volumes": volumes}} if volumes else pod


# identity


def identity_matches(owner: Object, pod: Object) -> bool:
    """Whether the pod carries the name of a member and the label with it."""
    parent, ordinal = parent_and_ordinal(pod)
    metadata = pod["metadata"]
    return (
        ordinal >= 0
        and parent == owner["metadata"]["name"]
        and metadata["name"] == f"{parent}-{ordinal}"
        and (metadata.get("labels") or {}).get(POD_NAME) == metadata["name"]
    )


def with_identity(pod: Object) -> Object:
    """The pod with the labels that tell its name and its ordinal."""
    metadata = pod["metadata"]
    labels = {**(metadata.get("labels") or {}), POD_NAME: metadata["name"], POD_INDEX: str(ordinal_of(pod))}
    return {**pod, "metadata": {**metadata, "labels": labels}}


def follows_current(owner: Object, ordinal: int) -> bool:
    """Whether a pod that is created anew follows the current revision, not that of the update."""
    strategy = owner["spec"].get("updateStrategy") or {}
    rolling = strategy.get("rollingUpdate")
    start = ordinals(owner).start
    if rolling is not None:
        return ordinal < start + rolling.get("partition", 0)
    current = (owner.get("status") or {}).get("currentReplicas", 0)
    return strategy.get("type") == "RollingUpdate" and ordinal < start + current


def new_pod(owner: Object, ordinal: int, revision: str) -> Object:
    """The pod of *owner*, whose template is that of *revision*, with *ordinal*; it is not created."""
    pod = pod_from_template(owner["spec"]["template"], owner)
    name = f"{owner['metadata']['name']}-{ordinal}"
    metadata: dict[str, Any] = {**pod["metadata"], "name": name, "namespace": owner["metadata"]["namespace"]}
    metadata["labels"] = {**(metadata.get("labels") or {}), REVISION_HASH: revision}
    spec = {**pod["spec"], "hostname": name}
    if owner["spec"].get("serviceName"):
        spec["subdomain"] = owner["spec"]["serviceName"]
    return with_storage(owner, with_identity({"metadata": metadata, "spec": spec}))
