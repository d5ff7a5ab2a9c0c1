"""Binding a pod costs a look at one node, however many there are."""

from collections import Counter

import pytest

from k8scourse.scheduler.cached import Evaluator
from k8scourse.scheduler.pod_info import pod_info
from k8scourse.scheduler.profile import DEFAULT_PROFILE
from k8scourse.scheduler.snapshot import snapshot_of
from tests.scheduler.worlds import ZONE, node, pod


@pytest.fixture
def calls(monkeypatch):
    """How often each plugin was asked to filter or score."""
    counted = Counter()

    def count(plugin, method):
        original = getattr(plugin, method)

        def counting(*arguments):
            counted[plugin.name, method] += 1
            return original(*arguments)

        monkeypatch.setattr(plugin, method, counting)

    for plugin in DEFAULT_PROFILE.filters:
        count(plugin, "filter")
    for plugin in DEFAULT_PROFILE.scorers:
        count(plugin, "score")
    return counted


def test_one_node_is_looked_at_again_after_each_binding(calls):
    replica_set = {
        "kind": "ReplicaSet",
        "metadata": {"name": "rs", "namespace": "default"},
        "spec": {"selector": {"matchLabels": {"app": "web"}}},
    }
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "rs", "uid": "1", "controller": True}
    snapshot = snapshot_of([*(node(f"n{i:03}", labels={ZONE: f"z{i % 3}"}) for i in range(200)), replica_set])
    evaluator = Evaluator(snapshot)
    for number in range(100):
        obj = pod(f"p{number}", cpu="10m", labels={"app": "web"})
        obj["metadata"]["ownerReferences"] = [owner]
        info = pod_info(obj)
        if number == 1:
            calls.clear()
        outcome = evaluator.evaluate(info)
        assert outcome.node is not None
        snapshot.assume(info, outcome.node)
    assert calls["NodeResourcesFit", "filter"] == 99
    assert calls["TaintToleration", "score"] == 99
    assert calls["PodTopologySpread", "score"] < 99 * 12
    assert max(snapshot.priorities.values()) == 100
