"""What a container of an image does: how long it runs, how it ends, whether it becomes ready.

A world says so for its own images (scenario.md, section 3); the catalogue knows some well-known ones; every other image
pulls, runs on, is ready at once and stops at once on SIGTERM.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from k8scourse.images.catalogue import CATALOGUE
from k8scourse.images.commands import Ending, ending_of, is_bare_shell
from k8scourse.images.image import Image, Ports
from k8scourse.images.programs import Machine
from k8scourse.images.reference import ImageReferenceError, parse_image
from k8scourse.machinery.duration import parse_duration
from k8scourse.machinery.status import not_simulated

Container = Mapping[str, Any]
Images = Mapping[str, Mapping[str, Any]]

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
    "files",
)
_LATER = ("onbuild",)
_UNKNOWN = Image()


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a container behaves."""

    image: Image
    ending: Ending | None = None
    """How it ends by itself; None: it runs on."""

    @property
    def ready(self) -> bool:
        """Whether it ever becomes ready."""
        return self.image.ready

    @property
    def ignores_sigterm(self) -> bool:
        """Whether it stays for its whole grace period."""
        return self.image.ignores_sigterm

    @property
    def pulls(self) -> bool:
        """Whether the image can be pulled."""
        return self.image.pulls

    @property
    def size(self) -> int:
        """Bytes to pull."""
        return self.image.size


def image_of(name: str, images: Images) -> Image:
    """The image called *name* in a world with *images*; raises ApiError for what is not simulated yet of it."""
    declared = declared_image(name, images)
    return read_image(declared) if declared is not None else _known(name)


def behaviour_of(container: Container, images: Images, machine: Machine | None = None) -> Behaviour:
    """How *container* (of a pod's spec) behaves in a world with *images*; *machine* is what its process finds.

    A command or args of the container replace what the image would run, unless the world says how the image ends or
    that it is never ready. Raises ApiError for what the world says about the image that is not simulated yet.
    """
    image = image_of(container["image"], images)
    if image.fixed:
        return Behaviour(image, image.ending)
    argv = process_of(container, image)
    if not argv:
        return Behaviour(image, image.ending)
    if is_bare_shell(argv):
        return Behaviour(image, None if container.get("stdin") else Ending(0))
    if argv == list(image.command or ()) and image.ending is not None:
        return Behaviour(image, image.ending)
    return Behaviour(image, ending_of(argv, machine))


def process_of(container: Container, image: Image) -> list[str]:
    """The command line that *container* starts; empty where an image runs a command of its own.

    Source: kubernetes docs (define-command-argument-container); containerd internal/cri/opts WithProcessArgs
    """
    command, args = container.get("command") or (), container.get("args") or ()
    if command:
        return [*command, *args]
    if args:
        return [*(image.entrypoint or ()), *args]
    return list(image.command or ())


@lru_cache(maxsize=4096)
def _known(name: str) -> Image:
    try:
        repository = parse_image(name).repository
    except ImageReferenceError:
        return _UNKNOWN
    return CATALOGUE.get(repository.removeprefix("docker.io/").removeprefix("library/"), _UNKNOWN)


def repository(image: str) -> str:
    """*image* without tag and digest, as it is written."""
    name, _, _ = image.partition("@")
    head, slash, tail = name.rpartition("/")
    return f"{head}{slash}{tail.partition(':')[0]}"


def declared_image(image: str, images: Images) -> Mapping[str, Any] | None:
    """What the world says about *image*: under its name, under its repository, or under `*`."""
    if not images:
        return None
    for name in (image, repository(image), "*"):
        if name in images:
            return images[name]
    return None


def read_image(declared: Mapping[str, Any]) -> Image:
    """An image of `world.images`; raises ValueError for an unknown key, ApiError for what is not simulated yet."""
    for key in declared:
        if key in _LATER:
            raise not_simulated(f"world.images: {key}")
        if key not in _SIMULATED:
            raise ValueError(f"an image of a world has no key {key!r}; it has {', '.join((*_SIMULATED, *_LATER))}")
    ports: Ports | None = frozenset(declared["listens"]) if "listens" in declared else None
    return replace(
        _UNKNOWN,
        listed=True,
        fixed="exits" in declared or "ready" in declared,
        ending=_read_ending(declared["exits"]) if "exits" in declared else None,
        ready=declared.get("ready", True),
        ignores_sigterm=declared.get("ignores_sigterm", False),
        pulls=declared.get("pull") != "fails",
        listens=ports,
        entrypoint=_argv(declared, "entrypoint"),
        cmd=_argv(declared, "cmd"),
        env=tuple((name, str(value)) for name, value in (declared.get("env") or {}).items()),
        user=str(declared.get("user") or ""),
        files=tuple(_file(path, value) for path, value in declared["files"].items()) if "files" in declared else None,
    )


def _argv(declared: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    return tuple(declared[key]) if declared.get(key) is not None else None


def _file(path: str, value: object) -> tuple[str, str]:
    return path, value if isinstance(value, str) else ""


def _read_ending(exits: int | Mapping[str, Any]) -> Ending:
    if isinstance(exits, int):
        return Ending(exits)
    after = parse_duration(exits["after"]) if "after" in exits else 0
    return Ending(exits.get("code", 0), after)
