"""HTML that cannot be broken by what stands in it: every text is escaped unless it is HTML already."""

from __future__ import annotations

from collections.abc import Iterable

from k8scourse.grading.plain import printable
from k8scourse.views.markup import escape

_EMPTY = frozenset({"meta", "br"})


class Html(str):
    """A text that is HTML; only the functions of this module make it."""

    __slots__ = ()


Child = str | int | Iterable["Child"] | None


def element(name: str, /, *children: Child, **attributes: str) -> Html:
    """An element; of its children only Html stays as it is. An attribute `class_` is written `class`."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{_text(value)}"' for key, value in attributes.items())
    if name in _EMPTY:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{''.join(map(_child, children))}</{name}>")


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return child
    if isinstance(child, (str, int)):
        return _text(str(child))
    return "".join(map(_child, child))


def _text(text: str) -> str:
    return escape(printable(text))


def document(title: str, style: str, *body: Child) -> str:
    """A page of its own that loads nothing and runs nothing; *style* is CSS of ours."""
    head = (
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        Html(f"<style>{style}</style>"),
    )
    page = element("html", element("head", head), element("body", element("main", body)), lang="en")
    return f"<!DOCTYPE html>\n{page}\n"
