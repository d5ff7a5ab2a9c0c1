"""The way of a request through the cluster, hop by hop: text, table and a row of boxes."""

from __future__ import annotations

from html import escape
from typing import Any

from k8scourse.networking.answer import Answer
from k8scourse.views.picture import Picture

_BOX = "border:2px {line} {colour};border-radius:6px;padding:4px 8px;display:inline-block;margin:2px 0;max-width:22em"
_GOOD, _BAD = "#0072B2", "#D55E00"
"""Okabe-Ito blue and vermilion; a dashed border says the same without colour."""


def request_path(answer: Answer) -> Picture:
    """The picture of a request: `str()` is its text, a notebook shows boxes."""
    return Picture(request_data(answer), str(answer), to_html(answer))


def request_data(answer: Answer) -> dict[str, Any]:
    """The request as plain data: from, url, outcome, reason, code and hops."""
    return answer.as_data()


def to_table(answer: Answer) -> list[list[str]]:
    """The hops as rows under a header."""
    rows = [[hop.kind, hop.name, "on" if hop.passed else "stop", hop.said] for hop in answer.hops]
    return [["HOP", "NAME", "WENT", "WHAT HAPPENED"], *rows]


def to_html(answer: Answer) -> str:
    """The hops as an ordered list of boxes, the outcome below them."""
    items = "".join(_item(hop.kind, hop.name, hop.said, hop.passed) for hop in answer.hops)
    code = f" (HTTP {answer.code})" if answer.code is not None else ""
    title = f"Request from {answer.source} to {answer.url}: {answer.outcome}"
    return (
        f'<section class="k8scourse-request" aria-label="{escape(title, quote=True)}">'
        f"<ol>{items}</ol>"
        f"<p><strong>{escape(answer.outcome)}{code}</strong>: {escape(answer.reason)}</p></section>"
    )


def _item(kind: str, name: str, said: str, passed: bool) -> str:
    style = _BOX.format(line="solid" if passed else "dashed", colour=_GOOD if passed else _BAD)
    mark = "\N{RIGHTWARDS ARROW}" if passed else "\N{MULTIPLICATION SIGN}"
    return (
        f'<li><span style="{style}"><strong>{escape(kind)}</strong> <code>{escape(name)}</code><br>'
        f"{mark} {escape(said)}</span></li>"
    )
