"""Pure rules of DaemonSets: which nodes get a pod, and what the pod looks like.

Sources: pkg/controller/daemon/daemon_controller.go (NodeShouldRunDaemonPod) and daemon/util/daemonset_util.go
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from k8scourse.client.informers import Object
from k8scourse.component_helpers import taints
from k8scourse.component_helpers.node_affinity import NAME_FIELD, RequiredNodeAffinity, required_node_affinity
from k8scourse.component_helpers.tolerations import NO_EXECUTE, NO_SCHEDULE, find_untolerated_taint
from k8scourse.controllers.scaled_values import scaled_value
from k8scourse.controllers.template_hash import REVISION_HASH
from k8scourse.machinery.timestamps import parse_time

TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"
"""The annotation of a DaemonSet that counts the changes of its template."""
GENERATION_LABEL = "pod-template-generation"

_AUTOMATIC = (
    (taints.NOT_READY, NO_EXECUTE),
    (taints.UNREACHABLE, NO_EXECUTE),
    (taints.DISK_PRESSURE, NO_SCHEDULE),
    (taints.MEMORY_PRESSURE, NO_SCHEDULE),
    (taints.PID_PRESSURE, NO_SCHEDULE),
    (taints.UNSCHEDULABLE, NO_SCHEDULE),
)


class Verdict(NamedTuple):
    """Whether a node should get a daemon pod, and whether one that is there may stay."""

    run: bool
    keep: bool


class DaemonPod(NamedTuple):
    """What of a DaemonSet's pod decides about nodes."""

    node_name: str
    affinity: RequiredNodeAffinity
    tolerations: Sequence[Mapping[str, object]]

    def verdict(self, node: Object) -> Verdict:
        """What goes for *node*.

        A taint NoSchedule that is not tolerated keeps new pods away, a taint NoExecute drives running ones out too.
        """
        if self.node_name not in ("", node["metadata"]["name"]) or not self.affinity.matches(node):
            return Verdict(run=False, keep=False)
        present = node["spec"].get("taints") or ()
        if find_untolerated_taint(present, self.tolerations) is None:
            return Verdict(run=True, keep=True)
        drives_out = find_untolerated_taint(present, self.tolerations, (NO_EXECUTE,))
        return Verdict(run=False, keep=drives_out is None)


def daemon_pod(daemon_set: Object) -> DaemonPod:
    """What of the set's pod decides about nodes."""
    spec = daemon_set["spec"]["template"]["spec"]
    tolerations = with_automatic_tolerations(spec.get("tolerations") or (), host_network=bool(spec.get("hostNetwork")))
    return DaemonPod(spec.get("nodeName", ""), required_node_affinity({"spec": spec}), tolerations)


def with_automatic_tolerations(tolerations: Sequence[Object], *, host_network: bool) -> list[Object]:
    """*tolerations* with those that every daemon pod gets (AddOrUpdateDaemonPodTolerations).

    A toleration that is there already loses its tolerationSeconds.
    """
    wanted = [*_AUTOMATIC, (taints.NETWORK_UNAVAILABLE, NO_SCHEDULE)] if host_network else _AUTOMATIC
    result = list(tolerations)
    for key, effect in wanted:
        automatic = {"key": key, "operator": "Exists", "effect": effect}
        same = [index for index, present in enumerate(result) if _same_toleration(present, automatic)]
        for index in same:
            result[index] = automatic
        if not same:
            result.append(automatic)
    return result


def _same_toleration(left: Object, right: Object) -> bool:
    return all((left.get(name) or "") == (right.get(name) or "") for name in ("key", "effect", "operator", "value"))


def template_generation(daemon_set: Object) -> int | None:
    """How often the template has changed, from the annotation; None without a number there."""
    text = (daemon_set["metadata"].get("annotations") or {}).get(TEMPLATE_GENERATION, "")
    return int(text) if text.isascii() and text.isdigit() else None


def pod_template(daemon_set: Object, digest: str) -> Object:
    """The template of the set's pods but for their node; *digest* is the hash of the set's revision."""
    template = daemon_set["spec"]["template"]
    spec, metadata = template["spec"], template.get("metadata") or {}
    labels = dict(metadata.get("labels") or {})
    generation = template_generation(daemon_set)
    if generation is not None:
        labels[GENERATION_LABEL] = str(generation)
    labels[REVISION_HASH] = digest
    tolerations = with_automatic_tolerations(spec.get("tolerations") or (), host_network=bool(spec.get("hostNetwork")))
    return {
        **template,
        "metadata": {**metadata, "labels": labels},
        "spec": {**spec, "tolerations": tolerations},
    }


def for_node(template: Object, node: str) -> Object:
    """*template* with the node affinity that only admits *node*, in place of its own required terms."""
    spec = template["spec"]
    affinity = spec.get("affinity") or {}
    node_affinity = affinity.get("nodeAffinity") or {}
    field = {"key": NAME_FIELD, "operator": "In", "values": [node]}
    required = {"nodeSelectorTerms": [{"matchFields": [field]}]}
    node_affinity = {**node_affinity, "requiredDuringSchedulingIgnoredDuringExecution": required}
    return {**template, "spec": {**spec, "affinity": {**affinity, "nodeAffinity": node_affinity}}}


def target_node(pod: Object) -> str | None:
    """The node that a daemon pod runs on or is meant for; None if nothing says so (GetTargetNodeName)."""
    spec = pod["spec"]
    if spec.get("nodeName"):
        return spec["nodeName"]
    node_affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = node_affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    for term in required.get("nodeSelectorTerms") or ():
        for field in term.get("matchFields") or ():
            if field["key"] == NAME_FIELD and field["operator"] == "In":
                return field["values"][0] if len(field["values"]) == 1 else None
    return None


def is_updated(pod: Object, digest: str, generation: int | None) -> bool:
    """Whether the pod was made from the set's newest template."""
    labels = pod["metadata"].get("labels") or {}
    if generation is not None and labels.get(GENERATION_LABEL) == str(generation):
        return True
    return labels.get(REVISION_HASH) == digest


def oldest_first(pod: Object) -> tuple[bool, int, str]:
    """Sorts pods that have a node first, then from old to new (podByCreationTimestampAndPhase)."""
    metadata = pod["metadata"]
    return not pod["spec"].get("nodeName"), parse_time(metadata["creationTimestamp"]), metadata["name"]


def max_surge(daemon_set: Object, nodes: int) -> int:
    """How many of *nodes* may have two pods during a rolling update (rounded up)."""
    return scaled_value(_rolling(daemon_set).get("maxSurge"), nodes, round_up=True)


def max_unavailable(daemon_set: Object, nodes: int) -> int:
    """On how many of *nodes* the pod may be unavailable during a rolling update (rounded up)."""
    return scaled_value(_rolling(daemon_set).get("maxUnavailable"), nodes, round_up=True)


def _rolling(daemon_set: Object) -> Object:
    strategy = daemon_set["spec"].get("updateStrategy") or {}
    if strategy.get("type") != "RollingUpdate":
        return {}
    return strategy.get("rollingUpdate") or {}
