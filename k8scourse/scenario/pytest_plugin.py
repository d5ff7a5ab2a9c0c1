"""Lets pytest run scenarios: each scenario of a file is a test, and a failure shows the report's text.

A conftest.py decides which files are collected and returns one of the collectors from pytest_collect_file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from k8scourse.scenario import report
from k8scourse.scenario.command import cluster_world
from k8scourse.scenario.faults import InvalidFile
from k8scourse.scenario.loader import load_file
from k8scourse.scenario.model import Scenario, ScenarioFile
from k8scourse.scenario.outcome import Outcome
from k8scourse.scenario.runner import run_scenario


class ScenarioFailed(Exception):
    """A scenario's expectations do not hold; ``str()`` is the report of its failures."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(report.outcome_text(outcome))


class _Item(pytest.Item):
    """A test whose failure is shown as text, without a traceback."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any) -> Any:
        if isinstance(excinfo.value, ScenarioFailed | InvalidFile):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args, **kwargs)


class ScenarioItem(_Item):
    """One scenario as a test: it passes, fails with the report's text, or is skipped with the reason."""

    def __init__(self, *, scenario: Scenario, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scenario = scenario

    def runtest(self) -> None:
        outcome = run_scenario(self.scenario, cluster_world())
        if outcome.verdict == "skip":
            pytest.skip(outcome.reason)
        if outcome.failures:
            raise ScenarioFailed(outcome)

    def reportinfo(self) -> tuple[Any, int, str]:
        line = self.scenario.file.line(self.scenario.path)
        return self.path, line - 1, f"{self.scenario.area}: {self.scenario.id}"


class GrammarItem(_Item):
    """A whole file as a test: it fits the grammar; nothing of it runs."""

    def runtest(self) -> None:
        load_file(str(self.path))

    def reportinfo(self) -> tuple[Any, int, str]:
        return self.path, 0, "the file fits the grammar"


class ScenarioCollector(pytest.File):
    """The scenarios of a file, one test each. An invalid file is a collection error that lists every fault."""

    def collect(self) -> Iterator[ScenarioItem]:
        for scenario in self._load().scenarios:
            yield ScenarioItem.from_parent(self, name=scenario.id, scenario=scenario)

    def _load(self) -> ScenarioFile:
        try:
            return load_file(str(self.path))
        except InvalidFile as error:
            raise self.CollectError(str(error)) from error


class GrammarCollector(pytest.File):
    """A file of scenarios that is only checked against the grammar."""

    def collect(self) -> Iterator[GrammarItem]:
        yield GrammarItem.from_parent(self, name="grammar")
