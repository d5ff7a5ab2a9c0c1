"""A node with its pods, as one immutable value: a change makes another NodeInfo.

Source: kubernetes: pkg/scheduler/framework/types.go (NodeInfo)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from k8scourse.component_helpers.pod_requests import parse_resources
from k8scourse.scheduler.pod_info import HostPort, Key, PodInfo, PodTraits, Resources, resources_of

Object = dict[str, Any]
Kind = tuple[PodTraits, bool]
"""Pods that count alike: their traits and whether they are terminating."""


class Allocatable:
    """What a node offers: resources and the number of pods."""

    __slots__ = ("pods", "resources")

    def __init__(self, node: Object) -> None:
        amounts = parse_resources((node.get("status") or {}).get("allocatable"))
        self.resources: Resources = resources_of(amounts)
        pods = amounts.get("pods")
        self.pods: int = pods.value() if pods else 0


class NodeInfo:
    """A Node object, the pods bound to it (or assumed to be), and their sums."""

    __slots__ = (
        "allocatable",
        "ephemeral_storage",
        "kinds",
        "labels",
        "memory",
        "milli_cpu",
        "name",
        "node",
        "pods",
        "ports",
        "scalar",
        "scoring_memory",
        "scoring_milli_cpu",
        "stamp",
    )

    def __init__(self, node: Object, pods: Iterable[PodInfo] = ()) -> None:
        self.name: str = node["metadata"]["name"]
        self._read(node)
        self.pods: dict[Key, PodInfo] = {}
        self.kinds: dict[Kind, int] = {}
        self.ports: dict[HostPort, int] = {}
        self.milli_cpu = self.memory = self.ephemeral_storage = 0
        self.scalar: dict[str, int] = {}
        self.scoring_milli_cpu = self.scoring_memory = 0
        self.stamp = object()
        """Another object whenever something changed that a plugin can see."""
        for pod in pods:
            self._count(pod, 1)
            self.pods[pod.key] = pod

    def _read(self, node: Object) -> None:
        self.node = node
        self.labels: Mapping[str, str] = node["metadata"].get("labels") or {}
        self.allocatable = Allocatable(node)

    @property
    def taints(self) -> list[Object]:
        """The node's taints."""
        return self.node.get("spec", {}).get("taints") or []

    def _copy(self) -> NodeInfo:
        twin = NodeInfo.__new__(NodeInfo)
        twin.name, twin.node, twin.labels, twin.allocatable = self.name, self.node, self.labels, self.allocatable
        twin.pods, twin.kinds = self.pods.copy(), self.kinds.copy()
        twin.ports, twin.scalar = self.ports, self.scalar
        twin.milli_cpu, twin.memory, twin.ephemeral_storage = self.milli_cpu, self.memory, self.ephemeral_storage
        twin.scoring_milli_cpu, twin.scoring_memory = self.scoring_milli_cpu, self.scoring_memory
        twin.stamp = object()
        return twin

    def _count(self, pod: PodInfo, sign: int) -> None:
        traits = pod.traits
        kind = (traits, pod.terminating)
        number = self.kinds.get(kind, 0) + sign
        if number:
            self.kinds[kind] = number
        else:
            del self.kinds[kind]
        requests = traits.requests
        self.milli_cpu += sign * requests.milli_cpu
        self.memory += sign * requests.memory
        self.ephemeral_storage += sign * requests.ephemeral_storage
        cpu, memory = traits.scoring_requests
        self.scoring_milli_cpu += sign * cpu
        self.scoring_memory += sign * memory
        if requests.scalar:
            self.scalar = dict(self.scalar)
            for name, amount in requests.scalar.items():
                self.scalar[name] = self.scalar.get(name, 0) + sign * amount
        if traits.host_ports:
            self.ports = dict(self.ports)
            for port in traits.host_ports:
                self.ports[port] = self.ports.get(port, 0) + sign
                if not self.ports[port]:
                    del self.ports[port]

    def with_pod(self, pod: PodInfo) -> NodeInfo:
        """This node with *pod* on it, in the place of an older version of it."""
        old = self.pods.get(pod.key)
        twin = self._copy()
        twin.pods[pod.key] = pod
        if old is not None and old.traits is pod.traits and old.terminating == pod.terminating:
            twin.stamp = self.stamp
            return twin
        if old is not None:
            twin._count(old, -1)
        twin._count(pod, 1)
        return twin

    def without_pod(self, key: Key) -> NodeInfo:
        """This node without the pod; itself when the pod is not on it."""
        old = self.pods.get(key)
        if old is None:
            return self
        twin = self._copy()
        del twin.pods[key]
        twin._count(old, -1)
        return twin

    def with_node(self, node: Object) -> NodeInfo:
        """The same pods on another version of the Node object."""
        twin = self._copy()
        old = self.node
        if (old.get("status") or {}).get("allocatable") == (node.get("status") or {}).get("allocatable"):
            twin.node = node
            twin.labels = node["metadata"].get("labels") or {}
        else:
            twin._read(node)
        if same_for_plugins(old, node):
            twin.stamp = self.stamp
        return twin


def same_for_plugins(old: Object, new: Object) -> bool:
    """Whether no plugin can tell two versions of a Node apart."""
    before, after = old.get("spec") or {}, new.get("spec") or {}
    old_status, new_status = old.get("status") or {}, new.get("status") or {}
    return (
        before.get("taints") == after.get("taints")
        and before.get("unschedulable") == after.get("unschedulable")
        and old["metadata"].get("labels") == new["metadata"].get("labels")
        and old_status.get("allocatable") == new_status.get("allocatable")
        and old_status.get("images") == new_status.get("images")
    )
