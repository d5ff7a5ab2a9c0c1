"""Speed and memory of the simulator. Run: make bench (or python -m benchmarks.simulator)."""

from __future__ import annotations

import copy
import resource
import sys
from typing import Any

from benchmarks.measure import Figure, best_of, program, report
from k8scourse.apiserver.decode import decode
from k8scourse.apiserver.defaults import DEFAULTERS
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.schemas import Schemas
from k8scourse.apiserver.strategies import strategy_for
from k8scourse.cluster import Cluster

Object = dict[str, Any]

CONTAINER = {"name": "web", "image": "nginx:1.27", "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}}}
MEMORY_GOAL = 500
GROWTH_GOAL = 12.0


def deployment(replicas: int) -> Object:
    """A Deployment of *replicas* plain pods."""
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [CONTAINER]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


def roll_out(replicas: int, nodes: int, times: int) -> float:
    """Seconds from the Deployment to all of its pods Running."""

    def prepare() -> Cluster:
        return Cluster(nodes=[{"name": f"n{number}", "allocatable": {"pods": 250}} for number in range(1, nodes + 1)])

    clusters = [prepare() for _ in range(times)]

    def once() -> None:
        cluster = clusters.pop()
        cluster.create(deployment(replicas))
        running = sum(pod["status"]["phase"] == "Running" for pod in cluster.informers.list("pods"))
        if running != replicas:
            raise SystemExit(f"only {running} of {replicas} pods run")

    return best_of(times, once)


def rolling_update(replicas: int, nodes: int) -> float:
    """CPU seconds of a rolling update of all pods, from the new image to the last old pod's end."""
    cluster = Cluster(nodes=[{"name": f"n{number}", "allocatable": {"pods": 250}} for number in range(1, nodes + 1)])
    cluster.create(deployment(replicas))

    def once() -> None:
        change = [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "nginx:1.28"}]
        cluster.patch("deployment", "web", change, type="json")
        status = cluster.get("deployment", "web")["status"]
        if status.get("updatedReplicas") != replicas or status.get("availableReplicas") != replicas:
            raise SystemExit(f"the rolling update stands at {status}")

    return best_of(1, once)


def accept_deployment() -> float:
    """CPU seconds to decode, default and validate a typical Deployment, as the API server does."""
    registry, schemas = Registry(), Schemas()
    resource = registry.kind("apps/v1", "Deployment")
    strategy, body = strategy_for(resource), deployment(3)
    body["metadata"]["namespace"] = "default"
    rounds = 200

    def once() -> None:
        for _ in range(rounds):
            obj, _ = decode(body, resource, schemas, "Strict")
            DEFAULTERS[("apps", "Deployment")](obj)
            strategy.prepare_for_create(obj)
            if strategy.validate(obj):
                raise SystemExit("the Deployment is not valid")

    return best_of(3, once) / rounds


def copy_pods(count: int) -> float:
    """Seconds to deep-copy *count* pods: the reference for work on as many objects."""
    cluster = Cluster(nodes=1)
    cluster.create(deployment(1))
    pod = cluster.list("pods")[0]
    return best_of(3, lambda: [copy.deepcopy(pod) for _ in range(count)])


def main() -> int:
    """Measure, print, and say with the exit code whether every goal is reached."""
    bare, whole = program("pass"), program("import k8scourse; k8scourse.Cluster")
    first = program("from k8scourse import Cluster; Cluster(nodes=3)") - whole
    pods = copy_pods(1000)
    warm = best_of(20, lambda: Cluster(nodes=3))
    thousand = roll_out(1000, 100, 3)
    idle_cluster = Cluster(nodes=3)
    short = best_of(3, lambda: idle_cluster.run("1s"))
    idle = best_of(3, lambda: idle_cluster.run("7d"))
    accepted, rolled = accept_deployment(), rolling_update(1000, 100)
    forked = Cluster(nodes=10)
    forked.create(deployment(50))
    fork = best_of(5, forked.fork)
    ten_thousand = roll_out(10_000, 1000, 1)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    code = report(
        [
            Figure("import k8scourse with its Cluster", whole - bare, 0.150, "a bare Python", bare),
            Figure("the first Cluster(nodes=3) of a process", first, 0.150, "warm", warm),
            Figure("Cluster(nodes=3), warm", warm, 0.020, "deep copy of 1,000 pods", pods),
            Figure("fork of a cluster with 50 pods on 10 nodes", fork, 0.010, "deep copy of 1,000 pods", pods),
            Figure("1,000 pods on 100 nodes, created to Running", thousand, 1.0, "deep copy of 1,000 pods", pods),
            Figure("a rolling update of 1,000 pods", rolled, 2.0, "creating them", thousand),
            Figure("decode, default and validate a Deployment", accepted, 0.001, "deep copy of 1,000 pods", pods),
            Figure("10,000 pods on 1,000 nodes", ten_thousand, GROWTH_GOAL * thousand, "1,000 pods", thousand),
            Figure('idle run("7d")', idle, 0.050, 'run("1s")', short),
        ]
    )
    fits = memory < MEMORY_GOAL
    print(f"{'ok  ' if fits else 'MISS'} memory with 10,000 pods and their history: {memory} MB, goal {MEMORY_GOAL} MB")
    print("     a real control plane on 2 idle cores: 4.2 s for 1,000 pods with client limits lifted, 52 s by default")
    return code or int(not fits)


if __name__ == "__main__":
    sys.exit(main())
