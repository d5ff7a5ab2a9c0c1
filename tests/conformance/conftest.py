"""Runs the scenarios of this folder; those under upcoming/ belong to areas that are not simulated yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from k8scourse.scenario.pytest_plugin import GrammarCollector, ScenarioCollector


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    if file_path.suffix != ".yaml":
        return None
    if file_path.parent.name == "upcoming":
        return GrammarCollector.from_parent(parent, path=file_path)
    return ScenarioCollector.from_parent(parent, path=file_path)
