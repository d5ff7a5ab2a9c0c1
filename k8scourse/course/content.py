"""Where chapters and exercises are: inside an installed package, or in the checkout that an editable install uses."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


class ContentMissing(LookupError):
    """The course's files are neither in the package nor beside it."""


def content_dir(name: str) -> Path:
    """The folder "notebooks" or "exercises". Raises ContentMissing."""
    package = Path(str(resources.files("k8scourse")))
    for folder in (package / "course" / "data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise ContentMissing(f"{name} are not part of this installation; reinstall k8scourse")
