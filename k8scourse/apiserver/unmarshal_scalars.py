"""Decoders of single JSON values into Go's scalar types and into types with their own UnmarshalJSON.

Each decoder takes (value, place, errors) and returns the JSON form in which Kubernetes writes the decoded value, or
MISSING after saving an error. Types with their own UnmarshalJSON abort the decoding (UnmarshalError), as in Go.
None (null) never gets here: it means the zero value everywhere.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any, Final

from k8scourse.apiserver.go_type import GoType
from k8scourse.apiserver.unmarshal_errors import Errors, Mismatch, Place, UnmarshalError, json_word, number_text
from k8scourse.machinery.copying import copy_json
from k8scourse.machinery.go_format import go_json
from k8scourse.machinery.go_time import RFC3339, RFC3339_MICRO, parse_problem
from k8scourse.machinery.quantity import QuantityError, canonical
from k8scourse.machinery.timestamps import TimeError, format_micro_time, format_time, parse_time

Decoder = Callable[[Any, Place, Errors], Any]

MISSING: Final = object()

_INTEGER = re.compile(r"-?[0-9]+")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_BASE64_CHARACTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_MICROSECONDS = re.compile(r"[^.,]*[.,]\d{6}(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_ZERO_TIME = "0001-01-01T00:00:00Z"


def string_decoder(go: GoType) -> Decoder:
    """Strings of any named type."""

    def decode(value: Any, place: Place, errors: Errors) -> Any:
        if isinstance(value, str):
            return str(value)
        errors.save(Mismatch(json_word(value), go.text, place))
        return MISSING

    return decode


def bool_decoder(go: GoType) -> Decoder:
    """Booleans; nothing else counts as one."""

    def decode(value: Any, place: Place, errors: Errors) -> Any:
        if isinstance(value, bool):
            return value
        errors.save(Mismatch(json_word(value), go.text, place))
        return MISSING

    return decode


def integer(value: Any, bits: int) -> int | str:
    """*value* as an integer of that size, or the word by which Go refuses it ('bool', 'number 1.5')."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return json_word(value)
    text = number_text(value)
    if not _INTEGER.fullmatch(text) or not -(1 << (bits - 1)) <= int(text) < 1 << (bits - 1):
        return f"number {text}"
    return int(text)


def integer_decoder(go: GoType) -> Decoder:
    """int32 and int64, with their ranges."""
    bits = 32 if go.kind == "int32" else 64
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1

    def decode(value: Any, place: Place, errors: Errors) -> Any:
        if value.__class__ is int and low <= value <= high:
            return value
        found = integer(value, bits)
        if isinstance(found, int):
            return found
        errors.save(Mismatch(found, go.text, place))
        return MISSING

    return decode


def float_decoder(go: GoType) -> Decoder:
    """float64; whole numbers are written without a fraction."""

    def decode(value: Any, place: Place, errors: Errors) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            errors.save(Mismatch(json_word(value), go.text, place))
            return MISSING
        number = float(value)
        return int(number) if number.is_integer() and abs(number) < 1e21 else number

    return decode


def bytes_decoder(go: GoType) -> Decoder:
    """[]byte: base64 texts, written again in their canonical form."""

    def decode(value: Any, place: Place, errors: Errors) -> Any:
        if not isinstance(value, str):
            errors.save(Mismatch(json_word(value), go.text, place))
            return MISSING
        text = value.replace("\n", "").replace("\r", "")
        if not _BASE64.fullmatch(text):
            errors.save(f"illegal base64 data at input byte {_illegal_base64(value.encode())}")
            return MISSING
        return base64.b64encode(base64.b64decode(text)).decode() if text.endswith("=") else text

    return decode


def _illegal_base64(data: bytes) -> int:
    """Where Go's base64.StdEncoding stops (encoding/base64 decodeQuantum: CorruptInputError)."""
    position = 0
    while True:
        digits = 0
        while digits < 4:
            if position == len(data):
                return position - digits
            character = data[position]
            position += 1
            if character in _BASE64_CHARACTERS:
                digits += 1
            elif character not in b"\r\n":
                return _illegal_padding(data, position, digits) if character == ord("=") else position - 1


def _illegal_padding(data: bytes, position: int, digits: int) -> int:
    if digits < 2:
        return position - 1
    if digits == 2:
        position = _skip_newlines(data, position)
        if position == len(data):
            return position
        if data[position] != ord("="):
            return position - 1
        position += 1
    return _skip_newlines(data, position)


def _skip_newlines(data: bytes, position: int) -> int:
    while position < len(data) and data[position] in b"\r\n":
        position += 1
    return position


def decode_time(value: Any, place: Place, errors: Errors) -> Any:
    """metav1.Time: RFC 3339, written in whole seconds UTC; the zero time counts as null.

    Source: apimachinery/pkg/apis/meta/v1/time.go.
    """
    try:
        written = format_time(parse_time(_text(value, place)))
    except TimeError as error:
        raise UnmarshalError(parse_problem(value, RFC3339) or str(error)) from None
    return None if written == _ZERO_TIME else written


def decode_micro_time(value: Any, place: Place, errors: Errors) -> Any:
    """metav1.MicroTime: RFC 3339 with exactly six digits of a second (micro_time.go)."""
    text = _text(value, place)
    problem = "" if _MICROSECONDS.fullmatch(text) else parse_problem(text, RFC3339_MICRO)
    if problem:
        raise UnmarshalError(problem)
    try:
        written = format_micro_time(parse_time(text))
    except TimeError as error:
        raise UnmarshalError(parse_problem(text, RFC3339_MICRO) or str(error)) from None
    return None if written.startswith(_ZERO_TIME[:-1]) else written


def _text(value: Any, place: Place) -> str:
    if not isinstance(value, str):
        raise UnmarshalError(str(Mismatch(json_word(value), "string", place)))
    return value


def decode_quantity(value: Any, place: Place, errors: Errors) -> Any:
    """resource.Quantity: a text or a number, written canonically (apimachinery/pkg/api/resource/quantity.go)."""
    plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    text = value if isinstance(value, str) else number_text(value) if plain else go_json(value)
    try:
        return canonical(text)
    except QuantityError as error:
        raise UnmarshalError(str(error)) from None


def decode_int_or_string(value: Any, place: Place, errors: Errors) -> Any:
    """intstr.IntOrString: a text or an int32 (apimachinery/pkg/util/intstr/intstr.go)."""
    if isinstance(value, str):
        return str(value)
    found = integer(value, 32)
    if isinstance(found, str):
        raise UnmarshalError(str(Mismatch(found, "int32", place)))
    return found


def decode_raw(value: Any, place: Place, errors: Errors) -> Any:
    """RawExtension, FieldsV1, apiextensions JSON and interface{}: any JSON, kept as it is."""
    return copy_json(value)
