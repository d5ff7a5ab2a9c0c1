"""The world of a cluster: what is not a Kubernetes object (scenario.md, section 3), read into plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from k8scourse.machinery.quantity import parse_quantity
from k8scourse.machinery.status import not_simulated
from k8scourse.machinery.timestamps import format_time, parse_time

Object = dict[str, Any]

COMPONENTS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet")
DEFAULT_CLOCK = "2026-01-01T00:00:00Z"
DEFAULT_ALLOCATABLE: Mapping[str, Any] = {"cpu": "8", "memory": "32Gi", "pods": "110"}
KUBELET_VERSION = "v1.36.2"

_LATER = ("provisioners", "metrics", "files", "run_effects", "etcd", "raft")
_KNOWN = ("nodes", "clock", "components", "flags", "feature_gates", "network_policy", "images", *_LATER)
_NODE_KEYS = ("name", "labels", "taints", "unschedulable", "allocatable", "conditions", "address", "podCIDR")
_CONDITIONS: Mapping[str, tuple[str, str, str]] = {
    "MemoryPressure": ("False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    "DiskPressure": ("False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    "PIDPressure": ("False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    "Ready": ("True", "KubeletReady", "kubelet is posting ready status"),
}
"""The conditions of a healthy node: status, reason, message (pkg/kubelet/nodestatus/setters.go)."""


@dataclass(frozen=True)
class World:
    """What a cluster starts with besides its objects."""

    nodes: list[Object]
    """Node objects, ready to be registered."""
    clock: int
    """The start, in nanoseconds since the Unix epoch."""
    components: tuple[str, ...] = COMPONENTS
    flags: dict[str, dict[str, object]] = field(default_factory=dict)
    feature_gates: dict[str, bool] = field(default_factory=dict)
    images: dict[str, Object] = field(default_factory=dict)
    """What images are and do, by reference; see images/catalogue.py."""


def read_world(world: Mapping[str, Any]) -> World:
    """Read a world; raises ValueError for what has no meaning, ApiError for what is not simulated yet."""
    for key, value in world.items():
        if key not in _KNOWN:
            raise ValueError(f"world has no key {key!r}; it knows {', '.join(_KNOWN)}")
        if key in _LATER and value:
            raise not_simulated(f"world.{key}")
    if world.get("feature_gates"):
        raise not_simulated("world.feature_gates")
    clock = parse_time(world.get("clock", DEFAULT_CLOCK))
    components = tuple(world.get("components", COMPONENTS))
    for name in components:
        if name not in COMPONENTS:
            raise ValueError(f"there is no component {name!r}; there are {', '.join(COMPONENTS)}")
    return World(
        nodes=[node_object(entry, number, clock) for number, entry in enumerate(_node_list(world.get("nodes", 3)), 1)],
        clock=clock,
        components=components,
        flags={name: dict(flags) for name, flags in (world.get("flags") or {}).items()},
        images={name: dict(image) for name, image in (world.get("images") or {}).items()},
    )


def _node_list(nodes: int | list[Any]) -> list[Object]:
    entries = [f"n{number}" for number in range(1, nodes + 1)] if isinstance(nodes, int) else nodes
    found: list[Object] = []
    for entry in entries:
        node = {"name": entry} if isinstance(entry, str) else dict(entry)
        unknown = [key for key in node if key not in _NODE_KEYS]
        if unknown or not node.get("name"):
            problem = f"has no key {unknown[0]!r}" if unknown else "needs a name"
            raise ValueError(f"a node of a world {problem}; its keys are {', '.join(_NODE_KEYS)}")
        found.append(node)
    return found


def node_object(entry: Mapping[str, Any], number: int, clock: int) -> Object:
    """The Node that a kubelet registers for *entry*, a node of the world; *number* makes its default addresses."""
    name = entry["name"]
    labels = {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        **(entry.get("labels") or {}),
    }
    resources = {
        key: str(parse_quantity(value))
        for key, value in {**DEFAULT_ALLOCATABLE, **(entry.get("allocatable") or {})}.items()
    }
    pod_cidr = entry.get("podCIDR") or f"10.{244 + number // 256}.{number % 256}.0/24"
    spec: Object = {"podCIDR": pod_cidr, "podCIDRs": [pod_cidr]}
    if entry.get("taints"):
        spec["taints"] = [parse_taint(text) for text in entry["taints"]]
    if entry.get("unschedulable"):
        spec["unschedulable"] = True
    address = entry.get("address") or f"172.18.{number // 250}.{number % 250 + 1}"
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": spec,
        "status": {
            "addresses": [{"type": "InternalIP", "address": address}, {"type": "Hostname", "address": name}],
            "allocatable": dict(resources),
            "capacity": dict(resources),
            "conditions": _conditions(entry.get("conditions") or {}, clock),
            "nodeInfo": _node_info(name),
        },
    }


def _conditions(given: Mapping[str, str], clock: int) -> list[Object]:
    now = format_time(clock)
    found: list[Object] = []
    for kind in [*_CONDITIONS, *(kind for kind in given if kind not in _CONDITIONS)]:
        status, reason, message = _CONDITIONS.get(kind, ("", "", ""))
        if kind in given and given[kind] != status:
            status, reason, message = given[kind], f"{kind}Is{given[kind]}", f"{kind} is {given[kind]}"
        found.append(
            {
                "type": kind,
                "status": status,
                "lastHeartbeatTime": now,
                "lastTransitionTime": now,
                "reason": reason,
                "message": message,
            }
        )
    return found


def _node_info(name: str) -> Object:
    return {
        "architecture": "amd64",
        "bootID": "",
        "containerRuntimeVersion": "containerd://2.2.0",
        "kernelVersion": "6.12.0",
        "kubeProxyVersion": "",
        "kubeletVersion": KUBELET_VERSION,
        "machineID": name,
        "operatingSystem": "linux",
        "osImage": "Debian GNU/Linux 13 (trixie)",
        "systemUUID": "",
    }


def parse_taint(text: str) -> Object:
    """A taint written as kubectl takes it: key=value:Effect or key:Effect."""
    pair, _, effect = text.rpartition(":")
    key, _, value = pair.partition("=")
    if not key or not effect:
        raise ValueError(f"{text!r} is not a taint; write key=value:Effect or key:Effect")
    return {"key": key, "value": value, "effect": effect} if value else {"key": key, "effect": effect}
