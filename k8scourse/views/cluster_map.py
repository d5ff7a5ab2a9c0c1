"""The cluster map: nodes with their taints, the pods on each, and why a chosen pod may or may not run there.

`cluster_map` makes plain JSON from a snapshot; `to_html` and `to_text` draw it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.printers.core import node_status
from k8scourse.apiserver.printers.pods import pod_status
from k8scourse.component_helpers.pod_status import is_pod_ready, is_terminal
from k8scourse.views.clock import clock
from k8scourse.views.markup import Glyph, escape, glyph, table, view
from k8scourse.views.snapshot import Snapshot, pod_key

MOST_CHIPS = 40
"""Pods drawn on one node; the table has them all."""

_TERMINATING = Glyph("ring", "plain")
_GLYPHS = {
    "Running": Glyph("disc", "good"),
    "Pending": Glyph("triangle", "bad"),
    "Succeeded": Glyph("square", "done"),
    "Failed": Glyph("cross", "bad"),
}
_UNREADY = Glyph("half", "bad")
_OTHER = Glyph("diamond", "plain")

NodeVerdicts = Mapping[str, Sequence[str]]
"""For each node the reasons against the chosen pod; none means that it may run there."""


Data = Mapping[str, Any]
"""The map as JSON."""


def cluster_map(snapshot: Snapshot, selected: str = "", verdicts: NodeVerdicts | None = None) -> dict[str, Any]:
    """The map as JSON.

    *selected* is "namespace/name" of a pod; *verdicts* says for it, by node, what speaks against the node.
    """
    by_node: dict[str, list[dict[str, Any]]] = {}
    for pod in snapshot.pods:
        by_node.setdefault(pod["spec"].get("nodeName") or "", []).append(_pod(pod, selected))
    names = {node["metadata"]["name"] for node in snapshot.nodes}
    nowhere = [chip for name, chips in by_node.items() if name not in names for chip in chips]
    return {
        "revision": snapshot.revision,
        "time": clock(snapshot.elapsed),
        "selected": selected,
        "nodes": [_node(node, by_node, verdicts) for node in snapshot.nodes],
        "nowhere": nowhere,
    }


def _node(
    node: Mapping[str, Any], by_node: Mapping[str, list[dict[str, Any]]], verdicts: NodeVerdicts | None
) -> dict[str, Any]:
    name = node["metadata"]["name"]
    reasons = None if verdicts is None or name not in verdicts else list(verdicts[name])
    return {
        "name": name,
        "status": node_status(node),
        "taints": [taint_text(taint) for taint in node["spec"].get("taints") or []],
        "pods": by_node.get(name, []),
        "reasons": reasons,
    }


def _pod(pod: Mapping[str, Any], selected: str) -> dict[str, Any]:
    key = pod_key(pod)
    return {
        "key": key,
        "label": key.removeprefix("default/"),
        "status": pod_status(pod) or "Pending",
        "shape": _pod_glyph(pod)._asdict(),
        "selected": key == selected,
        "ended": is_terminal(pod),
    }


def _pod_glyph(pod: Mapping[str, Any]) -> Glyph:
    if pod["metadata"].get("deletionTimestamp"):
        return _TERMINATING
    phase = (pod.get("status") or {}).get("phase", "Pending")
    if phase == "Running" and not is_pod_ready(pod):
        return _UNREADY
    return _GLYPHS.get(phase, _OTHER)


def taint_text(taint: Mapping[str, Any]) -> str:
    """A taint as kubectl writes it: ``key=value:Effect``, without ``=value`` when there is no value."""
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint['key']}{value}:{taint['effect']}"


def to_html(data: Mapping[str, Any], *, interactive: bool = False) -> str:
    """The map as HTML that stands alone; *interactive* makes the pods buttons, for a widget to listen to."""
    summary = f'<p class="k8s-soft">{escape(_summary(data))}</p>'
    cards = "".join(_card(node, interactive) for node in data["nodes"])
    nowhere = _nowhere(data["nowhere"], interactive) if data["nowhere"] else ""
    return view(
        "map", "Cluster map", summary, f'<ul class="k8s-nodes">{cards}{nowhere}</ul>', _chosen(data), _table(data)
    )


def _summary(data: Mapping[str, Any]) -> str:
    pods = sum(len(node["pods"]) for node in data["nodes"]) + len(data["nowhere"])
    parts = [count(len(data["nodes"]), "node"), count(pods, "pod")]
    if data["nowhere"]:
        parts.append(f"{len(data['nowhere'])} not on a node")
    return f"{data['time']}, revision {data['revision']}: {', '.join(parts)}"


def count(number: int, word: str) -> str:
    """``1 node``, ``2 nodes``."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _card(node: Mapping[str, Any], interactive: bool) -> str:
    reasons = node["reasons"]
    side = "" if reasons is None else " k8s-refuses" if reasons and not _chosen_verb(node) else " k8s-fits"
    taints = "".join(f' <span class="k8s-taint">taint <code>{escape(taint)}</code></span>' for taint in node["taints"])
    return (
        f'<li class="k8s-node{side}"><strong>{escape(node["name"])}</strong> {escape(node["status"])}'
        f"{taints}{_reasons(reasons, _chosen_verb(node))}{_chips(node['pods'], interactive)}</li>"
    )


def _chosen_verb(node: Mapping[str, Any]) -> str:
    """What the chosen pod does on this node: "runs", "ran" once it has ended, nothing where it is elsewhere."""
    return next(("ran" if pod["ended"] else "runs" for pod in node["pods"] if pod["selected"]), "")


def _reasons(reasons: Sequence[str] | None, verb: str) -> str:
    """What speaks against the chosen pod; with *verb* it is on this node, whatever speaks against that by now."""
    if reasons is None:
        return ""
    if verb or not reasons:
        sign, word = glyph(Glyph("check", "good")), f"{verb} here" if verb else "fits"
        positive = f'<p class="k8s-why k8s-good">{sign} {word}</p>'
        return positive + _against(reasons, "would not be placed here again: ")
    return _against(reasons, "no: ")


def _against(reasons: Sequence[str], word: str) -> str:
    return "".join(
        f'<p class="k8s-why k8s-bad">{glyph(Glyph("cross", "bad"))} {word}{escape(reason)}</p>' for reason in reasons
    )


def _nowhere(pods: Sequence[Mapping[str, Any]], interactive: bool) -> str:
    return f'<li class="k8s-node k8s-nowhere"><strong>Not on a node</strong>{_chips(pods, interactive)}</li>'


def _chips(pods: Sequence[Mapping[str, Any]], interactive: bool) -> str:
    if not pods:
        return '<p class="k8s-soft">no pods</p>'
    chips = "".join(f"<li>{_chip(pod, interactive)}</li>" for pod in pods[:MOST_CHIPS])
    more = f'<li class="k8s-soft">and {len(pods) - MOST_CHIPS} more</li>' if len(pods) > MOST_CHIPS else ""
    return f'<ul class="k8s-pods">{chips}{more}</ul>'


def _chip(pod: Mapping[str, Any], interactive: bool) -> str:
    inside = f"{glyph(Glyph(**pod['shape']))}<span>{escape(pod['label'])} {escape(pod['status'])}</span>"
    if not interactive:
        return f'<span class="k8s-pod">{inside}</span>'
    key, pressed = escape(pod["key"]), "true" if pod["selected"] else "false"
    return (
        f'<button type="button" class="k8s-pod" data-pod="{key}" data-key="pod {key}" aria-pressed="{pressed}">'
        f"{inside}</button>"
    )


def _chosen(data: Mapping[str, Any]) -> str:
    if not data["selected"] or all(node["reasons"] is None for node in data["nodes"]):
        return ""
    here = [f"{_chosen_verb(node)} on {node['name']}" for node in data["nodes"] if _chosen_verb(node)]
    fitting = ", ".join(node["name"] for node in data["nodes"] if node["reasons"] == [] and not _chosen_verb(node))
    if here:
        answer = here[0] + (f" and could run on {fitting}, too" if fitting else "")
    else:
        answer = f"could run on {fitting}" if fitting else "fits no node"
    return f'<p role="status">{escape(data["selected"])} {escape(answer)}.</p>'


def _table(data: Mapping[str, Any]) -> str:
    rows = [
        [pod["key"], pod["status"], node["name"], node["status"], ", ".join(node["taints"]) or "none"]
        for node in data["nodes"]
        for pod in node["pods"]
    ]
    rows += [[pod["key"], pod["status"], "none", "", ""] for pod in data["nowhere"]]
    empty = [["none", "", node["name"], node["status"], ", ".join(node["taints"]) or "none"]
             for node in data["nodes"] if not node["pods"]]  # fmt: skip
    drawn = table(["Pod", "Status", "Node", "Node status", "Taints"], rows + empty, caption="Pods and their nodes")
    return f'<details data-key="table"><summary data-key="table summary">The same as a table</summary>{drawn}</details>'


def to_text(data: Mapping[str, Any]) -> str:
    """The map as plain text."""
    lines = [_summary(data)]
    for node in data["nodes"]:
        taints = f"  taints: {', '.join(node['taints'])}" if node["taints"] else ""
        lines.append(f"{node['name']}  {node['status']}{taints}")
        lines += [f"    {line}" for line in _reason_lines(node["reasons"], _chosen_verb(node))]
        lines += [f"    {pod['label']}  {pod['status']}" for pod in node["pods"]]
    if data["nowhere"]:
        lines.append("not on a node")
        lines += [f"    {pod['label']}  {pod['status']}" for pod in data["nowhere"]]
    return "\n".join(lines)


def _reason_lines(reasons: Sequence[str] | None, verb: str) -> list[str]:
    if reasons is None:
        return []
    word = "would not be placed here again" if verb else "no"
    lines = [f"{word}: {reason}" for reason in reasons]
    return [f"{verb} here", *lines] if verb else lines or ["fits"]
