"""What a learner has reached: one small file in the working folder, replaced as a whole at every change."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from k8scourse.course.result import Result
from k8scourse.course.variants import SELF_STUDY
from k8scourse.course.workspace import RECORD

FOLDER, FILE = ".k8scourse", "progress.json"


def working_folder(start: Path | None = None) -> Path:
    """The working folder around *start* (by default the current folder); *start* itself where there is none.

    It holds the copies of chapters and exercises side by side, each with a record of what was copied.
    """
    begin = (start or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if (folder / FOLDER).is_dir():
            return folder
        if (folder / RECORD).is_file():
            return folder.parent
    return begin


def _key(exercise: str, variant: str) -> str:
    """The name under which a variant of an exercise is kept; the one for self-study has the exercise's own."""
    return exercise if variant == SELF_STUDY else f"{exercise} {variant}"


class Progress:
    """Points, attempts and hints by exercise and variant. Nothing here is secret, and no grade comes from it."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or working_folder()) / FOLDER / FILE

    def read(self) -> dict[str, dict[str, Any]]:
        """What is known, by exercise; nothing where the file is missing or was damaged."""
        try:
            found = json.loads(self.path.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def of(self, exercise: str, variant: str = SELF_STUDY) -> dict[str, Any]:
        """What is known of a variant (its seed) of an exercise: attempts, best, points, hints, version."""
        found = self.read().get(_key(exercise, variant))
        return found if isinstance(found, dict) else {}

    def record(self, result: Result) -> None:
        """Remember an attempt; the best of the same version counts."""
        known = self.of(result.exercise, result.variant)
        best = known.get("best", 0) if known.get("version") == result.version else 0
        self._update(
            _key(result.exercise, result.variant),
            {
                "attempts": known.get("attempts", 0) + 1,
                "best": max(best, result.earned),
                "points": result.points,
                "version": result.version,
            },
        )

    def next_hint(self, exercise: str, variant: str, count: int) -> int:
        """The number (from 0) of the hint to show next; the last one again when all *count* were shown."""
        shown = self.of(exercise, variant).get("hints", 0)
        number = min(shown, count - 1)
        self._update(_key(exercise, variant), {"hints": number + 1})
        return number

    def _update(self, key: str, changes: Mapping[str, Any]) -> None:
        found = self.read()
        known = found.get(key)
        found[key] = {**(known if isinstance(known, dict) else {}), **changes}
        self._write(found)

    def _write(self, content: Mapping[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f"{FILE}.{os.getpid()}")
        draft.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", "utf-8")
        draft.replace(self.path)
