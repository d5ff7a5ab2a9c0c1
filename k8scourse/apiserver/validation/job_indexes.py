"""Sets of indexes as Jobs write them: ``1,3-5,7``.

Source: kubernetes pkg/apis/batch/validation/validation.go validateIndexesFormat, parseIndexInterval,
validateFailedIndexesNotOverlapCompleted.
"""

import re

from k8scourse.machinery.go_format import go_quote

_INTEGER = re.compile(r"[+-]?[0-9]+").fullmatch


class IndexesError(ValueError):
    """A text is no set of indexes; the message is Kubernetes'."""


def count_indexes(text: str, completions: int) -> int:
    """Return how many indexes *text* names; raises IndexesError for one that is malformed or out of order."""
    total, last = 0, None
    for part in text.split(",") if text else ():
        first, end = _interval(part, completions)
        if last is not None and last >= first:
            raise IndexesError(f"non-increasing order, previous: {last}, current: {first}")
        total += end - first + 1
        last = end
    return total


def overlap(completed: str, failed: str, completions: int) -> int | None:
    """Return the first index that is in both sets, None if there is none; malformed parts are passed over."""
    intervals = [_readable(text, completions) for text in (completed, failed)]
    shared = (
        max(first[0], second[0])
        for first in intervals[0]
        for second in intervals[1]
        if first[0] <= second[1] and second[0] <= first[1]
    )
    return min(shared, default=None)


def _readable(text: str, completions: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for part in text.split(",") if text else ():
        try:
            found.append(_interval(part, completions))
        except IndexesError:
            continue
    return found


def _interval(text: str, completions: int) -> tuple[int, int]:
    parts = text.split("-")
    if len(parts) > 2:
        raise IndexesError(
            f"the fragment {go_quote(text)} violates the requirement that an index interval can have at most two parts "
            "separated by '-'"
        )
    first, last = _index(parts[0], completions), _index(parts[-1], completions)
    if len(parts) == 2 and first >= last:
        raise IndexesError(f"non-increasing order, previous: {first}, current: {last}")
    return first, last


def _index(text: str, completions: int) -> int:
    if not _INTEGER(text):
        raise IndexesError(f"cannot convert string to integer for index: {go_quote(text)}")
    if int(text) >= completions:
        raise IndexesError(f"too large index: {go_quote(text)}")
    return int(text)
