"""What makes a file of scenarios invalid, one line per fault."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from k8scourse.scenario.model import Path


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A place where a file does not fit the grammar.

    ``str()`` is the line that is printed: ``FILE:LINE: ID: PATH: what is wrong; what was expected``. What lies outside
    of all scenarios has no ID and no PATH where it concerns the whole file.
    """

    file: str
    line: int
    id: str
    path: str
    text: str

    def __str__(self) -> str:
        parts = [f"{self.file}:{self.line}", *filter(None, (self.id, self.path)), self.text]
        return ": ".join(parts)


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: where (at the name of a field or at a value), in words, and the line where positions lack it."""

    path: Path
    at_key: bool
    text: str
    line: int | None = None


class InvalidFile(Exception):
    """A file that is not YAML or does not fit the grammar; nothing of it runs. ``str()``: one line per fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a reader most likely meant, or None when none is close.

    A word that differs in case alone, or whose last part after a dot is known, is close too.
    """
    words = list(known)
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return close[0]
    folded = {w.replace("_", "").replace("-", "").lower(): w for w in words}
    plain = word.replace("_", "").replace("-", "").lower()
    if plain in folded:
        return folded[plain]
    tails = [w for w in words if w.rpartition(".")[2] == word]
    return tails[0] if len(tails) == 1 else None


def suggest(word: str, known: Iterable[str]) -> str:
    """The second half of a fault about an unknown word: the nearest known one, else all of them."""
    words = list(known)
    close = nearest(word, words)
    if close is not None:
        return f"did you mean {close}?"
    return f"expected {one_of(words)}" if words else "nothing is expected here"


def one_of(words: Iterable[str]) -> str:
    """Writes a list of alternatives: ``a``, ``a or b``, ``one of a, b, c``."""
    listed = list(words)
    if len(listed) == 2:
        return " or ".join(listed)
    return listed[0] if len(listed) == 1 else "one of " + ", ".join(listed)
