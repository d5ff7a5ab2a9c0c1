"""A pod as the scheduler sees it: what plugins read, worked out once per kind of pod.

Pods of one template differ in name and uid only, so all that plugins read is kept in one `PodTraits` that equal pods
share; identity of traits then stands for equality.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from k8scourse.component_helpers import node_affinity, pod_affinity
from k8scourse.component_helpers.pod_requests import pod_requests
from k8scourse.component_helpers.pod_status import pod_priority
from k8scourse.component_helpers.topology_spread import SpreadConstraint, read_constraints
from k8scourse.machinery.quantity import Quantity, parse_quantity

Object = dict[str, Any]
Key = tuple[str, str]
"""(namespace, name)"""

DEFAULT_MILLI_CPU = parse_quantity("100m")
DEFAULT_MEMORY = parse_quantity("200Mi")
"""What a container without a request counts in scores (kubernetes: pkg/scheduler/util/pod_resources.go)."""

_TRAITS: dict[str, PodTraits] = {}
_TRAITS_LIMIT = 4_000


class Resources(NamedTuple):
    """Amounts: thousandths of a CPU, bytes, bytes, and others by name."""

    milli_cpu: int = 0
    memory: int = 0
    ephemeral_storage: int = 0
    scalar: Mapping[str, int] = {}

    @property
    def is_zero(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.milli_cpu or self.memory or self.ephemeral_storage or self.scalar)


class HostPort(NamedTuple):
    """A port of the node that a container takes."""

    ip: str
    protocol: str
    port: int


def resources_of(amounts: Mapping[str, Quantity]) -> Resources:
    """*amounts* by resource name in the scheduler's units; the number of pods is left out."""
    scalar = {
        name: amount.value()
        for name, amount in amounts.items()
        if name not in ("cpu", "memory", "ephemeral-storage", "pods")
    }
    cpu, memory, storage = amounts.get("cpu"), amounts.get("memory"), amounts.get("ephemeral-storage")
    return Resources(
        cpu.milli_value() if cpu else 0, memory.value() if memory else 0, storage.value() if storage else 0, scalar
    )


def host_ports(pod: Mapping[str, Any]) -> tuple[HostPort, ...]:
    """The host ports of the containers and sidecars (kubernetes: pkg/scheduler/util GetHostPorts)."""
    spec = pod["spec"]
    sidecars = [c for c in spec.get("initContainers") or () if c.get("restartPolicy") == "Always"]
    return tuple(
        HostPort(port.get("hostIP") or "0.0.0.0", port.get("protocol") or "TCP", port["hostPort"])
        for container in (*sidecars, *(spec.get("containers") or ()))
        for port in container.get("ports") or ()
        if port.get("hostPort")
    )


class PodTraits:
    """All that plugins read of a pod; shared by pods that do not differ in it."""

    def __init__(self, pod: Object) -> None:
        self._pod = pod
        spec, metadata = pod["spec"], pod["metadata"]
        self.namespace: str = metadata["namespace"]
        self.labels: Mapping[str, str] = metadata.get("labels") or {}
        self.tolerations: list[Object] = spec.get("tolerations") or []
        self.required = node_affinity.required_node_affinity(pod)
        self.host_ports = host_ports(pod)
        self.terms = pod_affinity.pod_affinity_terms(pod)
        self.owner = _controller(metadata)
        self.has_own_spread = bool(spec.get("topologySpreadConstraints"))

    @cached_property
    def requests(self) -> Resources:
        """What the pod asks for; a resize in progress counts with the larger amount."""
        return resources_of(pod_requests(self._pod, use_status=True))

    @cached_property
    def scoring_requests(self) -> tuple[int, int]:
        """Milli-CPU and bytes, with defaults for what containers leave open."""
        missing = {"cpu": DEFAULT_MILLI_CPU, "memory": DEFAULT_MEMORY}
        if (self._pod["spec"].get("resources") or {}).get("requests"):
            present = pod_requests(self._pod, use_status=True)
            missing = {name: amount for name, amount in missing.items() if name not in present}
        amounts = pod_requests(self._pod, use_status=True, missing=missing)
        return amounts["cpu"].milli_value(), amounts["memory"].value()

    @cached_property
    def preferred(self) -> Any:
        """The preferred node affinity terms that can count."""
        return node_affinity.preferred_terms(self._pod)

    @cached_property
    def only_nodes(self) -> frozenset[str] | None:
        """The only nodes that matchFields on metadata.name admit, None when the name is open."""
        return node_affinity.node_names(self._pod)

    @cached_property
    def hard_spread(self) -> tuple[SpreadConstraint, ...]:
        """The pod's own constraints with DoNotSchedule."""
        return self._spread("DoNotSchedule")

    @cached_property
    def soft_spread(self) -> tuple[SpreadConstraint, ...]:
        """The pod's own constraints with ScheduleAnyway."""
        return self._spread("ScheduleAnyway")

    def _spread(self, action: str) -> tuple[SpreadConstraint, ...]:
        return read_constraints(self._pod["spec"].get("topologySpreadConstraints") or (), self.labels, action)

    @cached_property
    def images(self) -> tuple[str, ...]:
        """The images of init containers, containers and image volumes, with their tag."""
        spec = self._pod["spec"]
        containers = [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]
        volumes = [volume["image"].get("reference") for volume in spec.get("volumes") or () if volume.get("image")]
        names = [*(container.get("image") for container in containers), *volumes]
        return tuple(normalized_image(name) for name in names if name)

    @cached_property
    def container_count(self) -> int:
        """How many containers and init containers there are."""
        spec = self._pod["spec"]
        return len(spec.get("initContainers") or ()) + len(spec.get("containers") or ())

    @cached_property
    def not_simulated(self) -> tuple[str, ...]:
        """What of the pod the simulated scheduler does not look at: field paths."""
        spec = self._pod["spec"]
        found = [
            f"spec.volumes[{index}].{kind}"
            for index, volume in enumerate(spec.get("volumes") or ())
            for kind in ("persistentVolumeClaim", "ephemeral")
            if volume.get(kind)
        ]
        return (*found, "spec.resourceClaims") if spec.get("resourceClaims") else tuple(found)


def _controller(metadata: Mapping[str, Any]) -> tuple[str, str, str] | None:
    for owner in metadata.get("ownerReferences") or ():
        if owner.get("controller"):
            return owner["apiVersion"], owner["kind"], owner["name"]
    return None


def normalized_image(name: str) -> str:
    """*name* with the tag latest where it has none (kubernetes: plugins/imagelocality normalizedImageName)."""
    return name if name.rfind(":") > name.rfind("/") else f"{name}:latest"


def signature(pod: Object) -> str:
    """A text that is equal for pods between which no plugin can tell a difference, wherever they are bound."""
    spec, metadata = pod["spec"], pod["metadata"]
    return repr(
        (
            metadata["namespace"],
            metadata.get("labels"),
            _controller(metadata),
            [spec.get(field) for field in _SPEC_FIELDS],
            [[c.get(f) for f in _CONTAINER_FIELDS] for c in spec.get("containers") or ()],
            [[c.get(f) for f in _CONTAINER_FIELDS] for c in spec.get("initContainers") or ()],
            [
                (volume.get("persistentVolumeClaim"), volume.get("ephemeral"), volume.get("image"))
                for volume in spec.get("volumes") or ()
            ],
            resize_signature(pod),
        )
    )


_SPEC_FIELDS = (
    "nodeSelector",
    "affinity",
    "tolerations",
    "topologySpreadConstraints",
    "overhead",
    "resources",
    "resourceClaims",
)
_READ_FIELDS = (*_SPEC_FIELDS, "containers", "initContainers", "volumes")
_CONTAINER_FIELDS = ("image", "ports", "resources", "restartPolicy")


def resize_signature(pod: Object) -> object:
    """The part of the status that counts towards requests, None where the status says nothing about resources."""
    status = pod.get("status") or {}
    found = [
        (entry["name"], entry.get("resources"), entry.get("allocatedResources"))
        for field in ("containerStatuses", "initContainerStatuses")
        for entry in status.get(field) or ()
        if entry.get("resources") is not None
    ]
    if not found and status.get("resources") is None:
        return None
    pending = [c.get("reason") for c in status.get("conditions") or () if c.get("type") == "PodResizePending"]
    return found, status.get("resources"), status.get("allocatedResources"), pending


def traits_of(pod: Object) -> PodTraits:
    """The traits of *pod*, shared with all pods of its kind."""
    key = signature(pod)
    traits = _TRAITS.get(key)
    if traits is None:
        if len(_TRAITS) >= _TRAITS_LIMIT:
            _TRAITS.clear()
        traits = _TRAITS[key] = PodTraits(pod)
    return traits


@dataclass(frozen=True, slots=True)
class PodInfo:
    """A pod with its traits."""

    pod: Object
    key: Key
    uid: str
    priority: int
    terminating: bool
    traits: PodTraits

    @property
    def node_name(self) -> str:
        """The node that the pod is bound to, or an empty text."""
        return self.pod["spec"].get("nodeName") or ""

    @property
    def nominated_node(self) -> str:
        """The node that preemption made room on, or an empty text."""
        return (self.pod.get("status") or {}).get("nominatedNodeName") or ""


def pod_info(pod: Object, old: PodInfo | None = None) -> PodInfo:
    """Read *pod*; *old* is an earlier version of it, whose traits are taken over when they still hold."""
    metadata = pod["metadata"]
    traits: PodTraits | None = None
    if old is not None:
        before = old.pod
        if (
            _same_spec(before["spec"], pod["spec"])
            and before["metadata"].get("labels") == metadata.get("labels")
            and resize_signature(before) == resize_signature(pod)
        ):
            traits = old.traits
    return PodInfo(
        pod,
        (metadata["namespace"], metadata["name"]),
        metadata.get("uid") or f"{metadata['namespace']}/{metadata['name']}",
        pod_priority(pod),
        metadata.get("deletionTimestamp") is not None,
        traits or traits_of(pod),
    )


def _same_spec(before: Object, after: Object) -> bool:
    """Whether nothing that traits read differs; unchanged parts of stored objects are shared between versions."""
    return before is after or all(before.get(field) is after.get(field) for field in _READ_FIELDS)


def bound_to(info: PodInfo, node: str) -> PodInfo:
    """*info* as it will be once bound to *node*; its traits stay those of the pod that was scheduled."""
    pod = {**info.pod, "spec": {**info.pod["spec"], "nodeName": node}}
    return PodInfo(pod, info.key, info.uid, info.priority, info.terminating, info.traits)
