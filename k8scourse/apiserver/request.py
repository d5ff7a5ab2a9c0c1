"""What goes into the API server's handler and what comes out.

Source: staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

JSON = "application/json"
YAML = "application/yaml"
PROTOBUF = "application/vnd.kubernetes.protobuf"
"""Sent by typed clients: the body is an already decoded object, which cannot have unknown fields."""
JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"

AS_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
"""The Accept header with which kubectl asks for rows instead of objects."""

SUPERUSER = "kubernetes-admin"
SUPERUSER_GROUPS = ("system:masters", "system:authenticated")

_NO_QUERY: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """What a request is about, derived from its method and path alone."""

    verb: str
    """get, list, watch, create, update, patch, delete, deletecollection; for other URLs the lower-case method."""
    path: str
    is_resource_request: bool = False
    api_prefix: str = ""
    group: str = ""
    version: str = ""
    namespace: str = ""
    resource: str = ""
    subresource: str = ""
    name: str = ""

    @property
    def group_version(self) -> str:
        """The apiVersion, e.g. v1 or apps/v1."""
        return f"{self.group}/{self.version}" if self.group else self.version


@dataclass(slots=True)
class Request:
    """One request to the API server."""

    method: str
    """GET, POST, PUT, PATCH or DELETE."""
    path: str
    """The path without the query, e.g. /api/v1/namespaces/default/pods/p."""
    query: Mapping[str, str] = field(default_factory=lambda: _NO_QUERY)
    body: Any = None
    """A decoded JSON value, or text (JSON or YAML) as it came over the wire."""
    content_type: str = JSON
    fresh: bool = False
    """Whether the sender gives the body away: it keeps no reference, so that the server need not copy it."""
    accept: str = JSON
    user: str = SUPERUSER
    groups: tuple[str, ...] = SUPERUSER_GROUPS
    headers: Mapping[str, str] = field(default_factory=lambda: _NO_QUERY)
    """Further headers, with lower-case names, e.g. impersonate-user."""
    managed_fields: bool = False
    """Whether objects come with metadata.managedFields; who would hide them anyway saves the server the work."""

    @property
    def info(self) -> RequestInfo:
        """What the request is about."""
        return request_info(
            self.method, self.path, self.query.get("watch", "") in ("1", "true"), self.query.get("fieldSelector", "")
        )


@dataclass(slots=True)
class Response:
    """The API server's answer."""

    code: int
    body: Any = None
    """An object, a list, a Table, a Status, or text for logs and health."""
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the request succeeded."""
        return self.code < 400


_VERBS = {"POST": "create", "GET": "get", "HEAD": "get", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
_SPECIAL_VERBS = {"watch"}
_NAMESPACE_SUBRESOURCES = {"status", "finalize"}


@lru_cache(maxsize=4096)
def request_info(method: str, path: str, watch: bool = False, field_selector: str = "") -> RequestInfo:
    """Read verb, group, version, namespace, resource, name and subresource off *method* and *path*.

    A path such as /api/v1/namespaces/dev is about the namespace itself, in that namespace. A list or watch whose field
    selector asks for one metadata.name is about that name.
    """
    parts = [part for part in path.split("/") if part]
    other = RequestInfo(verb=method.lower(), path=path)
    if len(parts) < 3 or parts[0] not in ("api", "apis"):
        return other
    prefix, rest = parts[0], parts[1:]
    group = ""
    if prefix == "apis":
        if len(rest) < 3:
            return other
        group, rest = rest[0], rest[1:]
    version, rest = rest[0], rest[1:]
    verb = _VERBS.get(method, "")
    if rest[0] in _SPECIAL_VERBS and len(rest) > 1:
        verb, rest = rest[0], rest[1:]
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 1:
        namespace = rest[1]
        if len(rest) > 2 and rest[2] not in _NAMESPACE_SUBRESOURCES:
            rest = rest[2:]
    resource, name, subresource = (*rest, "", "")[:3] if len(rest) < 3 else rest[:3]
    if not name:
        verb = {"get": "watch" if watch else "list", "delete": "deletecollection"}.get(verb, verb)
        if verb in ("list", "watch"):
            name = _selected_name(field_selector)
    elif watch and verb == "get":
        verb = "watch"
    return RequestInfo(
        verb=verb,
        path=path,
        is_resource_request=True,
        api_prefix=prefix,
        group=group,
        version=version,
        namespace=namespace,
        resource=resource,
        subresource=subresource,
        name=name,
    )


def _selected_name(field_selector: str) -> str:
    """The object's name where *field_selector* is metadata.name=NAME among others; empty else."""
    for term in field_selector.split(","):
        field, mark, value = term.partition("=")
        if mark and field == "metadata.name":
            return value.removeprefix("=")
    return ""


def resource_path(
    group: str, version: str, plural: str, namespace: str = "", name: str = "", subresource: str = ""
) -> str:
    """The URL path of a collection, an object or a subresource."""
    parts = [f"/apis/{group}/{version}" if group else f"/api/{version}"]
    if namespace:
        parts.append(f"namespaces/{namespace}")
    parts.append(plural)
    if name:
        parts.append(name)
    if subresource:
        parts.append(subresource)
    return "/".join(parts)
