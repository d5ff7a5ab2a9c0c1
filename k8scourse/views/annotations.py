"""The annotation inspector: each key of an object, who reads it, what that does, what is wrong with it, how much room
is left.

`inspect_annotations` works on an object of the cluster or on a manifest that nobody applied.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.kinds import UnknownResource
from k8scourse.component_helpers.annotation_consumer import TEMPLATE, Consumer
from k8scourse.component_helpers.annotations import (
    SIZE_LIMIT,
    consumers_of,
    key_faults,
    known,
    label_note,
    nearest,
    size_of,
)
from k8scourse.machinery.status import bad_request
from k8scourse.manifests import ENDINGS, Manifest, items_of, read_manifest
from k8scourse.views.markup import Glyph, escape, glyph, view

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

NOBODY = "nobody reads this key"
_LONGEST = 60
_OBJECT, _IN_TEMPLATE = "metadata", "spec.template.metadata"
_TYPES = {bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "a map"}


@dataclass(frozen=True, slots=True)
class Row:
    """One annotation."""

    object: str
    """kind/name."""
    place: str
    """metadata, or spec.template.metadata."""
    key: str
    value: str
    faults: tuple[str, ...]
    """Why the API server would refuse it, and which readers would not understand the value."""
    reader: str
    """The programs that read or write it; NOBODY when there are none."""
    effect: str
    size: int
    """Bytes of key and value."""
    simulated: bool
    """Whether the simulated cluster has such a reader."""


@dataclass(frozen=True, slots=True, repr=False)
class Inspection:
    """The annotations of one or more objects: `str()` is a text, a notebook shows HTML."""

    rows: tuple[Row, ...]

    def __str__(self) -> str:
        return to_text(self.rows)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return to_html(self.rows)


def inspect_annotations(cluster: Cluster, ref: Manifest, *, namespace: str = "default") -> Inspection:
    """The annotations of *ref* ("deployment/web", or a manifest as `Cluster.apply` takes it), pod templates included.

    Raises ApiError 404 for an object that is not there, 400 for a kind that is not served, ManifestError for bad YAML.
    """
    if isinstance(ref, str) and "\n" not in ref and not ref.endswith(ENDINGS):
        kind, _, name = ref.rpartition("/")
        try:
            resource = cluster.registry.lookup(kind or "pod")
        except UnknownResource as error:
            raise bad_request(f"{error}; write kind/name, such as pod/web") from None
        obj = cluster.get(resource.group_resource, name, namespace=namespace)
        objects = [{"kind": resource.kind, **obj}]
    else:
        objects = [item for value, _ in read_manifest(ref) for item in items_of(value)]
    return Inspection(tuple(row for obj in objects for row in rows_of(obj)))


def rows_of(obj: Mapping[str, Any]) -> list[Row]:
    """A row for each annotation of *obj* and of its pod template, by key."""
    kind = str(obj.get("kind") or "")
    name = f"{kind.lower()}/{(obj.get('metadata') or {}).get('name') or '(no name)'}"
    rows = [_row(name, _OBJECT, kind, key, value) for key, value in _annotations(obj)]
    template = (obj.get("spec") or {}).get("template")
    if isinstance(template, Mapping):
        rows += [_row(name, _IN_TEMPLATE, TEMPLATE, key, value) for key, value in _annotations(template)]
    return rows


def _annotations(holder: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(((holder.get("metadata") or {}).get("annotations") or {}).items())


def _row(name: str, place: str, kind: str, key: str, value: Any) -> Row:
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
    readers = [one for one in consumers_of(key, kind) if one.role != "ignores"]
    faults = [*key_faults(key), *_value_faults(value, readers)]
    who = "; ".join(f"{one.reader} {'writes' if one.role == 'writes' else 'reads'} it" for one in readers)
    effect = "; ".join(one.effect for one in readers) if readers else _why_nobody(key, kind)
    simulated = any(one.simulated for one in readers)
    return Row(name, place, key, text, tuple(faults), who or NOBODY, effect, size_of({key: text}), simulated)


def _value_faults(value: Any, readers: list[Consumer]) -> list[str]:
    if value is not None and not isinstance(value, str):
        return [f"the value is {_TYPES.get(type(value), 'no text')}, not a text: put it in quotes"]
    text = value or ""
    return [
        f"{one.reader} does not take this value for {one.values}"
        for one in readers
        if one.understands is not None and not one.understands(text)
    ]


def _why_nobody(key: str, kind: str) -> str:
    elsewhere, near = known(key), nearest(key)
    once = [one for one in consumers_of(key, kind) if one.role == "ignores"]
    if once:
        return once[0].effect
    if elsewhere:
        places = " or ".join(_place(one) for one in elsewhere[0].kinds)
        return f"not here: {elsewhere[0].reader} looks for it on a {places}"
    if label_note(key):
        return label_note(key)
    return f"a misspelling of {near}?" if near else "a note for people, and for programs of your own"


def _place(kind: str) -> str:
    return "pod template" if kind == TEMPLATE else kind


def budgets(rows: tuple[Row, ...]) -> list[tuple[str, str, int]]:
    """(object, place, bytes used) for each map of annotations."""
    used: dict[tuple[str, str], int] = {}
    for row in rows:
        used[row.object, row.place] = used.get((row.object, row.place), 0) + row.size
    return [(name, place, size) for (name, place), size in used.items()]


def _budget_lines(rows: tuple[Row, ...]) -> list[str]:
    lines = [
        f"{name}, {place}.annotations: {size:,} of {SIZE_LIMIT:,} bytes"
        + (" - too long, the API server refuses it" if size > SIZE_LIMIT else "")
        for name, place, size in budgets(rows)
    ]
    return lines or ["no annotations"]


def _short(text: str) -> str:
    line = text.replace("\n", "\\n")
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


def _reader(row: Row) -> str:
    return row.reader if row.simulated or row.reader == NOBODY else f"{row.reader} (not simulated)"


def to_text(rows: tuple[Row, ...]) -> str:
    """The inspection as plain text, three lines or more for each key."""
    lines = _budget_lines(rows)
    for row in rows:
        place = "" if row.place == _OBJECT else f" (in {row.place})"
        lines += [f"{row.key}: {_short(row.value)}{place}", f"    {_reader(row)}", f"    {row.effect}"]
        lines += [f"    wrong: {fault}" for fault in row.faults]
    return "\n".join(lines)


def to_html(rows: tuple[Row, ...]) -> str:
    """The inspection as HTML that stands alone."""
    budget = "".join(f'<p class="k8s-soft">{escape(line)}</p>' for line in _budget_lines(rows))
    headers = ("Key", "Value", "Who reads it, and what for", "Faults", "Bytes")
    head = "".join(f'<th scope="col">{header}</th>' for header in headers)
    body = "".join(_html_row(row) for row in rows)
    caption = "<caption>Annotations and their readers</caption>"
    drawn = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if rows else ""
    return view("annotations", "Annotations", budget, drawn)


def _html_row(row: Row) -> str:
    place = "" if row.place == _OBJECT else f" (in {_breakable(row.place)})"
    wrong = "; ".join(row.faults)
    faults = f"{glyph(Glyph('cross', 'bad'))} {escape(wrong)}" if wrong else "none"
    return (
        f'<tr><th scope="row">{_breakable(row.key)}{place}</th><td>{_breakable(_short(row.value))}</td>'
        f"<td><strong>{escape(_reader(row))}</strong>: {escape(row.effect)}</td>"
        f"<td>{faults}</td><td>{row.size:,}</td></tr>"
    )


def _breakable(text: str) -> str:
    """*text* as HTML that may be broken after slashes, dots and commas."""
    return "<wbr>".join(escape(part) for part in re.split(r"(?<=[/.,])(?=\w)", text))
