"""What a client asks before anything else: versions, groups and resources.

Source: staging/src/k8s.io/apiserver/pkg/endpoints/discovery/aggregated
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from k8scourse.apiserver.kinds import Registry, ResourceInfo, Subresource
from k8scourse.machinery import status

Object = dict[str, Any]

VERSION = {
    "major": "1",
    "minor": "36",
    "gitVersion": "v1.36.2",
    "gitTreeState": "clean",
    "platform": "linux/amd64",
}
_HEALTH_PATHS = ("/healthz", "/livez", "/readyz")


def discover(path: str, registry: Registry) -> Any:
    """The answer to a GET of a URL that is not about a resource; raises ApiError 404."""
    path = path.rstrip("/")
    if path in _HEALTH_PATHS:
        return "ok"
    if path == "/version":
        return VERSION
    if path in ("/api", "/apis"):
        return _aggregated(tuple(registry), path == "/api")
    for prefix, in_core in (("/api/", True), ("/apis/", False)):
        group_version = path.removeprefix(prefix)
        if (
            group_version != path
            and registry.has_group_version(group_version)
            and ("/" not in group_version) == in_core
        ):
            return _resource_list(registry, group_version)
    raise status.unknown_path("get")


@lru_cache(maxsize=8)
def _aggregated(resources: tuple[ResourceInfo, ...], in_core: bool) -> Object:
    """The document about the core group, or about all others; the same one for the same resources. Never change it."""
    by_group: dict[str, dict[str, list[Object]]] = {}
    for info in resources:
        if (info.group == "") == in_core:
            by_group.setdefault(info.group, {}).setdefault(info.version, []).append(_resource(info))
    items: list[Object] = [
        {
            "metadata": {"name": group} if group else {},
            "versions": [
                {"version": version, "resources": served, "freshness": "Current"}
                for version, served in versions.items()
            ],
        }
        for group, versions in by_group.items()
    ]
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}


def _resource(info: ResourceInfo) -> Object:
    found: Object = {
        "resource": info.plural,
        "responseKind": {"group": info.group, "version": info.version, "kind": info.kind},
        "scope": "Namespaced" if info.namespaced else "Cluster",
        "singularResource": info.singular,
        "verbs": list(info.verbs),
    }
    if info.short_names:
        found["shortNames"] = list(info.short_names)
    if info.categories:
        found["categories"] = list(info.categories)
    return found


def _resource_list(registry: Registry, group_version: str) -> Object:
    resources: list[Object] = []
    for info in registry:
        if info.group_version == group_version:
            entry: Object = {
                "name": info.plural,
                "singularName": info.singular,
                "namespaced": info.namespaced,
                "kind": info.kind,
                "verbs": list(info.verbs),
            }
            if info.short_names:
                entry["shortNames"] = list(info.short_names)
            if info.categories:
                entry["categories"] = list(info.categories)
            resources.append(entry)
            resources.extend(_subresource(info, subresource) for subresource in info.subresources.values())
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": resources}


def _subresource(info: ResourceInfo, subresource: Subresource) -> Object:
    found: Object = {
        "name": f"{info.plural}/{subresource.name}",
        "singularName": "",
        "namespaced": info.namespaced,
        "kind": subresource.kind,
        "verbs": list(subresource.verbs),
    }
    if (subresource.group, subresource.version) != (info.group, info.version):
        found["group"], found["version"] = subresource.group, subresource.version
    return found
