"""What `cluster.explain` gives: a chain of decisions that ends in the reason, as data, as text and as a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from k8scourse.origins import Place
from k8scourse.views.clock import clock
from k8scourse.views.markup import Glyph, escape, glyph, view
from k8scourse.views.smallest_edit import Remedy, Search

GOOD, BAD, PLAIN = "good", "bad", "plain"
_GLYPHS = {GOOD: Glyph("check", "good"), BAD: Glyph("cross", "bad"), PLAIN: Glyph("ring", "plain")}


@dataclass(frozen=True, slots=True)
class Step:
    """One decision in the chain."""

    time: int
    """Nanoseconds since the cluster's start."""
    who: str
    """The component that decided."""
    text: str
    details: tuple[str, ...] = ()
    """What was behind it, a line each."""
    place: Place | None = None
    """The line of the manifest that made the difference."""
    rule: str = ""
    """The rule that decided, where it has a name."""

    def to_dict(self) -> dict[str, Any]:
        """The step as plain JSON."""
        return {
            "time": clock(self.time),
            "who": self.who,
            "text": self.text,
            "details": list(self.details),
            "place": None if self.place is None else self.place._asdict(),
            "rule": self.rule,
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an object is as it is. `str()` is a text, a notebook shows a page, `to_dict()` is plain JSON."""

    subject: str
    """The object, e.g. ``pod default/gpu-pod``."""
    headline: str
    """The answer in one sentence."""
    tone: str = PLAIN
    """good, bad or plain: whether the answer is what somebody who asks hopes for."""
    origin: Place | None = None
    """Where the manifest begins that the object comes from."""
    steps: tuple[Step, ...] = ()
    search: Search | None = None
    """For a refusal: the smallest edits that would change it."""
    notes: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """The explanation as plain JSON; *edits* is None where nothing was refused, empty where no edit works."""
        return {
            "subject": self.subject,
            "headline": self.headline,
            "tone": self.tone,
            "origin": None if self.origin is None else self.origin._asdict(),
            "steps": [step.to_dict() for step in self.steps],
            "edits": None if self.search is None else [remedy.to_dict() for remedy in self.search.remedies],
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        lines = [self.headline]
        if self.origin is not None:
            lines.append(f"  written in {self.origin.source}, line {self.origin.line}")
        for step in self.steps:
            lines.append(f"{clock(step.time)}  {step.who}: {step.text}{_at(step.place)}")
            lines += [f"    {detail}" for detail in step.details]
        lines += _search_lines(self.search)
        lines += [f"Note: {note}" for note in self.notes]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        sign = _GLYPHS[self.tone]
        head = f'<p class="k8s-status k8s-{sign.role}">{glyph(sign)} {escape(self.headline)}</p>'
        origin = ""
        if self.origin is not None:
            origin = f'<p class="k8s-soft">written in {escape(self.origin.source)}, line {self.origin.line}</p>'
        steps = "".join(f"<li>{_step_html(step)}</li>" for step in self.steps)
        notes = "".join(f'<p class="k8s-soft">Note: {escape(note)}</p>' for note in self.notes)
        return view(
            "explanation",
            f"Explanation of {self.subject}",
            head,
            origin,
            f"<ol>{steps}</ol>" if steps else "",
            _search_html(self.search),
            notes,
        )


def _at(place: Place | None) -> str:
    return f"  [{place}]" if place is not None else ""


def _search_lines(search: Search | None) -> list[str]:
    if search is None:
        return []
    if not search.remedies:
        return [_none_works(search)]
    first, *others = search.remedies
    lines = ["Smallest edit that changes this:", *_remedy_lines(first)]
    if others:
        lines.append("So would:")
        lines += [line for other in others for line in _remedy_lines(other)]
    return lines


def _none_works(search: Search) -> str:
    if search.tried < 2:
        return "No single edit that was tried changes this."
    return f"None of the {search.tried} single edits that were tried changes this."


def _remedy_lines(remedy: Remedy) -> list[str]:
    return [f"    {line}" for line in str(remedy).split("\n")]


def _step_html(step: Step) -> str:
    place = f' <code class="k8s-soft">{escape(step.place)}</code>' if step.place is not None else ""
    details = "".join(f"<li>{escape(detail)}</li>" for detail in step.details)
    return (
        f'<span class="k8s-soft">{clock(step.time)}</span> <strong>{escape(step.who)}</strong>: '
        f"{escape(step.text)}{place}{f'<ul>{details}</ul>' if details else ''}"
    )


def _search_html(search: Search | None) -> str:
    if search is None:
        return ""
    if not search.remedies:
        return f"<p>{escape(_none_works(search))}</p>"
    items = "".join(f"<li>{_remedy_html(remedy)}</li>" for remedy in search.remedies)
    return f"<p>Edits that change this, the smallest first:</p><ol>{items}</ol>"


def _remedy_html(remedy: Remedy) -> str:
    place = f'<code class="k8s-soft">{escape(remedy.place)}</code> ' if remedy.place is not None else ""
    edit, *effect = str(Remedy(remedy.edit, remedy.effect, remedy.opens)).split("\n")
    return f"{place}<code>{escape(edit)}</code><br>{escape(' '.join(effect).strip())}"
