"""The journal: nothing is graded twice, nothing half-written is believed."""

from pathlib import Path

import pytest

from k8scourse.grading.grades import Grade, LearnerGrades
from k8scourse.grading.journal import Journal
from k8scourse.grading.submissions import Trouble


def grades(learner: str, earned: int | None = 1, *, final: bool = True) -> LearnerGrades:
    return LearnerGrades(learner, (Grade("a/b", "v", "s", 3, earned, "graded"),), (Trouble("f", "é\n"),), final)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    journal = Journal(tmp_path / "journal", resume=False)
    journal.add(grades("ada"), "k1")
    journal.add(grades("bob"), "k2")
    journal.add(grades("ada", 2), "k3")
    journal.close()
    return tmp_path / "journal"


def reopened(path: Path) -> Journal:
    return Journal(path, resume=True)


def test_the_last_line_of_a_learner_counts(path: Path) -> None:
    journal = reopened(path)
    assert list(journal.read(["bob", "ada", "cyd"])) == [grades("bob"), grades("ada", 2)]
    assert [journal.has("ada", key) for key in ("k1", "k3")] == [False, True]
    journal.close()


@pytest.mark.parametrize("cut", [1, 20, 100])
def test_a_line_that_was_cut_off_is_dropped_and_the_next_one_fits_on(path: Path, cut: int) -> None:
    path.write_bytes(path.read_bytes()[:-cut])
    journal = reopened(path)
    assert not journal.has("ada", "k3")
    assert journal.has("ada", "k1")
    journal.add(grades("cyd"), "k4")
    journal.close()
    again = reopened(path)
    assert list(again.read(["ada", "bob", "cyd"])) == [grades("ada"), grades("bob"), grades("cyd")]
    again.close()


def test_without_resuming_it_begins_empty(path: Path) -> None:
    journal = Journal(path, resume=False)
    assert list(journal.read(["ada", "bob"])) == []
    journal.close()


def test_a_foreign_file_is_no_journal(path: Path) -> None:
    path.write_text('{"key": "x"}\n[]\n', "utf-8")
    journal = reopened(path)
    assert list(journal.read(["ada"])) == []
    journal.close()


def test_grades_that_are_not_final_are_kept_but_made_again(path: Path) -> None:
    journal = reopened(path)
    journal.add(grades("dan", None, final=False), "k5")
    assert not journal.has("dan", "k5")
    assert [item.learner for item in journal.read(["dan"])] == ["dan"]
    journal.close()
