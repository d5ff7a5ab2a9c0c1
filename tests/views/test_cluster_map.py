from __future__ import annotations

import re
from typing import Any

from k8scourse.views.cluster_map import MOST_CHIPS, cluster_map, to_html, to_text
from k8scourse.views.snapshot import Snapshot


def node(name: str, *taints: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": "Node",
        "metadata": {"name": name},
        "spec": {"taints": list(taints)},
        "status": {"conditions": [{"type": "Ready", "status": "True"}]},
    }


def pod(name: str, on: str = "", phase: str = "Running", ready: bool = True, **metadata: Any) -> dict[str, Any]:
    conditions = [{"type": "Ready", "status": "True" if ready else "False"}]
    return {
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "default", **metadata},
        "spec": {"nodeName": on} if on else {},
        "status": {"phase": phase, "conditions": conditions},
    }


GPU = {"key": "gpu", "value": "true", "effect": "NoSchedule"}
SMALL = Snapshot(57, 90_000_000_000, (node("n1", GPU), node("n2")), (pod("a", "n1"), pod("b", phase="Pending")))


def test_pods_stand_on_their_nodes_and_the_others_apart() -> None:
    data = cluster_map(SMALL)
    assert [[chip["label"] for chip in one["pods"]] for one in data["nodes"]] == [["a"], []]
    assert [chip["label"] for chip in data["nowhere"]] == ["b"]


def test_a_taint_reads_as_kubectl_writes_it() -> None:
    bare = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
    data = cluster_map(Snapshot(1, 0, (node("n1", GPU, bare),), ()))
    assert data["nodes"][0]["taints"] == ["gpu=true:NoSchedule", "node-role.kubernetes.io/control-plane:NoSchedule"]


def test_state_is_told_by_shape_and_word_not_by_colour_alone() -> None:
    pods = (
        pod("run", "n1"),
        pod("unready", "n1", ready=False),
        pod("wait", "n1", phase="Pending"),
        pod("done", "n1", phase="Succeeded"),
        pod("bad", "n1", phase="Failed"),
        pod("leaving", "n1", deletionTimestamp="2026-01-01T00:00:00Z"),
    )
    chips = cluster_map(Snapshot(1, 0, (node("n1"),), pods))["nodes"][0]["pods"]
    assert len({chip["shape"]["shape"] for chip in chips}) == len(pods)
    assert [chip["status"] for chip in chips][-1] == "Terminating"


def test_why_not_stands_on_each_node_for_the_chosen_pod() -> None:
    data = cluster_map(SMALL, "default/b", {"n1": ["node(s) had untolerated taint(s)"], "n2": []})
    assert "    no: node(s) had untolerated taint(s)" in to_text(data)
    html = to_html(data, interactive=True)
    assert "default/b could run on n2." in html
    assert html.count('data-pod="default/b" data-key="pod default/b" aria-pressed="true"') == 1
    assert html.count('data-pod="default/a" data-key="pod default/a" aria-pressed="false"') == 1


def test_a_chosen_pod_that_has_a_node_is_told_to_run_there() -> None:
    data = cluster_map(SMALL, "default/a", {"n1": ["node(s) had untolerated taint(s)"], "n2": []})
    html, text = to_html(data), to_text(data)
    assert "default/a runs on n1 and could run on n2, too." in html
    assert "    runs here\n    would not be placed here again: node(s) had untolerated taint(s)" in text
    assert "no: " not in text
    alone = cluster_map(Snapshot(1, 0, (node("n1"),), (pod("a", "n1"),)), "default/a", {"n1": []})
    assert "default/a runs on n1." in to_html(alone)
    ended = cluster_map(Snapshot(1, 0, (node("n1"),), (pod("a", "n1", "Succeeded"),)), "default/a", {"n1": []})
    assert "default/a ran on n1." in to_html(ended) and "    ran here" in to_text(ended)


def test_text_and_table_have_every_pod_even_where_the_picture_stops() -> None:
    many = tuple(pod(f"p{number}", "n1") for number in range(MOST_CHIPS + 5))
    data = cluster_map(Snapshot(1, 0, (node("n1"),), many))
    html = to_html(data)
    assert "and 5 more" in html
    assert html.count('<th scope="row">') == len(many) == to_text(data).count("  Running")


def test_static_html_has_no_dead_buttons_and_the_live_one_has_them() -> None:
    data = cluster_map(SMALL)
    assert "<button" not in to_html(data)
    assert to_html(data, interactive=True).count("<button") == 2


def test_names_cannot_carry_markup() -> None:
    data = cluster_map(Snapshot(1, 0, (node("<b>&\"'"),), (pod("<script>", "<b>&\"'"),)))
    assert not re.search(r"<script|<b>", to_html(data, interactive=True))


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    assert to_html(cluster_map(SMALL)) == to_html(cluster_map(SMALL))


def test_the_summary_tells_time_revision_and_counts() -> None:
    assert to_text(cluster_map(SMALL)).splitlines()[0] == "00:01:30, revision 57: 2 nodes, 2 pods, 1 not on a node"
