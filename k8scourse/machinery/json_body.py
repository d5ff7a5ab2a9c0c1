"""JSON texts read without losing what Go's decoder would see: repeated keys and the spelling of numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


class NumberLiteral(float):
    """A JSON number with a fraction or an exponent, with the text it was written as.

    `literal` matters for messages (`number 1.50`) and for integers: Go refuses 3.0 where an integer is due.
    """

    __slots__ = ("literal",)
    literal: str

    def __new__(cls, literal: str) -> NumberLiteral:
        """The number that *literal* spells."""
        number = super().__new__(cls, literal)
        number.literal = literal
        return number


class RepeatedKeys(dict[str, Any]):
    """A JSON object in which a key occurs more than once; as a dict it holds the last value of each.

    pairs: all keys and values in document order.
    """

    __slots__ = ("pairs",)

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = tuple(pairs)


def parse_json(text: str) -> Any:
    """The value of a JSON text, with NumberLiteral for non-integers and RepeatedKeys where keys repeat.

    Raises json.JSONDecodeError for anything that is not JSON, NaN and Infinity included.
    """
    return _DECODER.decode(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    return result if len(result) == len(pairs) else RepeatedKeys(pairs)


def _no_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is not JSON", name, 0)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=NumberLiteral, parse_constant=_no_constant)
