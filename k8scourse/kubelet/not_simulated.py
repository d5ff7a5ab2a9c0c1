"""What the simulated kubelet leaves out or does in its own way; the fidelity page is made from these tables."""

from __future__ import annotations

from collections.abc import Mapping

NOT_SIMULATED: Mapping[str, str] = {
    "processes": "nothing runs: an image's behaviour is declared (images/behaviour.py, or a scenario's world); an "
    "unknown image runs on and is ready",
    "livenessProbe": "never fails, so that it never restarts a container",
    "what probes ask": "a probe of a healthy container succeeds at its first try, whatever port or path it names",
    "postStart, preStop with exec or httpGet": "take no time and never fail; preStop with sleep does sleep",
    "usage": "containers use nothing, so that nothing is OOMKilled and no node comes under pressure",
    "mounting": "a volume only has to exist: ConfigMaps and Secrets are looked for, no file is written",
    "node.status.images, daemonEndpoints": "are not reported",
    "static pods": "a node reads no manifests of its own",
}
"""Duties of a kubelet that have no effect here."""

DIFFERENCES: Mapping[str, str] = {
    "pulling": "takes no virtual time, whatever the size of the image",
    "starting and stopping": "containers start at once, and stop at once when their image heeds SIGTERM",
    "heartbeats": "lease renewals are worked out when somebody reads the Lease, so that idle time makes no revisions",
}
"""Where the simulated kubelet decides in its own, documented way."""
