"""The pod spec inside the objects that have one, and changes of it.

Kubernetes: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/updatepodspec.go, pkg/cmd/set/helper.go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from k8scourse.kubectl.errors import KubectlError

Object = dict[str, Any]

_TEMPLATE = ("spec", "template", "spec")
_PATHS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("v1", "Pod"): ("spec",),
    ("v1", "ReplicationController"): _TEMPLATE,
    ("apps/v1", "Deployment"): _TEMPLATE,
    ("apps/v1", "DaemonSet"): _TEMPLATE,
    ("apps/v1", "ReplicaSet"): _TEMPLATE,
    ("apps/v1", "StatefulSet"): _TEMPLATE,
    ("batch/v1", "Job"): _TEMPLATE,
    ("batch/v1", "CronJob"): ("spec", "jobTemplate", *_TEMPLATE),
}


def go_type(obj: Object) -> str:
    """The Go type of an object in messages: `*v1.Service`."""
    return f"*{obj['apiVersion'].rpartition('/')[2]}.{obj['kind']}"


def pod_spec(obj: Object) -> Object:
    """The pod spec inside *obj*, empty when missing. Raises KubectlError for a kind that has none."""
    found: list[Object] = []
    with_pod_spec(obj, lambda spec: found.append(spec) or spec)
    return found[0]


def with_pod_spec(obj: Object, change: Callable[[Object], Object]) -> Object:
    """*obj* with its pod spec changed. Raises KubectlError for a kind that has none."""
    path = _PATHS.get((obj["apiVersion"], obj["kind"]))
    if path is None:
        raise KubectlError(f"the object is not a pod or does not have a pod template: {go_type(obj)}")
    return _at(obj, path, change)


def _at(value: Object, path: tuple[str, ...], change: Callable[[Object], Object]) -> Object:
    if not path:
        return change(value)
    return {**value, path[0]: _at(value.get(path[0]) or {}, path[1:], change)}


def with_containers(
    spec: Object, matches: Callable[[str], bool], change: Callable[[Object], Object]
) -> tuple[Object, int]:
    """The pod spec with each matching container and init container changed, and how many there were."""
    changed, count = dict(spec), 0
    for field in ("containers", "initContainers"):
        if not spec.get(field):
            continue
        hits = [matches(container["name"]) for container in spec[field]]
        count += sum(hits)
        changed[field] = [change(each) if hit else each for each, hit in zip(spec[field], hits, strict=True)]
    return changed, count


def matches_wildcard(name: str, pattern: str) -> bool:
    """Whether *name* fits *pattern*, where `*` stands for any text, not greedy (selectString)."""
    if pattern == "*":
        return True
    if "*" not in pattern:
        return name == pattern
    position, parts = 0, pattern.split("*")
    for index, part in enumerate(parts):
        if not part:
            continue
        found = name[position:].find(part)
        last_differs = index == len(parts) - 1 and len(name) != len(part) + found
        if found < position or (index == 0 and position != 0) or last_differs:
            return False
        position = found
    return True
