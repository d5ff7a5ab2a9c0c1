"""The fast way and the plain way reach the same outcome, whatever happened before."""

import copy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8scourse.scheduler.cached import Evaluator
from k8scourse.scheduler.cycle import evaluate
from k8scourse.scheduler.pod_info import pod_info
from k8scourse.scheduler.snapshot import snapshot_of
from tests.scheduler.worlds import OTHERS, ZONE, away, cluster, info, node, nodes, pod, pods, term, worlds

PATIENT = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def essence(outcome):
    return (
        outcome.node,
        outcome.total,
        outcome.feasible,
        dict(outcome.reasons),
        outcome.score,
        outcome.message,
        outcome.plugins,
        outcome.nominated,
        [victim.key for victim in outcome.victims],
    )


@PATIENT
@given(worlds(), st.lists(pods("new"), min_size=1, max_size=3), st.data())
def test_remembered_views_decide_as_a_fresh_look_does(objects, kinds, data):
    snapshot = snapshot_of(objects)
    evaluator = Evaluator(snapshot)
    for number in range(8):
        obj = copy.deepcopy(data.draw(st.sampled_from(kinds)))
        obj["metadata"]["name"] = f"new{number}"
        obj["metadata"]["uid"] = f"new-uid-{number}"
        new = pod_info(obj)
        outcome = evaluator.evaluate(new)
        assert essence(outcome) == essence(evaluate(new, snapshot))
        if outcome.node is not None:
            snapshot.assume(new, outcome.node)
        _disturb(snapshot, data)


def _disturb(snapshot, data):
    """Something else happens in the cluster."""
    what = data.draw(
        st.sampled_from(["nothing", "nothing", "remove pod", "change node", "remove node", "add pod", "service"])
    )
    names = sorted(snapshot.nodes)
    if what == "remove pod":
        keys = sorted(key for found in snapshot.nodes.values() for key in found.pods)
        if keys:
            snapshot.remove_pod(data.draw(st.sampled_from(keys)))
    elif what == "change node":
        snapshot.set_node(data.draw(nodes(data.draw(st.sampled_from([*names, "extra"])))))
    elif what == "remove node" and len(names) > 1:
        snapshot.remove_node(data.draw(st.sampled_from(names)))
    elif what == "add pod" and names:
        snapshot.set_pod(pod_info(data.draw(pods("other", on=data.draw(st.sampled_from(names))))))
    elif what == "service":
        service = data.draw(st.sampled_from([None, OTHERS[2]]))
        snapshot.set_workload("Service", "default", "web", service)


@PATIENT
@given(worlds(), pods("new"), st.data())
def test_a_fork_goes_its_own_way(objects, obj, data):
    snapshot = snapshot_of(objects)
    new = pod_info(obj)
    before = essence(Evaluator(snapshot).evaluate(new))
    fork = snapshot.fork()
    _disturb(fork, data)
    assert essence(Evaluator(snapshot).evaluate(new)) == before
    assert essence(Evaluator(fork).evaluate(new)) == essence(evaluate(new, fork))


def test_a_topology_that_begins_to_matter_splits_the_groups():
    zones = {"n1": "z1", "n2": "z1", "n3": "z2", "n4": "z2"}
    snapshot = cluster(*(node(name, labels={ZONE: zone}) for name, zone in zones.items()))
    evaluator = Evaluator(snapshot)
    web = info(pod("p", labels={"app": "web"}))
    assert evaluator.evaluate(web).feasible == 4
    snapshot.set_pod(info(pod("loner", affinity=away(term()), on="n1")))
    outcome = evaluator.evaluate(web)
    assert (outcome.feasible, outcome.node) == (2, "n3")
    assert essence(outcome) == essence(evaluate(web, snapshot))


def test_a_domain_that_gains_a_node_is_told_apart_from_then_on():
    nodes_ = {name: node(name, labels={ZONE: f"z{name[1:]}"}) for name in ("n1", "n2", "n4")}
    snapshot = cluster(*nodes_.values(), pod("keep", affinity=away(term()), on="n2"))
    evaluator = Evaluator(snapshot)
    web = info(pod("p", labels={"app": "web"}))
    assert evaluator.evaluate(web).feasible == 2
    snapshot.set_node(node("n2", labels={ZONE: "z1"}))
    outcome = evaluator.evaluate(web)
    assert (outcome.feasible, outcome.node) == (1, "n4")


def test_pods_of_one_template_share_their_traits():
    one, two = (
        {
            "metadata": {"name": name, "namespace": "default", "labels": {"a": "b"}},
            "spec": {"containers": []},
            "status": {},
        }
        for name in ("one", "two")
    )
    assert pod_info(one).traits is pod_info(two).traits
    bound = {**two, "spec": {**two["spec"], "nodeName": "n1"}}
    assert pod_info(bound).traits is pod_info(one).traits
