"""Scenarios as pytest items: one test per scenario, a failure shows the report's text."""

from __future__ import annotations

import pytest

from k8scourse.scenario import pytest_plugin

pytest_plugins = ["pytester"]

CONFTEST = """
import pytest
from k8scourse.scenario import pytest_plugin
from k8scourse.scenario.words import NotSimulated

def refuse(world):
    raise NotSimulated("anything")

pytest_plugin.cluster_world = lambda: refuse

def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".yaml":
        collector = pytest_plugin.GrammarCollector if "later" in file_path.name else pytest_plugin.ScenarioCollector
        return collector.from_parent(parent, path=file_path)
"""

SCENARIOS = """
- id: first
  area: taints
  source: docs
  expect: [{exists: {kind: Pod, name: p}}]
- id: second
  area: keda
  source: docs
  needs: [keda]
  expect: [{exists: {kind: Pod, name: p}}]
"""


@pytest.fixture
def folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setattr(pytest_plugin, "cluster_world", pytest_plugin.cluster_world)  # what CONFTEST changes comes back
    pytester.makeconftest(CONFTEST)
    pytester.path.joinpath("s.yaml").write_text(SCENARIOS)
    return pytester


def test_each_scenario_is_a_test_and_its_failure_shows_the_report(folder):
    result = folder.runpytest_inprocess("-rs", "-p", "no:cacheprovider")
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*s.yaml:2: first: world", "*found:    not simulated yet: anything"])
    result.stdout.fnmatch_lines(["*needs keda, not simulated yet"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_an_invalid_file_is_a_collection_error_with_every_fault(folder):
    folder.path.joinpath("s.yaml").write_text(SCENARIOS.replace("needs:", "neds:").replace("source: docs", "sauce: x"))
    result = folder.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*s.yaml:4: first: sauce: unknown key; did you mean source[?]"])
    result.stdout.fnmatch_lines(["*s.yaml:9: second: neds: unknown key; did you mean needs[?]"])


def test_a_file_may_be_checked_for_its_grammar_alone(folder):
    folder.path.joinpath("s.yaml").rename(folder.path / "later.yaml")
    folder.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
    folder.path.joinpath("later.yaml").write_text(SCENARIOS.replace("needs:", "neds:"))
    result = folder.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*neds: unknown key; did you mean needs[?]"])
