"""Thin interactive shells over the views (anywidget): manifest editor, cluster map, time slider, object graph,
rollout timeline, request tracer, steps of a deletion.

Needs the extra `notebook`; nothing below this room imports it.
"""

from k8scourse.widgets.cluster_map import ClusterMap
from k8scourse.widgets.deletion_steps import DeletionSteps
from k8scourse.widgets.manifest_editor import ManifestEditor
from k8scourse.widgets.object_graph import ObjectGraph
from k8scourse.widgets.request_tracer import RequestTracer
from k8scourse.widgets.rollout_timeline import RolloutTimeline
from k8scourse.widgets.time_slider import TimeSlider

__all__ = [
    "ClusterMap",
    "DeletionSteps",
    "ManifestEditor",
    "ObjectGraph",
    "RequestTracer",
    "RolloutTimeline",
    "TimeSlider",
]
