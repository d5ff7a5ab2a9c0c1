"""The command line `k8scourse lab [FOLDER]`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from k8scourse.course.lab import FOLDER, open_lab

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: SubParsers) -> argparse.ArgumentParser:
    """Adds the command ``lab`` to the parsers of a command line; its ``main`` is set as ``run_command``."""
    parser = subparsers.add_parser(
        "lab",
        help="open the course in JupyterLab",
        description="Copies chapters and exercises into a working folder and opens JupyterLab there. What you changed "
        "is never overwritten. JupyterLab opens the browser that BROWSER names, else your own.",
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path(FOLDER), help=f"where to work (default: {FOLDER})")
    parser.add_argument("--no-browser", action="store_true", help="print the address instead of opening a browser")
    parser.add_argument("--port", type=int, metavar="N", help="the port to listen on (default: 8888, or the next free)")
    parser.set_defaults(run_command=main)
    return parser


def main(args: argparse.Namespace) -> int:
    """Opens the course as the parsed arguments say; gives JupyterLab's exit code."""
    options = ["--no-browser"] if args.no_browser else []
    if args.port is not None:
        options.append(f"--port={args.port}")
    return open_lab(args.folder, options)
