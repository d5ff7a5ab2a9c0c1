"""What the documents show is what happens."""

import contextlib
import io
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "docs/for-instructors.md", "docs/architecture.md"]


def fences(text: str, language: str = "") -> list[str]:
    """The contents of fenced blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_readme_prints_what_it_says() -> None:
    (code,), (shown,) = fences(README, "python"), fences(README, "text")
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(code, "README.md", "exec"), {})  # our own file
    assert [line.rstrip() for line in said.getvalue().splitlines()] == shown.splitlines()


@cache
def help_of(*words: str) -> str:
    """What the command line says about a command."""
    done = subprocess.run(
        [sys.executable, "-m", "k8scourse", *words, "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout


COMMANDS = [
    (document, line)
    for document in DOCUMENTS
    for block in fences((ROOT / document).read_text(encoding="utf-8"))
    for line in block.splitlines()
    if line.startswith("k8scourse ")
]


@pytest.mark.parametrize(("document", "line"), COMMANDS)
def test_commands_in_documents_exist_with_their_options(document: str, line: str) -> None:
    words = shlex.split(line)[1:]
    known = help_of(words[0])
    if len(words) > 1 and re.search(rf"^    {words[1]}\b", known, re.MULTILINE):
        known = help_of(words[0], words[1])
    for option in [word for word in words if word.startswith("--")]:
        assert option in known


def test_the_map_of_the_rooms_names_every_room() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "k8scourse").glob("*/__init__.py")}
    drawn = set(re.findall(r"^([a-z_]+(?: +[a-z_]+)*?)(?: {3,}|$)", fences(text)[0], re.MULTILINE))
    words = {word for line in drawn for word in line.split()}
    assert rooms <= words | set(fences(text)[0].split())
