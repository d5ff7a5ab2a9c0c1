"""Reads a notebook as data: finds the answers in it, within limits, and runs nothing.

A notebook comes from a stranger. It is JSON and nothing else; size, depth and number of cells are limited before and
while it is read, and what is wrong with it becomes one sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from k8scourse.course.answers import LONGEST
from k8scourse.course.exercise_notebook import FORMAT
from k8scourse.grading.plain import printable

MOST_BYTES = 10 * 1024 * 1024
"""The most bytes of a notebook; without pictures in its outputs one has some thousands."""

DEEPEST = 50
"""The most lists and maps within each other; nbformat needs less than ten."""

MOST_NODES = 200_000
"""The most lists and maps of a notebook; each costs time and memory, however small."""

MOST_CELLS = 2000
"""The most cells of a notebook."""

MAGIC = "%%answer"

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}(/[A-Za-z0-9][A-Za-z0-9._-]{0,62})?")
_TOKENS = re.compile(rb'[\[{]|[\]}]|"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)


class UnreadableNotebook(ValueError):
    """The file is no notebook that could be graded; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a notebook's metadata say of the exercise it was made for; texts, believed in nothing but the version."""

    exercise: str
    version: str
    variant: str


@dataclass(slots=True)
class Notebook:
    """The answers of a notebook: by exercise, the text of each part."""

    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    origin: Origin | None = None
    remarks: list[str] = field(default_factory=list)
    """What was passed over, in sentences."""


def read_notebook(data: bytes) -> Notebook:
    """The answers in the bytes of a notebook: of two cells for one part the last one counts.

    Raises UnreadableNotebook.
    """
    content = _decode(data)
    cells = content.get("cells")
    if "worksheets" in content or content.get("nbformat") == 3:
        raise UnreadableNotebook("is a notebook of format 3; open it in JupyterLab and save it again")
    if not isinstance(cells, list):
        raise UnreadableNotebook("is no notebook: it has no list of cells")
    if len(cells) > MOST_CELLS:
        raise UnreadableNotebook(f"has {len(cells)} cells; at most {MOST_CELLS} are read")
    found = Notebook()
    found.origin = _origin(content.get("metadata"), found.remarks)
    for number, cell in enumerate(cells, start=1):
        _read_cell(cell, number, found)
    if not found.answers and not found.remarks:
        found.remarks.append(f"has no {MAGIC} cell")
    return found


# JSON


def _decode(data: bytes) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise UnreadableNotebook(too_large(len(data)))
    if not data.strip():
        raise UnreadableNotebook("is empty")
    if data.count(b"[") + data.count(b"{") > MOST_NODES:
        raise UnreadableNotebook(f"holds more than {MOST_NODES} lists and maps: clear its outputs and hand it in again")
    _refuse_deep(data)
    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise UnreadableNotebook(f"is no UTF-8 text (byte {error.start + 1})") from error
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        why = "it ends in the middle; was it cut off?" if cut else f"{error.msg}, line {error.lineno}"
        raise UnreadableNotebook(f"is no JSON: {why}") from error
    except UnreadableNotebook:
        raise
    except ValueError as error:
        raise UnreadableNotebook("is no JSON that can be read: a number in it is too long") from error
    if not isinstance(value, dict):
        raise UnreadableNotebook("is no notebook: it holds no map")
    return value


def too_large(size: int) -> str:
    """The sentence for a notebook of *size* bytes."""
    most = MOST_BYTES // 1024**2
    return f"has {size / 1024**2:.1f} MB; at most {most} are read: clear its outputs and hand it in again"


def _refuse_deep(data: bytes) -> None:
    depth = 0
    for token in _TOKENS.finditer(data):
        first = data[token.start()]
        if first in b"[{":
            depth += 1
            if depth > DEEPEST:
                raise UnreadableNotebook(f"nests more than {DEEPEST} lists and maps within each other")
        elif first in b"]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        repeated = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise UnreadableNotebook(f'has the key "{printable(repeated[:40])}" twice in one map')
    return result


def _no_constant(name: str) -> Any:
    raise UnreadableNotebook(f"is no JSON: {name} is no number")


# metadata


def _origin(metadata: Any, remarks: list[str]) -> Origin | None:
    if not isinstance(metadata, Mapping):
        remarks.append("has no metadata" if metadata is None else "has damaged metadata: they are no map")
        return None
    own = metadata.get("k8scourse")
    if own is None:
        return None
    values = [own.get(key) for key in ("exercise", "version", "variant")] if isinstance(own, Mapping) else []
    texts = [value for value in values if isinstance(value, str) and len(value) <= 200]
    if len(texts) != 3:
        remarks.append("has damaged metadata: what stands under k8scourse was not written by the course")
        return None
    if own.get("format") != FORMAT:
        shown = printable(str(own.get("format"))[:20])
        raise UnreadableNotebook(f"was made by another k8scourse: format {shown}, this one reads format {FORMAT}")
    return Origin(*(printable(text) for text in texts))


# cells


def _read_cell(cell: Any, number: int, found: Notebook) -> None:
    source = _source(cell)
    if source is None:
        return
    first, _, body = source.lstrip("\n").partition("\n")
    words = first.split()
    if not words or words[0] != MAGIC:
        return
    if len(words) not in (2, 3) or not all(_WORD.fullmatch(word) for word in words[1:]) or "/" not in words[1]:
        found.remarks.append(f"cell {number} does not say which exercise it answers: {printable(first[:80])}")
        return
    part = words[2] if len(words) == 3 else ""
    found.answers.setdefault(words[1], {})[part] = _shortened(body)


def _source(cell: Any) -> str | None:
    """The text of a code cell, or None: for nbformat a text, or a list of lines."""
    if not isinstance(cell, Mapping) or cell.get("cell_type") != "code":
        return None
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source.replace("\r\n", "\n") if isinstance(source, str) else None


def _shortened(text: str) -> str:
    """No more of an answer than shows that it is too long; halves of signs become question marks."""
    return text[: LONGEST + 1].encode("utf-8", "replace").decode()


def answers_of(notebook: Notebook) -> Iterator[tuple[str, dict[str, str]]]:
    """The exercises that a notebook answers, in the order of their ids."""
    yield from sorted(notebook.answers.items())
