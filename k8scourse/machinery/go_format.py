"""Texts as Go's fmt, strconv and encoding/json write them.

Many messages of Kubernetes carry values: a string in ``%q``, a number in ``%v``, a structure as JSON. The functions
here turn plain JSON data into those texts, so that messages can be built to the letter.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

_QUOTE_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
}

_JSON_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}

_JSON_UNSAFE = re.compile('[\x00-\x1f"\\\\\u2028\u2029\ud800-\udfff]')
_JSON_UNSAFE_IN_HTML = re.compile('[\x00-\x1f"\\\\<>&\u2028\u2029\ud800-\udfff]')


class Struct(dict[str, Any]):
    """A mapping whose keys keep the order given, as the fields of a Go structure do.

    `go_json` sorts the keys of a plain dict, as encoding/json does with a map.
    """


def go_quote(text: str) -> str:
    """Return *text* as Go's ``%q`` (strconv.Quote) prints it: double quotes, printable characters kept."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(map(_quote_character, text)) + '"'


def _quote_character(character: str) -> str:
    escape = _QUOTE_ESCAPES.get(character)
    if escape is not None:
        return escape
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def go_value(value: Any) -> str:
    """Return a scalar as Go's ``%v`` prints it: ``true``, ``3``, ``0.5``, ``1e+06``; ``None`` is ``<nil>``."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return go_float(value)
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{go_value(value[key])}" for key in _ordered_keys(value)) + "]"
    if isinstance(value, list | tuple):
        return "[" + " ".join(map(go_value, value)) + "]"
    return str(value)


def go_float(value: float) -> str:
    """Return a float as Go's ``%v`` (shortest ``%g``) prints it; ``e`` from 1e+06 up and below 1e-04."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    exponent = Decimal(repr(value)).adjusted() if value else 0
    return _scientific(value, two_digits=True) if exponent < -4 or exponent >= 6 else _positional(value)


def go_quote_list(values: Iterable[str]) -> str:
    """Return strings as Go's ``%q`` prints a slice: ``["a" "b"]``."""
    return "[" + " ".join(map(go_quote, values)) + "]"


def go_json(value: Any, *, escape_html: bool = True) -> str:
    """Return *value* as compact JSON the way encoding/json's Marshal writes it.

    Keys of a dict are sorted, those of a `Struct` keep their order; ``<``, ``>`` and ``&`` become ``\\u003c``,
    ``\\u003e`` and ``\\u0026`` unless *escape_html* is false. Raises TypeError for a value that JSON lacks.
    """
    if value is None:
        return "null"
    if isinstance(value, str):
        return _json_string(value, escape_html)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _json_float(value)
    if isinstance(value, dict):
        pairs = (
            f"{_json_string(str(key), escape_html)}:{go_json(value[key], escape_html=escape_html)}"
            for key in _ordered_keys(value)
        )
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(go_json(item, escape_html=escape_html) for item in value) + "]"
    raise TypeError(f"json: unsupported type: {type(value).__name__}")


def _ordered_keys(mapping: dict[str, Any]) -> Iterable[str]:
    return mapping if isinstance(mapping, Struct) else sorted(mapping)


def _json_string(text: str, escape_html: bool) -> str:
    pattern = _JSON_UNSAFE_IN_HTML if escape_html else _JSON_UNSAFE
    return '"' + pattern.sub(_json_escape, text) + '"'


def _json_escape(match: re.Match[str]) -> str:
    character = match.group()
    escape = _JSON_ESCAPES.get(character)
    if escape is not None:
        return escape
    code = ord(character)
    return "\\ufffd" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"


def _json_float(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        raise TypeError(f"json: unsupported value: {go_float(value)}")
    size = abs(value)
    if size != 0 and (size < 1e-6 or size >= 1e21):
        return _scientific(value, two_digits=size >= 1e21)
    return _positional(value)


def _positional(value: float) -> str:
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scientific(value: float, *, two_digits: bool) -> str:
    sign, digits, _ = Decimal(repr(value)).normalize().as_tuple()
    exponent = Decimal(repr(value)).adjusted()
    mantissa = str(digits[0]) + ("." + "".join(map(str, digits[1:])) if len(digits) > 1 else "")
    width = 2 if two_digits else 1
    return f"{'-' if sign else ''}{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):0{width}d}"
