"""Everything that conformance scenarios leave behind can be explained, and asking changes nothing."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.cluster import Cluster
from k8scourse.scenario.cluster_world import ClusterWorld
from k8scourse.scenario.loader import load_files
from k8scourse.scenario.runner import run_scenarios

CONFORMANCE = Path(__file__).parent.parent / "conformance"
KINDS = ("pods", "nodes", "daemonsets.apps", "replicasets.apps", "poddisruptionbudgets.policy")


@pytest.fixture(scope="module")
def clusters() -> list[Cluster]:
    """The clusters at the end of each scenario."""
    found: list[Cluster] = []

    def build(*arguments: Any, **options: Any) -> ClusterWorld:
        world = ClusterWorld.from_world(*arguments, **options)
        found.append(world.cluster)
        return world

    files, _ = load_files([str(path) for path in sorted(CONFORMANCE.glob("*.yaml"))])
    scenarios = [scenario for file in files for scenario in file.scenarios]
    assert len(list(run_scenarios(scenarios, build))) == len(scenarios)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_object_of_every_scenario_has_an_explanation(clusters: list[Cluster], kind: str) -> None:
    explained = 0
    for cluster in clusters:
        before = (cluster.revision, cluster.now, len(cluster.journal))
        for obj in cluster.list(kind, namespace=None):
            name, namespace = obj["metadata"]["name"], obj["metadata"].get("namespace", "default")
            found = cluster.explain(f"{kind}/{name}", namespace=namespace)
            assert name in found.headline
            assert found._repr_html_().count("<li>") >= len(found.steps)
            explained += 1
        assert (cluster.revision, cluster.now, len(cluster.journal)) == before
    assert explained


def test_what_a_fork_explains_is_what_the_cluster_explains(clusters: list[Cluster]) -> None:
    for cluster in clusters:
        for pod in cluster.list("pods"):
            target = f"pod/{pod['metadata']['name']}"
            assert str(cluster.fork().explain(target)) == str(cluster.explain(target))


_KEYS, _VALUES, _EFFECTS = ("gpu", "GPU", "team"), ("", "true", "True"), ("NoSchedule", "NoExecute", "PreferNoSchedule")
_tolerations = st.lists(
    st.builds(
        lambda key, value, effect, exists: {
            "key": key,
            **({"operator": "Exists"} if exists else {"value": value} if value else {}),
            **({"effect": effect} if effect else {}),
        },
        st.sampled_from(_KEYS),
        st.sampled_from(_VALUES),
        st.sampled_from(("", *_EFFECTS)),
        st.booleans(),
    ),
    max_size=2,
)
_taints = st.lists(
    st.builds(
        lambda key, value, effect: f"{key}={value}:{effect}" if value else f"{key}:{effect}",
        st.sampled_from(_KEYS),
        st.sampled_from(_VALUES),
        st.sampled_from(_EFFECTS),
    ),
    max_size=2,
    unique_by=lambda taint: (taint.split("=")[0].split(":")[0], taint.rpartition(":")[2]),
)
_nodes = st.lists(st.tuples(_taints, st.sampled_from(("ssd", "hdd"))), min_size=1, max_size=3)


@given(nodes=_nodes, tolerations=_tolerations, disk=st.sampled_from(("", "ssd", "sdd")))
@settings(max_examples=40, deadline=None)
def test_every_edit_that_is_recommended_works_when_somebody_makes_it(
    nodes: list[tuple[list[str], str]], tolerations: list[dict[str, str]], disk: str
) -> None:
    world = [{"name": f"n{number}", "taints": taints, "labels": {"disk": kind}}
             for number, (taints, kind) in enumerate(nodes)]  # fmt: skip
    spec: dict[str, Any] = {"containers": [{"name": "main", "image": "nginx"}], "tolerations": tolerations}
    if disk:
        spec["nodeSelector"] = {"disk": disk}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": spec}
    cluster = Cluster(nodes=world)
    cluster.create(pod)
    found = cluster.explain("pod/web")
    runs = "nodeName" in cluster.get("pod", "web")["spec"]
    assert runs == (found.search is None)
    for remedy in found.search.remedies if found.search is not None else ():
        again = Cluster(nodes=world)
        again.create(remedy.edit.apply(pod))
        node = again.get("pod", "web")["spec"]["nodeName"]
        assert remedy.effect == f"pod web would run on {node}"
        assert node not in remedy.opens
