"""The default profile: plugins in their order, with the weights of their scores.

Source: kubernetes: pkg/scheduler/apis/config/v1/default_plugins.go
"""

from __future__ import annotations

from dataclasses import dataclass

from k8scourse.scheduler.framework import Plugin, Reads
from k8scourse.scheduler.not_simulated import NOT_SIMULATED
from k8scourse.scheduler.plugins.default_binder import DefaultBinder
from k8scourse.scheduler.plugins.default_preemption import DefaultPreemption
from k8scourse.scheduler.plugins.dynamic_resources import DynamicResources
from k8scourse.scheduler.plugins.image_locality import ImageLocality
from k8scourse.scheduler.plugins.inter_pod_affinity import InterPodAffinity
from k8scourse.scheduler.plugins.node_affinity import NodeAffinity
from k8scourse.scheduler.plugins.node_name import NodeName
from k8scourse.scheduler.plugins.node_ports import NodePorts
from k8scourse.scheduler.plugins.node_resources_balanced_allocation import NodeResourcesBalancedAllocation
from k8scourse.scheduler.plugins.node_resources_fit import NodeResourcesFit
from k8scourse.scheduler.plugins.node_unschedulable import NodeUnschedulable
from k8scourse.scheduler.plugins.pod_topology_spread import PodTopologySpread
from k8scourse.scheduler.plugins.priority_sort import PrioritySort
from k8scourse.scheduler.plugins.scheduling_gates import SchedulingGates
from k8scourse.scheduler.plugins.taint_toleration import TaintToleration

DEFAULT_SCHEDULER = "default-scheduler"

MULTI_POINT: tuple[tuple[str, int], ...] = (
    ("SchedulingGates", 0),
    ("PrioritySort", 0),
    ("NodeUnschedulable", 0),
    ("NodeName", 0),
    ("TaintToleration", 3),
    ("NodeAffinity", 2),
    ("NodePorts", 0),
    ("NodeResourcesFit", 1),
    ("VolumeRestrictions", 0),
    ("NodeVolumeLimits", 0),
    ("VolumeBinding", 0),
    ("VolumeZone", 0),
    ("PodTopologySpread", 2),
    ("InterPodAffinity", 2),
    ("DynamicResources", 2),
    ("DefaultPreemption", 0),
    ("NodeResourcesBalancedAllocation", 1),
    ("ImageLocality", 1),
    ("DefaultBinder", 0),
    ("NodeDeclaredFeatures", 0),
)
"""Every default plugin of 1.36 in order, with the weight of its score (0: it has none)."""

_PLUGINS: tuple[type[Plugin], ...] = (
    SchedulingGates,
    PrioritySort,
    NodeUnschedulable,
    NodeName,
    TaintToleration,
    NodeAffinity,
    NodePorts,
    NodeResourcesFit,
    PodTopologySpread,
    InterPodAffinity,
    DynamicResources,
    DefaultPreemption,
    NodeResourcesBalancedAllocation,
    ImageLocality,
    DefaultBinder,
)


@dataclass(frozen=True)
class Profile:
    """The plugins of one scheduler, by what they do."""

    scheduler_name: str
    plugins: tuple[Plugin, ...]
    weights: dict[str, int]

    def __post_init__(self) -> None:
        """Sort the plugins by extension point."""
        filters = tuple(plugin for plugin in self.plugins if plugin.filters)
        object.__setattr__(self, "filters", filters)
        object.__setattr__(self, "scorers", tuple(plugin for plugin in self.plugins if plugin.scores))

    filters: tuple[Plugin, ...] = ()
    scorers: tuple[Plugin, ...] = ()

    def plugin(self, name: str) -> Plugin:
        """The plugin called *name*; KeyError when the profile does not have it."""
        for plugin in self.plugins:
            if plugin.name == name:
                return plugin
        raise KeyError(name)


def _check_table() -> dict[str, int]:
    weights = dict(MULTI_POINT)
    known = {plugin.name for plugin in _PLUGINS}
    missing = weights.keys() - known - NOT_SIMULATED.keys()
    if missing:
        raise LookupError(f"plugins without code and without a note in NOT_SIMULATED: {sorted(missing)}")
    return weights


DEFAULT_PROFILE = Profile(DEFAULT_SCHEDULER, tuple(plugin() for plugin in _PLUGINS), _check_table())

LOCAL_FILTERS = tuple(plugin for plugin in DEFAULT_PROFILE.filters if plugin.reads is not Reads.CLUSTER)
CLUSTER_FILTERS = tuple(plugin for plugin in DEFAULT_PROFILE.filters if plugin.reads is Reads.CLUSTER)
"""These run after all local ones, in the default order too."""
