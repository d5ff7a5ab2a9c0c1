"""What a container of an image does: how long it runs, how it ends, whether it becomes ready.

A world says so for its own images (scenario.md, section 3); the catalogue knows some well-known ones; every other image
pulls, runs on, is ready at once and stops at once on SIGTERM.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from k8scourse.images.commands import Ending, ending_of
from k8scourse.machinery.duration import parse_duration
from k8scourse.machinery.status import not_simulated

_SIMULATED = (
    "ready",
    "exits",
    "ignores_sigterm",
    "pull",
    "listens",
    "entrypoint",
    "cmd",
    "env",
    "workdir",
    "user",
    "shell",
)
_LATER = ("files", "onbuild")
DEFAULT_SIZE = 50_000_000


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How containers of an image behave."""

    ending: Ending | None = None
    """How they end by themselves; None: they run on."""
    ready: bool = True
    """Whether they ever become ready."""
    ignores_sigterm: bool = False
    """Whether they stay for their whole grace period."""
    pulls: bool = True
    """Whether the image can be pulled."""
    size: int = DEFAULT_SIZE
    """Bytes to pull."""


CATALOGUE: Mapping[str, Behaviour] = {
    "busybox": Behaviour(ending=Ending(0), size=2_223_000),
    "docker.io/library/busybox": Behaviour(ending=Ending(0), size=2_223_000),
    "alpine": Behaviour(ending=Ending(0), size=3_800_000),
    "debian": Behaviour(ending=Ending(0), size=49_000_000),
    "ubuntu": Behaviour(ending=Ending(0), size=30_000_000),
    "hello-world": Behaviour(ending=Ending(0), size=10_000),
    "registry.k8s.io/pause": Behaviour(size=320_000),
    "nginx": Behaviour(size=59_000_000),
    "httpd": Behaviour(size=58_000_000),
    "redis": Behaviour(size=52_000_000),
    "postgres": Behaviour(size=153_000_000),
}
"""Well-known images by repository. A shell without a terminal reads the end of its input and ends with code 0."""


def behaviour_of(container: Mapping[str, Any], images: Mapping[str, Mapping[str, Any]]) -> Behaviour:
    """How *container* (of a pod's spec) behaves in a world with *images*.

    A command or args of the container replace what the image would run. Raises ApiError for what the world says about
    the image that is not simulated yet.
    """
    declared = _declared(container["image"], images)
    if declared is not None:
        base = read_behaviour(declared)
        if "exits" in declared or "ready" in declared:
            return base
    else:
        base = CATALOGUE.get(_repository(container["image"]), Behaviour())
    argv: Sequence[str] = [*(container.get("command") or ()), *(container.get("args") or ())]
    return replace(base, ending=ending_of(argv)) if argv else base


def _repository(image: str) -> str:
    name, _, _ = image.partition("@")
    head, slash, tail = name.rpartition("/")
    return f"{head}{slash}{tail.partition(':')[0]}"


def _declared(image: str, images: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    for name in (image, _repository(image), "*"):
        if name in images:
            return images[name]
    return None


def read_behaviour(declared: Mapping[str, Any]) -> Behaviour:
    """An image of `world.images`; raises ValueError for an unknown key, ApiError for what is not simulated yet."""
    for key in declared:
        if key in _LATER:
            raise not_simulated(f"world.images: {key}")
        if key not in _SIMULATED:
            raise ValueError(f"an image of a world has no key {key!r}; it has {', '.join((*_SIMULATED, *_LATER))}")
    return Behaviour(
        ending=_read_ending(declared["exits"]) if "exits" in declared else None,
        ready=declared.get("ready", True),
        ignores_sigterm=declared.get("ignores_sigterm", False),
        pulls=declared.get("pull") != "fails",
    )


def _read_ending(exits: int | Mapping[str, Any]) -> Ending:
    if isinstance(exits, int):
        return Ending(exits)
    after = parse_duration(exits["after"]) if "after" in exits else 0
    return Ending(exits.get("code", 0), after)
