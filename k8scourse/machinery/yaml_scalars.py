"""What an unquoted word of YAML means to kubectl.

kubectl reads YAML with sigs.k8s.io/yaml, which stands on go-yaml v2: YAML 1.1's booleans (`y`, `on`, ...), Go's integer
literals (`0x1f`, `0o17`, `017`, `0b11`, `1_000`), no base-60 numbers, and dates that stay text. The same table decides
which strings must be quoted when YAML is written.
"""

import base64
import binascii
import re
from datetime import date
from typing import Any

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1

_LONG_TAG_PREFIX = "tag:yaml.org,2002:"

_WORDS: dict[str, tuple[str, Any]] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), ("bool", True)),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), ("bool", False)),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), ("null", None)),
    **{word: ("float", float("nan")) for word in (".nan", ".NaN", ".NAN")},
    **{word: ("float", float("inf")) for word in (".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF")},
    **{word: ("float", float("-inf")) for word in ("-.inf", "-.Inf", "-.INF")},
}

# Every word that is not a plain string begins with one of these (go-yaml: resolveTable).
_HINTS = frozenset("+-0123456789yYnNtTfFoO~.")
_INTEGER = re.compile(r"[-+]?(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)|[1-9][0-9]*|0)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_POINT_FLOAT = re.compile(r"\.[0-9]+([eE][-+]?[0-9]+)?")
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_TIMESTAMP = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:(?: (?P<time>[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})(?:[.,][0-9]+)?)"
    r"|(?:[Tt](?P<time_zoned>[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})(?:[.,][0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})))?"
)


class ScalarError(ValueError):
    """A scalar contradicts its explicit tag; the text is go-yaml's."""


def resolve(text: str) -> tuple[str, Any]:
    """Return the kind and value of an unquoted scalar without a tag.

    The kind is one of `str`, `bool`, `null`, `int`, `float` and `timestamp`. Timestamps keep their text as value, as
    kubectl keeps them; the merge key `<<` is a matter of keys and a `str` here. Source: go-yaml v2, resolve.go.
    """
    word = _WORDS.get(text)
    if word is not None:
        return word
    if text[0] not in _HINTS:
        return "str", text
    if text[0] == ".":
        number = float(text) if _POINT_FLOAT.fullmatch(text) else float("inf")
        return ("float", number) if abs(number) != float("inf") else ("str", text)
    if text[0] not in "+-0123456789":
        return "str", text
    if is_timestamp(text):
        return "timestamp", text
    return _number(text)


def _number(text: str) -> tuple[str, Any]:
    plain = text.replace("_", "")
    match = _INTEGER.fullmatch(plain)
    # Python refuses to convert thousands of digits, and such a number is a float to go-yaml anyway.
    if match and len(plain) <= 70:
        value = _integer(plain, match)
        if INT64_MIN <= value < 2**64 and not (value > INT64_MAX and plain[0] == "+"):
            return "int", value
    if _FLOAT.fullmatch(plain):
        number = float(plain)
        if abs(number) != float("inf"):
            return "float", number
    return "str", text


def _integer(plain: str, match: re.Match[str]) -> int:
    for group, radix in (("hex", 16), ("bin", 2), ("oct", 8)):
        digits = match.group(group)
        if digits is not None:
            return -int(digits, radix) if plain[0] == "-" else int(digits, radix)
    return int(plain)


def resolve_tagged(tag: str, text: str) -> tuple[str, Any]:
    """Return the kind and value of a scalar with an explicit *tag* (long form); unknown tags leave the text alone.

    Raises ScalarError when the text is not of the tag's type. Source: go-yaml v2, resolve.go and decode.go.
    """
    wanted = tag.removeprefix(_LONG_TAG_PREFIX) if tag.startswith(_LONG_TAG_PREFIX) else ""
    if wanted == "binary":
        return "str", _decode_binary(text)
    if wanted not in ("bool", "int", "float", "null", "timestamp"):
        return "str", text
    kind, value = resolve(text)
    if kind == "timestamp" and wanted != "timestamp":
        kind, value = _number(text)
    if kind == "int" and wanted == "float":
        return "float", float(value)
    if kind != wanted:
        raise ScalarError(f"cannot decode !!{kind} `{text}` as a !!{wanted}")
    return kind, value


def _decode_binary(text: str) -> str:
    try:
        data = base64.b64decode("".join(text.split("\n")), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ScalarError("!!binary value contains invalid base64 data") from error
    return data.decode("utf-8", "replace")


def is_timestamp(text: str) -> bool:
    """Whether go-yaml takes *text* for a date or time."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return False
    try:
        date(int(match["year"]) or 4, int(match["month"]), int(match["day"]))
    except ValueError:
        return False
    time = match["time"] or match["time_zoned"]
    if time is None:
        return True
    hour, minute, second = map(int, time.split(":"))
    return hour < 24 and minute < 60 and second < 60


def needs_quotes(text: str) -> bool:
    """Whether *text*, written bare, would be read as something other than this string."""
    return resolve(text)[0] != "str" or bool(_BASE_60.fullmatch(text))
