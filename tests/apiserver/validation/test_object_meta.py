"""Metadata, for all kinds.

Cases follow kubernetes staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta_test.go.
"""

import pytest

from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.validation.object_meta import (
    check_metadata,
    validate_object_meta,
    validate_object_meta_update,
)

OLD = {"name": "a", "namespace": "n", "uid": "1", "resourceVersion": "1", "creationTimestamp": "2026-01-01T00:00:00Z"}


def test_a_name_is_required_and_follows_the_rule_of_its_kind(texts):
    assert texts(check_metadata({"namespace": "n"}, namespaced=True)) == [
        "metadata.name: Required value: name or generateName is required"
    ]
    (found,) = texts(check_metadata({"name": "A", "namespace": "n"}, namespaced=True))
    assert found.startswith('metadata.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of')


def test_the_final_dash_of_a_generated_name_is_not_held_against_it():
    metadata = {"name": "web-x7k2p", "generateName": "web-", "namespace": "n"}

    assert check_metadata(metadata, namespaced=True) == []


def test_the_scope_decides_about_the_namespace(texts):
    assert texts(check_metadata({"name": "a"}, namespaced=True)) == ["metadata.namespace: Required value"]
    assert texts(check_metadata({"name": "a", "namespace": "n"}, namespaced=False)) == [
        "metadata.namespace: Forbidden: not allowed on this type"
    ]


def test_labels_and_annotations_are_reported_on_the_map(texts):
    metadata = {"name": "a", "labels": {"k": "-"}, "annotations": {"B/A/C": "x", "Aa": ""}}
    found = texts(check_metadata(metadata, namespaced=False))

    assert [text.split(":")[0] for text in found] == ["metadata.labels", "metadata.annotations"]


def test_annotations_end_at_256_kilobytes(texts):
    metadata = {"name": "a", "annotations": {"k": "x" * 256 * 1024}}

    assert texts(check_metadata(metadata, namespaced=False)) == [
        "metadata.annotations: Too long: may not be more than 262144 bytes"
    ]


def test_one_controller_at_most(texts):
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "r", "uid": "1", "controller": True}
    found = texts(check_metadata({"name": "a", "ownerReferences": [owner, {**owner, "name": "s"}]}, namespaced=False))

    assert found == [
        'metadata.ownerReferences: Invalid value: [{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"r","uid":"1",'
        '"controller":true},{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"s","uid":"1","controller":true}]: '
        'Only one reference can have Controller set to true. Found "true" in references for ReplicaSet/r and '
        "ReplicaSet/s"
    ]


def test_an_owner_needs_all_its_names_and_is_no_event(texts):
    found = texts(check_metadata({"name": "a", "ownerReferences": [{"apiVersion": "v1"}]}, namespaced=False))
    event = {"apiVersion": "v1", "kind": "Event", "name": "e", "uid": "1"}

    assert found == [
        f'metadata.ownerReferences.{name}: Invalid value: "": must not be empty' for name in ("kind", "name", "uid")
    ]
    (found,) = texts(check_metadata({"name": "a", "ownerReferences": [event]}, namespaced=False))
    assert found.endswith("/v1, Kind=Event is disallowed from being an owner")


def test_the_finalizers_of_the_garbage_collector_exclude_each_other(texts):
    metadata = {"name": "a", "finalizers": ["orphan", "foregroundDeletion"]}

    assert texts(check_metadata(metadata, namespaced=False)) == [
        'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: '
        "finalizer orphan and foregroundDeletion cannot be both set"
    ]


@pytest.mark.parametrize("field", ["name", "namespace", "uid"])
def test_identity_is_immutable(texts, field):
    found = texts(validate_object_meta_update({"metadata": {**OLD, field: "other"}}, {"metadata": OLD}))

    assert found == [f'metadata.{field}: Invalid value: "other": field is immutable']


def test_a_dying_object_gets_no_finalizers(texts):
    old = {**OLD, "deletionTimestamp": "2026-01-01T00:00:00Z", "finalizers": ["a/b"]}
    new = {**old, "finalizers": ["a/b", "c/d"]}

    assert texts(validate_object_meta_update({"metadata": new}, {"metadata": old})) == [
        "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, "
        'found new finalizers []string{"c/d"}'
    ]


def test_an_update_names_its_resource_version(texts):
    new = {name: value for name, value in OLD.items() if name != "resourceVersion"}

    assert texts(validate_object_meta_update({"metadata": new}, {"metadata": OLD})) == [
        'metadata.resourceVersion: Invalid value: "": must be specified for an update'
    ]


def test_any_kind_needs_a_name_that_fits_into_a_url(texts):
    role = Registry().resource("rbac.authorization.k8s.io/v1", "clusterroles")

    assert validate_object_meta({"metadata": {"name": "system:node"}}, role) == []
    assert texts(validate_object_meta({"metadata": {"name": "a/b"}}, role)) == [
        "metadata.name: Invalid value: \"a/b\": may not contain '/'"
    ]
