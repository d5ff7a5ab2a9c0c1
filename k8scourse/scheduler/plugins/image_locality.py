"""ImageLocality: prefers nodes that already have the pod's images."""

from __future__ import annotations

from collections.abc import Hashable

from k8scourse.scheduler.framework import MAX_NODE_SCORE, CycleState, Plugin, Reads
from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.pod_info import PodInfo
from k8scourse.scheduler.snapshot import image_sizes

MIB = 1024 * 1024
MIN_THRESHOLD = 23 * MIB
MAX_CONTAINER_THRESHOLD = 1000 * MIB


class ImageLocality(Plugin):
    """Bytes of images that are there, each weighted by the share of nodes that have it.

    Source: kubernetes: plugins/imagelocality
    """

    name = "ImageLocality"
    reads = Reads.CLUSTER
    scores = True

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """0 up to 23 MiB, 100 from 1000 MiB per container on."""
        total = 0
        nodes = len(state.snapshot.nodes)
        if node.node.get("status", {}).get("images"):
            sizes = image_sizes(node.node["status"]["images"])
            for image in pod.traits.images:
                if image in sizes:
                    total += int(sizes[image] * (state.snapshot.images[image] / nodes))
        highest = MAX_CONTAINER_THRESHOLD * pod.traits.container_count
        total = min(max(total, MIN_THRESHOLD), highest)
        return MAX_NODE_SCORE * (total - MIN_THRESHOLD) // (highest - MIN_THRESHOLD)

    def group(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Hashable:
        """The sizes of the pod's images on the node."""
        images = node.node.get("status", {}).get("images")
        if not images:
            return None
        sizes = image_sizes(images)
        found = tuple(sizes.get(image) for image in pod.traits.images)
        return found if any(size is not None for size in found) else None
