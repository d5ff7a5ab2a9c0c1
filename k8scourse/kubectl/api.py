"""The requests that kubectl makes, on any handler of the API server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.apiserver.request import AS_TABLE, JSON, Request, Response, resource_path
from k8scourse.kubectl.output import Terminal
from k8scourse.machinery.status import ApiError, unknown_path

Handler = Callable[[Request], Response]
Object = dict[str, Any]

USER_AGENT = "kubectl/v1.36.2 (linux/amd64) kubernetes"


class Api:
    """Sends requests as one user, prints the server's warnings and remembers what it met."""

    def __init__(self, handler: Handler, terminal: Terminal, user: str, groups: tuple[str, ...]) -> None:
        self._handler = handler
        self._terminal = terminal
        self._user = user
        self._groups = groups
        self.headers: dict[str, str] = {"user-agent": USER_AGENT}
        self.managed_fields = False
        """Whether to ask for metadata.managedFields."""
        self.warnings: list[str] = []
        self.status: Object | None = None
        self.object: Any = None

    @property
    def identity(self) -> tuple[str, tuple[str, ...]]:
        """Name and groups of the user whom the requests are from, the impersonated one if there is one."""
        user = self.headers.get("impersonate-user")
        if user is None:
            return self._user, self._groups
        groups = self.headers.get("impersonate-group", "")
        return user, (*(groups.split(",") if groups else ()), "system:authenticated")

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        content_type: str = JSON,
        accept: str = JSON,
    ) -> Any:
        """The body of the answer. Raises ApiError with the server's Status when it refuses."""
        request = Request(
            method=method,
            path=path,
            query=dict(query or {}),
            body=body,
            content_type=content_type,
            accept=accept,
            user=self._user,
            groups=self._groups,
            headers=self.headers,
            managed_fields=self.managed_fields,
        )
        response = self._handler(request)
        self._warn(response.warnings)
        if response.code < 400:
            self.object = response.body
            return response.body
        error = _refusal(method, response)
        self.status = error.status
        raise error

    def get(self, resource: ResourceInfo, namespace: str, name: str, *, table: bool = False, **query: str) -> Any:
        """One object, or its Table; a `subresource` in *query* is part of the path."""
        path = self.path(resource, namespace, name, query.pop("subresource", ""))
        return self.call("GET", path, query=query, accept=AS_TABLE if table else JSON)

    def find(self, resource: ResourceInfo, namespace: str, name: str) -> Object | None:
        """The object, or None when there is none; a look that leaves no trace in `status` and `object`."""
        kept = self.status, self.object
        try:
            return self.get(resource, namespace, name)
        except ApiError as error:
            if error.reason != "NotFound":
                raise
            return None
        finally:
            self.status, self.object = kept

    def list(self, resource: ResourceInfo, namespace: str = "", *, table: bool = False, **query: str) -> Any:
        """A list of objects, or its Table; an empty *namespace* means all."""
        wanted = {key: value for key, value in query.items() if value}
        accept = AS_TABLE if table else JSON
        return self.call("GET", self.path(resource, namespace), query=wanted, accept=accept)

    def create(self, resource: ResourceInfo, namespace: str, obj: Object, **query: str) -> Object:
        """POST *obj*; the stored object."""
        return self.call("POST", self.path(resource, namespace), query=_present(query), body=obj)

    def replace(self, resource: ResourceInfo, namespace: str, name: str, obj: Object, **query: str) -> Object:
        """PUT *obj*; a `subresource` in *query* is part of the path."""
        path = self.path(resource, namespace, name, query.pop("subresource", ""))
        return self.call("PUT", path, query=_present(query), body=obj)

    def patch(
        self, resource: ResourceInfo, namespace: str, name: str, patch: Any, content_type: str, **query: str
    ) -> Object:
        """PATCH with *patch* of *content_type*; a `subresource` in *query* is part of the path."""
        path = self.path(resource, namespace, name, query.pop("subresource", ""))
        return self.call("PATCH", path, query=_present(query), body=patch, content_type=content_type)

    def delete(self, resource: ResourceInfo, namespace: str, name: str, options: Object, **query: str) -> Object:
        """DELETE with DeleteOptions; the object or a Status."""
        body = {"kind": "DeleteOptions", "apiVersion": "v1", **options}
        return self.call("DELETE", self.path(resource, namespace, name), query=_present(query), body=body)

    @staticmethod
    def path(resource: ResourceInfo, namespace: str, name: str = "", subresource: str = "") -> str:
        """The URL path of a collection, an object or a subresource; cluster-scoped resources ignore *namespace*."""
        scope = namespace if resource.namespaced else ""
        return resource_path(resource.group, resource.version, resource.plural, scope, name, subresource)

    def _warn(self, warnings: tuple[str, ...]) -> None:
        for text in warnings:
            if text not in self.warnings:
                self._terminal.warn(text)
            self.warnings.append(text)


def _present(query: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in query.items() if value}


def _refusal(method: str, response: Response) -> ApiError:
    if isinstance(response.body, dict) and response.body.get("kind") == "Status":
        return ApiError(response.body)
    return unknown_path(method)
