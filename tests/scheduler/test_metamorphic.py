"""What must not change when the cluster is told differently."""

import copy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8scourse.scheduler.cycle import evaluate, matrix
from k8scourse.scheduler.pod_info import pod_info
from k8scourse.scheduler.snapshot import snapshot_of
from tests.scheduler.worlds import pods, worlds

PATIENT = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@PATIENT
@given(worlds(), pods("new"), st.randoms(use_true_random=False))
def test_the_order_in_which_objects_are_told_does_not_matter(objects, pod, random):
    shuffled = list(objects)
    random.shuffle(shuffled)
    assert evaluate(pod_info(pod), snapshot_of(objects)) == evaluate(pod_info(pod), snapshot_of(shuffled))


@PATIENT
@given(worlds(), pods("new"))
def test_renaming_nodes_renames_the_answer(objects, pod):
    """Names keep their order, since the last tie goes to the first by name."""
    renamed = [_with_other_name(obj) for obj in objects]
    before = evaluate(pod_info(pod), snapshot_of(objects))
    after = evaluate(pod_info(_with_other_name(pod)), snapshot_of(renamed))
    assert after.node == _renamed(before.node)
    assert after.message == before.message
    assert after.statuses == {_renamed(name): status for name, status in before.statuses.items()}


def _renamed(name):
    return None if name is None else f"machine-{name}"


def _with_other_name(obj):
    obj = copy.deepcopy(obj)
    if obj["kind"] == "Node":
        obj["metadata"]["name"] = _renamed(obj["metadata"]["name"])
        obj["metadata"]["labels"]["kubernetes.io/hostname"] = obj["metadata"]["name"]
    elif obj["kind"] == "Pod":
        if "nodeName" in obj["spec"]:
            obj["spec"]["nodeName"] = _renamed(obj["spec"]["nodeName"])
        affinity = obj["spec"].get("affinity", {}).get("nodeAffinity", {})
        required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution", {})
        preferences = affinity.get("preferredDuringSchedulingIgnoredDuringExecution", [])
        for term in (*required.get("nodeSelectorTerms", []), *(wish["preference"] for wish in preferences)):
            for field in term.get("matchFields", []):
                field["values"] = [_renamed(name) for name in field["values"]]
    return obj


@PATIENT
@given(worlds(), pods("new"), st.integers(2, 5))
def test_scaling_all_amounts_changes_no_verdict(objects, pod, factor):
    before = matrix(pod_info(pod), snapshot_of(objects))
    after = matrix(pod_info(_scaled(pod, factor)), snapshot_of([_scaled(obj, factor) for obj in objects]))
    assert after.rows == before.rows


def _scaled(obj, factor):
    obj = copy.deepcopy(obj)
    if obj["kind"] == "Node":
        _scale(obj["status"]["allocatable"], factor)
    elif obj["kind"] == "Pod":
        for container in obj["spec"]["containers"]:
            _scale(container.get("resources", {}).get("requests", {}), factor)
    return obj


def _scale(amounts, factor):
    for name in ("cpu", "memory"):
        if name in amounts:
            digits = amounts[name].rstrip("mMGi")
            amounts[name] = f"{int(digits) * factor}{amounts[name][len(digits) :]}"


@PATIENT
@given(worlds(), pods("new"))
def test_the_matrix_contains_what_the_cycle_reports(objects, pod):
    info, snapshot = pod_info(pod), snapshot_of(objects)
    outcome, table = evaluate(info, snapshot), matrix(info, snapshot)
    for name, status in outcome.statuses.items():
        assert table.first(name) == status
    if outcome.node is not None:
        assert table.first(outcome.node) is None


@PATIENT
@given(worlds(), pods("new"))
def test_removing_the_victims_makes_the_pod_fit(objects, pod):
    info, snapshot = pod_info(pod), snapshot_of(objects)
    outcome = evaluate(info, snapshot)
    if not outcome.victims:
        return
    for victim in outcome.victims:
        assert victim.priority < info.priority
        assert victim.node_name == outcome.nominated
        snapshot.remove_pod(victim.key)
    assert outcome.nominated not in evaluate(info, snapshot).statuses
