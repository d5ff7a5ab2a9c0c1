"""Why Go's time.Parse refuses a text, to the letter.

Source: Go's time package, format.go (parse, ParseError.Error).
"""

from __future__ import annotations

import re
from typing import Final

from k8scourse.machinery.go_format import go_quote

RFC3339: Final = "2006-01-02T15:04:05Z07:00"
RFC3339_MICRO: Final = "2006-01-02T15:04:05.000000Z07:00"

# Elements of the two layouts: the element's name, what it matches, and the range of its value.
_DATE = (
    ("2006", r"\d{4}", (0, 9999), "year"),
    ("-", "-", None, ""),
    ("01", r"\d{2}", (1, 12), "month"),
    ("-", "-", None, ""),
    ("02", r"\d{2}", (1, 31), "day"),
    ("T", "T", None, ""),
    ("15", r"\d{1,2}", (0, 23), "hour"),
    (":", ":", None, ""),
    ("04", r"\d{2}", (0, 59), "minute"),
    (":", ":", None, ""),
)
_SECONDS = ("05", r"\d{2}", (0, 59), "second")
_ELEMENTS = {
    RFC3339: (*_DATE, ("05", r"\d{2}(?:[.,]\d+)?", (0, 59), "second")),
    RFC3339_MICRO: (*_DATE, _SECONDS, (".000000", r"[.,]\d{6}", None, "")),
}
_ZONE = re.compile(r"Z|[+-]\d\d:\d\d", re.ASCII)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def parse_problem(text: str, layout: str) -> str:
    """The message of time.Parse for *text* under RFC3339 or RFC3339_MICRO; '' if the text is fine."""
    rest, values = text, {}
    for element, pattern, bounds, name in _ELEMENTS[layout]:
        match = re.match(pattern, rest, re.ASCII)
        if match is None:
            return _cannot(text, layout, rest, element)
        if bounds is not None:
            values[name] = int(match[0][:4] if name == "year" else re.split("[.,]", match[0])[0])
            # The day waits until the whole text is read: how many days there are depends on month and year.
            if name != "day" and not bounds[0] <= values[name] <= bounds[1]:
                return f"parsing time {go_quote(text)}: {name} out of range"
        rest = rest[match.end() :]
    zone = _ZONE.match(rest)
    if zone is None:
        return _cannot(text, layout, rest, "Z07:00")
    if rest[zone.end() :]:
        return f"parsing time {go_quote(text)}: extra text: {go_quote(rest[zone.end() :])}"
    if not 1 <= values["day"] <= _days(values["year"], values["month"]):
        return f"parsing time {go_quote(text)}: day out of range"
    return ""


def _cannot(text: str, layout: str, rest: str, element: str) -> str:
    return f"parsing time {go_quote(text)} as {go_quote(layout)}: cannot parse {go_quote(rest)} as {go_quote(element)}"


def _days(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap and month == 2 else _DAYS[month - 1]
