"""The world of a scenario on a real Cluster."""

from __future__ import annotations

from itertools import pairwise

import pytest

from k8scourse.machinery.timestamps import parse_time
from k8scourse.scenario.cluster_world import ClusterWorld
from k8scourse.scenario.loader import load_text
from k8scourse.scenario.runner import run_scenario
from k8scourse.scenario.words import NotSimulated
from k8scourse.scenario.world import UnknownKind

CONFIG_MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1"}}


@pytest.fixture
def world() -> ClusterWorld:
    return ClusterWorld.from_world({"nodes": 1})


def test_a_given_object_is_created_then_replaced(world):
    assert world.give(CONFIG_MAP).ok
    assert world.give({**CONFIG_MAP, "data": {"b": "2"}}).ok
    answer = world.request("GET", world.url("ConfigMap", namespace="default", name="c"))
    assert answer.body["data"] == {"b": "2"}
    assert "annotations" not in answer.body["metadata"]


def test_a_refused_given_object_keeps_its_status(world):
    answer = world.give({**CONFIG_MAP, "metadata": {"name": "Not_a_name"}})
    assert (answer.ok, answer.code, answer.fields) == (False, 422, ["metadata.name"])


def test_urls_follow_kind_and_scope(world):
    assert world.url("Pod", namespace="a", name="p", subresource="status") == "/api/v1/namespaces/a/pods/p/status"
    assert world.url("Node", namespace="a", name="n1") == "/api/v1/nodes/n1"
    assert world.url("Deployment", namespace="a") == "/apis/apps/v1/namespaces/a/deployments"
    assert world.resource_word("Deployment") == "deployments.v1.apps"
    assert world.resource_word("Pod") == "pods"
    with pytest.raises(UnknownKind, match='no kind "Wombat" is served'):
        world.url("Wombat")


def test_a_kind_that_is_only_stored_is_not_simulated(world):
    with pytest.raises(NotSimulated, match="runtimeclasses"):
        world.url("RuntimeClass")
    world.request("POST", "/apis/node.k8s.io/v1/runtimeclasses", body={
        "apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "r"}, "handler": "h",
    })  # fmt: skip
    with pytest.raises(NotSimulated, match="runtimeclasses"):
        world.settle()


def test_what_the_cluster_cannot_do_yet_is_not_simulated(world):
    with pytest.raises(NotSimulated, match=r"^not simulated yet: world\.raft$"):
        ClusterWorld.from_world({"raft": {"nodes": [1]}})
    with pytest.raises(NotSimulated, match=r"^not simulated yet: `kubectl proxy`$"):
        world.kubectl("proxy")
    with pytest.raises(NotSimulated, match="serviceaccounts/token"):
        world.request("POST", "/api/v1/namespaces/default/serviceaccounts/default/token", body={})


def test_kubectl_answers_with_the_status_it_met(world):
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Not_a_name}\n"
    answer = world.kubectl("create -f -", stdin=text)
    assert (answer.ok, answer.exit_code, answer.code, answer.fields) == (False, 1, 422, ["metadata.name"])
    assert answer.message.startswith('ConfigMap "Not_a_name" is invalid: metadata.name: Invalid value: "Not_a_name": ')
    applied = world.kubectl("apply -f -", stdin=text.replace("Not_a_name", "c"))
    assert (applied.ok, applied.status, applied.stdout) == (True, None, "configmap/c created\n")
    assert applied.body["metadata"]["name"] == "c"


def test_time_passes_in_run_and_watch(world):
    start = parse_time("2026-01-01T00:00:00Z")
    assert world.now == start
    world.run(5_000_000_000)
    answer = world.watch("/api/v1/namespaces/default/configmaps?watch=1&resourceVersion=1", 2_000_000_000)
    assert world.now == start + 7_000_000_000
    assert answer.ok


def test_replicas_have_a_history_with_times(world):
    pod = {"containers": [{"name": "c", "image": "nginx"}]}
    spec = {"replicas": 1, "selector": {"matchLabels": {"a": "b"}}}
    template = {"metadata": {"labels": {"a": "b"}}, "spec": pod}
    meta = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "r"}}
    world.give({**meta, "spec": {**spec, "template": template}})
    world.run(1_000_000_000)
    world.give({**meta, "spec": {**spec, "replicas": 2, "template": template}})
    history = world.replicas("ReplicaSet", "default", "r")
    steps = [history[0], *(later for before, later in pairwise(history) if later[1] != before[1])]
    assert [value for _, value in steps] == [1, 2]
    assert steps[1][0] - steps[0][0] == 1_000_000_000


SCENARIO = """
- id: evict-after-toleration-seconds
  area: taints
  source: "kubernetes:pkg/controller/tainteviction/taint_eviction_test.go"
  world: {nodes: 2}
  given:
  - apiVersion: v1
    kind: Pod
    metadata: {name: p}
    spec:
      containers: [{name: app, image: nginx}]
      nodeName: n1
      tolerations: [{key: gpu, operator: Exists, effect: NoExecute, tolerationSeconds: 60}]
  do:
  - kubectl: taint nodes n1 gpu=true:NoExecute
  - run: 59s
  - check: [{exists: {kind: Pod, name: p}}]
  - run: 2s
  expect:
  - absent: {kind: Pod, name: p}
"""


def test_the_example_of_the_language_runs():
    """scenario.md, first page."""
    outcome = run_scenario(load_text(SCENARIO, "s.yaml").scenarios[0], ClusterWorld.from_world)
    assert [failure.found for failure in outcome.failures] == []
