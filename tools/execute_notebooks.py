"""Runs notebooks from top to bottom and stores what their cells print, so that the same notebook gives the same bytes.

    python tools/execute_notebooks.py [NOTEBOOK...]        run and store (without names: all of notebooks/)
    python tools/execute_notebooks.py --check [NOTEBOOK..] run and compare, write nothing; exit code 1 when they differ

A widget is stored as its text and its picture, not as a live view: the view would be empty until the cell is run.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
MOST_BYTES = 100_000
"""The largest output that a notebook may store."""
SECONDS = 60
"""How long one cell may take."""
LIVE_VIEW = "application/vnd.jupyter.widget-view+json"
KEPT_METADATA = ("k8scourse",)
METADATA: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class NotebookFailed(RuntimeError):
    """A notebook can't be stored; the text says which cell and why, in one line."""


def executed(path: Path) -> str:
    """The notebook at *path* after a run in a fresh kernel, as the text to store.

    Cells keep their ids, tags and sources. Raises NotebookFailed for a cell that fails without the tag
    raises-exception, and for an output over MOST_BYTES.
    """
    notebook: Any = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=SECONDS, store_widget_state=False, resources={"metadata": {"path": str(path.parent)}}
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise NotebookFailed(f"{path.name}: {error.ename}: {error.evalue}") from None
    return stored_form(notebook, path.name)


def stored_form(notebook: Any, name: str) -> str:
    """The text of *notebook* with nothing in it that depends on when, where or by whom it was run."""
    kept = {key: notebook["metadata"][key] for key in KEPT_METADATA if key in notebook["metadata"]}
    cells = [_cell(cell, number, name) for number, cell in enumerate(notebook["cells"], 1)]
    document = {"cells": cells, "metadata": {**METADATA, **kept}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _cell(cell: Any, number: int, name: str) -> dict[str, Any]:
    tags = cell["metadata"].get("tags")
    stored: dict[str, Any] = {
        "cell_type": cell["cell_type"],
        "id": cell["id"],
        "metadata": {"tags": list(tags)} if tags else {},
        "source": _lines(cell["source"]),
    }
    if cell["cell_type"] == "code":
        stored["execution_count"] = cell["execution_count"]
        stored["outputs"] = [_output(output) for output in _joined(cell["outputs"])]
        size = max((len(json.dumps(output)) for output in stored["outputs"]), default=0)
        if size > MOST_BYTES:
            raise NotebookFailed(f"{name}: cell {number} ({cell['id']}) would store {size:,} bytes in one output")
    return stored


def _joined(outputs: Any) -> list[dict[str, Any]]:
    """*outputs* with neighbouring texts of one stream in one: how a kernel cuts them up is a matter of timing."""
    joined: list[dict[str, Any]] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output["output_type"] == last.get("output_type") == "stream" and output["name"] == last["name"]:
            joined[-1] = {**last, "text": last["text"] + output["text"]}
        else:
            joined.append(dict(output))
    return joined


def _output(output: Any) -> dict[str, Any]:
    stored = {key: value for key, value in output.items() if key not in ("data", "metadata", "text")}
    if "text" in output:
        stored["text"] = _lines(output["text"])
    if "data" in output:
        data = {kind: value for kind, value in output["data"].items() if kind != LIVE_VIEW}
        stored["data"] = {kind: _lines(value) if isinstance(value, str) else value for kind, value in data.items()}
        stored["metadata"] = {}
    return stored


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run notebooks and store what their cells print.")
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of notebooks/")
    parser.add_argument("--check", action="store_true", help="compare with what is stored, write nothing")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    arguments = _arguments(words)
    differing = 0
    for path in arguments.notebooks or sorted((ROOT / "notebooks").glob("*.ipynb")):
        try:
            text = executed(path)
        except NotebookFailed as error:
            print(error, file=sys.stderr)
            return 1
        same = path.read_text(encoding="utf-8") == text
        if not same and not arguments.check:
            path.write_text(text, encoding="utf-8")
        differing += not same
        print(f"{path.name}: {'as stored' if same else 'differs' if arguments.check else 'stored'}")
    return 1 if arguments.check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
