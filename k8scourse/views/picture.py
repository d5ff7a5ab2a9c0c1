"""A picture of a cluster that needs no kernel: HTML in a notebook, text elsewhere, data for whoever wants to count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from k8scourse.machinery.status import not_found
from k8scourse.views import cluster_map
from k8scourse.views.snapshot import snapshot
from k8scourse.views.why_not import node_verdicts

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """A drawn view: `str()` is its text, a notebook shows `html`."""

    data: Mapping[str, Any]
    text: str
    html: str

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html


def cluster_picture(cluster: Cluster, pod: str = "") -> Picture:
    """The cluster map; *pod* ("namespace/name") is looked for on every node. Raises ApiError 404 without that pod."""
    verdicts = node_verdicts(cluster, pod)
    if pod and verdicts is None:
        raise not_found("pods", pod.partition("/")[2])
    data = cluster_map.cluster_map(snapshot(cluster), pod, verdicts)
    return Picture(data, cluster_map.to_text(data), cluster_map.to_html(data))
