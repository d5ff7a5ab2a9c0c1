"""What Go's JSON decoder says, and where in the document it says it.

Source: sigs.k8s.io/json internal/golang/encoding/json/decode.go (addErrorContext, saveError) and kubernetes_patch.go
(strict errors).

A place is a linked tuple (parent, struct, key), None at the root: *struct* names the Go struct if *key* is one of its
fields and is None if key is an index or the key of a map. Type errors name only fields of structs
(ObjectMeta.metadata.name); strict errors spell the whole path (spec.containers[0].bar).
"""

from __future__ import annotations

from typing import Any

from k8scourse.machinery.go_format import go_json, go_quote
from k8scourse.machinery.json_body import NumberLiteral

Place = tuple[Any, str | None, str | int] | None

# kubernetes_patch.go: "prevent excessive numbers of accumulated errors".
MAX_STRICT_ERRORS = 100


class Mismatch:
    """A JSON value of the wrong type (json.UnmarshalTypeError)."""

    __slots__ = ("go_type", "place", "word")

    def __init__(self, word: str, go_type: str, place: Place) -> None:
        self.word = word
        self.go_type = go_type
        self.place = place

    def __str__(self) -> str:
        struct: str | None = None
        fields: list[str] = []
        place = self.place
        while place is not None:
            parent, owner, key = place
            if owner is not None:
                struct = owner if struct is None else struct
                fields.append(str(key))
            place = parent
        if struct is None:
            return f"json: cannot unmarshal {self.word} into Go value of type {self.go_type}"
        path = ".".join(reversed(fields))
        return f"json: cannot unmarshal {self.word} into Go struct field {struct}.{path} of type {self.go_type}"


class UnmarshalError(ValueError):
    """Decoding failed; str() is Go's text."""


class Errors:
    """The errors of one decoding: the first type error, and strict errors in document order."""

    __slots__ = ("_seen", "first", "strict")

    def __init__(self) -> None:
        self.first: Mismatch | str | None = None
        self.strict: list[str] = []
        self._seen: set[str] = set()

    def save(self, error: Mismatch | str) -> None:
        """Keeps the first error; decoding goes on."""
        if self.first is None:
            self.first = error

    def unknown(self, place: Place, key: str) -> None:
        """Notes a field that the struct at *place* does not have."""
        self._strict("unknown field", place, key)

    def duplicate(self, place: Place, key: str) -> None:
        """Notes a key that occurs again in the object at *place*."""
        self._strict("duplicate field", place, key)

    def _strict(self, what: str, place: Place, key: str) -> None:
        text = f"{what} {go_quote(strict_path((place, None, key)))}"
        if len(self.strict) < MAX_STRICT_ERRORS and text not in self._seen:
            self._seen.add(text)
            self.strict.append(text)


def strict_path(place: Place) -> str:
    """The path of *place* with indices: 'spec.containers[0].bar'."""
    parts: list[str] = []
    while place is not None:
        place, _, key = place
        parts.append(f"[{key}]" if isinstance(key, int) else f".{key}")
    return "".join(reversed(parts)).removeprefix(".")


def json_word(value: Any) -> str:
    """What Go calls a JSON value in type errors; raises TypeError for something that is not JSON data."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list | tuple):
        return "array"
    if isinstance(value, dict):
        return "object"
    raise TypeError(f"not JSON data: {type(value).__name__}")


def number_text(value: int | float) -> str:
    """A number as the document spells it; floats without a known spelling as Go writes them (3.0 -> '3')."""
    return value.literal if isinstance(value, NumberLiteral) else go_json(value)
