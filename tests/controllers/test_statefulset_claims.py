"""Owners of claims (kubernetes: pkg/controller/statefulset/stateful_set_utils_test.go)."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from k8scourse.controllers import statefulset_claims as claims
from k8scourse.controllers import statefulset_rules as rules

Object = dict[str, Any]


def owner(deleted: str = "Retain", scaled: str = "Retain", replicas: int = 2, start: int = 0) -> Object:
    policy = {"whenDeleted": deleted, "whenScaled": scaled}
    spec = {
        "replicas": replicas,
        "ordinals": {"start": start},
        "selector": {"matchLabels": {"app": "db"}},
        "persistentVolumeClaimRetentionPolicy": policy,
        "volumeClaimTemplates": [{"metadata": {"name": "data", "labels": {"own": "label"}}, "spec": {}}],
    }
    metadata = {"name": "db", "namespace": "default", "uid": "set"}
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": metadata, "spec": spec}


def pod(ordinal: int = 0, uid: str = "pod") -> Object:
    metadata = {"name": f"db-{ordinal}", "namespace": "default", "uid": uid}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {}}


def reference(kind: str, name: str, uid: str, *, controller: bool = True) -> Object:
    version = {"StatefulSet": "apps/v1", "Pod": "v1"}.get(kind, "example.com/v1")
    return {"apiVersion": version, "kind": kind, "name": name, "uid": uid, "controller": controller}


BY_SET, BY_POD = reference("StatefulSet", "db", "set"), reference("Pod", "db-0", "pod")


def claim(*references: Object) -> Object:
    return {"metadata": {"name": "data-db-0", "ownerReferences": list(references)}}


PRESENT = [(), (BY_SET,), (BY_POD,), (BY_SET, BY_POD)]


def uids(found: list[Object]) -> list[str]:
    return [entry["uid"] for entry in found]


WANTED = {
    ("Retain", "Retain", False): [],
    ("Retain", "Retain", True): [],
    ("Delete", "Retain", False): ["set"],
    ("Delete", "Retain", True): ["set"],
    ("Retain", "Delete", False): [],
    ("Retain", "Delete", True): ["pod"],
    ("Delete", "Delete", False): ["set"],
    ("Delete", "Delete", True): ["pod"],
}


@pytest.mark.parametrize(("policy", "present"), list(product(WANTED, PRESENT)))
def test_the_policy_decides_who_owns_a_claim(policy: tuple[str, str, bool], present: tuple[Object, ...]):
    """TestIsClaimOwnerUpToDate, TestUpdateClaimOwnerRefForSetAndPod."""
    deleted, scaled, scaled_down = policy
    stateful_set = owner(deleted, scaled, replicas=0 if scaled_down else 2)
    found = claim(*present)
    expected = WANTED[policy]
    assert claims.is_up_to_date(found, stateful_set, pod()) == (sorted(uids(list(present))) == sorted(expected))
    assert uids(claims.updated_references(found, stateful_set, pod())) == expected


def test_a_claim_of_an_earlier_set_or_pod_is_not_touched():
    """TestHasStaleOwnerRef."""
    for stale in (reference("StatefulSet", "db", "before"), reference("Pod", "db-0", "before")):
        assert claims.is_up_to_date(claim(stale), owner("Delete", "Delete"), pod())


def test_a_claim_that_somebody_else_controls_loses_only_the_set_and_the_pod():
    """TestHasUnexpectedController."""
    other = reference("Backup", "b", "other")
    stateful_set = owner("Delete", "Delete")
    assert claims.has_unexpected_controller(claim(other), stateful_set, pod())
    assert claims.is_up_to_date(claim(other), stateful_set, pod())
    assert not claims.is_up_to_date(claim(other, BY_SET), stateful_set, pod())
    assert uids(claims.updated_references(claim(other, BY_SET), stateful_set, pod())) == ["other"]
    assert not claims.has_unexpected_controller(claim(other), owner(), pod())


def test_an_owner_that_is_no_controller_becomes_one():
    """TestHasNonControllerOwner."""
    plain = reference("StatefulSet", "db", "set", controller=False)
    stateful_set = owner("Delete")
    assert not claims.is_up_to_date(claim(plain), stateful_set, pod())
    (found,) = claims.updated_references(claim(plain), stateful_set, pod())
    assert found["controller"] is True


def test_a_new_claim_has_the_labels_of_its_template_and_of_the_selector():
    """TestGetPersistentVolumeClaims."""
    stateful_set = owner()
    (template,) = rules.claim_templates(stateful_set)
    found = claims.new_claim(stateful_set, template, 3)
    assert found["metadata"] == {
        "name": "data-db-3",
        "namespace": "default",
        "labels": {"own": "label", "app": "db"},
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("db-0", ("db", 0)),
        ("my-db-17", ("my-db", 17)),
        ("db", ("", -1)),
        ("db-x", ("", -1)),
        (f"db-{2**31}", ("db", -1)),
    ],
)
def test_names_tell_the_set_and_the_ordinal(name: str, expected: tuple[str, int]):
    """TestGetParentNameAndOrdinal."""
    assert rules.parent_and_ordinal({"metadata": {"name": name}}) == expected


def test_a_pod_has_the_claims_in_place_of_its_own_volumes():
    """TestUpdateStorage."""
    stateful_set, member = owner(), pod()
    member["spec"] = {"volumes": [{"name": "data", "emptyDir": {}}, {"name": "tmp", "emptyDir": {}}]}
    assert not rules.storage_matches(stateful_set, member)
    repaired = rules.with_storage(stateful_set, member)
    assert rules.storage_matches(stateful_set, repaired)
    assert [volume["name"] for volume in repaired["spec"]["volumes"]] == ["data", "tmp"]


@pytest.mark.parametrize(
    ("strategy", "current", "expected"),
    [
        ({"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}, 0, [True, True, False]),
        ({"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}, 3, [False, False, False]),
        ({"type": "RollingUpdate"}, 1, [True, False, False]),
        ({"type": "OnDelete"}, 3, [False, False, False]),
    ],
)
def test_pods_below_the_partition_follow_the_current_revision(strategy: Object, current: int, expected: list[bool]):
    """TestNewVersionedStatefulSetPod."""
    stateful_set = owner(replicas=3, start=5)
    stateful_set["spec"]["updateStrategy"] = strategy
    stateful_set["status"] = {"currentReplicas": current}
    assert [rules.follows_current(stateful_set, ordinal) for ordinal in (5, 6, 7)] == expected
