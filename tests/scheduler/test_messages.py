"""The texts of a pod that does not fit (kubernetes: pkg/scheduler/framework/types_test.go TestFitError_Error)."""

import pytest

from k8scourse.scheduler import messages
from k8scourse.scheduler.cycle import evaluate
from tests.scheduler.worlds import cluster, info, node, pod

NOT_HELPFUL = "no new claims to deallocate, preemption: 0/{0} nodes are available: {1}"


def message(pod_, *objects):
    return evaluate(info(pod_), cluster(*objects)).message


def test_reasons_are_sorted_as_text_so_ten_comes_before_two():
    text = messages.nodes_are_available(12, {"b": 10, "a": 2})
    assert text == "0/12 nodes are available: 10 b, 2 a."


def test_a_reason_at_pre_filter_replaces_the_counted_ones():
    assert messages.fit_error(3, {"x": 3}, pre_filter="why", post_filter="tail") == (
        "0/3 nodes are available: why. tail"
    )
    assert messages.fit_error(3, {}) == "0/3 nodes are available:"


def test_taints_of_all_kinds_count_as_one_reason():
    nodes = [node("n1", taints=["a=1:NoSchedule"]), node("n2", taints=["b:NoExecute"])]
    assert message(pod("p"), *nodes) == (
        "0/2 nodes are available: 2 node(s) had untolerated taint(s). no new claims to deallocate, "
        "preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling."
    )


def test_a_node_that_preemption_could_free_is_named_apart():
    nodes = [node("n1", cpu="2"), node("n2", taints=["a:NoSchedule"])]
    old = pod("old", cpu="1500m", on="n1")
    assert message(pod("p", cpu="1"), *nodes, old) == (
        "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s). no new claims to deallocate, "
        "preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, "
        "1 Preemption is not helpful for scheduling."
    )


def test_all_that_is_short_on_one_node_is_named():
    assert message(pod("p", cpu="9", memory="99Gi"), node("n1")).startswith(
        "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory."
    )


def test_no_nodes_has_its_own_text():
    assert message(pod("p")) == "no nodes available to schedule pods"


def test_the_first_refusing_plugin_speaks_for_a_node():
    """Source: kubernetes: framework/runtime/framework.go RunFilterPlugins stops at the first failure."""
    text = message(pod("p", cpu="99", nodeSelector={"a": "b"}), node("n1", taints=["a:NoSchedule"]))
    assert text.startswith("0/1 nodes are available: 1 node(s) had untolerated taint(s). ")


def test_nodes_that_match_fields_leave_out_are_counted_under_the_plugin():
    """Source: kubernetes: schedule_one.go findNodesThatFitPod (DaemonSet pods)."""
    fields = [{"key": "metadata.name", "operator": "In", "values": ["n1"]}]
    terms = {"nodeSelectorTerms": [{"matchFields": fields}]}
    mine = pod("p", cpu="9", affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}})
    outcome = evaluate(info(mine), cluster(node("n1"), node("n2"), node("n3")))
    assert outcome.message.startswith(
        "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. "
    )
    assert outcome.plugins == ("NodeAffinity", "NodeResourcesFit")


def test_contradicting_match_fields_leak_a_second_text():
    """DynamicResources has no state when PreFilter ends early; its PostFilter then fails with "not found"."""
    fields = [{"key": "metadata.name", "operator": "In", "values": [name]} for name in ("n1", "n2")]
    terms = {"nodeSelectorTerms": [{"matchFields": fields}]}
    mine = pod("p", affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}})
    assert message(mine, node("n1")) == "0/1 nodes are available: pod affinity terms conflict. not found"


def test_long_messages_are_cut_to_the_limit_of_events():
    long = "x" * 1100
    assert messages.cut_note(long) == "x" * 1020 + " ..."
    assert messages.cut_note("x" * 1024) == "x" * 1024
    assert len(messages.cut_note("ä" * 1000).encode()) <= 1024


@pytest.mark.parametrize(
    ("version", "claims", "taint"),
    [
        ("1.33", "", "node(s) had untolerated taint {gpu: true}"),
        ("1.34", "no new claims to deallocate", "node(s) had untolerated taint {gpu: true}"),
        ("1.36", "no new claims to deallocate", "node(s) had untolerated taint(s)"),
        ("1.37", "", "node(s) had untolerated taint(s)"),
    ],
)
def test_texts_differ_between_releases(version, claims, taint):
    assert messages.TEXTS[version].no_claims == claims
    assert messages.untolerated_taint("gpu", "true", version=version) == taint
