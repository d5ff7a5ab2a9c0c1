"""Everything that conformance scenarios leave behind can be explained, and asking changes nothing."""

from pathlib import Path
from typing import Any

import pytest

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
