"""PodTopologyLabels: a pod carries the zone and region of its node as labels.

Source: kubernetes plugin/pkg/admission/podtopologylabels/admission.go (gate PodTopologyLabelsAdmission, on since 1.35).
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.admission.attributes import CREATE, Attributes, Reader

TOPOLOGY_LABELS = ("topology.kubernetes.io/zone", "topology.kubernetes.io/region")


class PodTopologyLabels:
    """Copies topology labels of nodes to pods."""

    name = "PodTopologyLabels"

    def admit(self, attributes: Attributes) -> None:
        """Label a pod that is created on a node already, in place; bound pods: see `topology_labels`."""
        pod = attributes.object
        if pod is None or attributes.operation != CREATE or not attributes.is_about("pods"):
            return
        node = pod["spec"].get("nodeName")
        labels = topology_labels(attributes.reader, node) if node else {}
        if labels:
            pod["metadata"]["labels"] = {**(pod["metadata"].get("labels") or {}), **labels}


def topology_labels(reader: Reader, node_name: str) -> dict[str, str]:
    """Return the zone and region labels of a node; none if there is no such node."""
    node: Mapping[str, Any] = reader.get("nodes", "", node_name) or {}
    labels = (node.get("metadata") or {}).get("labels") or {}
    return {name: labels[name] for name in TOPOLOGY_LABELS if name in labels}
