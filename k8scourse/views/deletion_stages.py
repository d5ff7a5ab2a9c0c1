"""A deletion step by step, under each policy side by side: who owns whom, and what has become of each object so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.kinds import Registry
from k8scourse.controllers.garbage_graph import is_being_deleted, owners_of
from k8scourse.origins import Reference
from k8scourse.views.clock import clock
from k8scourse.views.deletion import Deletion, steps_table, what_would_be_deleted
from k8scourse.views.deletion_steps import FREE, GONE, MADE, POLICIES, WAITS, DeletionStep, reference
from k8scourse.views.lineage import title
from k8scourse.views.markup import Glyph, escape, glyph, view

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Object = dict[str, Any]

MOST_ROWS = 60
"""Objects in one picture; the rest is only counted."""
THERE, TERMINATING, REMOVED, ALONE, CREATED, ABSENT = "there", "terminating", "gone", "let go", "made", ""
_AFTER = {GONE: REMOVED, WAITS: TERMINATING, FREE: ALONE, MADE: CREATED}
_SIGNS = {
    THERE: Glyph("disc", "done"),
    TERMINATING: Glyph("half", "bad"),
    REMOVED: Glyph("cross", "bad"),
    ALONE: Glyph("ring", "good"),
    CREATED: Glyph("diamond", "good"),
}


@dataclass(frozen=True, slots=True)
class Stages:
    """The same deletion under each policy, and the objects that it touches as a tree of owners."""

    subject: Reference
    deletions: tuple[Deletion, ...]
    rows: tuple[tuple[int, Reference, bool], ...]
    """(depth, object, whether it is terminating before anything happens)"""

    @property
    def length(self) -> int:
        """How many steps the longest of the deletions has."""
        return max(len(deletion.steps) for deletion in self.deletions)


def stages(cluster: Cluster, target: str, *, namespace: str = "default", within: str | int = "2m") -> Stages:
    """What the deletion of *target* does under each policy. Raises ApiError as `what_would_be_deleted` does."""
    deletions = tuple(
        what_would_be_deleted(cluster, target, policy, namespace=namespace, within=within) for policy in POLICIES
    )
    subject = deletions[0].subject
    touched = {subject: None, **{step.object: None for deletion in deletions for step in deletion.steps}}
    return Stages(subject, deletions, tuple(_rows(cluster, list(touched))))


def _rows(cluster: Cluster, touched: Sequence[Reference]) -> Iterator[tuple[int, Reference, bool]]:
    """The objects, each once below the first of its owners that is among them; what is not there yet comes last."""
    found = {ref: _find(cluster, cluster.registry, ref) for ref in touched}
    uids = {obj["metadata"]["uid"]: ref for ref, obj in found.items() if obj is not None}
    children: dict[Reference | None, list[Reference]] = {}
    for ref, obj in found.items():
        owners = (uids.get(owner["uid"]) for owner in owners_of(obj)) if obj is not None else ()
        children.setdefault(next((owner for owner in owners if owner), None), []).append(ref)
    seen: set[Reference] = set()

    def walk(ref: Reference, depth: int) -> Iterator[tuple[int, Reference, bool]]:
        if ref not in seen:
            seen.add(ref)
            obj = found[ref]
            yield depth, ref, obj is not None and is_being_deleted(obj)
            for child in children.get(ref, ()):
                yield from walk(child, depth + 1)

    for ref in (touched[0], *children.get(None, ()), *touched):
        yield from walk(ref, 0)


def _find(cluster: Cluster, registry: Registry, ref: Reference) -> Object | None:
    kind, namespace, name = ref
    for resource in registry:
        if resource.kind == kind:
            obj = cluster.informers.get(resource.group_resource, name, namespace)
            if obj is not None and reference(obj) == ref:
                return obj
    return None


def moments(found: Stages) -> list[dict[str, Any]]:
    """One entry for each position of a slider: ``{revision, time, label, text}``; *revision* counts the steps."""
    entries = [{"revision": 0, "time": clock(0), "label": "before the deletion", "text": "Nothing has happened yet."}]
    for index in range(found.length):
        now = [(deletion.policy, deletion.steps[index]) for deletion in found.deletions if index < len(deletion.steps)]
        text = " · ".join(f"{policy}: {_sentence(step)}" for policy, step in now)
        time = clock(max(step.time for _, step in now))
        label = f"step {index + 1} of {found.length}"
        entries.append({"revision": index + 1, "time": time, "label": label, "text": text})
    return entries


def _sentence(step: DeletionStep) -> str:
    kind, _, name = step.object
    return f"{kind} {name} {step.what}"


def states(deletion: Deletion, step: int) -> dict[Reference, str]:
    """What has become of the objects after so many steps; what is not mentioned is as it was."""
    found: dict[Reference, str] = {}
    for one in deletion.steps[:step]:
        if not (one.what == FREE and found.get(one.object) == TERMINATING):
            found[one.object] = _AFTER[one.what]
    return found


def to_html(found: Stages, step: int) -> str:
    """The objects after so many steps, a column for each policy."""
    columns = [(deletion, states(deletion, step)) for deletion in found.deletions]
    head = "".join(f'<th scope="col">{escape(deletion.policy)}</th>' for deletion, _ in columns)
    made = {one.object for deletion in found.deletions for one in deletion.steps if one.what == MADE}
    body = "".join(
        f'<tr><th scope="row" style="padding-left:{depth * 1.5 + 0.5}em">{escape(title(ref))}</th>'
        + "".join(f"<td>{_cell(after.get(ref, _before(ref, made, terminating=ending)))}</td>" for _, after in columns)
        + "</tr>"
        for depth, ref, ending in found.rows[:MOST_ROWS]
    )
    rest = len(found.rows) - MOST_ROWS
    more = f'<p class="k8s-soft">and {rest} objects more</p>' if rest > 0 else ""
    why = "".join(
        f"<li><strong>{escape(deletion.policy)}</strong>: {escape(_why(deletion, step))}</li>"
        for deletion, _ in columns
    )
    caption = f"<caption>Owners and dependents after step {step} of {found.length}</caption>"
    table = f'<table>{caption}<thead><tr><th scope="col">Object</th>{head}</tr></thead><tbody>{body}</tbody></table>'
    return view("deletion", f"Deletion of {title(found.subject)}", table, more, f"<ul>{why}</ul>")


def _before(ref: Reference, made: set[Reference], *, terminating: bool) -> str:
    if ref in made:
        return ABSENT
    return TERMINATING if terminating else THERE


def _cell(state: str) -> str:
    return f"{glyph(_SIGNS[state])} {escape(state)}" if state else '<span class="k8s-soft">not there yet</span>'


def _why(deletion: Deletion, step: int) -> str:
    if step == 0:
        return "not begun"
    if step > len(deletion.steps):
        return f"over after {len(deletion.steps)} steps" + (", something is left waiting" if deletion.left else "")
    one = deletion.steps[step - 1]
    reason = f": {one.reason}" if one.reason else ""
    return f"{clock(one.time)} {_sentence(one)}, by {one.by}{reason}"


def to_text(found: Stages) -> str:
    """Every deletion with its steps."""
    return "\n\n".join(map(str, found.deletions))


def static_html(found: Stages) -> str:
    """The steps under each policy as tables, for pages without a kernel."""
    parts = "".join(
        f'<p class="k8s-status">{escape(deletion.headline)}</p>'
        + steps_table(deletion.steps[:MOST_ROWS], caption=f"Policy {deletion.policy}, step by step")
        for deletion in found.deletions
    )
    return view("deletion", f"Deletion of {title(found.subject)}", parts)
