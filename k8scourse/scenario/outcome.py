"""What came of running a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from k8scourse.scenario.model import Scenario

Verdict = Literal["ok", "FAIL", "skip"]


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that did not hold, or one step that could not be done.

    ``place`` is the way inside the scenario (``do[2].check[0]``), ``line`` its line in the file; ``expected`` what the
    scenario says, ``found`` what was there instead, ``time`` the virtual time (ns since the epoch) and ``elapsed`` how
    much of it had passed (ns), both None when there was no cluster; ``why`` the decisions that explain it, if known.
    """

    place: str
    line: int
    expected: str
    found: str
    time: int | None = None
    elapsed: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on a scenario, its failures, and for a skipped one the reason."""

    scenario: Scenario
    verdict: Verdict
    failures: tuple[Failure, ...] = ()
    reason: str = ""
