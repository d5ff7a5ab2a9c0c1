"""What every notebook of the course keeps to. What its cells print is nbval's to check (`make test` runs it)."""

from __future__ import annotations

import ast
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
START = ROOT / "notebooks" / "00-start.ipynb"
CHAPTERS = [path for path in NOTEBOOKS if path != START]

Cell = dict[str, Any]

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


def cells_of(path: Path, kind: str | None = None) -> list[Cell]:
    cells: list[Cell] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if kind in (None, cell["cell_type"])]


def source(cell: Cell) -> str:
    return "".join(cell["source"])


def text_of(path: Path) -> str:
    return "\n\n".join(source(cell) for cell in cells_of(path, "markdown"))


def headings(path: Path) -> list[tuple[int, str]]:
    return [(len(marks), title) for marks, title in re.findall(r"^(#+) +(.+)$", text_of(path), re.M)]


@each_notebook
def test_the_only_h1_opens_the_notebook_and_no_level_is_skipped(path: Path) -> None:
    levels = [level for level, _ in headings(path)]
    assert source(cells_of(path)[0]).startswith("# ")
    assert levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


@each_notebook
def test_every_code_cell_was_run_from_top_to_bottom(path: Path) -> None:
    counts = [cell["execution_count"] for cell in cells_of(path, "code")]
    assert counts == list(range(1, len(counts) + 1))


@each_notebook
def test_cells_are_short_and_parse(path: Path) -> None:
    for cell in cells_of(path, "code"):
        assert len(source(cell).splitlines()) <= 12, cell["id"]
        assert all(len(line) <= 105 for line in source(cell).splitlines()), cell["id"]
        ast.parse(source(cell))


@each_notebook
def test_cells_are_named_once(path: Path) -> None:
    names = [cell["id"] for cell in cells_of(path)]
    assert len(set(names)) == len(names)


@each_notebook
def test_nothing_is_shown_that_nbval_cannot_compare(path: Path) -> None:
    for cell in cells_of(path, "code"):
        assert not re.search(r"clear_output|\bOutput\(|update_display|\.update\(|display_id", source(cell)), cell["id"]
        assert all(output["output_type"] != "update_display_data" for output in cell["outputs"]), cell["id"]


@each_notebook
def test_outputs_are_small_and_widgets_are_stored_as_text_and_picture(path: Path) -> None:
    for cell in cells_of(path, "code"):
        for output in cell["outputs"]:
            assert len(json.dumps(output)) <= 100_000, cell["id"]
            kinds = set(output.get("data", {}))
            assert kinds <= {"text/plain", "text/html", "image/svg+xml"}, cell["id"]
            assert not kinds or "text/plain" in kinds, cell["id"]


@each_notebook
def test_no_output_depends_on_the_machine(path: Path) -> None:
    stored = json.dumps([cell["outputs"] for cell in cells_of(path, "code")])
    assert not re.search(r"0x[0-9a-f]{6,}|Traceback|/home/|/tmp/|/usr/", stored)


@each_notebook
def test_every_link_leads_somewhere(path: Path) -> None:
    anchors = {title.replace(" ", "-") for _, title in headings(path)}
    for label, target in re.findall(r"\[([^\]]+)\]\(([^)]+)\)", text_of(path)):
        assert label.strip().lower() not in ("here", "link", "this")
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif not target.startswith("https://"):
            assert (path.parent / target).is_file(), target


@each_notebook
def test_every_picture_has_a_text_alternative(path: Path) -> None:
    assert "![](" not in text_of(path)
    stored = text_of(path) + json.dumps([cell["outputs"] for cell in cells_of(path, "code")])
    assert all(" alt=" in image for image in re.findall(r"<img [^>]*>", stored))


@each_chapter
def test_a_chapter_is_neither_too_long_nor_too_short(path: Path) -> None:
    words = re.findall(r"[\w'-]+", re.sub(r"\]\([^)]*\)", "]", text_of(path)))
    assert 1_200 <= len(words) <= 2_000
    assert 15 <= len(cells_of(path, "code")) <= 30


@each_chapter
def test_a_chapter_has_all_its_parts(path: Path) -> None:
    text = text_of(path)
    assert all(f"**{word}.**" in text for word in ("Predict", "Explain"))
    titles = " | ".join(title for _, title in headings(path))
    assert all(
        part in titles for part in ("be able to do", "Lab", "Fact check", "Misconceptions", "Summary", "Exercises")
    )


@each_chapter
def test_the_start_page_leads_to_every_chapter(path: Path) -> None:
    assert f"({path.name})" in text_of(START)


def test_the_start_page_lists_ten_chapters_and_says_which_are_coming() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+?) \|.*\| (\S+) \|$", text_of(START), re.M)
    assert [int(number) for number, _, _ in rows] == list(range(1, 11))
    assert all((state == "**open**") == title.startswith("[") for _, title, state in rows)
    assert all(
        int(link.group(1)) == int(number) for number, title, _ in rows if (link := re.search(r"\((\d+)-", title))
    )


@each_chapter
def test_a_chapter_lists_its_exercises_as_they_present_themselves(path: Path) -> None:
    rows = re.findall(r"^\| \[(.+?)\]\((\.\./exercises/(.+?)/.+?\.ipynb)\) \| (\w+) \| (\d+) \|$", text_of(path), re.M)
    folder = ROOT / "exercises" / rows[0][2]
    assert {ROOT / "notebooks" / link for _, link, *_ in rows} == {
        ROOT / "notebooks" / ".." / found.relative_to(ROOT) for found in folder.glob("*/*.ipynb")
    }
    for title, link, _, kind, minutes in rows:
        introduction = source(cells_of(path.parent / link)[0])
        assert introduction.startswith(f"# {title}\n\n{kind.capitalize()} ")
        assert f"about {minutes} minutes" in introduction
