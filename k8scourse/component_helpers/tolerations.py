"""When a toleration matches a taint (kubernetes: staging/src/k8s.io/api/core/v1/toleration.go)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

NO_SCHEDULE = "NoSchedule"
PREFER_NO_SCHEDULE = "PreferNoSchedule"
NO_EXECUTE = "NoExecute"
DO_NOT_SCHEDULE = (NO_SCHEDULE, NO_EXECUTE)
"""The effects that keep the scheduler from choosing a node."""

Taint = Mapping[str, Any]
Toleration = Mapping[str, Any]

_CANONICAL_INTEGER = re.compile(r"(0|-?[1-9][0-9]*)\Z")
_INT64 = range(-(2**63), 2**63)


class Comparison(NamedTuple):
    """How one toleration compares with one taint, step by step; the toleration matches when all three hold."""

    effect: bool
    key: bool
    value: bool

    @property
    def matches(self) -> bool:
        """Whether the toleration tolerates the taint."""
        return self.effect and self.key and self.value


def compare(toleration: Toleration, taint: Taint, *, comparison_operators: bool = False) -> Comparison:
    """Compare *toleration* with *taint*: effect, then key, then operator and value.

    An empty effect stands for every effect, an empty key for every key; comparisons are exact and case-sensitive.
    *comparison_operators* is the feature gate TaintTolerationComparisonOperators (alpha, off): without it the
    operators Lt and Gt match nothing.
    """
    effect = toleration.get("effect") or ""
    key = toleration.get("key") or ""
    return Comparison(
        effect=effect in ("", taint.get("effect")),
        key=key in ("", taint.get("key")),
        value=_value_matches(toleration, taint, comparison_operators),
    )


def _value_matches(toleration: Toleration, taint: Taint, comparison_operators: bool) -> bool:
    operator = toleration.get("operator") or "Equal"
    if operator == "Exists":
        return True
    wanted, found = toleration.get("value") or "", taint.get("value") or ""
    if operator == "Equal":
        return wanted == found
    if operator not in ("Lt", "Gt") or not comparison_operators:
        return False
    limit, number = _int64(wanted), _int64(found)
    if limit is None or number is None:
        return False
    return number < limit if operator == "Lt" else number > limit


def _int64(text: str) -> int | None:
    if not _CANONICAL_INTEGER.match(text):
        return None
    number = int(text)
    return number if number in _INT64 else None


def tolerates(toleration: Toleration, taint: Taint, *, comparison_operators: bool = False) -> bool:
    """Whether *toleration* matches *taint*."""
    return compare(toleration, taint, comparison_operators=comparison_operators).matches


def any_tolerates(tolerations: Iterable[Toleration], taint: Taint) -> bool:
    """Whether some toleration of *tolerations* matches *taint*."""
    return any(tolerates(toleration, taint) for toleration in tolerations)


def untolerated_taints(
    taints: Iterable[Taint], tolerations: Sequence[Toleration], effects: Sequence[str] = DO_NOT_SCHEDULE
) -> list[Taint]:
    """The taints with one of *effects* that no toleration matches, in the order of *taints*."""
    return [taint for taint in taints if taint.get("effect") in effects and not any_tolerates(tolerations, taint)]


def find_untolerated_taint(
    taints: Iterable[Taint], tolerations: Sequence[Toleration], effects: Sequence[str] = DO_NOT_SCHEDULE
) -> Taint | None:
    """The first taint with one of *effects* that no toleration matches, or None.

    Source: kubernetes: component-helpers/scheduling/corev1 FindMatchingUntoleratedTaint.
    """
    for taint in taints:
        if taint.get("effect") in effects and not any_tolerates(tolerations, taint):
            return taint
    return None


def matching_tolerations(taints: Iterable[Taint], tolerations: Sequence[Toleration]) -> list[Toleration] | None:
    """For each taint the first toleration that matches it, or None when some taint has none.

    Source: kubernetes: pkg/apis/core/v1/helper GetMatchingTolerations.
    """
    used: list[Toleration] = []
    for taint in taints:
        match = next((toleration for toleration in tolerations if tolerates(toleration, taint)), None)
        if match is None:
            return None
        used.append(match)
    return used


def min_toleration_seconds(tolerations: Iterable[Toleration]) -> int | None:
    """For how many seconds *tolerations* (the ones in use) hold: their minimum, 0 when none; None means forever.

    Source: kubernetes: pkg/controller/tainteviction getMinTolerationTime.
    """
    used = list(tolerations)
    if not used:
        return 0
    limits = [toleration["tolerationSeconds"] for toleration in used if toleration.get("tolerationSeconds") is not None]
    return max(min(limits), 0) if limits else None
