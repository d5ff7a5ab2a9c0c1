"""The journal of a grading: one line per learner, written when the learner is done, so that nothing is graded twice.

It is also where the reports read the grades from, one learner at a time: memory does not grow with the class.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from k8scourse.grading.grades import FORMAT, LearnerGrades
from k8scourse.grading.plain import canonical_json

FILE = "journal.jsonl"


class Journal:
    """A file of lines {key, grades}; the last line for a learner counts. A line cut off by a crash is dropped."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        """Open the journal at *path*; without *resume* it begins empty. Raises OSError."""
        self._places: dict[str, tuple[int, str]] = {}
        """By learner: where the line begins, and the key of what it depends on ("" if it is not final)."""
        self._file = path.open("a+b" if resume else "w+b")
        end = self._load()
        self._file.truncate(end)
        self._end = end

    def _load(self) -> int:
        """Note the place of every whole line; gives where they end."""
        self._file.seek(0)
        place = 0
        for line in self._file:
            entry = _entry(line)
            if entry is None:
                break
            self._places[entry["grades"]["learner"]] = (place, entry["key"])
            place += len(line)
        return place

    def has(self, learner: str, key: str) -> bool:
        """Whether the learner's final grades are known, made from what *key* stands for."""
        return bool(key) and self._places.get(learner, (0, ""))[1] == key

    def add(self, grades: LearnerGrades, key: str) -> None:
        """Write a learner's grades; they are on the disk when this returns."""
        entry = {"key": key if grades.final else "", "grades": grades.to_dict()}
        line = f"{canonical_json(entry)}\n".encode()
        self._file.seek(self._end)
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._places[grades.learner] = (self._end, entry["key"])
        self._end += len(line)

    def read(self, learners: list[str]) -> Iterator[LearnerGrades]:
        """The grades of *learners* in their order; those without any are left out."""
        for learner in learners:
            if learner in self._places:
                self._file.seek(self._places[learner][0])
                yield LearnerGrades.from_dict(json.loads(self._file.readline())["grades"])

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _entry(line: bytes) -> dict[str, Any] | None:
    """A whole line of the journal, or None."""
    if not line.endswith(b"\n"):
        return None
    try:
        entry = json.loads(line)
        return entry if entry["grades"]["format"] == FORMAT and isinstance(entry["key"], str) else None
    except (ValueError, KeyError, TypeError):
        return None
