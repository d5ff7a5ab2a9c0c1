"""A typed client of the API server, as components use it (client-go)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from k8scourse.apiserver.request import (
    JSON_PATCH,
    MERGE_PATCH,
    PROTOBUF,
    STRATEGIC_MERGE_PATCH,
    Request,
    Response,
    resource_path,
)
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]
Handler = Callable[[Request], Response]

_PATCHES = {"strategic": STRATEGIC_MERGE_PATCH, "merge": MERGE_PATCH, "json": JSON_PATCH}

GROUP_VERSIONS: Mapping[str, tuple[str, str]] = {
    "": ("", "v1"),
    "apps": ("apps", "v1"),
    "batch": ("batch", "v1"),
    "coordination.k8s.io": ("coordination.k8s.io", "v1"),
    "discovery.k8s.io": ("discovery.k8s.io", "v1"),
    "policy": ("policy", "v1"),
    "scheduling.k8s.io": ("scheduling.k8s.io", "v1"),
}
"""The version that the components speak, by group."""


class Client:
    """Sends requests as one user; every method raises ApiError when the API server refuses.

    Resources are named as in messages: pods, deployments.apps. Bodies go out typed: they cannot have unknown fields.
    Returned objects are the stored ones and must not be changed.
    """

    __slots__ = ("_handler", "groups", "user")

    def __init__(self, handler: Handler, user: str, groups: tuple[str, ...] = ()) -> None:
        self._handler = handler
        self.user = user
        self.groups = groups

    def _send(
        self,
        method: str,
        resource: str,
        namespace: str = "",
        name: str = "",
        subresource: str = "",
        body: Any = None,
        content_type: str = PROTOBUF,
        *,
        fresh: bool = False,
    ) -> Any:
        plural, _, group = resource.partition(".")
        group, version = GROUP_VERSIONS[group]
        path = resource_path(group, version, plural, namespace, name, subresource)
        request = Request(
            method, path, body=body, content_type=content_type, fresh=fresh, user=self.user, groups=self.groups
        )
        response = self._handler(request)
        if response.code >= 400:
            raise ApiError(response.body)
        return response.body

    def get(self, resource: str, name: str, namespace: str = "") -> Object:
        """The object called *name*."""
        return self._send("GET", resource, namespace, name)

    def list(self, resource: str, namespace: str = "") -> list[Object]:
        """The objects of *namespace*, or of all namespaces."""
        return self._send("GET", resource, namespace)["items"]

    def create(
        self, resource: str, obj: Object, namespace: str = "", subresource: str = "", *, fresh: bool = False
    ) -> Object:
        """Create *obj*; for a subresource such as binding or eviction the name is the object's own.

        *fresh* gives the object away: the caller keeps no reference to it or to any part of it.
        """
        name = obj["metadata"]["name"] if subresource else ""
        return self._send("POST", resource, namespace, name, subresource, obj, fresh=fresh)

    def update(self, resource: str, obj: Object, subresource: str = "", *, fresh: bool = False) -> Object:
        """Replace the object (or its status); a stale resourceVersion is a 409 Conflict."""
        metadata = obj["metadata"]
        return self._send(
            "PUT", resource, metadata.get("namespace", ""), metadata["name"], subresource, obj, fresh=fresh
        )

    def update_status(self, resource: str, obj: Object, *, fresh: bool = False) -> Object:
        """Replace the object's status; *fresh* gives the status away."""
        return self.update(resource, obj, "status", fresh=fresh)

    def patch(
        self,
        resource: str,
        name: str,
        patch: Any,
        namespace: str = "",
        *,
        subresource: str = "",
        kind: str = "strategic",
    ) -> Object:
        """Patch the object; *kind* is strategic, merge or json."""
        return self._send("PATCH", resource, namespace, name, subresource, patch, _PATCHES[kind])

    def delete(self, resource: str, name: str, namespace: str = "", **options: Any) -> Any:
        """Delete the object; *options* are fields of DeleteOptions, e.g. gracePeriodSeconds=0."""
        return self._send("DELETE", resource, namespace, name, body=options or None)
