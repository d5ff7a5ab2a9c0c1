"""The roster of a class: a CSV file with the learners, and the secret from which their variants come.

The first line names the columns: `learner` (the name of the learner's folder) and, if wanted, `name` and `email`.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from k8scourse.course.exercise import Exercise
from k8scourse.course.variants import SELF_STUDY, Variant, derive_seed
from k8scourse.scenario.faults import one_of

COLUMNS = ("learner", "name", "email")
LONGEST_ID = 200
SHORTEST_SECRET = 16
"""Characters; shorter ones can be guessed by trying."""

_MOST_BYTES = 10 * 1024**2


class InvalidRoster(ValueError):
    """The roster or the secret cannot be used; the text says where and why, one line per fault."""


@dataclass(frozen=True, slots=True)
class Learner:
    """One learner of a class."""

    id: str
    name: str = ""
    email: str = ""


def read_roster(path: Path) -> list[Learner]:
    """The learners of a CSV file (commas, or semicolons as some spreadsheets write), sorted by id.

    Raises InvalidRoster with every fault, OSError.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise InvalidRoster(f"{path}: is larger than {_MOST_BYTES} bytes")
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InvalidRoster(f"{path}: is no UTF-8 text; save it as CSV UTF-8") from error
    if not lines:
        raise InvalidRoster(f"{path}:1: is empty; expected a line with {', '.join(COLUMNS)}")
    delimiter = ";" if ";" in lines[0] and "," not in lines[0] else ","
    reader = csv.reader(lines, delimiter=delimiter)
    header = [cell.strip().lower() for cell in next(reader)]
    if "learner" not in header:
        raise InvalidRoster(f"{path}:1: has no column learner; there are {one_of(header)}")
    return _learners(path, header, reader)


def _learners(path: Path, header: Sequence[str], reader: csv.reader) -> list[Learner]:  # type: ignore[valid-type]
    found: dict[str, Learner] = {}
    faults: list[str] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        values = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        learner = Learner(
            unicodedata.normalize("NFC", values.get("learner", "")), values.get("name", ""), values.get("email", "")
        )
        fault = _fault(learner, found)
        if fault:
            faults.append(f"{path}:{reader.line_num}: {fault}")
        found[learner.id] = learner
    if faults:
        raise InvalidRoster("\n".join(faults))
    return [found[identity] for identity in sorted(found)]


def _fault(learner: Learner, found: dict[str, Learner]) -> str:
    if not learner.id:
        return "has no learner"
    if len(learner.id) > LONGEST_ID:
        return f"the learner's id has {len(learner.id)} characters; at most {LONGEST_ID} are possible"
    if not learner.id.isprintable() or set(learner.id) & set("/\\") or learner.id.startswith("."):
        return f"{learner.id!a} cannot be the name of a learner's folder"
    if learner.id in found:
        return f"{learner.id} is on the roster twice"
    return ""


def read_secret(path: Path) -> str:
    """The secret of a class: the text of a file, without the space around it. Raises InvalidRoster, OSError."""
    try:
        secret = path.read_text("utf-8").strip()
    except UnicodeDecodeError as error:
        raise InvalidRoster(f"{path}: is no UTF-8 text") from error
    if len(secret) < SHORTEST_SECRET:
        advice = "python3 -c 'import secrets; print(secrets.token_hex(16))' prints a good one"
        raise InvalidRoster(f"{path}: the secret has fewer than {SHORTEST_SECRET} characters; {advice}")
    return secret


def variant_for(exercise: Exercise, learner: str, secret: str | None) -> Variant:
    """The variant that *learner* gets of *exercise*: from the class's secret, else the one for self-study."""
    return exercise.variant(SELF_STUDY if secret is None else derive_seed(secret, learner, exercise.id))
