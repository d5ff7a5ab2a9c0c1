"""What a deletion does, as plain data: one step for each object that goes, waits, is let go or is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from k8scourse.origins import Reference

Object = Mapping[str, Any]

BACKGROUND, FOREGROUND, ORPHAN = "Background", "Foreground", "Orphan"
POLICIES = (BACKGROUND, FOREGROUND, ORPHAN)

GONE, WAITS, FREE, MADE = "gone", "terminating", "let go", "made"
"""What happens to an object: it is removed; its deletion begins; it loses an owner reference; it is created."""

YOU = "you"
ASKED = "you ask for its deletion"
STOPPED = "its containers have stopped"


class DeletionStep(NamedTuple):
    """One thing that happens to one object."""

    time: int
    """Nanoseconds after the request."""
    what: str
    """GONE, WAITS, FREE or MADE."""
    object: Reference
    by: str
    """Whoever does it: YOU, or a component such as garbage-collector-controller or kubelet."""
    reason: str
    """Why, in the words of the journal."""


class Leftover(NamedTuple):
    """An object whose deletion began and does not end."""

    object: Reference
    reason: str


class Course(NamedTuple):
    """How a deletion goes: its steps in order, and what is still waiting at the end."""

    steps: tuple[DeletionStep, ...]
    left: tuple[Leftover, ...]


def reference(obj: Object) -> Reference:
    """(kind, namespace, name) of an object."""
    metadata = obj["metadata"]
    return obj["kind"], metadata.get("namespace", ""), metadata["name"]


def waiting_for(finalizers: list[str], *, kubelet: bool) -> str:
    """Why a deletion that began does not end."""
    if finalizers:
        return f"waits for its finalizers: {', '.join(finalizers)}"
    return "waits for its kubelet" if kubelet else "waits"
