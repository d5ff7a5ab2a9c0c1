"""What one node needs of a DaemonSet: a pod, or fewer pods.

Source: pkg/controller/daemon/daemon_controller.go (podsShouldBeOnNode)
"""

from __future__ import annotations

from collections.abc import Sequence

from k8scourse.client.informers import Object
from k8scourse.component_helpers.pod_status import is_pod_available, is_pod_ready
from k8scourse.controllers import daemonset_rules as rules
from k8scourse.controllers.template_hash import REVISION_HASH


def surplus_pods(daemon_set: Object, running: Sequence[Object], digest: str, now: int) -> list[str]:
    """The names of *running* pods of one node that are too many there, at *now* (ns since the Unix epoch).

    Without surge only the oldest pod stays. With surge two may stay: the oldest of the revision with hash *digest*,
    while it is not available, and the oldest other one, while it is ready.
    """
    pods = sorted(running, key=rules.oldest_first)
    if rules.max_surge(daemon_set, 1) <= 0:
        return [pod["metadata"]["name"] for pod in pods[1:]]
    if len(pods) <= 1:
        return []
    new: Object | None = None
    old: Object | None = None
    surplus: list[str] = []
    for pod in pods:
        if (pod["metadata"].get("labels") or {}).get(REVISION_HASH) == digest:
            if new is None:
                new = pod
                continue
        elif old is None:
            old = pod
            continue
        surplus.append(pod["metadata"]["name"])
    if new is not None and old is not None:
        min_ready = daemon_set["spec"].get("minReadySeconds", 0)
        if not is_pod_ready(old) or is_pod_available(new, min_ready, now):
            surplus.append(old["metadata"]["name"])
    return surplus
