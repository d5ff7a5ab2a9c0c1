"""`k8scourse lab`: the working folder and JupyterLab on the course's first page."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from k8scourse.course.content import content_dir
from k8scourse.course.workspace import copy_course

FOLDER = "work"


def open_lab(folder: Path = Path(FOLDER), options: Sequence[str] = ()) -> int:
    """Copy the chapters into *folder* and run JupyterLab there until it is closed; gives its exit code.

    *options* go to JupyterLab, e.g. --no-browser.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        print("k8scourse: JupyterLab is not installed: pip install 'k8scourse[notebook]'", file=sys.stderr)
        return 1
    notebooks = content_dir("notebooks")
    done = copy_course(notebooks, folder)
    for name in done.kept:
        print(f"{folder / name} keeps your changes; the course's own version is {notebooks / name}")
    return subprocess.run(lab_command(folder, options), cwd=folder, check=False).returncode


def lab_command(folder: Path, options: Sequence[str] = ()) -> list[str]:
    """The command that starts JupyterLab on the first chapter in *folder*."""
    command = [sys.executable, "-m", "jupyterlab", *options]
    first = min((path.name for path in folder.glob("*.ipynb")), default="")
    if first:
        command.append(f"--LabApp.default_url=/lab/tree/{first}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command
