"""The words of a notebook, in a real IPython shell: feedback at once, one sentence for what is mistyped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from k8scourse.cluster import Cluster
from k8scourse.course.magics import load_ipython_extension
from k8scourse.course.progress import Progress
from k8scourse.course.result import Result

NAME = "taints/who-leaves-when"
TWO = "taints/dedicated-pool"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    made = InteractiveShell()
    load_ipython_extension(made)
    yield made
    if made.history_manager is not None:
        made.history_manager.end_session()


def run(shell: InteractiveShell, cell: str) -> Any:
    outcome = shell.run_cell(cell)
    outcome.raise_error()
    return outcome.result


def test_an_answer_shows_its_feedback_and_counts(shell: InteractiveShell, tmp_path: Path) -> None:
    result = run(shell, f"%%answer {NAME}\npod-a: at-once\npod-b: later\npod-c: stays\npod-d: later\npod-e: stays\n")
    assert isinstance(result, Result) and result.complete
    assert Progress(tmp_path).of(NAME)["best"] == result.points


def test_bad_yaml_is_feedback_and_no_traceback(shell: InteractiveShell) -> None:
    result = run(shell, f"%%answer {NAME}\na: b: c\n")
    assert result.problem.trouble == "unreadable"
    assert "Traceback" not in str(result)


def test_parts_come_together(shell: InteractiveShell) -> None:
    first = run(shell, f"%%answer {TWO} nodes\nkubectl get nodes\n")
    assert [note.part for note in first.notes] == ["app"]
    second = run(shell, f"%%answer {TWO} app\nkind: Deployment\napiVersion: apps/v1\nmetadata: {{name: x}}\n")
    assert second.problem.trouble == "refused"


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("%%answer taints/who-leaves-wen\nx", 'there is no exercise "taints/who-leaves-wen"; did you mean'),
        ("%%answer\nx", "write %%answer chapter/slug"),
        (f"%%answer {TWO} nods\nx", f"write %%answer {TWO} nodes or %%answer {TWO} app"),
        ("%exercise", "write %exercise chapter/slug"),
        ("%hint", "which exercise?"),
        ("%hint nonsense", 'there is no exercise "nonsense"'),
    ],
)
def test_what_is_mistyped_is_answered_in_one_sentence(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], cell: str, sentence: str
) -> None:
    run(shell, cell)
    printed = capsys.readouterr().out
    assert sentence in printed
    assert "Traceback" not in printed and printed.count("\n") == 1


def test_hints_come_in_steps(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    shown = []
    for _ in range(4):
        run(shell, f"%hint {NAME}")
        lines = capsys.readouterr().out.splitlines()
        assert max(map(len, lines)) <= 80
        shown.append([line[:6] for line in lines if line.startswith(("Hint", "That was"))])
    three = ["Hint 1", "Hint 2", "Hint 3", "That w"]
    assert shown == [three[:1], three[:2], three, three]


def test_the_variant_of_the_notebook_is_that_of_answers_and_practice(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run(shell, f"%exercise {NAME} other-seed")
    assert "0 of 10 points so far" in capsys.readouterr().out
    assert run(shell, f"%%answer {NAME}\n_: _\n").variant == "other-seed"
    cluster = run(shell, "practice()")
    assert isinstance(cluster, Cluster)
    assert {pod["metadata"]["name"] for pod in cluster.list("pods")} == set("abcde")


def test_practice_is_fresh_each_time(shell: InteractiveShell) -> None:
    run(shell, f"practice('{NAME}').delete('pod', 'a')")
    assert len(run(shell, f"practice('{NAME}')").list("pods")) == 5


def test_loading_twice_keeps_what_is_known(shell: InteractiveShell) -> None:
    run(shell, f"%exercise {NAME} seed")
    load_ipython_extension(shell)
    assert run(shell, f"%%answer {NAME}\n# nothing\n").variant == "seed"
