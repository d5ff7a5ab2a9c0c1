"""Where daemon pods run (kubernetes: pkg/controller/daemon/{daemon_controller,util/daemonset_util}_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.component_helpers import taints
from k8scourse.controllers import daemonset_rules as rules

Object = dict[str, Any]
AUTOMATIC = [
    ("node.kubernetes.io/not-ready", "NoExecute"),
    ("node.kubernetes.io/unreachable", "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"),
    ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"),
    ("node.kubernetes.io/unschedulable", "NoSchedule"),
]


def daemon_set(**spec: Any) -> Object:
    return {"metadata": {"name": "agent"}, "spec": {"template": {"metadata": {"labels": {"a": "b"}}, "spec": spec}}}


def node(name: str = "n1", *tainted: tuple[str, str], **labels: str) -> Object:
    spec = {"taints": [{"key": key, "effect": effect} for key, effect in tainted]}
    return {"metadata": {"name": name, "labels": labels}, "spec": spec}


def verdict(set_spec: Object, place: Object) -> tuple[bool, bool]:
    found = rules.daemon_pod(daemon_set(**set_spec)).verdict(place)
    return found.run, found.keep


@pytest.mark.parametrize(
    ("spec", "place", "run", "keep"),
    [
        ({}, node(), True, True),
        ({"nodeName": "n2"}, node(), False, False),
        ({"nodeName": "n1"}, node(), True, True),
        ({"nodeSelector": {"gpu": "yes"}}, node(), False, False),
        ({"nodeSelector": {"gpu": "yes"}}, node(gpu="yes"), True, True),
        ({}, node("n1", ("x", "NoSchedule")), False, True),
        ({}, node("n1", ("x", "NoExecute")), False, False),
        ({}, node("n1", ("x", "PreferNoSchedule")), True, True),
        ({}, node("n1", ("x", "NoSchedule"), ("y", "NoExecute")), False, False),
        ({"tolerations": [{"operator": "Exists"}]}, node("n1", ("x", "NoExecute")), True, True),
        ({}, node("n1", (taints.CONTROL_PLANE, "NoSchedule")), False, True),
        ({}, node("n1", (taints.NOT_READY, "NoSchedule")), False, True),
        ({}, node("n1", (taints.NETWORK_UNAVAILABLE, "NoSchedule")), False, True),
        ({"hostNetwork": True}, node("n1", (taints.NETWORK_UNAVAILABLE, "NoSchedule")), True, True),
    ],
)
def test_name_affinity_and_taints_decide(spec: Object, place: Object, run: bool, keep: bool):
    """TestNodeShouldRunDaemonPod."""
    assert verdict(spec, place) == (run, keep)


@pytest.mark.parametrize(("key", "effect"), AUTOMATIC)
def test_what_goes_wrong_with_a_node_does_not_drive_daemons_away(key: str, effect: str):
    assert verdict({}, node("n1", (key, effect))) == (True, True)


def test_every_daemon_pod_gets_the_same_tolerations():
    found = rules.with_automatic_tolerations([], host_network=False)
    assert found == [{"key": key, "operator": "Exists", "effect": effect} for key, effect in AUTOMATIC]
    assert len(rules.with_automatic_tolerations([], host_network=True)) == 7


def test_an_automatic_toleration_has_no_end():
    own = {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5}
    other = {"key": "gpu", "operator": "Exists"}
    found = rules.with_automatic_tolerations([other, own], host_network=False)
    assert found[0] == other
    assert "tolerationSeconds" not in found[1]
    assert len(found) == 7


def test_the_pod_is_bound_to_its_node_by_name_in_place_of_its_own_terms():
    """TestReplaceDaemonSetPodNodeNameNodeAffinity."""
    preferred = [{"weight": 1, "preference": {"matchExpressions": []}}]
    affinity = {
        "podAffinity": {},
        "nodeAffinity": {
            "preferredDuringSchedulingIgnoredDuringExecution": preferred,
            "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": []}]},
        },
    }
    found = rules.for_node({"spec": {"affinity": affinity}}, "n1")["spec"]["affinity"]
    field = {"key": "metadata.name", "operator": "In", "values": ["n1"]}
    assert found["nodeAffinity"] == {
        "preferredDuringSchedulingIgnoredDuringExecution": preferred,
        "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchFields": [field]}]},
    }
    assert "podAffinity" in found
    assert rules.target_node({"spec": {"affinity": found}}) == "n1"
    assert rules.target_node({"spec": {"nodeName": "n2", "affinity": found}}) == "n2"
    assert rules.target_node({"spec": {}}) is None


@pytest.mark.parametrize(
    ("labels", "updated"),
    [
        ({"controller-revision-hash": "h"}, True),
        ({"controller-revision-hash": "other"}, False),
        ({"pod-template-generation": "4"}, True),
        ({"pod-template-generation": "3"}, False),
        ({}, False),
    ],
)
def test_hash_or_generation_tell_whether_a_pod_is_updated(labels: Object, updated: bool):
    """TestIsPodUpdated."""
    assert rules.is_updated({"metadata": {"labels": labels}}, "h", 4) is updated


def test_the_template_carries_hash_and_generation():
    owner = daemon_set()
    owner["metadata"]["annotations"] = {"deprecated.daemonset.template.generation": "4"}
    labels = rules.pod_template(owner, "h")["metadata"]["labels"]
    assert labels == {"a": "b", "pod-template-generation": "4", "controller-revision-hash": "h"}
    assert owner["spec"]["template"]["metadata"]["labels"] == {"a": "b"}
