"""`k8scourse lab`: the working folder and JupyterLab on the course's first page."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from k8scourse.course.content import content_dir
from k8scourse.course.workspace import copy_course

FOLDER = "work"
PARTS = {"notebooks": "**/*", "exercises": "**/*.ipynb"}
"""The folders that a learner gets, and what of each: of an exercise the notebook, never its checks and solutions.

They keep their places beside each other, so that links between chapters and exercises work in a copy, too.
"""


def open_lab(folder: Path = Path(FOLDER), options: Sequence[str] = ()) -> int:
    """Copy chapters and exercises into *folder* and run JupyterLab there until it is closed; gives its exit code.

    *options* go to JupyterLab, e.g. --no-browser. Raises ContentMissing, OSError.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        print("k8scourse: JupyterLab is not installed: pip install 'k8scourse[notebook]'", file=sys.stderr)
        return 1
    for line in fill(folder):
        print(line)
    return _run(lab_command(folder, options), folder)


def fill(folder: Path) -> list[str]:
    """Bring *folder* up to date with the course; gives a line for each file that keeps the learner's changes."""
    lines: list[str] = []
    for part, pattern in PARTS.items():
        source = content_dir(part)
        for name in copy_course(source, folder / part, pattern).kept:
            lines.append(f"{folder / part / name} keeps your changes; the course's own version is {source / name}")
    return lines


def lab_command(folder: Path, options: Sequence[str] = ()) -> list[str]:
    """The command that starts JupyterLab in *folder* on its first chapter."""
    command = [sys.executable, "-m", "jupyterlab", *options]
    first = min((path.name for path in (folder / "notebooks").glob("*.ipynb")), default="")
    if first:
        command.append(f"--LabApp.default_url=/lab/tree/notebooks/{first}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command


def _run(command: list[str], folder: Path) -> int:
    """Ctrl-C is JupyterLab's to answer: it asks, closes the kernels and ends; this process waits for it."""
    lab = subprocess.Popen(command, cwd=folder)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return lab.wait()
    finally:
        signal.signal(signal.SIGINT, before)
