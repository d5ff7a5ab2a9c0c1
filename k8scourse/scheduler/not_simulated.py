"""What the simulated scheduler leaves out or decides in its own way; the fidelity page is made from these tables."""

from __future__ import annotations

from collections.abc import Mapping

NOT_SIMULATED: Mapping[str, str] = {
    "VolumeRestrictions": "volumes never keep a pod off a node (ReadWriteOncePod, disks in use)",
    "NodeVolumeLimits": "a node takes any number of volumes",
    "VolumeBinding": "a pod with a PersistentVolumeClaim is placed as if the claim were not there",
    "VolumeZone": "the zone of a volume does not restrict the pod",
    "DynamicResources": "ResourceClaims are ignored; only the plugin's text for pods without claims appears",
    "NodeDeclaredFeatures": "nodes are taken to have every feature a pod needs",
    "GangScheduling": "pod groups are not scheduled together (alpha, off by default)",
    "OpportunisticBatching": "results are not reused between pods; verdicts are the same",
}
"""Plugins and features of kube-scheduler that have no effect here."""

DIFFERENCES: Mapping[str, str] = {
    "ties": "among nodes with the same score the one with the fewest pods wins, then the first by name; "
    "a real scheduler leaves the choice to chance",
    "percentageOfNodesToScore": "every node is looked at; a real scheduler stops early with 100 nodes or more",
    "preemption candidates": "every node is tried; a real scheduler starts at a random node and stops at 10 % or "
    "100 candidates; among equal candidates the first by name wins",
    "no nodes": "a pod that finds no Node object waits for one and is tried again when its backoff would have ended; "
    "the tries in between, which change nothing, are not made and not counted in the event",
    "flush": "the retry after five minutes happens only when something in the cluster changed since the last attempt",
    "preemption calls": "victims are deleted in one step right after the cycle that chose them; "
    "the preemptor is not held back meanwhile",
}
"""Decisions that the simulator makes in its own, documented way."""

VOLUMES_IGNORED = "Volume plugins are not simulated; the scheduler does not look at these fields."
