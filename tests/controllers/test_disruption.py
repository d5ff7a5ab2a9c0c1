"""Disruption budgets (kubernetes: pkg/controller/disruption/disruption_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster
from k8scourse.controllers import disruption_rules as rules
from k8scourse.machinery.timestamps import parse_time

Object = dict[str, Any]
NOW = parse_time("2026-01-01T00:05:00Z")


def budget(name: str = "b", app: str = "web", **spec: Any) -> Object:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": name},
        "spec": {"selector": {"matchLabels": {"app": app}}, **spec},
    }


def deployment(replicas: int = 4, app: str = "web", **container: Any) -> Object:
    template = {
        "metadata": {"labels": {"app": app}},
        "spec": {"containers": [{"name": "c", "image": "nginx", **container}]},
    }
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": app}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": app}, "spec": spec}


def pod(name: str, app: str = "web") -> Object:
    spec = {"containers": [{"name": "c", "image": "nginx"}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": app}}, "spec": spec}


@pytest.fixture
def cluster() -> Cluster:
    return Cluster(nodes=3)


def status(cluster: Cluster, name: str = "b") -> Object:
    return cluster.get("pdb", name)["status"]


def counts(cluster: Cluster) -> tuple[int, int, int, int]:
    found = status(cluster)
    return found["expectedPods"], found["desiredHealthy"], found["currentHealthy"], found["disruptionsAllowed"]


def told(cluster: Cluster, reason: str) -> list[str]:
    return [event["message"] for event in cluster.events() if event["reason"] == reason]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"maxUnavailable": 1}, (4, 3, 4, 1)),
        ({"maxUnavailable": "30%"}, (4, 2, 4, 2)),
        ({"minAvailable": 3}, (4, 3, 4, 1)),
        ({"minAvailable": "60%"}, (4, 3, 4, 1)),
        ({"minAvailable": 9}, (4, 9, 4, 0)),
        ({"maxUnavailable": 9}, (4, 0, 4, 4)),
    ],
)
def test_counts_of_a_deployment(cluster: Cluster, spec: Object, expected: tuple[int, ...]):
    """Percentages are rounded up, of the replicas that the deployment wants."""
    cluster.create(deployment())
    cluster.create(budget(**spec))
    assert counts(cluster) == expected


def test_the_condition_tells_whether_something_may_go(cluster: Cluster):
    cluster.create(deployment())
    cluster.create(budget(maxUnavailable=1))
    (condition,) = status(cluster)["conditions"]
    assert condition == {
        "type": "DisruptionAllowed",
        "status": "True",
        "observedGeneration": 1,
        "lastTransitionTime": "2026-01-01T00:00:00Z",
        "reason": "SufficientPods",
        "message": "",
    }
    cluster.run("5s")
    cluster.patch("pdb", "b", {"spec": {"maxUnavailable": 0}}, type="merge")
    (condition,) = status(cluster)["conditions"]
    assert (condition["status"], condition["reason"]) == ("False", "InsufficientPods")
    assert (condition["observedGeneration"], condition["lastTransitionTime"]) == (2, "2026-01-01T00:00:05Z")


def test_pods_that_are_not_ready_are_not_healthy(cluster: Cluster):
    probe = {"initialDelaySeconds": 5, "periodSeconds": 1, "tcpSocket": {"port": 80}}
    cluster.create(budget(maxUnavailable=1))
    cluster.create(deployment(readinessProbe=probe))
    assert counts(cluster) == (4, 3, 0, 0)
    cluster.run("7s")
    assert counts(cluster) == (4, 3, 4, 1)


def test_scaling_the_deployment_changes_what_is_expected(cluster: Cluster):
    cluster.create(deployment())
    cluster.create(budget(minAvailable="50%"))
    cluster.patch("deploy", "web", {"spec": {"replicas": 7}})
    assert counts(cluster) == (7, 4, 7, 3)


def test_a_budget_without_pods_allows_nothing(cluster: Cluster):
    cluster.create(budget(minAvailable=0))
    assert counts(cluster) == (0, 0, 0, 0)
    assert told(cluster, "NoPods") == ["No matching pods found"]


def test_bare_pods_count_for_a_number_but_not_for_a_percentage(cluster: Cluster):
    cluster.create(pod("a"))
    cluster.create(pod("b"))
    cluster.create(budget(minAvailable=1))
    assert counts(cluster) == (2, 1, 2, 1)
    cluster.create(budget("c", maxUnavailable="50%"))
    found = status(cluster, "c")
    assert (found["expectedPods"], found["disruptionsAllowed"]) == (0, 0)
    (text,) = told(cluster, "UnmanagedPods")
    assert text.startswith(
        "Pods selected by this PodDisruptionBudget (selector: &LabelSelector{MatchLabels:map[string]string{app: web,},"
        "MatchExpressions:[]LabelSelectorRequirement{},}) were found to be unmanaged. As a result,"
    )


def test_pods_of_a_daemonset_cannot_be_counted_by_scale(cluster: Cluster):
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}
    spec = {"selector": {"matchLabels": {"app": "web"}}, "template": template}
    cluster.create({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "d"}, "spec": spec})
    cluster.create(budget(maxUnavailable=1))
    found = status(cluster)
    assert found["disruptionsAllowed"] == 0
    assert found["conditions"][0]["reason"] == "SyncFailed"
    text = "daemonsets.apps does not implement the scale subresource"
    assert found["conditions"][0]["message"] == text
    assert told(cluster, "CalculateExpectedPodCountFailed") == [
        f"Failed to calculate the number of expected pods: {text}"
    ]


def test_a_pod_of_two_budgets_is_told_of(cluster: Cluster):
    cluster.create(budget("b", minAvailable=1))
    cluster.create(budget("c", minAvailable=1))
    cluster.create(pod("a"))
    assert told(cluster, "MultiplePodDisruptionBudgets") == [
        'Pod "default"/"a" matches multiple PodDisruptionBudgets.  Chose "b" arbitrarily.'
    ]


def test_an_eviction_that_deletes_nothing_is_forgotten_after_two_minutes(cluster: Cluster):
    cluster.create(pod("a"))
    cluster.create(pod("b"))
    cluster.create(budget(minAvailable=1))
    cluster.run("10s")
    granted = {**status(cluster), "disruptedPods": {"a": "2026-01-01T00:00:10Z"}, "disruptionsAllowed": 0}
    cluster.patch("pdb", "b", {"status": granted}, type="merge", subresource="status")
    assert (counts(cluster), status(cluster)["disruptedPods"]) == ((2, 1, 1, 0), {"a": "2026-01-01T00:00:10Z"})
    cluster.run("119s")
    assert counts(cluster) == (2, 1, 1, 0)
    cluster.run("2s")
    assert counts(cluster) == (2, 1, 2, 1)
    assert "disruptedPods" not in status(cluster)
    assert told(cluster, "NotDeleted") == ["Pod was expected by PDB default/default to be deleted but it wasn't"]


def test_a_condition_of_a_disruption_that_did_not_happen_is_reset(cluster: Cluster):
    cluster.create(pod("a"))
    condition = {"type": "DisruptionTarget", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}
    cluster.patch("pod", "a", {"status": {"conditions": [condition]}}, subresource="status")
    cluster.run("119s")
    assert disruption_target(cluster) == "True"
    cluster.run("2s")
    assert disruption_target(cluster) == "False"


def disruption_target(cluster: Cluster) -> str:
    conditions = cluster.get("pod", "a")["status"]["conditions"]
    return next(item["status"] for item in conditions if item["type"] == "DisruptionTarget")


def test_a_drain_waits_for_replacements(cluster: Cluster):
    cluster.create(deployment(3))
    cluster.create(budget(maxUnavailable=1))
    assert cluster.kubectl("drain n1").exit_code == 0
    assert {item["spec"]["nodeName"] for item in cluster.list("pods")} == {"n2", "n3"}
    assert counts(cluster) == (3, 2, 3, 1)


def test_pods_about_to_go_are_not_healthy_until_the_timeout():
    """TestCountHealthyPods, TestBuildDisruptedPodMap."""
    pods = [
        {
            "metadata": {"name": name},
            "status": {"conditions": [{"type": "Ready", "status": "True"}]},
        }
        for name in ("a", "b", "c")
    ]
    granted = {"a": "2026-01-01T00:04:00Z", "b": "2026-01-01T00:02:00Z", "gone": "2026-01-01T00:04:00Z"}
    waiting, missed = rules.still_disrupted({"status": {"disruptedPods": granted}}, pods, NOW)
    assert waiting == {"a": "2026-01-01T00:04:00Z"}
    assert [item["metadata"]["name"] for item in missed] == ["b"]
    assert rules.healthy_pods(pods, waiting, NOW) == 2
    assert rules.next_check(waiting, NOW) == 60_000_000_001


def test_selectors_are_printed_as_go_does():
    selector = {"matchExpressions": [{"key": "a", "operator": "In", "values": ["x", "y"]}]}
    assert rules.selector_text(selector) == (
        "&LabelSelector{MatchLabels:map[string]string{},MatchExpressions:[]LabelSelectorRequirement{"
        "LabelSelectorRequirement{Key:a,Operator:In,Values:[x y],},},}"
    )
