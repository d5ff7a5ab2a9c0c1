"""What a file of scenarios says, as data: scenarios, fixtures and where each word stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Path = tuple[str | int, ...]
"""The way from the root of a document to one of its values."""


class Place(Protocol):
    """A place in a text, both numbers from 1."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Positions(Protocol):
    """Where the keys and values of a document stand (machinery.yaml)."""

    def value(self, path: Path) -> Place | None: ...
    def nearest(self, path: Path) -> Place: ...


@dataclass(frozen=True, slots=True)
class Located:
    """A value of a file together with the path at which the file has it."""

    value: Any
    path: Path


@dataclass(frozen=True, slots=True)
class Fixture:
    """A named part that scenarios of the same file share (scenario.md, section 1)."""

    name: str
    world: Mapping[str, Any]
    given: tuple[Located, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario as its file has it; what is left out has the default that scenario.md names."""

    id: str
    area: str
    source: str
    note: str
    tier: str
    checked: bool
    needs: tuple[str, ...]
    use: tuple[str, ...]
    world: Mapping[str, Any]
    given: tuple[Located, ...]
    do: tuple[Located, ...]
    expect: tuple[Located, ...]
    path: Path
    file: ScenarioFile


@dataclass(frozen=True, slots=True, eq=False)
class ScenarioFile:
    """A valid file: its name as it was given, its fixtures and (filled by the loader) its scenarios."""

    name: str
    fixtures: Mapping[str, Fixture]
    scenarios: list[Scenario]
    positions: Positions

    def line(self, path: Path) -> int:
        """The line, from 1, on which the value at *path* begins."""
        return (self.positions.value(path) or self.positions.nearest(path)).line


def show_path(path: Path) -> str:
    """Writes a path as reports do: ``do[2].check[0].field``."""
    text = ""
    for segment in path:
        if isinstance(segment, int):
            text += f"[{segment}]"
        else:
            text += f".{segment}" if text else segment
    return text


def only_item(mapping: Mapping[str, Any]) -> tuple[str, Any]:
    """The key and the value of an action or expectation, which the grammar makes a map with one key."""
    return next(iter(mapping.items()))
