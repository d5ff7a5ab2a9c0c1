"""The match microscope: one toleration against one taint, in the three steps that Kubernetes takes.

The comparison itself is component_helpers.tolerations.compare; here it gets its sentences.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from k8scourse.component_helpers.tolerations import Comparison, compare
from k8scourse.views.cluster_map import taint_text
from k8scourse.views.markup import Glyph, escape, glyph, view

Toleration = Mapping[str, Any]
Taint = Mapping[str, Any]

_FIELDS = ("key", "operator", "value", "effect", "tolerationSeconds")
_CASE = " (upper and lower case count)"


@dataclass(frozen=True, slots=True)
class Step:
    """One comparison."""

    field: str
    """What is compared: effect, key or value."""
    holds: bool
    reached: bool
    """Whether Kubernetes gets here: the first step that does not hold decides."""
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """How one toleration compares with one taint."""

    toleration: Toleration
    taint: Taint
    steps: tuple[Step, ...]

    @property
    def matches(self) -> bool:
        """Whether the toleration tolerates the taint."""
        return all(step.holds for step in self.steps)

    @property
    def failure(self) -> Step | None:
        """The step that decides against a match, None when it matches."""
        return next((step for step in self.steps if not step.holds), None)

    def to_dict(self) -> dict[str, Any]:
        """The match as plain JSON."""
        return {
            "taint": taint_text(self.taint),
            "toleration": dict(self.toleration),
            "matches": self.matches,
            "steps": [
                {"field": step.field, "holds": step.holds, "reached": step.reached, "text": step.text}
                for step in self.steps
            ],
        }

    def __str__(self) -> str:
        lines = [self._title()]
        lines += [f"  {number}. {_mark(step)}  {step.text}" for number, step in enumerate(self.steps, 1)]
        return "\n".join([*lines, self._answer()])

    __repr__ = __str__

    def _title(self) -> str:
        return f"{toleration_text(self.toleration)} against the taint {taint_text(self.taint)}"

    def _answer(self) -> str:
        return "It tolerates the taint." if self.matches else "It does not tolerate the taint."

    def _repr_html_(self) -> str:
        steps = "".join(f"<li>{glyph(_glyph(step))} <strong>{_mark(step)}</strong> {escape(step.text)}</li>"
                        for step in self.steps)  # fmt: skip
        sign = Glyph("check", "good") if self.matches else Glyph("cross", "bad")
        return view(
            "match",
            "A toleration against a taint",
            f"<p><code>{escape(toleration_text(self.toleration))}</code> against the taint "
            f"<code>{escape(taint_text(self.taint))}</code></p>",
            f"<ol>{steps}</ol>",
            f'<p class="k8s-status k8s-{sign.role}">{glyph(sign)} {self._answer()}</p>',
        )


def _mark(step: Step) -> str:
    if not step.reached:
        return "not asked"
    return "yes" if step.holds else "no"


def _glyph(step: Step) -> Glyph:
    if not step.reached:
        return Glyph("ring", "plain")
    return Glyph("check", "good") if step.holds else Glyph("cross", "bad")


def match(toleration: Toleration, taint: Taint) -> Match:
    """Compare *toleration* with *taint*, both as in the API: effect, then key, then operator and value.

    Source: kubernetes: staging/src/k8s.io/api/core/v1/toleration.go (ToleratesTaint).
    """
    found = compare(toleration, taint)
    texts = {"effect": _effect(toleration, taint), "key": _key(toleration, taint), "value": _value(toleration, taint)}
    steps: list[Step] = []
    for field in Comparison._fields:
        reached = all(step.holds for step in steps)
        steps.append(Step(field, getattr(found, field), reached, texts[field]))
    return Match(toleration, taint, tuple(steps))


def closest(tolerations: Sequence[Toleration], taint: Taint) -> tuple[int, Match] | None:
    """The toleration that comes nearest to *taint* by at least its key, with its index; None when none does."""
    best: tuple[int, Match] | None = None
    for index, toleration in enumerate(tolerations):
        found = match(toleration, taint)
        if not _names_key(toleration, taint):
            continue
        if best is None or _holding(found.steps) > _holding(best[1].steps):
            best = (index, found)
    return best


def _names_key(toleration: Toleration, taint: Taint) -> bool:
    key = str(toleration.get("key") or "")
    return not key or key.casefold() == str(taint.get("key")).casefold()


def _holding(steps: Iterable[Step]) -> int:
    return sum(step.holds for step in steps)


def _effect(toleration: Toleration, taint: Taint) -> str:
    effect, wanted = toleration.get("effect") or "", taint.get("effect") or ""
    if not effect:
        return "the toleration names no effect, so it covers every effect"
    if effect == wanted:
        return f"effect {effect} is the taint's effect"
    return f"effect {effect} is not the taint's {wanted}{_case(effect, wanted)}"


def _key(toleration: Toleration, taint: Taint) -> str:
    key, wanted = toleration.get("key") or "", taint.get("key") or ""
    if not key:
        return "the toleration names no key, so it covers every key"
    if key == wanted:
        return f"key {_quote(key)} is the taint's key"
    return f"key {_quote(key)} is not the taint's {_quote(wanted)}{_case(key, wanted)}"


def _value(toleration: Toleration, taint: Taint) -> str:
    operator = toleration.get("operator") or ""
    value, wanted = toleration.get("value") or "", taint.get("value") or ""
    if operator == "Exists":
        return "operator Exists takes any value"
    if operator in ("Lt", "Gt"):
        return f"operator {operator} matches nothing while the feature gate TaintTolerationComparisonOperators is off"
    meant = "" if operator else "; without an operator, Equal is meant"
    if value == wanted:
        return f"value {_quote(value)} is the taint's value{meant}" if value else f"neither has a value{meant}"
    if not value:
        return f"no value is not the taint's {_quote(wanted)}{meant}"
    other = _quote(wanted) if wanted else "empty value"
    return f"value {_quote(value)} is not the taint's {other}{_case(value, wanted)}{meant}"


def _case(left: str, right: str) -> str:
    return _CASE if left.casefold() == right.casefold() else ""


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def toleration_text(toleration: Toleration) -> str:
    """A toleration in one line, as YAML's flow style: ``{key: gpu, operator: Exists}``."""
    shown = [name for name in _FIELDS if toleration.get(name) is not None]
    parts = [f"{name}: {_quote(toleration[name]) if name == 'value' else toleration[name]}" for name in shown]
    return "{" + ", ".join(parts) + "}"
