"""What claims and volumes get on creation.

Cases: kubernetes plugin/pkg/admission/storage/storageclass/setdefault/admission_test.go and
plugin/pkg/admission/storage/storageobjectinuseprotection/admission_test.go.
"""

import pytest

from k8scourse.apiserver.admission.default_storage_class import DefaultStorageClass
from k8scourse.apiserver.admission.storage_object_in_use_protection import StorageObjectInUseProtection

CLAIMS = ("v1", "persistentvolumeclaims")
STABLE = "storageclass.kubernetes.io/is-default-class"
BETA = "storageclass.beta.kubernetes.io/is-default-class"


def storage_class(name, created, *, default="true", annotation=STABLE):
    metadata = {
        "name": name,
        "annotations": {annotation: default},
        "creationTimestamp": f"2026-01-01T00:00:0{created}Z",
    }
    return "storageclasses.storage.k8s.io", {"metadata": metadata}


@pytest.mark.parametrize(
    ("classes", "spec", "expected"),
    [
        ([storage_class("a", 1)], {}, "a"),
        ([storage_class("a", 1, default="True")], {}, None),
        ([storage_class("a", 1), storage_class("b", 2, annotation=BETA)], {}, "b"),
        ([storage_class("c", 2), storage_class("b", 2)], {}, "b"),
        ([storage_class("a", 1)], {"storageClassName": ""}, ""),
        ([storage_class("a", 1)], {"storageClassName": "z"}, "z"),
    ],
)
def test_a_claim_without_class_gets_the_newest_default(make_request, classes, spec, expected):
    claim = {"metadata": {"name": "c", "namespace": "n"}, "spec": spec}
    DefaultStorageClass().admit(make_request(claim, *classes, resource=CLAIMS))
    assert claim["spec"].get("storageClassName") == expected


def test_an_annotation_with_a_class_counts(make_request):
    annotations = {"volume.beta.kubernetes.io/storage-class": "z"}
    claim = {"metadata": {"name": "c", "namespace": "n", "annotations": annotations}, "spec": {}}
    DefaultStorageClass().admit(make_request(claim, storage_class("a", 1), resource=CLAIMS))
    assert claim["spec"] == {}


@pytest.mark.parametrize(
    ("resource", "finalizer"),
    [(CLAIMS, "kubernetes.io/pvc-protection"), (("v1", "persistentvolumes"), "kubernetes.io/pv-protection")],
)
def test_claims_and_volumes_are_protected_once(make_request, resource, finalizer):
    obj = {"metadata": {"name": "x", "finalizers": ["a/b"]}}
    for _ in range(2):
        StorageObjectInUseProtection().admit(make_request(obj, resource=resource))
    assert obj["metadata"]["finalizers"] == ["a/b", finalizer]


def test_other_objects_get_no_finalizer(make_request):
    obj = {"metadata": {"name": "x"}}
    StorageObjectInUseProtection().admit(make_request(obj))
    assert "finalizers" not in obj["metadata"]
