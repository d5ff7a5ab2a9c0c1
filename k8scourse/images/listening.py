"""On which ports a container answers, and whether it speaks HTTP there.

A world says so for its own images (`listens`). Of the catalogue some are servers with a port of their own, which the
container's `ports` do not change. Of any other image the container's declared ports are believed; one that declares
none is taken to listen where its probes ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.images.behaviour import image_of
from k8scourse.images.commands import ending_of, is_bare_shell

Container = Mapping[str, Any]
Images = Mapping[str, Mapping[str, Any]]

_PROBES = ("readinessProbe", "livenessProbe", "startupProbe")
_ACTIONS = ("httpGet", "tcpSocket", "grpc")
_QUIET = frozenset({"sleep", "tail", "cat"})
"""Commands that serve nothing, however long they run."""


def listening_ports(container: Container, images: Images) -> frozenset[int]:
    """The ports on which a running *container* (of a pod's spec) answers, in a world with *images*."""
    image = image_of(container["image"], images)
    argv = [*(container.get("command") or ()), *(container.get("args") or ())]
    if image.listed and image.listens is not None:
        return image.listens
    quiet = argv and (ending_of(argv) is not None or is_bare_shell(argv) or argv[0].rpartition("/")[2] in _QUIET)
    if quiet and not image.fixed:
        return frozenset()
    if image.listens is None or (argv and not image.listens):
        return _claimed(container)
    return image.listens


def _claimed(container: Container) -> frozenset[int]:
    declared = {port["containerPort"] for port in container.get("ports") or ()}
    if not declared:
        asked = ((container.get(probe) or {}).get(action) or {} for probe in _PROBES for action in _ACTIONS)
        declared = {action["port"] for action in asked if isinstance(action.get("port"), int)}
    return frozenset(declared)


def speaks_http(container: Container, images: Images) -> bool:
    """Whether what listens in *container* answers HTTP."""
    return image_of(container["image"], images).http
