"""The verdict on a manifest: accepted or refused, where, and what would then happen. Everything on a fork.

`verdict` makes plain JSON; `to_html` and `to_text` draw it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from k8scourse.apiserver.printers.pods import pod_status
from k8scourse.component_helpers.pod_status import pod_condition
from k8scourse.machinery.fieldpath import FieldPathError, parse_path
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.yaml import Document, ManifestError, read_documents
from k8scourse.manifests import items_of
from k8scourse.views.manifest_structure import Problem, structure_problems
from k8scourse.views.markup import Glyph, escape, glyph, view
from k8scourse.views.snapshot import pod_key

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

ACCEPTED, REFUSED, UNREADABLE, EMPTY = "accepted", "refused", "unreadable", "empty"
APPLIED = "applied"

_HEADLINES = {
    ACCEPTED: "Accepted",
    REFUSED: "Refused by the API server",
    UNREADABLE: "Not a manifest",
    EMPTY: "Nothing to apply",
    APPLIED: "Applied",
}
_MOST_PODS = 12

Diagnostic = dict[str, Any]


def verdict(cluster: Cluster, text: str, source: str = "<text>") -> dict[str, Any]:
    """What applying *text* would do to *cluster*, which stays as it is.

    ``{status, diagnostics: [{line, column, end_column, severity, message, remedy}], outcome: [text], pods: [...]}``;
    lines and columns count from 1. Never raises for what a learner can type.
    """
    try:
        documents = read_documents(text, source)
    except ManifestError as error:
        return _answer(UNREADABLE, [_unreadable(error, text)])
    objects = [(document, obj) for document in documents for obj in items_of(document.value)]
    if not objects:
        return _answer(EMPTY, [])
    fork = cluster.fork()
    before = _pods(fork)
    lines = text.split("\n")
    diagnostics: list[Diagnostic] = []
    done: list[str] = []
    for document, obj in objects:
        problems = structure_problems(obj, schemas=fork.schemas, kinds=fork.registry)
        if problems:
            diagnostics += _structure(problems, document, lines)
            continue
        try:
            done.append(_apply(fork, obj))
        except ApiError as error:
            diagnostics += _refusals(error, document, obj, lines)
    fork.settle()
    pods = list(_changes(before, _pods(fork)))
    return _answer(REFUSED if diagnostics else ACCEPTED, diagnostics, done, pods)


def applied(before: Cluster, after: Cluster, text: str) -> dict[str, Any]:
    """What an apply of *text* has done: from *before* to *after*, as `verdict` tells what it would do."""
    objects = [_name(obj) for document in read_documents(text) for obj in items_of(document.value)]
    pods = list(_changes(_pods(before), _pods(after), done=True))
    return _answer(APPLIED, [], objects, pods)


def _apply(fork: Cluster, obj: Any) -> str:
    return _name(fork.apply(obj))


def _name(obj: Mapping[str, Any]) -> str:
    return f"{obj['kind'].lower()}/{obj['metadata']['name']}"


def _answer(
    status: str, diagnostics: list[Diagnostic], done: list[str] | None = None, pods: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    pods = pods or []
    outcome = [pod["text"] for pod in pods[:_MOST_PODS]]
    if len(pods) > _MOST_PODS:
        outcome.append(f"and {len(pods) - _MOST_PODS} more pods")
    if status == REFUSED and done:
        outcome.insert(0, f"{', '.join(done)} would be applied all the same.")
    if status == ACCEPTED and not outcome:
        outcome.append("No pod starts, stops or moves.")
    if status == APPLIED and not outcome:
        outcome.append("No pod started, stopped or moved.")
    return {"status": status, "diagnostics": diagnostics, "objects": done or [], "outcome": outcome, "pods": pods}


def _unreadable(error: ManifestError, text: str) -> Diagnostic:
    """A mark on a blank line, or behind the last one, would not be seen: it goes to the end of the text before it."""
    lines = text.split("\n")
    line, column = error.line, error.column
    while line > 1 and not "".join(lines[line - 1 : line]).strip():
        line, column = line - 1, max(len("".join(lines[line - 2 : line - 1]).rstrip()), 1)
    return _diagnostic(lines, line, column, error.message, error.remedy)


def _structure(problems: list[Problem], document: Document, lines: list[str]) -> Iterator[Diagnostic]:
    for problem in problems:
        position = None if problem.name else document.positions.value(problem.path)
        line, column = position or document.positions.nearest(problem.path)
        yield _diagnostic(lines, line, column, problem.message, problem.remedy)


def _refusals(error: ApiError, document: Document, obj: Any, lines: list[str]) -> Iterator[Diagnostic]:
    """One diagnostic for each cause of a Status, at the field it names; one for the whole where it names none."""
    for cause in error.causes:
        field = cause.get("field", "")
        message = f"{field}: {cause['message']}" if field and not field.startswith("<") else cause["message"]
        line, column = _place(document, field)
        yield _diagnostic(lines, line, column, message)
    if not error.causes:
        line, column = _place(document, "kind" if isinstance(obj, Mapping) and "kind" in obj else "")
        yield _diagnostic(lines, line, column, error.message)


def _place(document: Document, field: str) -> tuple[int, int]:
    """Where the value of *field* stands; where it is missing, the nearest field around it."""
    try:
        path = tuple(parse_path(field)) if field and not field.startswith("<") else ()
    except FieldPathError:
        path = ()
    position = document.positions.value(path) if path else None
    return position or document.positions.nearest(path)


def _diagnostic(lines: list[str], line: int, column: int, message: str, remedy: str = "") -> Diagnostic:
    return {
        "line": line,
        "column": column,
        "end_column": _end_of_word(lines[line - 1] if line <= len(lines) else "", column),
        "severity": "error",
        "message": message,
        "remedy": remedy,
    }


def _end_of_word(row: str, column: int) -> int:
    """The column after the word, the quoted text or the bracket that begins at *column*."""
    end = column - 1
    while end < len(row) and row[end] not in " ,:]}\t#":
        end += 1
    return max(end + 1, min(column + 1, len(row) + 1))


def _pods(cluster: Cluster) -> dict[str, Mapping[str, Any]]:
    return {pod_key(pod): pod for pod in cluster.informers.list("pods")}


def _changes(
    before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]], *, done: bool = False
) -> Iterator[dict[str, Any]]:
    """One entry for each pod that appears, disappears, moves or is asked to stop; *done* where it has happened."""
    words = _HAPPENED if done else _WOULD
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old is new:
            continue
        text = _change_text(key.removeprefix("default/"), old, new, words)
        if text:
            node = None if new is None else new["spec"].get("nodeName")
            yield {"pod": key, "node": node, "status": pod_status(new) if new else "gone", "text": text}


class _Words(NamedTuple):
    deleted: str
    stopped: str
    runs: str
    waits: str


_WOULD = _Words(
    "pod {} would be deleted.",
    "pod {} would be stopped and deleted.",
    "pod {} would run on {}.",
    "pod {} would stay Pending: {}",
)
_HAPPENED = _Words(
    "pod/{} was deleted.", "pod/{} is being stopped and deleted.", "pod/{} runs on {}.", "pod/{} is Pending: {}"
)


def _change_text(name: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, words: _Words) -> str:
    if new is None:
        return words.deleted.format(name)
    if new["metadata"].get("deletionTimestamp"):
        return "" if old and old["metadata"].get("deletionTimestamp") else words.stopped.format(name)
    node = new["spec"].get("nodeName")
    if node:
        return "" if old and old["spec"].get("nodeName") == node else words.runs.format(name, node)
    scheduled = pod_condition(new, "PodScheduled") or {}
    if old is not None and (pod_condition(old, "PodScheduled") or {}).get("message") == scheduled.get("message"):
        return ""
    return words.waits.format(name, scheduled.get("message") or "no scheduler has looked at it.")


def _told(data: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The first line, and what follows; an applied pod's own line is the first."""
    headline, outcome, objects = _HEADLINES[data["status"]], data["outcome"], data["objects"]
    if data["status"] not in (ACCEPTED, APPLIED) or not objects:
        return headline, outcome
    if data["status"] == APPLIED and len(objects) == len(outcome) == 1 and outcome[0].startswith(f"{objects[0]} "):
        return f"{headline}: {outcome[0]}", []
    return f"{headline}: {', '.join(objects)}", outcome


def to_html(data: Mapping[str, Any]) -> str:
    """The verdict as HTML; each place in the manifest is a button with data-line and data-column."""
    status = data["status"]
    sign = Glyph("check", "good") if status in (ACCEPTED, APPLIED) else Glyph("cross", "bad")
    if status == EMPTY:
        sign = Glyph("ring", "plain")
    headline, told = _told(data)
    head = f'<p class="k8s-status k8s-{sign.role}">{glyph(sign)} {escape(headline)}</p>'
    problems = "".join(f"<li>{_problem(one)}</li>" for one in data["diagnostics"])
    outcome = "".join(f"<li>{escape(line)}</li>" for line in told)
    return view(
        "verdict",
        "Verdict",
        head,
        f'<ul class="k8s-problems">{problems}</ul>' if problems else "",
        f'<ul class="k8s-outcome">{outcome}</ul>' if outcome else "",
    )


def _problem(one: Diagnostic) -> str:
    remedy = f' <span class="k8s-soft">{escape(one["remedy"])}</span>' if one["remedy"] else ""
    place = f"line {one['line']}, column {one['column']}"
    return (
        f'<button type="button" class="k8s-place" data-line="{one["line"]}" data-column="{one["column"]}" '
        f'data-key="{escape(place)}">{place}</button> {escape(one["message"])}{remedy}'
    )


def to_text(data: Mapping[str, Any]) -> str:
    """The verdict as plain text."""
    headline, told = _told(data)
    lines = [headline]
    for one in data["diagnostics"]:
        remedy = f" ({one['remedy']})" if one["remedy"] else ""
        lines.append(f"  line {one['line']}, column {one['column']}: {one['message']}{remedy}")
    return "\n".join(lines + [f"  {line}" for line in told])
