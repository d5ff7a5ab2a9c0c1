"""Topology spread and inter-pod affinity against a plain second implementation."""

from hypothesis import HealthCheck, given, settings

from k8scourse.scheduler.cycle import matrix, score_table
from k8scourse.scheduler.pod_info import pod_info
from k8scourse.scheduler.snapshot import snapshot_of
from tests.scheduler import reference
from tests.scheduler.worlds import pods, worlds

PATIENT = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


def split(objects):
    nodes = [obj for obj in objects if obj["kind"] == "Node"]
    bound = [obj for obj in objects if obj["kind"] == "Pod"]
    namespaces = {obj["metadata"]["name"]: obj["metadata"]["labels"] for obj in objects if obj["kind"] == "Namespace"}
    return nodes, bound, namespaces


def reason(status):
    return status.reasons[0] if status is not None else None


@PATIENT
@given(worlds(), pods("new"))
def test_filters_agree_with_the_plain_rules(objects, pod):
    nodes, bound, namespaces = split(objects)
    rows = matrix(pod_info(pod), snapshot_of(objects)).rows
    for node in nodes:
        row = rows[node["metadata"]["name"]]
        assert reason(row["PodTopologySpread"]) == reference.spread_refusal(pod, node, nodes, bound)
        assert reason(row["InterPodAffinity"]) == reference.affinity_refusal(pod, node, nodes, bound, namespaces)


@PATIENT
@given(worlds(), pods("new"))
def test_affinity_scores_agree_with_the_plain_rules(objects, pod):
    nodes, bound, namespaces = split(objects)
    expected = {
        node["metadata"]["name"]: reference.affinity_score(pod, node, nodes, bound, namespaces) for node in nodes
    }
    table = score_table(pod_info(pod), snapshot_of(objects), also=expected)
    for name, score in expected.items():
        found = table[name].get("InterPodAffinity")
        assert (found.raw if found else 0) == score
