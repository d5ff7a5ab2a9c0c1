"""The few building blocks of our static HTML: escaped, byte-stable, with its colours inside."""

from __future__ import annotations

from functools import cache
from html import escape as _escape
from importlib import resources
from typing import NamedTuple


class Glyph(NamedTuple):
    """A sign that says a state by its shape; the state's word always stands beside it."""

    shape: str
    role: str


_SHAPES = {
    "disc": '<circle cx="6" cy="6" r="4.5"/>',
    "ring": '<circle cx="6" cy="6" r="4" fill="none" stroke-dasharray="2.2 1.6"/>',
    "half": '<circle cx="6" cy="6" r="4.5" fill="none"/><path d="M6 1.5a4.5 4.5 0 0 0 0 9z"/>',
    "triangle": '<path d="M6 1.5 11 10.5H1z" fill="none"/>',
    "square": '<path d="M2 2h8v8H2z"/>',
    "cross": '<path d="M2 2l8 8M10 2l-8 8" fill="none"/>',
    "check": '<path d="M1.5 6.5 5 10l5.5-8" fill="none"/>',
    "diamond": '<path d="M6 1 11 6 6 11 1 6z" fill="none"/>',
}


def escape(text: object) -> str:
    """*text* for use between tags and inside quoted attributes."""
    return _escape(str(text), quote=True)


def glyph(sign: Glyph) -> str:
    """The sign as inline SVG, hidden from screen readers (the word beside it says the same)."""
    return (
        f'<svg class="k8s-glyph k8s-{sign.role}" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">'
        f"{_SHAPES[sign.shape]}</svg>"
    )


def table(headers: list[str], rows: list[list[str]], *, caption: str) -> str:
    """A plain table; the first cell of each row is its header."""
    head = "".join(f'<th scope="col">{escape(header)}</th>' for header in headers)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def view(name: str, label: str, *parts: str, style: str = "") -> str:
    """The frame around a view; carries the style sheet and the view's own *style*, so that the HTML stands alone."""
    own = style_sheet(style) if style else ""
    return (
        f'<section class="k8s-view k8s-{name}" aria-label="{escape(label)}">'
        f"<style>{style_sheet()}{own}</style>{''.join(parts)}</section>"
    )


@cache
def style_sheet(name: str = "views") -> str:
    """The views' colours and shapes (or those of one view) without comments and line breaks."""
    text = resources.files("k8scourse.views").joinpath(f"{name}.css").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    return "".join(line for line in lines if line and not line.startswith("/*"))
