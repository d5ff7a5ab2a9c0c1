"""A result in words: as text (stable, for notebooks that are compared) and as accessible HTML."""

from __future__ import annotations

from collections.abc import Iterator

from k8scourse.course.result import CheckResult, Problem, Result
from k8scourse.views.markup import escape

_WORDS = {"right": "right", "wrong": "wrong", "waiting": "not yet judged", "unanswered": "no answer"}
_SIGNS = {"right": "✔", "wrong": "✘", "waiting": "○", "unanswered": "○"}
LINES_BEFORE = 1
"""The lines of an answer cell before the answer: `%%answer chapter/slug`."""

_NOTES = {"refused": "A command failed", "missing": "A part is missing"}
_TROUBLE = {
    "unreadable": "The answer cannot be read",
    "missing": "A part is missing",
    "refused": "The API server refuses the answer",
    "too long": "The answer never comes to rest",
    "not simulated": "The answer uses what is not simulated yet",
    "defect": "The simulator could not run this answer; this is not your mistake",
}


def headline(result: Result) -> str:
    """One line: the exercise and its points."""
    return f"{result.exercise}: {result.earned} of {result.points} points"


def as_text(result: Result) -> str:
    """The whole feedback, several lines without colours."""
    lines = [headline(result)]
    if result.problem is not None:
        return "\n".join([*lines, *_problem(result.problem)])
    lines += [_check_line(check) for check in result.checks]
    for note in result.notes:
        lines += ["", *_problem(note, _NOTES[note.trouble])]
    first = result.first_failure
    if first is not None and first.verdict == "wrong":
        lines += ["", *details(first)]
    return "\n".join(lines)


def place(part: str, line: int | None, quoted: str = "") -> str:
    """Where in the answer cell: "line 3 of part nodes (`- key: a`)", "part nodes", or "" where nothing is to blame.

    *line* counts from 1 in the answer's text; what is shown counts the cell's lines, of which `%%answer` is the first.
    """
    if line is None:
        return f"part {part}" if part else ""
    shown = f"line {line + LINES_BEFORE}" + (f" of part {part}" if part else "")
    return f"{shown} (`{quoted}`)" if quoted else shown


def _problem(problem: Problem, words: str = "") -> list[str]:
    where = place(problem.part, problem.line, problem.quoted)
    first, *rest = problem.text.split("\n")
    ending = f" ({problem.remedy})" if problem.remedy else ""
    if rest and problem.remedy:
        rest.append(f"({problem.remedy})")
    head = f"{words or _TROUBLE[problem.trouble]}{f', {where}' if where else ''}:"
    return [head, f"  {first}{'' if rest else ending}", *(f"  {line}" for line in rest)]


def _check_line(check: CheckResult) -> str:
    return f"  {_SIGNS[check.verdict]} {check.earned}/{check.points} {check.id}: {_sentence(check)}"


def _sentence(check: CheckResult) -> str:
    return check.sentence if check.verdict in ("right", "wrong") else f"{_WORDS[check.verdict]}."


def _rows(check: CheckResult) -> Iterator[tuple[str, str]]:
    where = place(check.part, check.line, check.quoted)
    if where:
        yield "look at", where
    yield check.labels[0], check.expected
    yield check.labels[1], check.found
    if check.why:
        yield "why", check.why
    if check.misconception:
        yield "think of", check.misconception


def details(check: CheckResult) -> list[str]:
    """The first failure of a check: where, what was expected, what was found, and why as far as that is known."""
    lines = [f"First thing to fix: {check.id}"]
    rows = list(_rows(check))
    width = max(len(label) for label, _ in rows) + 1
    for label, text in rows:
        first, *rest = text.rstrip().split("\n")
        lines += [f"  {label + ':':<{width}} {first}", *(f"{' ' * (width + 3)}{line}" for line in rest)]
    return lines


def as_html(result: Result) -> str:
    """The same as a section with a heading, a list and a table; verdicts are words and signs, never colours alone."""
    parts = [f"<p><strong>{escape(headline(result))}</strong></p>"]
    if result.problem is not None:
        parts.append(_html_problem(result.problem, _TROUBLE[result.problem.trouble]))
    else:
        items = "".join(_html_check(check) for check in result.checks)
        parts.append(f'<ul style="list-style: none; padding-left: 0">{items}</ul>')
        parts += [_html_problem(note, _NOTES[note.trouble]) for note in result.notes]
        first = result.first_failure
        if first is not None and first.verdict == "wrong":
            parts.append(_html_details(first))
    return f'<section role="status" aria-label="{escape(headline(result))}">{"".join(parts)}</section>'


def _html_check(check: CheckResult) -> str:
    return (
        f'<li><span aria-hidden="true">{_SIGNS[check.verdict]}</span> '
        f"<strong>{_WORDS[check.verdict]}</strong>, {check.earned} of {check.points}: "
        f"<code>{escape(check.id)}</code> {escape(check.sentence if check.verdict in ('right', 'wrong') else '')}</li>"
    )


def _html_problem(problem: Problem, words: str) -> str:
    where = place(problem.part, problem.line, problem.quoted)
    remedy = f"<p>{escape(problem.remedy)}</p>" if problem.remedy else ""
    return (
        f"<p><strong>{escape(words)}{escape(f', {where}' if where else '')}</strong></p>"
        f"<pre>{escape(problem.text)}</pre>{remedy}"
    )


def _html_details(check: CheckResult) -> str:
    rows = "".join(
        f'<tr><th scope="row" style="text-align: left; vertical-align: top">{label}</th>'
        f'<td style="text-align: left; white-space: pre-wrap">{escape(text.rstrip())}</td></tr>'
        for label, text in _rows(check)
    )
    return f"<table><caption>First thing to fix: <code>{escape(check.id)}</code></caption><tbody>{rows}</tbody></table>"
