"""Columns as Go's text/tabwriter makes them (tabwriter_test.go of Go, minimum 0 or 6, padding 2 or 3, no flags)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from k8scourse.kubectl.printers.tabwriter import align, table


def page(text: str) -> str:
    return align(text, minimum=0, padding=2)


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert page("a\tbbb\tc\naaaa\tb\tc\n") == "a     bbb  c\naaaa  b    c\n"


def test_a_line_without_cells_ends_a_column() -> None:
    assert page("a\tb\nno cells\naaaa\tb\n") == "a  b\nno cells\naaaa  b\n"


def test_a_shorter_line_ends_the_columns_to_its_right_only() -> None:
    assert page("a\tlonger\tx\nb\ty\nc\tz\tx\n") == "a  longer  x\nb  y\nc  z  x\n"


def test_empty_cells_keep_their_width() -> None:
    assert page("a\t\tb\n") == "a    b\n"


def test_tables_have_a_minimum_width() -> None:
    assert table("A\tB\nc\td\n") == "A     B\nc     d\n"


def test_text_without_a_final_newline_stays_so() -> None:
    assert page("a\tb") == "a  b"
    assert page("") == ""


def test_remembered_widths_never_shrink() -> None:
    widths: list[int] = []
    assert table("long name\tx\n", widths) == "long name   x\n"
    assert table("a\tx\n", widths) == "a           x\n"
    assert table("a much longer name\tx\n", widths) == "a much longer name   x\n"


@given(st.lists(st.lists(st.text(alphabet="ab", max_size=4), min_size=3, max_size=3), min_size=1, max_size=5))
def test_equal_lines_make_one_grid(rows: list[list[str]]) -> None:
    lines = page("".join("\t".join(row) + "\n" for row in rows)).splitlines()
    first = max(len(row[0]) for row in rows) + 2
    second = first + max(len(row[1]) for row in rows) + 2
    for row, line in zip(rows, lines, strict=True):
        assert line == f"{row[0].ljust(first)}{row[1]}".ljust(second) + row[2]
