"""One clear line for what a bare machine lacks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import find_browser
import pytest

ROOT = Path(__file__).resolve().parents[2]


def fake_python(folder: Path, *, version_ok: bool, venv_ok: bool) -> str:
    """A program that answers find_python.sh's two questions."""
    program = folder / "python3.99"
    answers = f'case "$2" in *version_info*) exit {0 if version_ok else 1};; *) exit {0 if venv_ok else 1};; esac'
    program.write_text(f"#!/bin/sh\n{answers}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def find_python(python: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHON": python}
    script = ROOT / "tools" / "find_python.sh"
    return subprocess.run(["sh", str(script)], env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("version_ok", "venv_ok", "word"), [(True, False, "python3-venv"), (False, True, "3.11 or later")]
)
def test_an_unusable_python_is_told_in_one_line(tmp_path: Path, version_ok: bool, venv_ok: bool, word: str) -> None:
    done = find_python(fake_python(tmp_path, version_ok=version_ok, venv_ok=venv_ok))
    assert done.returncode == 1
    assert word in done.stderr and done.stderr.count("\n") == 1


def test_no_python_at_all_is_told_in_one_line() -> None:
    done = find_python("no-such-python")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_python_may_be_chosen() -> None:
    assert find_python(sys.executable).stdout.strip() == sys.executable


def test_chromium_from_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert find_browser.find_browser() == sys.executable


def test_no_browser_is_a_failure_with_advice_not_a_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(find_browser, "APPLICATIONS", ())
    with pytest.raises(find_browser.BrowserNotFound, match="CHROMIUM="):
        find_browser.find_browser()
