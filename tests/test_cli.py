"""The command line finds rooms and turns whatever goes wrong into one line."""

import re
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import k8scourse
from k8scourse import cli
from k8scourse.machinery.status import not_found


def room(run: Any) -> SimpleNamespace:
    """A room whose command does *run*."""

    def add_parser(subparsers: Any) -> None:
        parser = subparsers.add_parser("grade")
        parser.add_argument("--jobs", type=int)
        parser.set_defaults(run_command=run)

    return SimpleNamespace(add_parser=add_parser)


@pytest.fixture
def grade(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the command `grade` be done by a function."""

    def put(run: Any) -> None:
        monkeypatch.setattr(cli, "import_module", lambda name: room(run))

    return put


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"k8scourse {k8scourse.__version__}\n"


def test_help_names_every_command_and_imports_no_room(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    said = capsys.readouterr().out
    assert all(re.search(rf"^\s+{name} ", said, re.MULTILINE) for name in cli.COMMANDS)


def test_no_command_and_an_unknown_one_are_exit_code_2() -> None:
    for words in ([], ["deploy"]):
        with pytest.raises(SystemExit) as end:
            cli.main(words)
        assert end.value.code == 2


def test_a_room_gets_its_arguments_and_gives_the_exit_code(grade: Any) -> None:
    seen: list[Namespace] = []

    def run(args: Namespace) -> int:
        seen.append(args)
        return 7

    grade(run)
    assert cli.main(["grade", "--jobs", "2"]) == 7
    assert seen[0].jobs == 2


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (FileNotFoundError(2, "No such file or directory", "class"), "class: No such file or directory"),
        (OSError("the disk is full"), "the disk is full"),
        (k8scourse.ManifestError("a.yaml", 3, 5, "did not find expected key"), "a.yaml:3:5: did not find expected key"),
        (not_found("pods", "web"), 'pods "web" not found'),
        (ModuleNotFoundError("", name="sqlalchemy"), "grade needs sqlalchemy: pip install 'k8scourse[grading]'"),
        (
            ModuleNotFoundError("", name="k8scourse.grading"),
            "grade is not part of this installation (k8scourse.grading is missing)",
        ),
    ],
)
def test_what_goes_wrong_is_one_line(
    grade: Any, capsys: pytest.CaptureFixture[str], error: Exception, line: str
) -> None:
    def run(args: Namespace) -> int:
        raise error

    grade(run)
    assert cli.main(["grade"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"k8scourse: {line}")
    assert said.count("\n") == 1


def test_a_mistake_of_ours_is_not_hidden(grade: Any) -> None:
    def run(args: Namespace) -> int:
        raise KeyError("spec")

    grade(run)
    with pytest.raises(KeyError):
        cli.main(["grade"])


def test_ctrl_c_ends_quietly(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def run(args: Namespace) -> int:
        raise KeyboardInterrupt

    grade(run)
    assert cli.main(["grade"]) == cli.INTERRUPTED
    assert capsys.readouterr().err == "\n"


def test_the_lab_takes_its_options(monkeypatch: pytest.MonkeyPatch) -> None:
    from k8scourse.course import lab_command

    asked: list[Any] = []
    monkeypatch.setattr(lab_command, "open_lab", lambda *words: asked.append(words) or 0)
    assert cli.main(["lab", "here", "--no-browser", "--port", "9000"]) == 0
    assert cli.main(["lab"]) == 0
    assert asked == [(Path("here"), ["--no-browser", "--port=9000"]), (Path("work"), [])]


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    script = f"{sys.executable} -m k8scourse scenario check /dev/null | true"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
