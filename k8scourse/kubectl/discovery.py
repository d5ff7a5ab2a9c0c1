"""From the words of a command line to the resources a server has.

Kubernetes: client-go/restmapper (discovery.go, shortcut.go, category_expansion.go), apimachinery/pkg/api/meta
(priority.go) and cli-runtime/pkg/resource/builder.go mappingFor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from k8scourse.apiserver.kinds import ResourceInfo, Subresource
from k8scourse.kubectl.api import Api
from k8scourse.kubectl.errors import KubectlError, NoMatchError, ResourceTypeUnknown
from k8scourse.machinery.go_format import go_quote

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


class NoKindMatch(KubectlError):
    """No served resource holds objects of this kind."""

    def __init__(self, kind: str, group_version: str) -> None:
        super().__init__(f"no matches for kind {go_quote(kind)} in version {go_quote(group_version)}")


@dataclass(frozen=True, slots=True)
class ApiGroup:
    """One group of the API and its versions, the preferred one first."""

    name: str
    versions: tuple[str, ...]


class Mapper:
    """The resources of a server, in the order of its discovery documents."""

    def __init__(self, resources: Iterable[ResourceInfo], groups: Iterable[ApiGroup]) -> None:
        self.resources = tuple(resources)
        self.groups = tuple(groups)

    def for_word(self, word: str) -> ResourceInfo:
        """The resource that *word* names: plural, singular, short name or kind, with `.group` or `.version.group`.

        Raises ResourceTypeUnknown.
        """
        found = self._find(word.lower()) or self._find_kind(word)
        if found is None:
            raise ResourceTypeUnknown(word.partition(".")[0] if "." in word else word)
        return found

    def strictly(self, word: str) -> ResourceInfo:
        """As for_word, without kinds; raises NoMatchError with the group (RESTMapper.KindFor)."""
        found = self._find(word.lower())
        if found is None:
            name, _, group = word.partition(".")
            raise NoMatchError(name, group)
        return found

    def for_kind(self, api_version: str, kind: str) -> ResourceInfo:
        """The resource that holds objects of *api_version* and *kind*; raises NoKindMatch."""
        for resource in self.resources:
            if resource.kind == kind and resource.group_version == api_version:
                return resource
        raise NoKindMatch(kind, api_version)

    def category(self, name: str) -> list[ResourceInfo]:
        """The resources of a category such as `all`; empty when there is no such category."""
        found: dict[tuple[str, str], ResourceInfo] = {}
        for resource in self.resources:
            if name in resource.categories:
                found.setdefault((resource.group, resource.plural), resource)
        return list(found.values())

    def preferred(self) -> list[ResourceInfo]:
        """Every resource once, in the preferred version of its group."""
        found: dict[tuple[str, str], ResourceInfo] = {}
        for resource in self.resources:
            found.setdefault((resource.group, resource.plural), resource)
        return list(found.values())

    def _find(self, word: str) -> ResourceInfo | None:
        name, _, rest = word.partition(".")
        version, dot, group = rest.partition(".")
        named = [resource for resource in self.resources if _answers_to(resource, name)]
        if dot:
            for resource in named:
                if (resource.group, resource.version) == (group, version):
                    return resource
        if rest:
            exact = [resource for resource in named if resource.group == rest]
            named = exact or [resource for resource in named if resource.group.startswith(rest)]
        plain = [resource for resource in named if name not in resource.short_names]
        return next(iter(plain or named), None)

    def _find_kind(self, word: str) -> ResourceInfo | None:
        kind, _, rest = word.partition(".")
        version, _, group = rest.partition(".")
        for resource in self.resources:
            if resource.kind == kind and (
                resource.group == rest or (resource.group, resource.version) == (group, version) or not rest
            ):
                return resource
        return None


def _answers_to(resource: ResourceInfo, name: str) -> bool:
    return name in (resource.plural, resource.singular or resource.kind.lower()) or name in resource.short_names


class Discovery:
    """Asks a server once for its resources, and again when a word is unknown, as kubectl's cache does."""

    def __init__(self) -> None:
        self._mapper: Mapper | None = None

    def mapper(self, api: Api) -> Mapper:
        """The resources of the server behind *api*."""
        if self._mapper is None:
            self._mapper = read(api)
        return self._mapper

    def lookup(self, api: Api, find: Callable[[Mapper], ResourceInfo]) -> ResourceInfo:
        """What *find* gets from the mapper; on failure the server is asked again before it counts."""
        try:
            return find(self.mapper(api))
        except (ResourceTypeUnknown, NoKindMatch):
            self._mapper = None
            return find(self.mapper(api))


_KNOWN: dict[tuple[int, int], tuple[Any, Any, Mapper]] = {}
_KEPT = 8
"""How many servers' documents are kept with what was read from them; a server gives the same document again."""


def read(api: Api) -> Mapper:
    """A Mapper from the aggregated discovery documents at /api and /apis."""
    kept = api.object
    core, others = (api.call("GET", path, accept=AGGREGATED) for path in ("/api", "/apis"))
    api.object = kept
    key = (id(core), id(others))
    if key not in _KNOWN:
        if len(_KNOWN) >= _KEPT:
            del _KNOWN[next(iter(_KNOWN))]
        _KNOWN[key] = (core, others, _mapper(core, others))
    return _KNOWN[key][2]


def _mapper(*documents: dict[str, Any]) -> Mapper:
    resources: list[ResourceInfo] = []
    groups: list[ApiGroup] = []
    for document in documents:
        for group in document.get("items", []):
            name = (group.get("metadata") or {}).get("name", "")
            groups.append(ApiGroup(name, tuple(version["version"] for version in group["versions"])))
            for version in group["versions"]:
                resources.extend(_resource(name, version["version"], entry) for entry in version.get("resources", []))
    return Mapper(resources, groups)


def _resource(group: str, version: str, entry: dict[str, Any]) -> ResourceInfo:
    return ResourceInfo(
        group=group,
        version=version,
        kind=entry["responseKind"]["kind"],
        plural=entry["resource"],
        singular=entry.get("singularResource", ""),
        short_names=tuple(entry.get("shortNames", ())),
        namespaced=entry.get("scope") == "Namespaced",
        verbs=tuple(entry.get("verbs", ())),
        subresources={sub["subresource"]: _subresource(sub) for sub in entry.get("subresources", [])},
        categories=tuple(entry.get("categories", ())),
    )


def _subresource(entry: dict[str, Any]) -> Subresource:
    kind = entry.get("responseKind") or {}
    return Subresource(
        name=entry["subresource"],
        group=kind.get("group", ""),
        version=kind.get("version", ""),
        kind=kind.get("kind", ""),
        verbs=tuple(entry.get("verbs", ())),
    )
