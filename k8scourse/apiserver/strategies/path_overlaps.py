"""Warnings about volumes that put two files into the same place.

Source: kubernetes pkg/api/pod/warnings.go warningsForOverlappingVirtualPaths.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from k8scourse.machinery.go_format import go_quote

Source = tuple[str, str]  # a path and what it comes from ("" within one source)


def overlap_warnings(volumes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield one sentence per pair of overlapping paths."""
    for volume in volumes:
        name = go_quote(volume.get("name") or "")
        for description, paths in _groups(volume, name):
            if paths is None:
                yield f"volume {name} (Projected) has no sources provided"
                continue
            for overlap in _overlaps(paths):
                yield f"volume {name} ({description}): overlapping paths: {overlap}"


def _groups(volume: Mapping[str, Any], name: str) -> Iterator[tuple[str, list[Source] | None]]:
    for kind, field in (("configMap", "name"), ("secret", "secretName")):
        source = volume.get(kind)
        if source and source.get("items"):
            title = "ConfigMap" if kind == "configMap" else "Secret"
            yield f"{title} {go_quote(source.get(field) or '')}", _paths(source, "")
    if (volume.get("downwardAPI") or {}).get("items"):
        yield "DownwardAPI", _paths(volume["downwardAPI"], "")
    projected = volume.get("projected")
    if projected is None:
        return
    together: list[Source] = []
    for source in projected.get("sources") or ():
        if not source:
            yield "Projected", None
        together.extend(_projected_paths(source))
    yield "Projected", together


def _projected_paths(source: Mapping[str, Any]) -> list[Source]:
    for kind, title in (("configMap", "ConfigMap"), ("secret", "Secret")):
        if (source.get(kind) or {}).get("items"):
            return _paths(source[kind], f"{title} {go_quote(source[kind].get('name') or '')}")
    if (source.get("downwardAPI") or {}).get("items"):
        return _paths(source["downwardAPI"], "DownwardAPI")
    token = source.get("serviceAccountToken")
    return [((token.get("path") or "").rstrip("/"), "ServiceAccountToken")] if token else []


def _paths(source: Mapping[str, Any], origin: str) -> list[Source]:
    return [((item.get("path") or "").rstrip("/"), origin) for item in source["items"]]


def _overlaps(paths: Sequence[Source]) -> Iterator[str]:
    for index, source in enumerate(paths):
        for other in paths[:index]:
            inside = f"{source[0]}/".startswith(f"{other[0]}/") or f"{other[0]}/".startswith(f"{source[0]}/")
            if source[0] and other[0] and inside:
                yield f"{_text(source)} with {_text(other)}"


def _text(source: Source) -> str:
    return f"{go_quote(source[0])} ({source[1]})" if source[1] else go_quote(source[0])
