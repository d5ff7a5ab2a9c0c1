"""Texts of strangers made fit to show, to store and to name files by."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import Any

_ORDINARY_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")
_FORMULA_SIGNS = ("=", "+", "-", "@")


def label(name: str) -> str:
    """*name* in NFC with whatever cannot be printed written as an escape; different names stay different.

    Names of files are bytes: some are no text, some move a terminal's cursor, and macOS takes accents apart.
    """
    text = unicodedata.normalize("NFC", name)
    return "".join(sign if _printable(sign) else _escaped(sign) for sign in text)


def printable(text: str) -> str:
    """*text* with every sign that cannot be printed replaced by U+FFFD; line breaks stay."""
    return "".join(sign if sign == "\n" or sign.isprintable() else " " if sign == "\t" else "\ufffd" for sign in text)


def _printable(sign: str) -> bool:
    return sign.isprintable() and sign != "\\"


def _escaped(sign: str) -> str:
    return "\\\\" if sign == "\\" else f"\\u{{{ord(sign):x}}}"


def file_name(name: str) -> str:
    """A file name for *name* that is safe everywhere; names that differ give file names that differ, in any case.

    What is not already such a name gets a hash.
    """
    if _ORDINARY_NAME.fullmatch(name) and ".." not in name and not name.endswith("."):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{_STRANGE.sub('_', name).strip('._-')[:40].lower() or 'learner'}-{digest}"


def no_formula(text: str) -> str:
    """*text* as a cell that no spreadsheet takes for a formula: an apostrophe stands before a sign that begins one."""
    risky = text.lstrip().startswith(_FORMULA_SIGNS) or text.startswith(("\t", "\r"))
    return f"'{text}" if risky else text


def canonical_json(value: Any) -> str:
    """*value* as JSON in ASCII with sorted keys and no spaces: equal values give equal texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """The SHA-256 of the canonical JSON of *value*, in hexadecimal."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
