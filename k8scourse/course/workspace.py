"""A learner's working folder: copies of the chapters, which no update overwrites once they were changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RECORD = ".k8scourse.json"
"""In the working folder: which version of each file was copied, by its hash."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What `copy_course` did, as paths within the working folder."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    kept: tuple[str, ...]
    """Changed by the learner, although the course has another version: left alone."""


def copy_course(source: Path, target: Path, pattern: str = "**/*") -> Copied:
    """Bring the files of *source* into *target*: missing ones are added, unchanged ones updated, changed ones kept.

    *pattern* says which files. Notebooks arrive as `unplayed` leaves them. Raises OSError.
    """
    record_file = target / RECORD
    record: dict[str, str] = json.loads(record_file.read_text(encoding="utf-8")) if record_file.is_file() else {}
    added: list[str] = []
    updated: list[str] = []
    kept: list[str] = []
    for path in sorted(source.glob(pattern)):
        if not path.is_file() or ".ipynb_checkpoints" in path.parts:
            continue
        name = path.relative_to(source).as_posix()
        copy, content = target / name, _content(path)
        version = _hash(content)
        present = _hash(copy.read_bytes()) if copy.exists() else ""
        if not present:
            added.append(name)
        elif present == version:
            record[name] = version
            continue
        elif present == record.get(name):
            updated.append(name)
        else:
            if record.get(name) != version:
                kept.append(name)
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
        record[name] = version
    target.mkdir(parents=True, exist_ok=True)
    record_file.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return Copied(tuple(added), tuple(updated), tuple(kept))


def _content(path: Path) -> bytes:
    """What a learner gets of a file of the course."""
    data = path.read_bytes()
    if path.suffix != ".ipynb":
        return data
    notebook = json.loads(data)
    return data if not isinstance(notebook, dict) else _json(unplayed(notebook))


def unplayed(notebook: dict[str, Any]) -> dict[str, Any]:
    """*notebook* as if no cell had run: outputs would spoil predictions, and show widgets that have no kernel."""
    metadata = {name: value for name, value in notebook.get("metadata", {}).items() if name != "widgets"}
    return {**notebook, "metadata": metadata, "cells": [_unplayed_cell(cell) for cell in notebook.get("cells", [])]}


def _unplayed_cell(cell: dict[str, Any]) -> dict[str, Any]:
    if cell.get("cell_type") != "code":
        return cell
    metadata = {name: value for name, value in cell.get("metadata", {}).items() if name != "execution"}
    return {**cell, "metadata": metadata, "outputs": [], "execution_count": None}


def _json(notebook: dict[str, Any]) -> bytes:
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
