"""Manifests that are almost right: valid ones in which one or two places were changed at random."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

Object = dict[str, Any]

CONTAINER: Object = {
    "name": "c",
    "image": "nginx:1.27",
    "command": ["sleep", "60"],
    "env": [{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
    "ports": [{"containerPort": 80, "name": "web", "protocol": "TCP"}],
    "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "1"}},
    "readinessProbe": {"httpGet": {"path": "/", "port": 80}, "initialDelaySeconds": 3},
    "volumeMounts": [{"name": "v", "mountPath": "/v"}],
}
TERM = {"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}
POD_SPEC: Object = {
    "containers": [CONTAINER],
    "initContainers": [{"name": "i", "image": "busybox", "restartPolicy": "Always"}],
    "tolerations": [{"key": "gpu", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5}],
    "nodeSelector": {"disk": "ssd"},
    "affinity": {
        "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [TERM]}},
        "podAntiAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [
                {"labelSelector": {"matchLabels": {"app": "w"}}, "topologyKey": "kubernetes.io/hostname"}
            ]
        },
    },
    "topologySpreadConstraints": [
        {
            "maxSkew": 1,
            "topologyKey": "zone",
            "whenUnsatisfiable": "DoNotSchedule",
            "labelSelector": {"matchLabels": {"app": "w"}},
        }
    ],
    "volumes": [{"name": "v", "emptyDir": {}}],
    "securityContext": {"runAsUser": 1000},
    "terminationGracePeriodSeconds": 5,
}
SELECTOR = {"matchLabels": {"app": "w"}}
TEMPLATE: Object = {"metadata": {"labels": {"app": "w"}}, "spec": POD_SPEC}


def meta(**more: Any) -> Object:
    return {"name": "w", "labels": {"app": "w"}, "annotations": {"a/b": "c"}, **more}


MANIFESTS: list[Object] = [
    {"apiVersion": "v1", "kind": "Pod", "metadata": meta(), "spec": POD_SPEC},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta(), "data": {"k": "v"}},
    {"apiVersion": "v1", "kind": "Namespace", "metadata": meta()},
    {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": meta(),
        "spec": {"taints": [{"key": "a", "value": "b", "effect": "NoSchedule"}]},
    },
    {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": meta(),
        "spec": {
            "replicas": 2,
            "selector": SELECTOR,
            "template": TEMPLATE,
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 1}},
        },
    },
    {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": meta(),
        "spec": {"selector": SELECTOR, "template": TEMPLATE},
    },
    {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": meta(),
        "spec": {"minAvailable": "50%", "selector": SELECTOR},
    },
    {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": meta(), "value": 7},
]

# Fresh values each time: a change may go on inside of one.
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "x", "X Y", "-1", "1.5", "100m", "1e3", "é", "a" * 300, "2026-01-01T00:00:00Z", "*", "In"]),
    st.builds(list),
    st.builds(dict),
    st.builds(lambda: [{}]),
    st.builds(lambda: {"x": {"y": None}}),
    st.builds(lambda: [None, 1, "a"]),
)
HOW = st.sampled_from(["replace", "drop", "rename", "wrap", "double"])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path in *value*, the empty one left out."""
    found = [path] if path else []
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        found.extend(places(child, (*path, key)))
    return found


def change(manifest: Object, path: tuple[Any, ...], how: str, strange: Any) -> None:
    """Change *manifest* in place at *path*; what is not there any more stays as it is."""
    parent: Any = manifest
    for key in path[:-1]:
        if not (isinstance(parent, dict) and key in parent) and not (isinstance(parent, list) and key < len(parent)):
            return
        parent = parent[key]
    key = path[-1]
    here = key in parent if isinstance(parent, dict) else isinstance(parent, list) and key < len(parent)
    if not here:
        return
    if how == "drop":
        del parent[key]
    elif how == "wrap":
        parent[key] = [parent[key]]
    elif how == "rename" and isinstance(parent, dict):
        parent[f"{key}x"] = parent.pop(key)
    elif how == "double" and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[key]))
    else:
        parent[key] = strange


@st.composite
def almost_right(draw: st.DrawFn) -> Object:
    """A manifest with one or two random changes."""
    manifest = copy.deepcopy(draw(st.sampled_from(MANIFESTS)))
    for _ in range(draw(st.integers(1, 2))):
        path = draw(st.sampled_from(places(manifest)))
        change(manifest, path, draw(HOW), draw(STRANGE))
    return manifest
