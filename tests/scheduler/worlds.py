"""Small clusters for the scheduler's tests, written down or drawn by hypothesis."""

from typing import Any

from hypothesis import strategies as st

from k8scourse.scheduler.pod_info import PodInfo, pod_info
from k8scourse.scheduler.snapshot import Snapshot, snapshot_of

Object = dict[str, Any]
ZONE = "topology.kubernetes.io/zone"
HOSTNAME = "kubernetes.io/hostname"


def node(name, cpu="4", memory="8Gi", *, labels=None, taints=(), unschedulable=False, pods="110", images=(), **more):
    allocatable = {"cpu": cpu, "memory": memory, "pods": pods, **more}
    spec: Object = {}
    if taints:
        spec["taints"] = [taint(text) for text in taints]
    if unschedulable:
        spec["unschedulable"] = True
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {HOSTNAME: name, **(labels or {})}},
        "spec": spec,
        "status": {
            "allocatable": {key: value for key, value in allocatable.items() if value is not None},
            "images": list(images),
        },
    }


def taint(text):
    """A taint as kubectl writes it: key=value:effect or key:effect."""
    front, effect = text.rsplit(":", 1)
    key, _, value = front.partition("=")
    return {"key": key, "value": value, "effect": effect} if value else {"key": key, "effect": effect}


def pod(name, *, cpu=None, memory=None, namespace="default", labels=None, on=None, start=None, status=None, **spec):
    requests = {key: value for key, value in (("cpu", cpu), ("memory", memory)) if value is not None}
    container: Object = {"name": "c", "image": "nginx:1.27"}
    if requests:
        container["resources"] = {"requests": requests}
    if "ports" in spec:
        container["ports"] = spec.pop("ports")
    spec = {"containers": [container], **spec}
    if on is not None:
        spec["nodeName"] = on
    whole: Object = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "uid": f"uid-{namespace}-{name}", "labels": labels or {}},
        "spec": spec,
        "status": dict(status or {}),
    }
    if start is not None:
        whole["status"]["startTime"] = start
    return whole


def spread(key=ZONE, when="DoNotSchedule", skew=1, labels=None, **more):
    selector = {"matchLabels": labels if labels is not None else {"app": "web"}}
    return {"maxSkew": skew, "topologyKey": key, "whenUnsatisfiable": when, "labelSelector": selector, **more}


def term(labels=None, key=ZONE, **more):
    return {"labelSelector": {"matchLabels": labels or {"app": "web"}}, "topologyKey": key, **more}


def towards(*terms, kind="podAffinity"):
    return {kind: {"requiredDuringSchedulingIgnoredDuringExecution": list(terms)}}


def away(*terms):
    return towards(*terms, kind="podAntiAffinity")


def preferred(weight, wish, kind="podAffinity"):
    return {kind: {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": weight, "podAffinityTerm": wish}]}}


def cluster(*objects) -> Snapshot:
    return snapshot_of(objects)


def info(obj) -> PodInfo:
    return pod_info(obj)


_TAINTS = ["a=1:NoSchedule", "b:NoExecute", "c=x:PreferNoSchedule", "d:PreferNoSchedule"]
_TOLERATIONS = [
    {"operator": "Exists"},
    {"key": "a", "operator": "Exists"},
    {"key": "a", "value": "1", "effect": "NoSchedule"},
    {"key": "b", "operator": "Exists", "effect": "NoExecute"},
    {"key": "c", "value": "x"},
]
_APPS = ["web", "db", "job"]
_NAMESPACES = ["default", "other"]


def subsets(items, most):
    return st.lists(st.sampled_from(items), unique_by=repr, max_size=most)


@st.composite
def nodes(draw, name):
    labels = {}
    zone = draw(st.sampled_from([None, "z1", "z2", "z3"]))
    if zone:
        labels[ZONE] = zone
    if draw(st.booleans()):
        labels["disk"] = draw(st.sampled_from(["ssd", "hdd"]))
    images = []
    if draw(st.integers(0, 3)) == 0:
        images = [{"names": ["nginx:1.27"], "sizeBytes": draw(st.sampled_from([10, 200, 900])) * 1024 * 1024}]
    return node(
        name,
        cpu=draw(st.sampled_from(["1", "2", "4"])),
        memory=draw(st.sampled_from(["1Gi", "4Gi"])),
        labels=labels,
        taints=draw(subsets(_TAINTS, 2)),
        unschedulable=draw(st.integers(0, 9)) == 0,
        pods=draw(st.sampled_from(["3", "110"])),
        images=images,
    )


_TERMS = [
    term({"app": "web"}),
    term({"app": "db"}, key=HOSTNAME),
    term({"app": "web"}, key=HOSTNAME),
    term({"app": "job"}, namespaces=["other"]),
    term({"app": "web"}, namespaceSelector={"matchLabels": {"team": "blue"}}),
    term({"app": "db"}, namespaceSelector={}),
]
_SPREADS = [
    spread(),
    spread(skew=2, labels={"app": "db"}),
    spread(HOSTNAME),
    spread(nodeAffinityPolicy="Ignore"),
    spread(nodeTaintsPolicy="Honor"),
    spread(minDomains=3),
    spread(labels={}),
    spread(matchLabelKeys=["app"], labels={"tier": "front"}),
    spread(when="ScheduleAnyway"),
    spread(HOSTNAME, when="ScheduleAnyway", skew=2),
    spread("disk", when="ScheduleAnyway", nodeTaintsPolicy="Honor"),
]


@st.composite
def affinities(draw):
    found: Object = {}
    for kind in ("podAffinity", "podAntiAffinity"):
        block: Object = {}
        if draw(st.integers(0, 2)) == 0:
            block["requiredDuringSchedulingIgnoredDuringExecution"] = draw(subsets(_TERMS, 2))
        if draw(st.integers(0, 2)) == 0:
            block["preferredDuringSchedulingIgnoredDuringExecution"] = [
                {"weight": draw(st.sampled_from([1, 50, 100])), "podAffinityTerm": wish}
                for wish in draw(subsets(_TERMS, 2))
            ]
        if block:
            found[kind] = block
    if draw(st.integers(0, 3)) == 0:
        ssd = {"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}
        if draw(st.integers(0, 2)) == 0:
            ssd = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["n1"]}]}
        where = draw(st.sampled_from(["required", "preferred"]))
        found["nodeAffinity"] = (
            {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [ssd]}}
            if where == "required"
            else {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 10, "preference": ssd}]}
        )
    return found


@st.composite
def pods(draw, name, on=None):
    spec: Object = {}
    affinity = draw(affinities()) if draw(st.booleans()) else {}
    if affinity:
        spec["affinity"] = affinity
    if draw(st.integers(0, 2)) == 0:
        spec["topologySpreadConstraints"] = draw(subsets(_SPREADS, 2))
    if draw(st.integers(0, 4)) == 0:
        spec["ports"] = [{"containerPort": 80, "hostPort": draw(st.sampled_from([80, 81]))}]
    if draw(st.integers(0, 5)) == 0:
        spec["nodeSelector"] = {"disk": "ssd"}
    whole = pod(
        name,
        cpu=draw(st.sampled_from([None, "100m", "500m", "1"])),
        memory=draw(st.sampled_from([None, "64Mi", "1Gi"])),
        namespace=draw(st.sampled_from(_NAMESPACES)),
        labels={"app": draw(st.sampled_from(_APPS)), "tier": "front"},
        on=on,
        tolerations=draw(subsets(_TOLERATIONS, 2)),
        priority=draw(st.sampled_from([0, 0, 0, 5, 10])),
        **spec,
    )
    if on is not None and draw(st.integers(0, 7)) == 0:
        whole["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    if draw(st.integers(0, 3)) == 0:
        owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "rs", "uid": "r", "controller": True}
        whole["metadata"]["ownerReferences"] = [owner]
    return whole


OTHERS: list[Object] = [
    {"kind": "Namespace", "metadata": {"name": "default", "labels": {}}},
    {"kind": "Namespace", "metadata": {"name": "other", "labels": {"team": "blue"}}},
    {"kind": "Service", "metadata": {"name": "web", "namespace": "default"}, "spec": {"selector": {"app": "web"}}},
    {
        "kind": "ReplicaSet",
        "metadata": {"name": "rs", "namespace": "default"},
        "spec": {"selector": {"matchLabels": {"tier": "front"}}},
    },
    {
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "db", "namespace": "default"},
        "spec": {"selector": {"matchLabels": {"app": "db"}}},
        "status": {"disruptionsAllowed": 1},
    },
]


@st.composite
def worlds(draw, most_nodes=5, most_pods=8):
    """The objects of a cluster: nodes, pods bound to them, and what selects pods."""
    names = [f"n{number}" for number in range(draw(st.integers(1, most_nodes)))]
    bound = [
        draw(pods(f"old{number}", on=draw(st.sampled_from(names)))) for number in range(draw(st.integers(0, most_pods)))
    ]
    return [*(draw(nodes(name)) for name in names), *bound, *OTHERS]
