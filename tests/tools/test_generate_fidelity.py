"""docs/fidelity.md says what the code says."""

import generate_fidelity
import pytest

from k8scourse.apiserver.admission import DEFAULT_PLUGINS
from k8scourse.apiserver.admission import NOT_SIMULATED as ADMISSION
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import stored_only
from k8scourse.components import PROGRAMS
from k8scourse.controllers.not_simulated import NOT_SIMULATED as CONTROLLERS


def test_the_page_is_in_step_with_the_code() -> None:
    stored = generate_fidelity.PAGE.read_text(encoding="utf-8")
    assert stored == generate_fidelity.page(), "run python tools/generate_fidelity.py"


def test_a_stale_page_is_noticed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(generate_fidelity, "page", lambda: "other")
    monkeypatch.setattr("sys.argv", ["generate_fidelity.py", "--check"])
    assert generate_fidelity.main() == 1
    assert "fidelity.md is out of date" in capsys.readouterr().err


def test_nothing_is_both_simulated_and_not() -> None:
    absent = {name for names in CONTROLLERS for name in names.split(", ")}
    assert absent.isdisjoint(one.name for one in PROGRAMS["kube-controller-manager"])
    assert set(ADMISSION).isdisjoint(plugin.name for plugin in DEFAULT_PLUGINS)


def test_every_kind_is_on_the_page_once_per_group() -> None:
    head, _, rest = generate_fidelity.page().partition("## Kinds that are only stored")
    for resource in Registry():
        stored = resource in stored_only(Registry())
        start = f"| {resource.group or 'core'} |"
        rows = [line for line in (rest if stored else head).splitlines() if line.startswith(start)]
        assert len(rows) == 1
        assert resource.kind in rows[0].strip(" |").partition(" | ")[2].split(", ")
