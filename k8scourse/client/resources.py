"""Clients that deal with objects of any kind: what is served, and requests by resource.

Sources: staging/src/k8s.io/client-go/{discovery,restmapper,metadata}
"""

from __future__ import annotations

from typing import Any, NamedTuple

from k8scourse.apiserver.request import MERGE_PATCH, STRATEGIC_MERGE_PATCH, Request, resource_path
from k8scourse.client.client import Handler
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]

_PATCHES = {"strategic": STRATEGIC_MERGE_PATCH, "merge": MERGE_PATCH}


class UnknownKind(LookupError):
    """No served resource has this kind; the text is the one of Kubernetes' REST mapper."""


class Resource(NamedTuple):
    """One served resource."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool
    verbs: frozenset[str]

    @property
    def group_resource(self) -> str:
        """The name in messages: pods, deployments.apps."""
        return f"{self.plural}.{self.group}" if self.group else self.plural


class ResourceMap:
    """What the API server serves, asked when it is needed."""

    __slots__ = ("_by_kind", "_groups", "_handler", "_user")

    def __init__(self, handler: Handler, user: str, groups: tuple[str, ...]) -> None:
        self._handler = handler
        self._user = user
        self._groups = groups
        self._by_kind: dict[tuple[str, str], Resource] = {}

    def find(self, api_version: str, kind: str) -> Resource:
        """The resource of an object with *api_version* and *kind*; raises UnknownKind."""
        key = (api_version, kind)
        if key not in self._by_kind:
            for resource in self.all():
                version = f"{resource.group}/{resource.version}" if resource.group else resource.version
                self._by_kind.setdefault((version, resource.kind), resource)
        found = self._by_kind.get(key)
        if found is None:
            raise UnknownKind(f'no matches for kind "{kind}" in version "{api_version}"')
        return found

    def all(self) -> list[Resource]:
        """Every served resource in every version, preferred versions first; raises ApiError."""
        return [
            _resource(entry)
            for path in ("/api", "/apis")
            for group in self._discover(path)["items"]
            for version in group["versions"]
            for entry in version["resources"]
        ]

    def preferred(self) -> list[Resource]:
        """Every served resource once, in the preferred version of its group; raises ApiError."""
        found: dict[tuple[str, str], Resource] = {}
        for resource in self.all():
            found.setdefault((resource.group, resource.plural), resource)
        return list(found.values())

    def _discover(self, path: str) -> Any:
        response = self._handler(Request("GET", path, user=self._user, groups=self._groups))
        if response.code >= 400:
            raise ApiError(response.body)
        return response.body


def _resource(entry: Object) -> Resource:
    kind = entry["responseKind"]
    return Resource(
        kind["group"],
        kind["version"],
        entry["resource"],
        kind["kind"],
        entry["scope"] == "Namespaced",
        frozenset(entry["verbs"]),
    )


class MetadataClient:
    """Requests about objects of any resource; every method raises ApiError when the API server refuses."""

    __slots__ = ("_groups", "_handler", "_user")

    def __init__(self, handler: Handler, user: str, groups: tuple[str, ...]) -> None:
        self._handler = handler
        self._user = user
        self._groups = groups

    def _send(
        self,
        method: str,
        resource: Resource,
        namespace: str,
        name: str = "",
        body: Any = None,
        content_type: str = "application/json",
    ) -> Any:
        place = namespace if resource.namespaced else ""
        path = resource_path(resource.group, resource.version, resource.plural, place, name)
        request = Request(method, path, body=body, content_type=content_type, user=self._user, groups=self._groups)
        response = self._handler(request)
        if response.code >= 400:
            raise ApiError(response.body)
        return response.body

    def get(self, resource: Resource, name: str, namespace: str = "") -> Object:
        """One object."""
        return self._send("GET", resource, namespace, name)

    def list(self, resource: Resource, namespace: str = "") -> list[Object]:
        """The objects of a namespace, or all."""
        return self._send("GET", resource, namespace)["items"]

    def patch(self, resource: Resource, name: str, patch: Any, namespace: str = "", *, kind: str = "merge") -> Object:
        """Patch one object; *kind* is merge or strategic (which custom resources do not know)."""
        return self._send("PATCH", resource, namespace, name, patch, _PATCHES[kind])

    def delete(self, resource: Resource, name: str, namespace: str = "", **options: Any) -> Any:
        """Delete one object; *options* are fields of DeleteOptions."""
        return self._send("DELETE", resource, namespace, name, options or None)

    def delete_collection(self, resource: Resource, namespace: str, **options: Any) -> Any:
        """Delete the objects of a namespace; *options* are fields of DeleteOptions."""
        return self._send("DELETE", resource, namespace, body=options or None)
