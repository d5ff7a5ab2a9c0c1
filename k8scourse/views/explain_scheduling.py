"""The scheduler's reasons in words: the guilty taint, label or amount on each node, and the points that decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from k8scourse.etcd.store import RevisionCompacted
from k8scourse.origins import Place
from k8scourse.scheduler.explanation import Finding
from k8scourse.simulation.journal import Decision
from k8scourse.views.cluster_map import taint_text
from k8scourse.views.finding_texts import amount_text, label_text, port_text
from k8scourse.views.lineage import place
from k8scourse.views.matching import closest
from k8scourse.views.smallest_edit import findings

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Object = dict[str, Any]

MOST_GROUPS = 8
MOST_SCORED = 3
_NOTHING = "nothing speaks against it as the cluster is at this moment"


def refusal_details(cluster: Cluster, family: Sequence[Object], pod: Object) -> tuple[list[str], Place | None]:
    """A line for each group of nodes that refuse *pod* for the same reasons.

    Also the guilty line of the manifest where there is only one; where there are several, each reason names its own.
    """
    reasons = {node: [line for finding in found for line in _finding_lines(finding, pod)]
               for node, found in findings(cluster, pod).items()}  # fmt: skip
    places = {path: place(cluster, family, path) for lines in reasons.values() for _, path in lines if path}
    guilty = list(dict.fromkeys(at for at in places.values() if at is not None))
    groups: dict[tuple[str, ...], list[str]] = {}
    for node, lines in reasons.items():
        texts = [f"{text} [{places[path]}]" if len(guilty) > 1 and places.get(path) else text for text, path in lines]
        groups.setdefault(tuple(texts) or (_NOTHING,), []).append(node)
    shown = [f"{_names(nodes)}: {'; '.join(texts)}" for texts, nodes in groups.items()]
    if len(shown) > MOST_GROUPS:
        shown = [*shown[:MOST_GROUPS], f"and {len(shown) - MOST_GROUPS} more groups of nodes"]
    return shown, guilty[0] if len(guilty) == 1 else None


def _names(nodes: Sequence[str], most: int = 4) -> str:
    return ", ".join(nodes) if len(nodes) <= most else f"{', '.join(nodes[:most])} and {len(nodes) - most} more"


def _finding_lines(finding: Finding, pod: Object) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """What one plugin found: a sentence, and the path of the pod's field behind it."""
    facts = finding.facts
    field = tuple(finding.field.split("."))
    if finding.plugin == "TaintToleration":
        for taint in facts["taints"]:
            near = closest(pod["spec"].get("tolerations") or [], taint)
            text = f"untolerated taint {taint_text(taint)}"
            if near is None:
                yield f"{text}, and no toleration has its key", ()
                continue
            index, match = near
            failure = match.failure
            path = ("spec", "tolerations", index, failure.field) if failure is not None else ()
            yield f"{text}; the nearest toleration fails: {failure.text if failure else ''}", path
    elif finding.plugin == "NodeResourcesFit" and facts:
        for name, row in facts.items():
            yield f"too little {name}: {amount_text(name, row)}", ("spec", "containers")
    elif finding.plugin == "NodeAffinity" and facts.get("nodeSelector"):
        for key, value in facts["nodeSelector"].items():
            yield label_text(key, value), ("spec", "nodeSelector", key)
    elif finding.plugin == "NodePorts" and facts.get("ports"):
        for port in facts["ports"]:
            yield port_text(port), ("spec", "containers")
    else:
        yield "; ".join(finding.reasons), field


def scheduled_details(cluster: Cluster, pod: Object | None, decision: Decision) -> Iterator[str]:
    """Why this node: what ruled out the others, and the points of those that were left."""
    detail = decision.detail
    for reason, count in detail["reasons"]:
        yield f"{count} of {detail['nodes']} nodes ruled out: {reason}"
    if detail["feasible"] < 2:
        return
    namespace, name = decision.subject[1], decision.subject[2]
    try:
        scores = cluster.scheduling(name, namespace=namespace).scores
    except (LookupError, RevisionCompacted):
        return
    totals = {node: sum(points.values()) for node, points in scores.items()}
    order = sorted(totals, key=lambda node: (node != detail["node"], -totals[node], node))
    for node in order[:MOST_SCORED]:
        parts = ", ".join(f"{plugin} {points}" for plugin, points in scores[node].items() if points)
        yield f"{node}: {totals[node]} points ({parts})"
    ties = [node for node in order[1:] if totals[node] == totals[detail["node"]]]
    if ties:
        yield "equal points: here the node with fewer pods wins, then the first by name; a real scheduler picks any"
