"""What `k8scourse grade` says when it cannot begin."""

import argparse
from pathlib import Path

import pytest

from k8scourse.grading import command


def grade(root: Path, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    return command.main(parser.parse_args(["grade", *words]), root=root)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["{tmp}/nowhere"], "{tmp}/nowhere is no folder"),
        (["{tmp}", "--secret-file", "{tmp}/secret"], "--secret-file needs --roster"),
        (["{tmp}", "--roster", "{tmp}/roster.csv"], "roster.csv:1: has no column learner"),
        (["{tmp}", "--exercises", "demp"], 'there is no exercise or chapter "demp"; did you mean demo?'),
        (["{tmp}", "--gradebook", "no url"], "'no url' is no database URL"),
        (["{tmp}", "--gradebook", "sqlite:////no/such/folder/x.db"], "gradebook: unable to open database file"),
        (["{tmp}", "--gradebook", "nosuch://x"], "gradebook: Can't load plugin"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(words, expected, tmp_path, root, capsys) -> None:
    (tmp_path / "secret").write_text("s" * 20, "utf-8")
    (tmp_path / "roster.csv").write_text("who\nada\n", "utf-8")
    filled = [word.format(tmp=tmp_path) for word in words]
    assert grade(root, *filled, "--out", f"{tmp_path}/out") == 2
    printed = capsys.readouterr().err
    assert expected.format(tmp=tmp_path) in printed
    assert printed.count("\n") == 1


def test_an_empty_folder_is_an_empty_class(tmp_path, root, capsys) -> None:
    (tmp_path / "s").mkdir()
    assert grade(root, str(tmp_path / "s"), "--out", str(tmp_path / "out")) == 0
    assert "0 learners, 2 exercises" in capsys.readouterr().out
