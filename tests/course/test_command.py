"""`k8scourse exercise check | build | list`: what is printed and with which exit code."""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import pytest

from k8scourse.cli import main as run_command_line
from k8scourse.course.command import add_parser, folders, main
from tests.course.conftest import EXERCISE, SOLUTION, write_exercise
from tests.course.test_proving import GOOD


def call(*words: str) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    out = io.StringIO()
    return main(parser.parse_args(["exercise", *words]), out=out), out.getvalue()


def test_a_proven_exercise_is_ok(tmp_path: Path) -> None:
    write_exercise(tmp_path, EXERCISE, GOOD)
    code, printed = call("check", str(tmp_path))
    assert code == 0
    assert printed.startswith("ok   chapter/small: 2 variants")
    assert printed.endswith("1 exercises: 1 proven, 0 not\n")


def test_what_speaks_against_an_exercise_is_printed(tmp_path: Path) -> None:
    write_exercise(tmp_path, EXERCISE, SOLUTION)
    code, printed = call("check", "--variants", "1", str(tmp_path))
    assert code == 1
    assert printed.startswith("FAIL chapter/small: 1 variants")
    assert '\n    equivalent "drop spec.tolerations[0].effect" fits no mutant' in printed


def test_an_invalid_file_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_exercise(tmp_path, EXERCISE.replace("kind: repair", "kind: repare"))
    assert call("check", str(tmp_path))[0] == 2
    assert "did you mean repair?" in capsys.readouterr().err


def test_notebooks_are_built_once(tmp_path: Path) -> None:
    place = write_exercise(tmp_path)
    assert call("build", "--check", str(tmp_path))[0] == 1
    assert call("build", str(tmp_path)) == (0, f"wrote {place}/small.ipynb\n")
    assert call("build", str(tmp_path)) == (0, "")
    assert call("build", "--check", str(tmp_path)) == (0, "")


def test_exercises_are_listed(tmp_path: Path) -> None:
    write_exercise(tmp_path)
    assert call("list", str(tmp_path))[1].startswith("chapter/small  repair     5 points  ")


def test_variants_are_handed_out_by_the_same_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "roster.csv").write_text("learner\nann\nbob\n")
    (tmp_path / "secret").write_text("0123456789abcdef0123456789abcdef\n")
    words = ["--roster", f"{tmp_path}/roster.csv", "--secret-file", f"{tmp_path}/secret", "--out", f"{tmp_path}/out"]
    assert run_command_line(["exercise", "assign", "taints/who-gets-in", *words]) == 0
    assert "2 notebooks for 2 learners" in capsys.readouterr().out
    texts = {path.read_text() for path in tmp_path.glob("out/*/taints/who-gets-in.ipynb")}
    assert len(texts) == 2


def test_a_folder_without_exercises_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match=r"has no exercise.yaml in it"):
        folders([tmp_path])
