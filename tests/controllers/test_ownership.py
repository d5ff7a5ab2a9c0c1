"""Adoption and release (kubernetes: pkg/controller/controller_ref_manager_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.controllers.ownership import adoption_patch, claim_of, controller_reference, release_patch
from k8scourse.machinery.labels import selector_from

Object = dict[str, Any]
SELECTOR = selector_from({"matchLabels": {"app": "web"}})


def owner(**metadata: Any) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {"name": "rs", "namespace": "default", "uid": "1", **metadata},
    }


def pod(labels: Object, controller: str | None = None, **metadata: Any) -> Object:
    references = [{"uid": controller, "controller": True}] if controller else []
    return {"metadata": {"name": "p", "uid": "p1", "labels": labels, "ownerReferences": references, **metadata}}


@pytest.mark.parametrize(
    ("labels", "controller", "claim"),
    [
        ({"app": "web"}, "1", "own"),
        ({"app": "db"}, "1", "release"),
        ({"app": "web"}, "2", "none"),
        ({"app": "web"}, None, "adopt"),
        ({"app": "db"}, None, "none"),
    ],
)
def test_labels_and_controller_decide(labels: Object, controller: str | None, claim: str):
    assert claim_of(owner(), SELECTOR, pod(labels, controller)) == claim


def test_an_owner_that_is_being_deleted_neither_adopts_nor_releases():
    going = owner(deletionTimestamp="2026-01-01T00:00:00Z")
    assert claim_of(going, SELECTOR, pod({"app": "web"})) == "none"
    assert claim_of(going, SELECTOR, pod({"app": "db"}, "1")) == "none"
    assert claim_of(going, SELECTOR, pod({"app": "web"}, "1")) == "own"


def test_an_object_that_is_being_deleted_is_not_adopted():
    assert claim_of(owner(), SELECTOR, pod({"app": "web"}, deletionTimestamp="2026-01-01T00:00:00Z")) == "none"


def test_an_owner_that_is_no_controller_does_not_keep_from_adoption():
    shared = pod({"app": "web"})
    shared["metadata"]["ownerReferences"] = [{"uid": "7"}]
    assert claim_of(owner(), SELECTOR, shared) == "adopt"


def test_the_patches_name_the_uid_of_the_object():
    reference = controller_reference(owner())
    assert reference == {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "name": "rs",
        "uid": "1",
        "controller": True,
        "blockOwnerDeletion": True,
    }
    assert adoption_patch(owner(), pod({})) == {"metadata": {"ownerReferences": [reference], "uid": "p1"}}
    assert release_patch(["1"], pod({})) == {
        "metadata": {"uid": "p1", "ownerReferences": [{"$patch": "delete", "uid": "1"}]}
    }
