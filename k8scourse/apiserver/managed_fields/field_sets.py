"""Sets of fields: immutable trees of path elements.

A path element is the text that FieldsV1 uses: `f:name` (a field), `k:{"name":"web"}` (an item of a list by its keys),
`v:"x"` (an item of a set by its value), `i:0` (an item by its index). A set shares what it has in common with others.

Source: sigs.k8s.io/structured-merge-diff/v6 fieldpath/{element,path,set,serialize,serialize-pe}.go
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from k8scourse.machinery.go_format import go_json, go_quote

Element = str
Path = tuple[Element, ...]

_ORDER = {"f": 0, "k": 1, "v": 2, "i": 3}
_SELF = "."


def field_element(name: str) -> Element:
    """The element of a field of a struct or an entry of a map."""
    return "f:" + name


def key_element(keys: Mapping[str, Any]) -> Element:
    """The element of the list item that has these values of its keys."""
    return "k:" + go_json({name: keys[name] for name in sorted(keys)}, escape_html=False)


def value_element(value: Any) -> Element:
    """The element of an item of a set."""
    return "v:" + go_json(value, escape_html=False)


@lru_cache(maxsize=8192)
def element_text(element: Element) -> str:
    """How messages show an element: `.name`, `[name="web"]`, `[="x"]`, `[0]`."""
    mark, content = element[0], element[2:]
    if mark == "f":
        return "." + content
    if mark == "k":
        return "[" + ",".join(f"{name}={_value_text(value)}" for name, value in json.loads(content).items()) + "]"
    return f"[={_value_text(json.loads(content))}]" if mark == "v" else f"[{content}]"


def path_text(path: Path) -> str:
    """How messages show a path: `.spec.containers[name="web"].image`."""
    return "".join(element_text(element) for element in path)


def _value_text(value: Any) -> str:
    return go_quote(value) if isinstance(value, str) else go_json(value)


@lru_cache(maxsize=8192)
def _order(element: Element) -> tuple[int, Any]:
    mark, content = element[0], element[2:]
    if mark == "k":
        return 1, tuple((name, _rank(value)) for name, value in json.loads(content).items())
    if mark == "v":
        return 2, _rank(json.loads(content))
    return (3, int(content)) if mark == "i" else (_ORDER[mark], content)


def _rank(value: Any) -> tuple[int, Any]:
    """Numbers before texts before booleans (value.Compare)."""
    if isinstance(value, bool):
        return 2, value
    return (0, value) if isinstance(value, int | float) else (1, str(value))


class FieldSet:
    """A set of paths. members: the elements that are in it; children: the sets below elements, never empty."""

    __slots__ = ("children", "members")

    def __init__(self, members: frozenset[Element] = frozenset(), children: Mapping[Element, FieldSet] = {}) -> None:
        self.members = members
        self.children = children

    @classmethod
    def of(cls, paths: Iterable[Path]) -> FieldSet:
        """The set of these paths; the empty path is left out, since nobody owns a whole object."""
        members: list[Element] = []
        below: dict[Element, list[Path]] = {}
        for path in paths:
            if len(path) == 1:
                members.append(path[0])
            elif path:
                below.setdefault(path[0], []).append(path[1:])
        return cls(frozenset(members), {element: cls.of(rest) for element, rest in below.items()})

    def __bool__(self) -> bool:
        return bool(self.members or self.children)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FieldSet):
            return NotImplemented
        return self.members == other.members and self.children == other.children

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<FieldSet {' '.join(path_text(path) for path in self)}>"

    def __iter__(self) -> Iterator[Path]:
        """The paths, in order: members first, then what lies below."""
        for element in sorted(self.members, key=_order):
            yield (element,)
        for element in sorted(self.children, key=_order):
            for rest in self.children[element]:
                yield (element, *rest)

    def __contains__(self, path: Path) -> bool:
        if len(path) == 1:
            return path[0] in self.members
        below = self.children.get(path[0]) if path else None
        return below is not None and path[1:] in below

    def below(self, element: Element) -> FieldSet:
        """The set of what follows *element*."""
        return self.children.get(element, EMPTY)

    def __or__(self, other: FieldSet) -> FieldSet:
        if not other or self is other:
            return self
        if not self:
            return other
        children = dict(self.children)
        for element, below in other.children.items():
            children[element] = children[element] | below if element in children else below
        return FieldSet(self.members | other.members, children)

    def __and__(self, other: FieldSet) -> FieldSet:
        if self is other:
            return self
        children = {e: below & other.children[e] for e, below in self.children.items() if e in other.children}
        return FieldSet(self.members & other.members, _present(children))

    def __sub__(self, other: FieldSet) -> FieldSet:
        """Without the paths of *other*; what lies below a path of *other* stays."""
        if not other or not self:
            return self
        children = {
            element: below - other.children[element] if element in other.children else below
            for element, below in self.children.items()
        }
        return FieldSet(self.members - other.members, _present(children))

    def without_all(self, other: FieldSet) -> FieldSet:
        """Without the paths of *other* and everything below them."""
        if not other or not self:
            return self
        children = {
            element: below.without_all(other.children[element]) if element in other.children else below
            for element, below in self.children.items()
            if element not in other.members
        }
        return FieldSet(self.members - other.members, _present(children))

    def encoded(self) -> dict[str, Any]:
        """The set as FieldsV1: nested maps, `.` for an element that is itself a member of a set below it."""
        found: dict[str, Any] = {}
        for element in sorted({*self.members, *self.children}, key=_order):
            below = self.children.get(element)
            inner: dict[str, Any] = {} if below is None else below.encoded()
            found[element] = {_SELF: {}, **inner} if inner and element in self.members else inner
        return found


EMPTY = FieldSet()


def _present(children: dict[Element, FieldSet]) -> dict[Element, FieldSet]:
    return {element: below for element, below in children.items() if below}


def decoded(fields: Mapping[str, Any]) -> FieldSet:
    """The set that FieldsV1 describes; elements of unknown form are left out. Raises ValueError."""
    members: list[Element] = []
    children: dict[Element, FieldSet] = {}
    for element, inner in fields.items():
        if element == _SELF:
            continue
        if len(element) < 2 or element[1] != ":":
            raise ValueError(f"missing colon: {element}")
        if element[0] not in _ORDER:
            continue
        _order(element)
        below = decoded(inner or {})
        if below:
            children[element] = below
        if not inner or _SELF in inner:
            members.append(element)
    return FieldSet(frozenset(members), children)
