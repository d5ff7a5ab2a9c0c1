"""The cluster as one scheduling cycle sees it: nodes with their pods, and what plugins look up besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.pod_info import Key, PodInfo, bound_to, normalized_image, pod_info

Object = dict[str, Any]
Labels = Mapping[str, str]
WorkloadKey = tuple[str, str, str]
"""(kind, namespace, name)"""

_KEPT_CHANGES = 20_000


class Snapshot:
    """Nodes by name, with the pods bound to them.

    The NodeInfos in it never change; `set_pod`, `set_node` and their like put others in their place and note the
    node's name in `changes`, from which caches learn what to look at again.
    """

    __slots__ = (
        "_lost",
        "_where",
        "affinity_nodes",
        "anti_affinity_nodes",
        "changes",
        "domains",
        "first_change",
        "images",
        "namespaces",
        "nodes",
        "nominated",
        "pdbs",
        "priorities",
        "structure",
        "workloads",
        "workloads_version",
    )

    def __init__(self) -> None:
        self.nodes: dict[str, NodeInfo] = {}
        self.namespaces: dict[str, Labels] = {}
        self.workloads: dict[WorkloadKey, Object | None] = {}
        """Selectors of Services, ReplicationControllers, ReplicaSets and StatefulSets."""
        self.pdbs: dict[Key, Object] = {}
        self.nominated: dict[str, dict[Key, PodInfo]] = {}
        """Pods that preemption made room for, by node; they wait for their victims to leave."""
        self.affinity_nodes: dict[str, None] = {}
        """Nodes with a pod that has inter-pod affinity or anti-affinity."""
        self.anti_affinity_nodes: dict[str, None] = {}
        """Nodes with a pod that has required anti-affinity."""
        self.images: Counter[str] = Counter()
        """On how many nodes each image is."""
        self.domains: Counter[tuple[str, str]] = Counter()
        """How many nodes have each (label, value)."""
        self.priorities: Counter[int] = Counter()
        """How many bound pods have each priority."""
        self.changes: list[str] = []
        self.first_change = 0
        self.structure = 0
        """Raised when nodes come, go or change labels."""
        self.workloads_version = 0
        """Raised when a selector or the labels of a namespace change."""
        self._where: dict[Key, str] = {}
        self._lost: dict[str, dict[Key, PodInfo]] = {}

    # reading

    def pod(self, key: Key) -> PodInfo | None:
        """The bound (or assumed) pod, or None."""
        node = self._where.get(key)
        if node is None:
            return None
        info = self.nodes.get(node)
        return info.pods[key] if info is not None else self._lost[node][key]

    def ordered(self) -> Iterator[NodeInfo]:
        """The nodes by name."""
        for name in sorted(self.nodes):
            yield self.nodes[name]

    @property
    def version(self) -> int:
        """A number that is higher after every change."""
        return self.first_change + len(self.changes) + self.workloads_version

    # nodes

    def set_node(self, node: Object) -> None:
        """Add the Node or take over another version of it."""
        name = node["metadata"]["name"]
        old = self.nodes.get(name)
        if old is None:
            new = NodeInfo(node, self._lost.pop(name, {}).values())
        else:
            new = old.with_node(node)
        if old is None or old.labels != new.labels:
            self.structure += 1
            self.domains.subtract(old.labels.items() if old else ())
            self.domains.update(new.labels.items())
        self._count_images(old.node if old else None, node)
        self._put(name, new)
        if old is None and new.pods:
            self._index_terms(name)

    def remove_node(self, name: str) -> None:
        """Forget the Node; pods bound to it are remembered in case it comes back."""
        old = self.nodes.pop(name, None)
        if old is None:
            return
        self._count_images(old.node, None)
        if old.pods:
            self._lost[name] = old.pods.copy()
        self.structure += 1
        self.domains.subtract(old.labels.items())
        self.affinity_nodes.pop(name, None)
        self.anti_affinity_nodes.pop(name, None)
        self._note(name)

    def _count_images(self, old: Object | None, new: Object | None) -> None:
        before = (old.get("status") or {}).get("images") if old else None
        after = (new.get("status") or {}).get("images") if new else None
        if before == after:
            return
        self.images.subtract(dict.fromkeys(image_sizes(before), 1))
        self.images.update(dict.fromkeys(image_sizes(after), 1))

    def _put(self, name: str, info: NodeInfo) -> None:
        self.nodes[name] = info
        self._note(name)

    def _note(self, name: str) -> None:
        self.changes.append(name)
        if len(self.changes) > _KEPT_CHANGES:
            self.first_change += len(self.changes)
            self.changes = []

    # pods

    def set_pod(self, pod: PodInfo) -> None:
        """Put a bound pod on its node, in the place of an older version of it."""
        name = pod.node_name
        before = self._where.get(pod.key)
        if before is not None and before != name:
            self.remove_pod(pod.key)
        old = self.pod(pod.key)
        if old is None or old.priority != pod.priority:
            self.priorities[pod.priority] += 1
            if old is not None:
                self.priorities[old.priority] -= 1
        self._where[pod.key] = name
        info = self.nodes.get(name)
        if info is None:
            self._lost.setdefault(name, {})[pod.key] = pod
            return
        self._put(name, info.with_pod(pod))
        if not pod.traits.terms.is_empty:
            self._index_terms(name)

    def remove_pod(self, key: Key) -> PodInfo | None:
        """Take the pod off its node; gives it, or None when it was on none."""
        name = self._where.pop(key, None)
        if name is None:
            return None
        info = self.nodes.get(name)
        if info is None:
            old = self._lost[name].pop(key)
        else:
            old = info.pods[key]
            self._put(name, info.without_pod(key))
            if not old.traits.terms.is_empty:
                self._index_terms(name)
        self.priorities[old.priority] -= 1
        return old

    def assume(self, pod: PodInfo, node: str) -> PodInfo:
        """Count *pod* as bound to *node* before the API server has confirmed it."""
        assumed = bound_to(pod, node)
        self.set_pod(assumed)
        return assumed

    def _index_terms(self, name: str) -> None:
        kinds = self.nodes[name].kinds
        for index, found in (
            (self.affinity_nodes, any(not traits.terms.is_empty for traits, _ in kinds)),
            (self.anti_affinity_nodes, any(traits.terms.anti_affinity for traits, _ in kinds)),
        ):
            if found:
                index[name] = None
            else:
                index.pop(name, None)

    def nominate(self, pod: PodInfo, node: str) -> None:
        """Keep room on *node* for a pending pod; an empty *node* takes the nomination back."""
        self.unnominate(pod.key)
        if node:
            self.nominated.setdefault(node, {})[pod.key] = pod

    def unnominate(self, key: Key) -> None:
        """Keep no room for the pod any longer."""
        if not self.nominated:
            return
        for name in [name for name, pods in self.nominated.items() if key in pods]:
            del self.nominated[name][key]
            if not self.nominated[name]:
                del self.nominated[name]

    def is_alone(self, label: str, value: str) -> bool:
        """Whether no more than one node has this label with this value."""
        return self.domains[(label, value)] <= 1

    def lowest_priority(self) -> int | None:
        """The lowest priority among the bound pods, None without pods."""
        return min((priority for priority, count in self.priorities.items() if count > 0), default=None)

    # the rest

    def set_namespace(self, name: str, labels: Labels | None) -> None:
        """Note the labels of a namespace; None: it is gone."""
        if self.namespaces.get(name) == labels:
            return
        if labels is None:
            self.namespaces.pop(name, None)
        else:
            self.namespaces[name] = labels
        self.workloads_version += 1

    def set_workload(self, kind: str, namespace: str, name: str, obj: Object | None) -> None:
        """Note the selector of a Service, ReplicationController, ReplicaSet or StatefulSet; None: it is gone."""
        key = (kind, namespace, name)
        selector = None if obj is None else (obj.get("spec") or {}).get("selector")
        if key in self.workloads and self.workloads[key] == selector and obj is not None:
            return
        if obj is None:
            self.workloads.pop(key, None)
        else:
            self.workloads[key] = selector
        self.workloads_version += 1

    def set_pdb(self, namespace: str, name: str, pdb: Object | None) -> None:
        """Note a PodDisruptionBudget; None: it is gone."""
        if pdb is None:
            self.pdbs.pop((namespace, name), None)
        else:
            self.pdbs[(namespace, name)] = pdb

    def fork(self) -> Snapshot:
        """An independent snapshot; NodeInfos and objects are shared."""
        twin = Snapshot()
        twin.nodes = self.nodes.copy()
        twin.namespaces = self.namespaces.copy()
        twin.workloads = self.workloads.copy()
        twin.pdbs = self.pdbs.copy()
        twin.nominated = {node: pods.copy() for node, pods in self.nominated.items()}
        twin.affinity_nodes = self.affinity_nodes.copy()
        twin.anti_affinity_nodes = self.anti_affinity_nodes.copy()
        twin.images = self.images.copy()
        twin.domains = self.domains.copy()
        twin.priorities = self.priorities.copy()
        twin.first_change = self.first_change + len(self.changes)
        twin.structure = self.structure
        twin.workloads_version = self.workloads_version
        twin._where = self._where.copy()
        twin._lost = {node: pods.copy() for node, pods in self._lost.items()}
        return twin


def image_sizes(images: Sequence[Object] | None) -> dict[str, int]:
    """Bytes by image name, for each name of each image in a node's status.images."""
    return {
        normalized_image(name): image.get("sizeBytes") or 0
        for image in images or ()
        for name in image.get("names") or ()
    }


_WORKLOADS = ("Service", "ReplicationController", "ReplicaSet", "StatefulSet")


def snapshot_of(objects: Iterable[Object]) -> Snapshot:
    """The snapshot of a cluster with these API objects (any kinds, in any order).

    Pods that have ended do not count. Pending pods with status.nominatedNodeName keep their room.
    """
    snapshot = Snapshot()
    ordered = sorted(objects, key=lambda obj: obj["kind"] == "Pod")
    for obj in ordered:
        metadata, kind = obj["metadata"], obj["kind"]
        namespace, name = metadata.get("namespace", ""), metadata["name"]
        if kind == "Node":
            snapshot.set_node(obj)
        elif kind == "Namespace":
            snapshot.set_namespace(name, metadata.get("labels") or {})
        elif kind in _WORKLOADS:
            snapshot.set_workload(kind, namespace, name, obj)
        elif kind == "PodDisruptionBudget":
            snapshot.set_pdb(namespace, name, obj)
        elif kind == "Pod" and (obj.get("status") or {}).get("phase") not in ("Succeeded", "Failed"):
            info = pod_info(obj)
            if info.node_name:
                snapshot.set_pod(info)
            elif info.nominated_node:
                snapshot.nominate(info, info.nominated_node)
    return snapshot
