"""Random stories: what users do to a cluster, as data."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError

Story = list[tuple[str, ...]]

PODS = ["a", "b", "c", "d"]
NODES = ["n1", "n2", "n3"]
KEYS = ["gpu", "disk"]
EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

nodes = st.sampled_from(NODES)
pods = st.sampled_from(PODS)
keys = st.sampled_from(KEYS)
effects = st.sampled_from(EFFECTS)
seconds = st.sampled_from(["1", "7", "30", "100"])

STEPS = st.one_of(
    st.tuples(st.just("pod"), pods, keys, st.sampled_from([*EFFECTS, ""]), st.sampled_from(["", "5", "40"])),
    st.tuples(st.just("big"), pods, st.sampled_from(["1", "3", "6"])),
    st.tuples(st.just("deployment"), st.sampled_from(["web", "db"]), st.sampled_from(["1", "2", "4"])),
    st.tuples(st.just("taint"), nodes, keys, effects),
    st.tuples(st.just("untaint"), nodes, keys),
    st.tuples(st.just("cordon"), nodes),
    st.tuples(st.just("uncordon"), nodes),
    st.tuples(st.just("delete"), pods),
    st.tuples(st.just("silence"), nodes),
    st.tuples(st.just("wake"), nodes),
    st.tuples(st.just("run"), seconds),
)
STORIES = st.lists(STEPS, max_size=12)


def pod(name: str, key: str, effect: str, toleration_seconds: str) -> dict[str, Any]:
    toleration: dict[str, Any] = {"key": key, "operator": "Exists"}
    if effect:
        toleration["effect"] = effect
    if effect == "NoExecute" and toleration_seconds:
        toleration["tolerationSeconds"] = int(toleration_seconds)
    spec = {"containers": [{"name": "c", "image": "nginx:1.27"}], "tolerations": [toleration]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": name}}, "spec": spec}


def big(name: str, cpu: str) -> dict[str, Any]:
    spec = {"containers": [{"name": "c", "image": "nginx:1.27", "resources": {"requests": {"cpu": cpu}}}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}


def deployment(name: str, replicas: str) -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "c", "image": "nginx:1.27"}]}}
    spec = {"replicas": int(replicas), "selector": {"matchLabels": {"app": name}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def act(cluster: Cluster, step: tuple[str, ...]) -> None:
    """Do one step; what the API server refuses (a second pod of a name, a missing one) is part of the story."""
    verb, rest = step[0], step[1:]
    if verb == "run":
        cluster.run(f"{rest[0]}s")
    elif verb == "silence":
        cluster.stop_kubelet(rest[0])
    elif verb == "wake":
        cluster.start_kubelet(rest[0])
    elif verb in ("cordon", "uncordon"):
        cluster.kubectl(f"{verb} {rest[0]}")
    elif verb == "taint":
        cluster.kubectl(f"taint nodes {rest[0]} {rest[1]}=x:{rest[2]} --overwrite")
    elif verb == "untaint":
        cluster.kubectl(f"taint nodes {rest[0]} {rest[1]}-")
    else:
        write(cluster, verb, rest)


def write(cluster: Cluster, verb: str, rest: tuple[str, ...]) -> None:
    try:
        if verb == "delete":
            cluster.delete("pod", rest[0])
        else:
            cluster.create({"pod": pod, "big": big, "deployment": deployment}[verb](*rest))
    except ApiError as error:
        assert error.reason in ("AlreadyExists", "NotFound"), error


def tell(story: Story, world_nodes: list[str] | None = None, seed: int = 0) -> Cluster:
    """A fresh cluster after *story*."""
    cluster = Cluster(nodes=list(world_nodes or NODES), seed=seed)
    for step in story:
        act(cluster, step)
    return cluster


def dump(cluster: Cluster) -> dict[str, Any]:
    """Everything that is stored, with its revisions."""
    return {key: (record.value, record.mod_revision) for key, record in cluster.store.range("/")}


def placements(cluster: Cluster) -> dict[str, tuple[str, str]]:
    """Node and phase of each pod."""
    return {
        obj["metadata"]["name"]: (obj["spec"].get("nodeName", ""), obj["status"]["phase"])
        for obj in cluster.list("pods", namespace=None)
    }
