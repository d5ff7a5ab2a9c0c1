"""What an admission plugin sees of a request.

Source: kubernetes staging/src/k8s.io/apiserver/pkg/admission/interfaces.go.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.machinery.status import ApiError, forbidden

CREATE = "CREATE"
UPDATE = "UPDATE"
DELETE = "DELETE"
CONNECT = "CONNECT"


class Reader(Protocol):
    """Reads stored objects by group resource, e.g. 'pods' or 'leases.coordination.k8s.io'; they must not be changed."""

    def get(self, group_resource: str, namespace: str, name: str) -> Mapping[str, Any] | None:
        """Return the object, or None."""
        ...

    def list(self, group_resource: str, namespace: str = "") -> Iterable[Mapping[str, Any]]:
        """Return the objects of a namespace, or of all."""
        ...


class Writer(Protocol):
    """Stores objects."""

    def write(self, group_resource: str, obj: dict[str, Any]) -> dict[str, Any]:
        """Store *obj* (taken over, not copied) under its name; sets its resourceVersion."""
        ...


class SuffixSource(Protocol):
    """Seeded random names (simulation.names)."""

    def suffix(self, purpose: str, namespace: str, kind: str, base: str, length: int = 5) -> str:
        """Return the next suffix for names made from *base*."""
        ...


@dataclass(slots=True)
class Attributes:
    """One request on its way through admission; mutating plugins change ``object`` in place."""

    operation: str
    resource: ResourceInfo
    subresource: str
    namespace: str
    name: str
    object: dict[str, Any] | None
    old_object: Mapping[str, Any] | None
    user: str
    groups: Sequence[str]
    options: Mapping[str, Any]
    reader: Reader
    names: SuffixSource
    warnings: list[str] = field(default_factory=list)
    audit: dict[str, str] = field(default_factory=dict)
    """What plugins note for the audit log."""
    writer: Writer | None = None
    """Where plugins store what they count; None for a dry run, which leaves no traces."""

    def is_about(self, group_resource: str) -> bool:
        """Whether the request is about the resource itself, no subresource."""
        return not self.subresource and self.resource.group_resource == group_resource

    def forbidden(self, text: str) -> ApiError:
        """Return the 403 that a plugin raises: ``pods "p" is forbidden: TEXT``.

        Source: kubernetes staging/src/k8s.io/apiserver/pkg/admission/errors.go; a name still to be generated is shown
        as its base.
        """
        metadata = (self.object or {}).get("metadata") or {}
        name = self.name or metadata.get("name") or metadata.get("generateName") or "Unknown"
        return forbidden(self.resource.group_resource, name, text)
