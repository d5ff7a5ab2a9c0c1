"""Thin interactive shells over the views (anywidget): manifest editor, cluster map, time slider.

Needs the extra `notebook`; nothing below this room imports it.
"""

from k8scourse.widgets.cluster_map import ClusterMap
from k8scourse.widgets.manifest_editor import ManifestEditor
from k8scourse.widgets.time_slider import TimeSlider

__all__ = ["ClusterMap", "ManifestEditor", "TimeSlider"]
