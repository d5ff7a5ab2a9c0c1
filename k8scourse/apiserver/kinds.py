"""Which kinds a cluster serves: the registry behind discovery, request routing and kubectl's short names.

The built-in kinds are those a kube-apiserver 1.36 serves by default (data/discovery.json). Each cluster owns one
Registry; custom resources are registered in it, so that a fork of the cluster can know other kinds than its parent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple


class UnknownResource(LookupError):
    """No served resource answers to the name; the message is the one of kubectl where kubectl has one."""


@dataclass(frozen=True, slots=True)
class Subresource:
    """A subresource such as pods/eviction: the kind of its body and the verbs it allows."""

    name: str
    group: str
    version: str
    kind: str
    verbs: tuple[str, ...]


class Column(NamedTuple):
    """A column of a custom resource (additionalPrinterColumns); *path* is a JSONPath."""

    name: str
    type: str
    path: str
    format: str
    description: str
    priority: int


@dataclass(frozen=True, slots=True)
class ResourceInfo:
    """One served resource in one version (metav1.APIResource plus its subresources)."""

    group: str
    version: str
    kind: str
    plural: str
    singular: str
    short_names: tuple[str, ...] = ()
    namespaced: bool = True
    verbs: tuple[str, ...] = ()
    subresources: Mapping[str, Subresource] = field(default_factory=dict, hash=False)
    categories: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    """Of custom resources, which have at least one."""

    @property
    def group_version(self) -> str:
        """The apiVersion of its objects: 'v1', 'apps/v1'."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def group_resource(self) -> str:
        """The name in messages and RBAC tables: 'pods', 'deployments.apps'."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def group_kind(self) -> str:
        """The name in validation messages: 'Pod', 'Deployment.apps'."""
        return f"{self.kind}.{self.group}" if self.group else self.kind

    @property
    def names(self) -> tuple[str, ...]:
        """Every lower-case word that kubectl accepts for it, plural first."""
        return tuple(dict.fromkeys((self.plural, self.singular or self.kind.lower(), *self.short_names)))


_GA, _BETA, _ALPHA = 2, 1, 0
_VERSION = re.compile(r"v(\d+)(?:(alpha|beta)(\d+))?")


def version_priority(version: str) -> tuple[int, int, int]:
    """Sorts versions as Kubernetes prefers them: v2 > v1 > v1beta2 > v1beta1 > v1alpha1 > anything else.

    Source: apimachinery/pkg/version/helpers.go, CompareKubeAwareVersionStrings.
    """
    match = _VERSION.fullmatch(version)
    if match is None:
        return (-1, 0, 0)
    stage = {None: _GA, "beta": _BETA, "alpha": _ALPHA}[match[2]]
    return (stage, int(match[1]), int(match[3] or 0))


def split_group_version(api_version: str) -> tuple[str, str]:
    """'apps/v1' -> ('apps', 'v1'); 'v1' -> ('', 'v1')."""
    group, _, version = api_version.rpartition("/")
    return group, version


class Registry:
    """The resources one cluster serves, in order of registration within their group.

    Groups come in the order of discovery, the core group first; that order decides which group wins when a short name
    fits several (`kubectl get events` means the core group). Nothing stored here is ever mutated: `register` replaces
    the tables, so `fork` only shares them.
    """

    __slots__ = ("_by_kind", "_by_plural", "_groups", "_ordered", "_preferred")

    def __init__(self) -> None:
        by_plural, groups, preferred = _builtin()
        self._by_plural: Mapping[tuple[str, str], ResourceInfo] = by_plural
        self._groups: tuple[str, ...] = groups
        self._preferred: Mapping[str, str] = preferred
        self._by_kind: Mapping[tuple[str, str], ResourceInfo] = _index_by_kind(by_plural)
        self._ordered: tuple[ResourceInfo, ...] | None = None

    def fork(self) -> Registry:
        """An independent registry with the same resources."""
        copy = object.__new__(Registry)
        copy._by_plural, copy._by_kind = self._by_plural, self._by_kind
        copy._groups, copy._preferred, copy._ordered = self._groups, self._preferred, self._ordered
        return copy

    def __iter__(self) -> Iterator[ResourceInfo]:
        """All served resources by group (discovery order), preferred version first."""
        if self._ordered is None:
            group_versions = [f"{g}/{v}" if g else v for g in self._groups for v in self.versions(g)]
            rank = {group_version: i for i, group_version in enumerate(group_versions)}
            self._ordered = tuple(sorted(self._by_plural.values(), key=lambda info: rank[info.group_version]))
        return iter(self._ordered)

    def groups(self) -> tuple[str, ...]:
        """API groups in the order of discovery; '' is the core group."""
        return self._groups

    def versions(self, group: str) -> tuple[str, ...]:
        """Served versions of a group, the preferred one first; () for an unknown group."""
        found = {info.version for info in self._by_plural.values() if info.group == group}
        preferred = self._preferred.get(group)
        order = sorted(found, key=lambda v: (v == preferred, version_priority(v), v), reverse=True)
        return tuple(order)

    def preferred_version(self, group: str) -> str:
        """The version that kubectl uses when none is named; UnknownResource for a group that is not served."""
        versions = self.versions(group)
        if not versions:
            raise UnknownResource(
                f"no API group {group!r} is served; known here: {', '.join(filter(None, self._groups))}"
            )
        return versions[0]

    def has_group_version(self, group_version: str) -> bool:
        """Whether any resource is served under this apiVersion."""
        return any(gv == group_version for gv, _ in self._by_plural)

    def resource(self, group_version: str, plural: str) -> ResourceInfo:
        """The resource behind a path such as /apis/apps/v1/deployments; UnknownResource if there is none."""
        info = self._by_plural.get((group_version, plural))
        if info is None:
            raise UnknownResource(f"no resource {plural!r} is served under {group_version!r}")
        return info

    def kind(self, api_version: str, kind: str) -> ResourceInfo:
        """The resource of an object's apiVersion and kind.

        Raises UnknownResource with the words of kubectl's REST mapper (apimachinery/pkg/api/meta/errors.go).
        """
        info = self._by_kind.get((api_version, kind))
        if info is None:
            raise UnknownResource(f'no matches for kind "{kind}" in version "{api_version}"')
        return info

    def find_kind(self, api_version: str, kind: str) -> ResourceInfo | None:
        """As `kind`, with None where nothing is served."""
        return self._by_kind.get((api_version, kind))

    def lookup(self, word: str) -> ResourceInfo:
        """The resource that kubectl means by *word*: 'po', 'Pods', 'deploy.apps', 'deployments.v1.apps'.

        Source: cli-runtime/pkg/resource/builder.go mappingFor, client-go/restmapper/shortcut.go and
        apimachinery/pkg/api/meta/restmapper.go (a group may be shortened: 'deploy.app').

        Raises UnknownResource with kubectl's text `the server doesn't have a resource type "x"`.
        """
        name, _, rest = word.partition(".")
        name = name.lower()
        version, dot, group = rest.partition(".")
        if dot:
            for info in self:
                if (info.group, info.version) == (group, version) and name in info.names:
                    return info
        candidates = [info for info in self if name in info.names]
        if rest:
            exact = [info for info in candidates if info.group == rest]
            candidates = exact or [info for info in candidates if info.group.startswith(rest)]
        if not candidates:
            raise UnknownResource(f'the server doesn\'t have a resource type "{word}"')
        return candidates[0]

    def category(self, name: str) -> list[ResourceInfo]:
        """The resources of a category such as 'all', each in its group's preferred version."""
        found: dict[tuple[str, str], ResourceInfo] = {}
        for info in self:
            if name in info.categories:
                found.setdefault((info.group, info.plural), info)
        return list(found.values())

    def register(self, info: ResourceInfo) -> None:
        """Serves *info* from here on; replaces an earlier registration of the same plural and version.

        Groups that are not built in come after the built-in ones, in alphabetical order.
        """
        self._by_plural = {**self._by_plural, (info.group_version, info.plural): info}
        self._by_kind, self._ordered = _index_by_kind(self._by_plural), None
        if info.group not in self._groups:
            builtin = _builtin()[1]
            added = sorted({*(g for g in self._groups if g not in builtin), info.group})
            self._groups = (*builtin, *added)

    def unregister(self, group: str, plural: str) -> None:
        """Stops serving all versions of a resource; a group without resources disappears."""
        self._by_plural = {k: i for k, i in self._by_plural.items() if (i.group, i.plural) != (group, plural)}
        self._by_kind, self._ordered = _index_by_kind(self._by_plural), None
        served = {info.group for info in self._by_plural.values()}
        self._groups = tuple(g for g in self._groups if g in served)


def _index_by_kind(by_plural: Mapping[tuple[str, str], ResourceInfo]) -> Mapping[tuple[str, str], ResourceInfo]:
    index: dict[tuple[str, str], ResourceInfo] = {}
    for info in by_plural.values():
        index.setdefault((info.group_version, info.kind), info)
    return index


@lru_cache(maxsize=1)
def _builtin() -> tuple[Mapping[tuple[str, str], ResourceInfo], tuple[str, ...], Mapping[str, str]]:
    text = resources.files("k8scourse.apiserver").joinpath("data/discovery.json").read_text(encoding="utf-8")
    data = json.loads(text)
    by_plural: dict[tuple[str, str], ResourceInfo] = {}
    for group_version, entries in data["resources"].items():
        for entry in entries:
            if "/" not in entry["name"]:
                by_plural[(group_version, entry["name"])] = _resource_info(group_version, entry, entries)
    return by_plural, tuple(data["groups"]), data["preferredVersions"]


def _resource_info(group_version: str, entry: dict[str, Any], entries: list[dict[str, Any]]) -> ResourceInfo:
    group, version = split_group_version(group_version)
    prefix = entry["name"] + "/"
    subresources = {}
    for other in entries:
        if other["name"].startswith(prefix):
            name = other["name"].removeprefix(prefix)
            subresources[name] = Subresource(
                name, other.get("group", group), other.get("version", version), other["kind"], tuple(other["verbs"])
            )
    return ResourceInfo(
        group=group,
        version=version,
        kind=entry["kind"],
        plural=entry["name"],
        singular=entry["singularName"],
        short_names=tuple(entry.get("shortNames", ())),
        namespaced=entry["namespaced"],
        verbs=tuple(entry["verbs"]),
        subresources=subresources,
        categories=tuple(entry.get("categories", ())),
    )
