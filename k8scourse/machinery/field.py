"""Errors about one field of an object, with the texts of Kubernetes' validation.

kubernetes: staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go

A path is a plain string: ``f"{path}.name"`` for a field, ``f"{path}[{i}]"`` for an item, `key` for a map's key.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from k8scourse.machinery.go_format import go_float, go_json, go_quote


class _Omitted:
    """The type of `OMITTED`: a value that the message leaves out."""

    def __repr__(self) -> str:
        return "OMITTED"


OMITTED: Final = _Omitted()
"""Value of an error whose text says what is wrong without showing the value."""

NOT_FOUND: Final = "FieldValueNotFound"
REQUIRED: Final = "FieldValueRequired"
DUPLICATE: Final = "FieldValueDuplicate"
INVALID: Final = "FieldValueInvalid"
NOT_SUPPORTED: Final = "FieldValueNotSupported"
FORBIDDEN: Final = "FieldValueForbidden"
TOO_LONG: Final = "FieldValueTooLong"
TOO_MANY: Final = "FieldValueTooMany"
TOO_FEW: Final = "FieldValueTooFew"
TOO_SHORT: Final = "FieldValueTooShort"
TYPE_INVALID: Final = "FieldValueTypeInvalid"
INTERNAL: Final = "InternalError"

_TITLES = {
    NOT_FOUND: "Not found",
    REQUIRED: "Required value",
    DUPLICATE: "Duplicate value",
    INVALID: "Invalid value",
    NOT_SUPPORTED: "Unsupported value",
    FORBIDDEN: "Forbidden",
    TOO_LONG: "Too long",
    TOO_MANY: "Too many",
    TOO_FEW: "Too few",
    TOO_SHORT: "Too short",
    TYPE_INVALID: "Invalid value",
    INTERNAL: "Internal error",
}

_WITHOUT_VALUE = frozenset({REQUIRED, FORBIDDEN, TOO_LONG, TOO_SHORT, INTERNAL})


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of one field: its type (a CauseType), the path, the value found and what is wrong with it."""

    type: str
    field: str
    value: Any = OMITTED
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.field}: {self.body()}"

    def body(self) -> str:
        """Return the text without the path: ``Invalid value: "x": must be ...``."""
        text = _TITLES[self.type]
        if self.type not in _WITHOUT_VALUE and self.value is not OMITTED:
            text = f"{text}: {value_text(self.value)}"
        return f"{text}: {self.detail}" if self.detail else text

    def cause(self) -> dict[str, Any]:
        """Return the entry for ``details.causes`` of a Status."""
        cause = {"reason": self.type, "message": self.body(), "field": self.field}
        return cause if self.field else {"reason": self.type, "message": self.body()}


def value_text(value: Any) -> str:
    """Return a value as a field error shows it.

    Strings are quoted, numbers and booleans are plain, the rest is JSON: keys of a dict are sorted, those of a
    `go_format.Struct` (a Go structure) keep their order.
    """
    if isinstance(value, str):
        return go_quote(value)
    if isinstance(value, float):
        return go_float(value)
    return go_json(value)


def key(path: str, name: str) -> str:
    """Return the path of a map's entry: ``metadata.labels[a/b]``."""
    return f"{path}[{name}]"


def aggregate(errors: Sequence[FieldError]) -> str:
    """Return the errors in one text, repetitions left out: the only one bare, several as ``[a, b]``.

    kubernetes: apimachinery/pkg/util/errors (aggregate.Error)
    """
    return aggregate_texts(str(error) for error in errors)


def aggregate_texts(texts: Iterable[str]) -> str:
    """Return texts of errors joined as Kubernetes' error aggregate does: ``a`` or ``[a, b]``, each once."""
    unique = list(dict.fromkeys(texts))
    return unique[0] if len(unique) == 1 else "[" + ", ".join(unique) + "]" if unique else ""


def required(path: str, detail: str = "") -> FieldError:
    """A value that must be given is missing or empty."""
    return FieldError(REQUIRED, path, "", detail)


def invalid(path: str, value: Any, detail: str) -> FieldError:
    """A value is malformed: wrong format, out of bounds."""
    return FieldError(INVALID, path, value, detail)


def type_invalid(path: str, value: Any, detail: str) -> FieldError:
    """A value has the wrong type for the schema."""
    return FieldError(TYPE_INVALID, path, value, detail)


def not_supported(path: str, value: Any, supported: Iterable[str]) -> FieldError:
    """A value is not one of an enumeration; *supported* is listed in the order given."""
    values = ", ".join(map(go_quote, supported))
    return FieldError(NOT_SUPPORTED, path, value, f"supported values: {values}" if values else "")


def duplicate(path: str, value: Any) -> FieldError:
    """A value that must be unique appears twice."""
    return FieldError(DUPLICATE, path, value)


def not_found(path: str, value: Any) -> FieldError:
    """A value names something that does not exist."""
    return FieldError(NOT_FOUND, path, value)


def forbidden(path: str, detail: str) -> FieldError:
    """A value that would be well-formed is not permitted here."""
    return FieldError(FORBIDDEN, path, "", detail)


def too_long(path: str, value: Any, maximum: int) -> FieldError:
    """A text has more than *maximum* bytes; the text itself is not shown."""
    return FieldError(TOO_LONG, path, "<value omitted>", _at_most_long(maximum, "byte"))


def too_long_characters(path: str, value: Any, maximum: int) -> FieldError:
    """A text has more than *maximum* characters; the text itself is not shown."""
    return FieldError(TOO_LONG, path, "<value omitted>", _at_most_long(maximum, "character"))


def too_short(path: str, value: Any, minimum: int) -> FieldError:
    """A text has fewer than *minimum* characters."""
    detail = f"must be at least {_count(minimum, 'character')}" if minimum >= 0 else "value is too short"
    return FieldError(TOO_SHORT, path, value, detail)


def too_many(path: str, actual: int, maximum: int) -> FieldError:
    """A list has *actual* items (negative: not shown), more than *maximum*."""
    detail = f"must have at most {_count(maximum, 'item')}" if maximum >= 0 else "has too many items"
    return FieldError(TOO_MANY, path, actual if actual >= 0 else OMITTED, detail)


def too_few(path: str, actual: int, minimum: int) -> FieldError:
    """A list has *actual* items, fewer than *minimum*."""
    detail = f"must have at least {_count(minimum, 'item')}" if minimum >= 0 else "has too few items"
    return FieldError(TOO_FEW, path, actual, detail)


def internal(path: str, text: str) -> FieldError:
    """Something failed that the user's input did not cause."""
    return FieldError(INTERNAL, path, OMITTED, text)


def _at_most_long(maximum: int, unit: str) -> str:
    return f"may not be more than {_count(maximum, unit)}" if maximum >= 0 else "value is too long"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
