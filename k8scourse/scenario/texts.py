"""Expectations about texts that need no objects (scenario.md, section 6, "Texts")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.machinery.duration import human_duration
from k8scourse.scenario.context import Context
from k8scourse.scenario.values import nanoseconds
from k8scourse.scenario.words import Miss, expectation, unsimulated_expectations


@expectation("duration_text")
def duration_text(_: Context, argument: Mapping[str, Any]) -> Miss | None:
    found = human_duration(nanoseconds(argument["duration"]))
    return None if found == argument["equals"] else Miss(found)


unsimulated_expectations("cron schedules", "cron_next")
