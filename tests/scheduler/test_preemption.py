"""Whose place a pod may take (kubernetes: plugins/defaultpreemption/default_preemption_test.go)."""

from k8scourse.scheduler.cycle import evaluate
from k8scourse.scheduler.preemption import split_by_budget
from tests.scheduler.worlds import HOSTNAME, away, cluster, info, node, pod, spread, term


def decide(pod_, *objects):
    outcome = evaluate(info(pod_), cluster(*objects))
    return outcome.nominated, [victim.key[1] for victim in outcome.victims], outcome.message


def budget(allowed, labels, **status):
    return {
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "b", "namespace": "default"},
        "spec": {"selector": {"matchLabels": labels}},
        "status": {"disruptionsAllowed": allowed, **status},
    }


def test_only_lower_priority_yields():
    old = pod("old", cpu="4", on="n1", priority=10)
    nominated, victims, message = decide(pod("p", cpu="1", priority=10), node("n1"), old)
    assert (nominated, victims) == ("", [])
    assert message.endswith("preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.")


def test_a_success_leaves_no_tail_in_the_message():
    old = pod("old", cpu="4", on="n1")
    assert decide(pod("p", cpu="1", priority=1), node("n1"), old) == (
        "n1",
        ["old"],
        "0/1 nodes are available: 1 Insufficient cpu.",
    )


def test_no_more_pods_leave_than_must_and_the_important_ones_stay():
    olds = [
        pod("low", cpu="1", on="n1", priority=1),
        pod("mid", cpu="1", on="n1", priority=2),
        pod("z", cpu="2", on="n1"),
    ]
    assert decide(pod("p", cpu="2", priority=9), node("n1"), *olds)[1] == ["z"]
    assert decide(pod("p", cpu="3", priority=9), node("n1"), *olds)[1] == ["low", "z"]


def test_among_equals_the_one_that_started_later_leaves():
    """Source: pkg/scheduler/util MoreImportantPod; a pod that has not started counts as the latest."""
    first = pod("first", cpu="2", on="n1", start="2026-01-01T00:00:00Z")
    second = pod("second", cpu="2", on="n1", start="2026-01-01T00:00:05Z")
    unstarted = pod("third", cpu="2", on="n1")
    assert decide(pod("p", cpu="2", priority=1), node("n1"), first, second)[1] == ["second"]
    assert decide(pod("p", cpu="2", priority=1), node("n1"), first, unstarted)[1] == ["third"]


def test_never_means_never():
    mine = pod("p", cpu="1", priority=1, preemptionPolicy="Never")
    nominated, _, message = decide(mine, node("n1"), pod("old", cpu="4", on="n1"))
    assert nominated is None
    assert message == (
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, "
        "preemption: not eligible due to preemptionPolicy=Never."
    )


def test_while_a_victim_leaves_nobody_else_is_chosen():
    leaving = pod("old", cpu="4", on="n1")
    leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:30Z"
    condition = {"type": "DisruptionTarget", "status": "True", "reason": "PreemptionByScheduler"}
    leaving["status"]["conditions"] = [condition]
    mine = pod("p", cpu="1", priority=1, status={"nominatedNodeName": "n1"})
    nominated, victims, message = decide(mine, node("n1"), node("n2"), leaving, pod("other", cpu="4", on="n2"))
    assert (nominated, victims) == (None, [])
    assert message.endswith("preemption: not eligible due to a terminating pod on the nominated node.")
    leaving["spec"]["priority"] = 5
    assert decide(mine, node("n1"), leaving, pod("other", cpu="4", on="n2"), node("n2"))[0] == "n2"
    leaving["spec"]["priority"] = 0
    leaving["status"]["conditions"] = []
    assert decide(mine, node("n1"), leaving)[1] == ["old"]


def test_refusals_that_no_removal_lifts_are_no_candidates():
    old = pod("old", cpu="4", on="n1")
    message = decide(pod("p", cpu="1", priority=1), node("n1", taints=["a:NoSchedule"]), old)[2]
    assert message.endswith("1 Preemption is not helpful for scheduling.")
    message = decide(pod("p", cpu="5", priority=1), node("n1"), old)[2]
    assert message.endswith("1 Preemption is not helpful for scheduling.")


def test_a_node_that_stays_full_says_why():
    """The refusal after the removal of all possible victims stands in the message."""
    olds = [pod("high", cpu="3", on="n1", priority=9), pod("low", cpu="500m", on="n1")]
    message = decide(pod("p", cpu="2", priority=5), node("n1"), *olds)[2]
    assert message.endswith("preemption: 0/1 nodes are available: 1 Insufficient cpu.")


def test_candidates_are_compared_by_five_criteria_in_turn():
    """Source: pickOneNodeForPreemption."""
    mine = pod("p", cpu="4", priority=100)
    labelled = {"labels": {"app": "db"}}
    nodes = [node("n1"), node("n2")]
    start, later = {"start": "2026-01-01T00:00:00Z"}, {"start": "2026-01-01T00:00:09Z"}

    def chosen(*olds):
        return decide(mine, *nodes, budget(0, {"app": "db"}), *olds)[0]

    assert chosen(pod("a", cpu="4", on="n1", **labelled), pod("b", cpu="4", on="n2", priority=50)) == "n2"
    assert chosen(pod("a", cpu="4", on="n1", priority=9), pod("b", cpu="4", on="n2", priority=8)) == "n2"
    two = [pod("b", cpu="2", on="n1", priority=5), pod("c", cpu="2", on="n1")]
    assert chosen(*two, pod("d", cpu="4", on="n2", priority=5)) == "n2"
    uneven = [pod("b", cpu="2", on="n1", priority=5), pod("c", cpu="2", on="n1", priority=3)]
    assert chosen(*uneven, pod("d", cpu="2", on="n2", priority=5), pod("e", cpu="2", on="n2")) == "n2"
    same_sum = [pod("b", cpu="2", on="n1"), pod("c", cpu="2", on="n1", priority=-(2**31))]
    assert chosen(*same_sum, pod("d", cpu="4", on="n2")) == "n2"
    assert chosen(pod("a", cpu="4", on="n1", **start), pod("b", cpu="4", on="n2", **later)) == "n2"
    assert chosen(pod("a", cpu="4", on="n1", **start), pod("b", cpu="4", on="n2", **start)) == "n1"


def test_budgets_are_spent_in_order_of_importance():
    pods = [info(pod(f"p{number}", labels={"app": "db"})) for number in range(3)]
    violating, others = split_by_budget(pods, [budget(1, {"app": "db"})])
    assert ([p.key[1] for p in others], [p.key[1] for p in violating]) == (["p0"], ["p1", "p2"])
    violating, _ = split_by_budget(pods, [budget(0, {"app": "db"}, disruptedPods={"p0": "t"})])
    assert [p.key[1] for p in violating] == ["p1", "p2"]
    assert split_by_budget(pods, [budget(0, {})])[0] == []


def test_pods_with_a_budget_are_given_back_before_more_important_ones():
    guarded = pod("db", cpu="2", on="n1", labels={"app": "db"})
    important = pod("x", cpu="2", on="n1", priority=5)
    assert decide(pod("p", cpu="2", priority=9), node("n1"), guarded, important, budget(0, {"app": "db"}))[1] == ["x"]


def test_a_budget_is_broken_when_nothing_else_helps():
    old = pod("db", cpu="4", on="n1", labels={"app": "db"})
    assert decide(pod("p", cpu="4", priority=1), node("n1"), old, budget(0, {"app": "db"}))[1] == ["db"]


def test_removing_pods_also_lifts_spreading_and_anti_affinity():
    old = pod("old", labels={"app": "web"}, on="n1")
    other = pod("keep", labels={"app": "x"}, on="n1")
    near = pod("p", labels={"app": "web"}, priority=1, affinity=away(term(key=HOSTNAME)))
    assert decide(near, node("n1"), old, other)[1] == ["old"]
    even = pod("p", labels={"app": "web"}, priority=1, topologySpreadConstraints=[spread(HOSTNAME)])
    assert decide(even, node("n1"), node("n2", taints=["a:NoSchedule"]), old, other)[1] == ["old"]


def test_room_is_kept_for_the_pod_that_made_it():
    """Source: RunFilterPluginsWithNominatedPods: pods of equal or higher priority go first."""
    waiting = pod("first", cpu="3", priority=5, status={"nominatedNodeName": "n1"})
    assert evaluate(info(pod("p", cpu="2", priority=5)), cluster(node("n1"), waiting)).node is None
    assert evaluate(info(pod("p", cpu="2", priority=6)), cluster(node("n1"), waiting)).node == "n1"
    assert evaluate(info(waiting), cluster(node("n1"), node("n2"), waiting)).node == "n1"
