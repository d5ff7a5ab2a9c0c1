"""Rosters, secrets and what is handed out."""

import argparse
import io
import json
from pathlib import Path

import pytest

from k8scourse.course import assigning
from k8scourse.course.assigning import UnknownChoice, assign, chosen_exercises
from k8scourse.course.exercise_loader import find_exercise
from k8scourse.course.roster import InvalidRoster, Learner, read_roster, read_secret, variant_for
from tests.grading.classes import PLACE_ID, PREDICT_ID, make_exercises

SECRET = "0123456789abcdef"


def roster(folder: Path, text: str) -> Path:
    path = folder / "roster.csv"
    path.write_bytes(text.encode())
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_exercises(tmp_path / "exercises")


def test_a_roster_has_a_column_learner_and_maybe_more(tmp_path) -> None:
    text = '\ufeffName,Learner,Email,Section\r\n"Lovelace, Ada",ada,ada@example.org,1\r\n\r\nBob,bob\r\n'
    assert read_roster(roster(tmp_path, text)) == [
        Learner("ada", "Lovelace, Ada", "ada@example.org"),
        Learner("bob", "Bob"),
    ]


def test_semicolons_are_read_as_some_spreadsheets_write_them(tmp_path) -> None:
    assert read_roster(roster(tmp_path, "learner;name\nada;Ada, Countess\n")) == [Learner("ada", "Ada, Countess")]


def test_names_may_be_formulas_and_html_because_nothing_runs_them(tmp_path) -> None:
    text = 'learner,name\n=1+1,"=HYPERLINK(""x"")"\n<b>,<script>\n'
    assert [learner.id for learner in read_roster(roster(tmp_path, text))] == ["<b>", "=1+1"]


def test_every_fault_of_a_roster_is_told_with_its_line(tmp_path) -> None:
    text = "learner,name\nada,A\nada,B\n,C\n../up,D\n..,E\n" + "x" * 300 + ",F\n"
    with pytest.raises(InvalidRoster) as caught:
        read_roster(roster(tmp_path, text))
    found = [line.partition("roster.csv:")[2] for line in str(caught.value).splitlines()]
    assert found == [
        "3: ada is on the roster twice",
        "4: has no learner",
        "5: '../up' cannot be the name of a learner's folder",
        "6: '..' cannot be the name of a learner's folder",
        "7: the learner's id has 300 characters; at most 200 are possible",
    ]


@pytest.mark.parametrize(("text", "expected"), [("", "is empty"), ("a,b\n", "has no column learner; there are a or b")])
def test_a_roster_without_learners_is_refused(tmp_path, text: str, expected: str) -> None:
    with pytest.raises(InvalidRoster, match=expected):
        read_roster(roster(tmp_path, text))


def test_a_secret_that_can_be_guessed_is_refused(tmp_path) -> None:
    path = tmp_path / "secret"
    path.write_text("12345\n", "utf-8")
    with pytest.raises(InvalidRoster, match="fewer than 16 characters"):
        read_secret(path)
    path.write_text(f"{SECRET}\n", "utf-8")
    assert read_secret(path) == SECRET


def test_everybody_gets_the_variant_that_the_grader_will_derive(tmp_path, root) -> None:
    exercise = find_exercise(PLACE_ID, root)
    learners = [Learner(f"l{number}") for number in range(6)]
    done = assign([exercise], learners, SECRET, tmp_path / "out")
    assert done.written == tuple(f"l{number}/demo/place.ipynb" for number in range(6))
    apps = set()
    for learner in learners:
        text = (tmp_path / "out" / learner.id / "demo/place.ipynb").read_text("utf-8")
        data = json.loads(text)
        variant = variant_for(exercise, learner.id, SECRET)
        assert data["metadata"]["k8scourse"]["variant"] == variant.seed
        assert SECRET not in text
        apps.add(variant.values["app"])
    assert len(apps) > 1


def test_a_notebook_that_somebody_worked_in_is_left_alone(tmp_path, root) -> None:
    exercise, out = find_exercise(PREDICT_ID, root), tmp_path / "out"
    assign([exercise], [Learner("ada"), Learner("bob")], SECRET, out)
    (out / "ada/demo/predict.ipynb").write_text("mine", "utf-8")
    again = assign([exercise], [Learner("ada"), Learner("bob")], SECRET, out)
    assert (again.written, again.kept) == ((), ("ada/demo/predict.ipynb",))
    assert (out / "ada/demo/predict.ipynb").read_text("utf-8") == "mine"


def test_exercises_are_chosen_by_chapter_or_by_id(root) -> None:
    assert chosen_exercises(None, root) == [PLACE_ID, PREDICT_ID]
    assert chosen_exercises(["demo"], root) == [PLACE_ID, PREDICT_ID]
    assert chosen_exercises([PREDICT_ID], root) == [PREDICT_ID]
    with pytest.raises(UnknownChoice, match="did you mean demo/place"):
        chosen_exercises(["demo/plac"], root)


def test_the_command_writes_for_a_roster_and_says_what_is_wrong(tmp_path, root, capsys) -> None:
    parser = argparse.ArgumentParser()
    assigning.add_parser(parser.add_subparsers())
    roster(tmp_path, "learner\nada\nbob\n")
    (tmp_path / "secret").write_text(SECRET, "utf-8")
    words = [
        "assign",
        "--roster",
        f"{tmp_path}/roster.csv",
        "--secret-file",
        f"{tmp_path}/secret",
        "--out",
        f"{tmp_path}/o",
    ]
    out = io.StringIO()
    assert assigning.main(parser.parse_args(words), root=root, out=out) == 0
    assert out.getvalue() == f"4 notebooks for 2 learners written to {tmp_path}/o\n"
    (tmp_path / "secret").write_text("x", "utf-8")
    assert assigning.main(parser.parse_args(words), root=root, out=out) == 2
    assert "fewer than 16" in capsys.readouterr().err
