"""The scheduler at work in a cluster: bindings, conditions, events, retries, and what the journal keeps."""

import pytest

from k8scourse.cluster import Cluster
from k8scourse.scheduler.cycle import evaluate
from k8scourse.scheduler.pod_info import pod_info
from k8scourse.scheduler.snapshot import snapshot_of
from tests.scheduler.worlds import pod

SECOND = 1_000_000_000


def plain(name, **arguments):
    """A pod as a user writes it."""
    whole = pod(name, **arguments)
    priority = whole["spec"].pop("priority", None)
    if priority:
        whole["spec"]["priorityClassName"] = f"p{priority}"
    del whole["metadata"]["uid"], whole["status"]
    return whole


def world(*nodes):
    """A cluster with nodes of 4 CPU and 8Gi."""
    return Cluster(nodes=[{"name": name, "allocatable": {"cpu": 4, "memory": "8Gi"}} for name in nodes])


def get(cluster, name):
    return cluster.informers.get("pods", name, "default")


def scheduled_condition(cluster, name):
    return next(c for c in get(cluster, name)["status"]["conditions"] if c["type"] == "PodScheduled")


def events(cluster, name):
    found = [e for e in cluster.informers.list("events") if e["involvedObject"]["name"] == name]
    return [(e["type"], e["reason"], e["message"]) for e in found if e["reportingComponent"] == "default-scheduler"]


def priority_class(value):
    return {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": f"p{value}"},
        "value": value,
    }


def test_a_pod_is_bound_and_an_event_tells_where():
    cluster = world("n1")
    cluster.create(plain("p"))
    assert get(cluster, "p")["spec"]["nodeName"] == "n1"
    assert events(cluster, "p") == [("Normal", "Scheduled", "Successfully assigned default/p to n1")]


def test_a_pod_that_does_not_fit_says_so_in_condition_and_event():
    cluster = world("n1")
    cluster.create(plain("p", cpu="9"))
    condition = scheduled_condition(cluster, "p")
    assert (condition["status"], condition["reason"]) == ("False", "Unschedulable")
    assert condition["message"].startswith("0/1 nodes are available: 1 Insufficient cpu. ")
    assert events(cluster, "p") == [("Warning", "FailedScheduling", condition["message"])]


def test_pods_of_other_schedulers_are_left_alone():
    cluster = world("n1")
    cluster.create(plain("p", schedulerName="mine"))
    assert "nodeName" not in get(cluster, "p")["spec"]
    assert events(cluster, "p") == []


def test_room_that_appears_wakes_the_pod_that_waits_for_it():
    cluster = world("n1")
    cluster.create(plain("old", cpu="4"))
    cluster.create(plain("p", cpu="1"))
    assert "nodeName" not in get(cluster, "p")["spec"]
    cluster.delete("Pod", "old")
    cluster.run("40s")
    assert get(cluster, "p")["spec"]["nodeName"] == "n1"


def test_preemption_makes_room_and_leaves_its_traces():
    cluster = world("n1")
    cluster.create(priority_class(1000))
    cluster.create(plain("old", cpu="4"))
    with cluster.paused():
        cluster.create(plain("p", cpu="4", priority=1000))
        while not (cluster.step() or "").startswith("kube-scheduler: preempt"):
            pass
        _assert_traces_of_preemption(cluster)
    cluster.run("10s")
    assert get(cluster, "old") is None
    assert get(cluster, "p")["spec"]["nodeName"] == "n1"


def _assert_traces_of_preemption(cluster):
    victim = get(cluster, "old")
    uid = get(cluster, "p")["metadata"]["uid"]
    condition = next(c for c in victim["status"]["conditions"] if c["type"] == "DisruptionTarget")
    assert condition["reason"] == "PreemptionByScheduler"
    assert condition["message"] == "default-scheduler: preempting to accommodate a higher priority pod"
    assert victim["metadata"]["deletionTimestamp"]
    assert ("Normal", "Preempted", f"Preempted by pod {uid} on node n1") in events(cluster, "old")
    assert get(cluster, "p")["status"]["nominatedNodeName"] == "n1"
    assert scheduled_condition(cluster, "p")["message"] == "0/1 nodes are available: 1 Insufficient cpu."


def test_no_pod_of_the_same_priority_slips_into_the_room_of_a_preemptor():
    cluster = world("n1")
    cluster.create(priority_class(1000))
    cluster.create(plain("old", cpu="4", terminationGracePeriodSeconds=5))
    cluster.create(plain("p", cpu="4", priority=1000))
    cluster.create(plain("thief", cpu="4"))
    cluster.run("60s")
    assert get(cluster, "p")["spec"]["nodeName"] == "n1"
    assert "nodeName" not in get(cluster, "thief")["spec"]


def test_a_nomination_that_ends_wakes_those_who_respected_it():
    """Source: eventhandlers.go updatePodInSchedulingQueue."""
    cluster = world("n1")
    client = cluster._engine.components["kube-scheduler"].client
    cluster.create(plain("p", cpu="9"))
    client.patch("pods", "p", {"status": {"nominatedNodeName": "n1"}}, "default", subresource="status")
    cluster.create(plain("q", cpu="1"))
    assert "nodeName" not in get(cluster, "q")["spec"]
    client.patch("pods", "p", {"status": {"nominatedNodeName": None}}, "default", subresource="status")
    cluster.run("5s")
    assert get(cluster, "q")["spec"]["nodeName"] == "n1"


def test_a_gated_pod_waits_without_an_event():
    cluster = world("n1")
    cluster.create(plain("p", schedulingGates=[{"name": "example.com/wait"}]))
    assert events(cluster, "p") == []
    assert "nodeName" not in get(cluster, "p")["spec"]


def test_a_pod_without_any_node_waits_for_one():
    cluster = Cluster(nodes=0)
    cluster.create(plain("p"))
    assert scheduled_condition(cluster, "p")["message"] == "no nodes available to schedule pods"
    steps = cluster._engine.steps
    cluster.run("24h")
    assert cluster._engine.steps - steps < 20


def test_a_pod_that_waits_costs_nothing_while_nothing_happens():
    cluster = world("n1")
    cluster.create(plain("p", cpu="9"))
    cluster.run("10m")
    before = (cluster._engine.steps, len(cluster.journal))
    cluster.run("24h")
    assert cluster._engine.steps - before[0] < 20
    assert len(cluster.journal) == before[1]


def test_a_claim_is_noted_as_not_simulated():
    cluster = world("n1")
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    cluster.create(plain("p", volumes=[volume]))
    notes = [d for d in cluster.journal.about(("Pod", "default", "p")) if d.verdict == "NotSimulated"]
    assert [(note.field, note.rule) for note in notes] == [
        (
            "spec.volumes[0].persistentVolumeClaim",
            "Volume plugins are not simulated; the scheduler does not look at these fields.",
        )
    ]


def test_a_fork_schedules_as_the_original_would():
    cluster = world("n1", "n2")
    cluster.create(plain("a", cpu="3"))
    twin = cluster.fork()
    for one in (cluster, twin):
        one.create(plain("b", cpu="3"))
        one.create(plain("c", cpu="3"))
        one.run("10s")
    for name in ("a", "b", "c"):
        assert get(cluster, name) == get(twin, name)
    twin.delete("Pod", "a")
    twin.run("60s")
    assert get(twin, "c")["spec"].get("nodeName")
    assert not get(cluster, "c")["spec"].get("nodeName")


def _decided_cluster():
    cluster = world("n1", "n2", "n3")
    cluster.create(priority_class(1000))
    cluster.kubectl("taint nodes n3 a=1:NoSchedule")
    for number in range(7):
        cluster.create(plain(f"a{number}", cpu="1", memory="1Gi", labels={"app": "web"}))
    cluster.create(plain("big", cpu="3"))
    cluster.create(plain("vip", cpu="3", priority=1000))
    cluster.run("45s")
    cluster.delete("Pod", "a0")
    cluster.run("45s")
    cluster.kubectl("taint nodes n3 a-")
    cluster.run("45s")
    return cluster


def test_every_decision_can_be_worked_out_again_from_its_revision():
    """The journal keeps the revision; the pure function gives the same outcome for what the store held then."""
    cluster = _decided_cluster()
    decisions = [
        decision
        for decision in cluster.journal
        if decision.component == "kube-scheduler" and decision.verdict in ("Scheduled", "Unschedulable")
    ]
    assert {decision.verdict for decision in decisions} == {"Scheduled", "Unschedulable"}
    for decision in decisions:
        store = cluster.store.at(decision.revision)
        objects = {key: record.value for key, record in store.range("/registry/")}
        snapshot = snapshot_of(value for value in objects.values() if "kind" in value)
        _, namespace, name = decision.subject
        outcome = evaluate(pod_info(objects[f"/registry/pods/{namespace}/{name}"]), snapshot)
        if decision.verdict == "Scheduled":
            assert (outcome.node, outcome.score) == (decision.detail["node"], decision.detail["score"])
        else:
            assert outcome.message == decision.detail["message"]


def test_a_long_message_is_cut_in_the_event_only():
    cluster = world("n1")
    wanted = {f"example.com/{'x' * 50}-{number}": "1" for number in range(20)}
    mine = plain("p")
    mine["spec"]["containers"][0]["resources"] = {"requests": wanted, "limits": wanted}
    cluster.create(mine)
    assert len(scheduled_condition(cluster, "p")["message"]) > 1024
    ((_, _, message),) = events(cluster, "p")
    assert (len(message), message[-4:]) == (1024, " ...")


def test_a_pod_that_ends_makes_room():
    cluster = world("n1")
    cluster.create(plain("old", cpu="4"))
    cluster.create(plain("p", cpu="4"))
    ended = {"status": {"phase": "Succeeded"}}
    cluster._engine.components["kube-scheduler"].client.patch("pods", "old", ended, "default", subresource="status")
    cluster.settle()
    assert get(cluster, "p")["spec"]["nodeName"] == "n1"


@pytest.mark.parametrize("count", [30])
def test_identical_pods_spread_evenly(count):
    cluster = world("n1", "n2", "n3")
    for number in range(count):
        cluster.create(plain(f"p{number:02}", cpu="100m"))
    nodes = [get(cluster, f"p{number:02}")["spec"]["nodeName"] for number in range(count)]
    assert {name: nodes.count(name) for name in ("n1", "n2", "n3")} == {"n1": 10, "n2": 10, "n3": 10}
