"""Storing notebooks: nothing in the file depends on when, where or by whom it was run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import execute_notebooks as tool
import pytest


def code(source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "id": "one", "metadata": {}, "source": source, "execution_count": None, "outputs": [],
            **more}  # fmt: skip


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def stored(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return json.loads(tool.stored_form(notebook(*cells, **metadata), "x.ipynb"))


def test_a_widget_is_stored_without_its_live_view() -> None:
    data = {"text/plain": "<Map>", "text/html": "<p>map</p>", tool.LIVE_VIEW: {"model_id": "f00"}}
    shown = {"output_type": "display_data", "data": data, "metadata": {}}
    assert stored(code("Map()", outputs=[shown]))["cells"][0]["outputs"][0]["data"] == {
        "text/plain": ["<Map>"],
        "text/html": ["<p>map</p>"],
    }


def test_times_versions_and_editor_state_are_left_out_but_tags_stay() -> None:
    cell = code(
        "1", metadata={"execution": {"iopub.status.busy": "2026"}, "collapsed": True, "tags": ["raises-exception"]}
    )
    document = stored(cell, language_info={"version": "3.11.2"}, widgets={"state": {}}, k8scourse={"format": 1})
    assert document["cells"][0]["metadata"] == {"tags": ["raises-exception"]}
    assert document["metadata"] == {**tool.METADATA, "k8scourse": {"format": 1}}


def test_texts_of_one_stream_are_stored_as_one_however_the_kernel_cut_them() -> None:
    cut = [{"output_type": "stream", "name": name, "text": text} for name, text in
           [("stdout", "a\n"), ("stdout", "b\n"), ("stderr", "c\n"), ("stdout", "d\n")]]  # fmt: skip
    outputs = stored(code("", outputs=cut))["cells"][0]["outputs"]
    assert [(output["name"], output["text"]) for output in outputs] == [
        ("stdout", ["a\n", "b\n"]),
        ("stderr", ["c\n"]),
        ("stdout", ["d\n"]),
    ]


def test_an_output_over_the_limit_is_refused_by_name() -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": "x" * tool.MOST_BYTES}
    with pytest.raises(tool.NotebookFailed, match=r"x\.ipynb: cell 1 \(one\) would store 100,\d+ bytes"):
        stored(code("print()", outputs=[printed]))


def test_a_run_twice_gives_the_same_bytes_and_check_writes_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(notebook(code("print('a')\n2 * 21"))), encoding="utf-8")
    before = path.read_bytes()
    assert tool.main(["--check", str(path)]) == 1
    assert path.read_bytes() == before
    assert tool.main([str(path)]) == 0
    assert tool.main(["--check", str(path)]) == 0
    assert [output["output_type"] for output in json.loads(path.read_bytes())["cells"][0]["outputs"]] == [
        "stream",
        "execute_result",
    ]
    assert "x.ipynb: differs\nx.ipynb: stored\nx.ipynb: as stored\n" in capfd.readouterr().out


def test_a_failing_cell_is_told_in_one_line_and_nothing_is_stored(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(notebook(code("1 / 0"))), encoding="utf-8")
    before = path.read_bytes()
    assert tool.main([str(path)]) == 1
    assert "x.ipynb: ZeroDivisionError: division by zero\n" in capfd.readouterr().err
    assert path.read_bytes() == before
