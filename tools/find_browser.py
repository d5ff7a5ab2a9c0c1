"""Finds the Chromium that the browser tests drive. Standard library only; prints its path or one line of advice."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "~/Applications/Chromium.app/Contents/MacOS/Chromium",
    "~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ADVICE = (
    "the tests need a browser: install Chromium or Chrome (Debian: apt-get install chromium), "
    "or say CHROMIUM=/path/to/it"
)


class BrowserNotFound(RuntimeError):
    """There is no Chromium; the text is one line of advice."""


def find_browser() -> str:
    """Path of a Chromium: CHROMIUM from the environment, then PATH, then macOS applications."""
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise BrowserNotFound(f"CHROMIUM={named} is not a program: {ADVICE}")
        return found
    for program in PROGRAMS:
        if found := shutil.which(program):
            return found
    for application in APPLICATIONS:
        path = Path(application).expanduser()
        if os.access(path, os.X_OK):
            return str(path)
    raise BrowserNotFound(ADVICE)


def main() -> int:
    try:
        print(find_browser())
    except BrowserNotFound as error:
        print(f"k8scourse: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
