"""What the simulated kubelet leaves out or does in its own way; the fidelity page is made from these tables."""

from __future__ import annotations

from collections.abc import Mapping

NOT_SIMULATED: Mapping[str, str] = {
    "processes": "nothing runs: an image's behaviour is declared (images/behaviour.py, or a scenario's world); simple "
    "commands and shell scripts made of them are worked out (images/shell.py), every other process runs on and prints "
    "nothing",
    "what probes and hooks ask": "an image of which nobody says more is ready and answers every path on its ports; a "
    "command that is not known succeeds",
    "postStart": "takes no time, with sleep as well",
    "usage": "containers use nothing, so that nothing is OOMKilled and no node comes under pressure",
    "mounting": "files come from ConfigMaps, Secrets and the downward API alone; other volumes are empty, and nothing "
    "is written to them for other containers to read; downward API files follow a change at once",
    "service account tokens": "are not in their volume",
    "fileKeyRef": "a variable from a file in a volume is empty",
    "in-place resize": "resources of running containers stay as they are",
    "terminationMessagePath": "no container leaves a message",
    "stopSignal": "is not looked at: every container is sent SIGTERM",
    "events of nodes": "NodeHasSufficientMemory and the others of a node that starts are not written",
    "node.status.images, daemonEndpoints": "are not reported",
    "static pods": "a node reads no manifests of its own",
}
"""Duties of a kubelet that have no effect here."""

DIFFERENCES: Mapping[str, str] = {
    "pulling": "takes no virtual time, whatever the size of the image",
    "starting and stopping": "containers start at once, and stop at once when their image heeds SIGTERM, with code 143 "
    "unless it is a server of the catalogue",
    "probes": "are first tried exactly initialDelaySeconds after the start, then at whole periods; a probe whose "
    "answer can't change plans no further try until something happens in its pod",
    "syncs": "a pod is synced by itself every 60 to 90 s, a period that follows from its uid",
    "listening": "an image listens where the world or the catalogue says, else on the ports that its container "
    "declares, else where its probes ask",
    "heartbeats": "lease renewals are worked out when somebody reads the Lease, so that idle time makes no revisions",
}
"""Where the simulated kubelet decides in its own, documented way."""
