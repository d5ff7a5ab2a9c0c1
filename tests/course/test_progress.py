"""Progress: one file that is replaced as a whole, and that nothing depends on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from k8scourse.course.progress import Progress, working_folder
from k8scourse.course.result import CheckResult, Result

RESULT = Result(
    "taints/x", "v1", "self-study", "0.1.0", (CheckResult("a", "right", 3, "s"), CheckResult("b", "wrong", 2, "s"))
)


def test_attempts_are_counted_and_the_best_is_kept(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    progress.record(RESULT)
    progress.record(replace(RESULT, checks=(replace(RESULT.checks[0], verdict="wrong"), RESULT.checks[1])))
    assert progress.of("taints/x") == {"attempts": 2, "best": 3, "points": 5, "version": "v1"}


def test_points_of_another_version_do_not_count(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    progress.record(RESULT)
    progress.record(replace(RESULT, version="v2", checks=(replace(RESULT.checks[0], verdict="wrong"),)))
    assert progress.of("taints/x")["best"] == 0


def test_hints_come_one_by_one_and_the_last_again(tmp_path: Path) -> None:
    assert [Progress(tmp_path).next_hint("taints/x", "self-study", 3) for _ in range(5)] == [0, 1, 2, 2, 2]


def test_variants_of_an_exercise_have_progress_of_their_own(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    progress.record(RESULT)
    progress.next_hint("taints/x", "self-study", 3)
    assert progress.of("taints/x", "ada") == {}
    assert progress.next_hint("taints/x", "ada", 3) == 0
    progress.record(replace(RESULT, variant="ada", checks=()))
    assert progress.of("taints/x", "ada")["best"] == 0
    assert progress.of("taints/x")["best"] == 3


def test_a_damaged_file_is_like_none(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    for text in ("{", "[]", '{"taints/x": 7}', "\x00"):
        progress.path.parent.mkdir(exist_ok=True)
        progress.path.write_text(text)
        assert progress.of("taints/x") == {}
        progress.record(RESULT)
        assert progress.of("taints/x")["attempts"] == 1


def test_nothing_but_the_file_is_left(tmp_path: Path) -> None:
    Progress(tmp_path).record(RESULT)
    assert [path.name for path in (tmp_path / ".k8scourse").iterdir()] == ["progress.json"]


def test_the_working_folder_holds_the_copies_of_chapters_and_exercises(tmp_path: Path) -> None:
    inner = tmp_path / "exercises" / "taints" / "x"
    inner.mkdir(parents=True)
    assert working_folder(inner) == inner.resolve()
    (tmp_path / "exercises" / ".k8scourse.json").write_text("{}")
    assert working_folder(inner) == tmp_path.resolve()
    (tmp_path / ".k8scourse").mkdir()
    assert working_folder(tmp_path / "notebooks") == tmp_path.resolve()
