"""`kubectl describe` of kinds without a page of their own: every field under a readable name.

Kubernetes: kubectl/pkg/describe/describe.go genericDescriber, printUnstructuredContent, smartLabelFor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import Subject
from k8scourse.kubectl.describe.writer import Page
from k8scourse.machinery.go_format import go_value

_SKIPPED = frozenset(f".metadata.{name}" for name in ("managedFields", "name", "namespace", "labels", "annotations"))
_ACRONYMS = frozenset({"API", "URL", "UID", "GUID"})
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]+[a-z]*|[a-z]+|-+")


def describe(subject: Subject, page: Page) -> None:
    """Write all fields of the object."""
    metadata = subject.metadata
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata.get("namespace", ""))
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    _content(page, 0, subject.obj, "")
    common.events(page, common.search_events(subject, kind=subject.resource.kind), subject.now)


def _content(page: Page, level: int, content: Mapping[str, Any], path: str) -> None:
    for field in sorted(content):
        value, here = content[field], f"{path}.{field}"
        if here in _SKIPPED:
            continue
        label = smart_label(field)
        if isinstance(value, dict):
            page.line(level, f"{label}:")
            _content(page, level + 1, value, here)
        elif isinstance(value, list):
            page.line(level, f"{label}:")
            for item in value:
                if isinstance(item, dict):
                    _content(page, level + 1, item, here)
                else:
                    page.line(level + 1, go_value(item))
        else:
            page.field(label, go_value(value), level)


def smart_label(field: str) -> str:
    """A field's name in words: `podCIDR` is `Pod CIDR`; names with other characters than letters and `-` stay."""
    if not all(character.isalpha() or character == "-" for character in field):
        return field
    words: list[str] = []
    parts = _WORDS.findall(field)
    while parts:
        part = parts.pop(0)
        if len(part) >= 2 and part.isupper() and parts and parts[0][0].isupper():
            part += parts.pop(0)
        words.append(part)
    return " ".join(_label_word(word) for word in words)


def _label_word(word: str) -> str:
    if word.upper() in _ACRONYMS:
        return word.upper()
    return word.capitalize() if word.islower() else word
