"""One request on its way through the API server."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.admission import Attributes
from k8scourse.apiserver.authentication import UserInfo
from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.apiserver.managed_fields.ledger import Note
from k8scourse.apiserver.request import Request, RequestInfo

if TYPE_CHECKING:
    from k8scourse.apiserver.server import APIServer

Object = dict[str, Any]


@dataclass
class Call:
    """A resource request with what the steps before found out about it."""

    server: APIServer
    request: Request
    info: RequestInfo
    user: UserInfo
    resource: ResourceInfo
    warnings: list[str] = field(default_factory=list)
    note: Note | None = None
    """Who manages the fields of the object that this request writes."""

    @cached_property
    def dry_run(self) -> bool:
        """Whether nothing is to be stored (?dryRun=All, or the same in DeleteOptions or an Eviction)."""
        body = self.request.body if isinstance(self.request.body, dict) else {}
        options = body if self.request.method == "DELETE" else {}
        if self.info.subresource == "eviction":
            options = body.get("deleteOptions") or {}
        return bool(self.request.query.get("dryRun") or options.get("dryRun"))

    def about(self, obj: Object) -> Call:
        """The same request as if it were about *obj* alone; for deletecollection."""
        metadata = obj["metadata"]
        info = replace(self.info, namespace=metadata.get("namespace", ""), name=metadata["name"])
        return Call(self.server, self.request, info, self.user, self.resource, self.warnings)

    @property
    def namespace(self) -> str:
        """The namespace of the object; empty for cluster-scoped resources."""
        return self.info.namespace if self.resource.namespaced else ""

    def admit(
        self, operation: str, new: Object | None, old: Object | None, options: Object | None = None
    ) -> Attributes:
        """The attributes that admission plugins see; *operation* is CREATE, UPDATE, DELETE or CONNECT."""
        metadata = (new or old or {}).get("metadata", {})
        return Attributes(
            operation=operation,
            resource=self.resource,
            subresource=self.info.subresource,
            namespace=self.namespace or (self.info.namespace if self.resource.kind == "Namespace" else ""),
            name=self.info.name or metadata.get("name", ""),
            object=new,
            old_object=old,
            user=self.user.name,
            groups=self.user.groups,
            options=options or {},
            reader=self.server.storage,
            writer=None if self.dry_run else self.server.storage,
            warnings=self.warnings,
            names=self.names,
        )

    @cached_property
    def names(self) -> Any:
        """Where generated names come from; a dry run must not use any up."""
        names = self.server.engine.names
        return names.fork() if self.dry_run else names
