"""What became of a simulated request, as data: every hop with what happened there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

REACHED = "reached"
REFUSED = "refused"
TIMED_OUT = "timed out"
NO_SUCH_NAME = "no such name"
NO_ENDPOINTS = "no endpoints"
LEFT = "left the cluster"
OUTCOMES = (REACHED, REFUSED, TIMED_OUT, NO_SUCH_NAME, NO_ENDPOINTS, LEFT)

CLIENT, DNS, INGRESS, SERVICE, ENDPOINT, CONTAINER = "client", "DNS", "Ingress", "Service", "endpoint", "container"


@dataclass(frozen=True, slots=True)
class Hop:
    """One station of a request."""

    kind: str
    """client, DNS, Ingress, Service, endpoint or container."""
    name: str
    """Which one: a pod, a full name, a Service with its port, an address with its port, a container."""
    said: str
    """What happened there."""
    passed: bool = True
    """Whether the request went on from here."""

    def as_data(self) -> dict[str, Any]:
        """The hop as a plain map."""
        return {"kind": self.kind, "name": self.name, "said": self.said, "passed": self.passed}


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The end of a request and its way there; `str()` is the way in lines."""

    source: str
    url: str
    outcome: str
    """reached, refused, timed out, no such name, no endpoints, or left the cluster."""
    reason: str
    hops: tuple[Hop, ...]
    code: int | None = None
    """The HTTP status, where something answered."""

    @property
    def reached(self) -> bool:
        """Whether a container answered."""
        return self.outcome == REACHED

    def as_data(self) -> dict[str, Any]:
        """The answer as a plain map."""
        return {
            "from": self.source,
            "url": self.url,
            "outcome": self.outcome,
            "reason": self.reason,
            "code": self.code,
            "hops": [hop.as_data() for hop in self.hops],
        }

    def __repr__(self) -> str:
        return f"<Answer {self.outcome}: {self.reason}>"

    def __str__(self) -> str:
        lines = [f"{self.source} -> {self.url}"]
        lines += [f"  {'->' if hop.passed else 'x '} {hop.kind} {hop.name}: {hop.said}" for hop in self.hops]
        code = f" (HTTP {self.code})" if self.code is not None else ""
        return "\n".join([*lines, f"{self.outcome}{code}: {self.reason}"])
