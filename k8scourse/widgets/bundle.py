"""The JavaScript of the widgets: a small loader in every widget, and the bundle that it asks for once per page."""

from __future__ import annotations

import os
from functools import cache
from importlib import resources

PARTS = ("graphs",)
"""Further scripts of the bundle: what draws graphs is three times as large as all else."""
_FOLDER = resources.files("k8scourse.widgets")


@cache
def loader() -> str:
    """The ES module that every widget carries (under 3 KB)."""
    return _FOLDER.joinpath("loader.js").read_text(encoding="utf-8")


def bundle_id() -> str:
    """Names the bundle by its content, so that a page caches it; empty where there is none.

    K8SCOURSE_NO_JS=1 in the kernel's environment hides the bundle: widgets are then plain forms.
    """
    return "" if os.environ.get("K8SCOURSE_NO_JS", "") in ("1", "true", "yes") else _built_from()


@cache
def _built_from() -> str:
    stamp = _FOLDER.joinpath("static", "sources.sha256")
    return stamp.read_text(encoding="ascii").strip() if stamp.is_file() else ""


@cache
def bundle() -> tuple[bytes, bytes]:
    """The bundle's script and style sheet. Raises FileNotFoundError where the package was built without them."""
    static = _FOLDER.joinpath("static")
    return static.joinpath("k8scourse.js").read_bytes(), static.joinpath("k8scourse.css").read_bytes()


@cache
def part(name: str) -> bytes:
    """A further script of the bundle, which a page asks for when it needs it; raises FileNotFoundError."""
    return _FOLDER.joinpath("static", f"{name}.js").read_bytes()
