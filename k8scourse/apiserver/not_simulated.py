"""What the simulated API server leaves out besides admission plugins (admission/coverage.py)."""

from __future__ import annotations

from collections.abc import Mapping

NOT_SIMULATED: Mapping[str, str] = {
    "authorization": "superusers and the cluster's components may do everything; a request of anybody else is answered "
    "with NotSimulated instead of a guess",
    "impersonation": "--as is answered with NotSimulated",
    "network policies": "a NetworkPolicy is checked and kept, and no traffic is refused because of it",
    "other versions of a kind": "autoscaling/v1 shows the CPU target alone, and server-side apply works on "
    "autoscaling/v2 and core Events",
    "custom resources": "CEL rules (x-kubernetes-validations) and conversion webhooks are answered with NotSimulated",
    "subresources": "attach, portforward, proxy and resize are answered with NotSimulated; exec answers at once, "
    "without streams",
}
"""Parts of the API server that have no effect here."""

DIFFERENCES: Mapping[str, str] = {
    "names and uids": "follow from the cluster's seed, so that the same calls give the same names",
    "settling": "a request is answered after everything that it made ready has happened, in no virtual time",
}
"""Where the simulated API server decides in its own, documented way."""
