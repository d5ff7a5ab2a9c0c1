"""StorageClasses, PersistentVolumes and PersistentVolumeClaims.

Cases follow kubernetes pkg/apis/storage/validation/validation_test.go, pkg/apis/core/validation/validation_test.go
(TestValidatePersistentVolumes, TestValidatePersistentVolumeClaimUpdate).
"""

import copy

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import strategy_for

CLASS = strategy_for(Registry().kind("storage.k8s.io/v1", "StorageClass"))
VOLUME = strategy_for(Registry().kind("v1", "PersistentVolume"))
CLAIM = strategy_for(Registry().kind("v1", "PersistentVolumeClaim"))
METADATA = {"name": "x", "uid": "1", "resourceVersion": "1"}
SMALL = {"requests": {"storage": "1Gi"}}
LARGE = {"requests": {"storage": "2Gi"}}


def storage_class(**fields):
    obj = {"metadata": dict(METADATA), "provisioner": "example.com/x", **fields}
    default_object("storage.k8s.io", "StorageClass", obj)
    return obj


def volume(annotations=None, **spec):
    base = {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/x"}}
    base = {name: value for name, value in {**base, **copy.deepcopy(spec)}.items() if value is not None}
    obj = {"metadata": {**METADATA, "annotations": annotations or {}}, "spec": base}
    default_object("", "PersistentVolume", obj)
    return obj


def claim(phase="Pending", status=None, **spec):
    base = {"accessModes": ["ReadWriteOnce"], "resources": SMALL, **spec}
    obj = {"metadata": {**METADATA, "namespace": "n"}, "spec": copy.deepcopy(base)}
    obj["status"] = {"phase": phase, **(status or {})}
    default_object("", "PersistentVolumeClaim", obj)
    return obj


def texts(errors):
    return [str(error) for error in errors]


def test_a_storage_class_deletes_and_makes_at_once_by_default():
    obj = storage_class()
    assert (obj["reclaimPolicy"], obj["volumeBindingMode"]) == ("Delete", "Immediate")
    assert CLASS.validate(obj) == []


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"provisioner": ""}, "provisioner: Required value"),
        (
            {"reclaimPolicy": "Recycle"},
            'reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"',
        ),
        (
            {"volumeBindingMode": "Later"},
            'volumeBindingMode: Unsupported value: "Later": supported values: "Immediate", "WaitForFirstConsumer"',
        ),
        ({"parameters": {"": "a"}}, 'parameters: Invalid value: "": field can not be empty.'),
        (
            {"allowedTopologies": [{"matchLabelExpressions": [{"key": "zone", "values": ["a", "a"]}]}]},
            'allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"',
        ),
    ],
)
def test_storage_classes_are_checked(fields, fault):
    assert texts(CLASS.validate(storage_class(**fields))) == [fault]


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("provisioner", "example.com/y", '"example.com/y"'),
        ("reclaimPolicy", "Retain", '"Retain"'),
        ("volumeBindingMode", "WaitForFirstConsumer", '"WaitForFirstConsumer"'),
        ("parameters", {"a": "b"}, '{"a":"b"}'),
    ],
)
def test_how_a_class_makes_volumes_stays(field, value, shown):
    found = texts(CLASS.validate_update(storage_class(**{field: value}), storage_class()))
    assert found == [f"{field}: Invalid value: {shown}: field is immutable"]
    assert CLASS.validate_update(storage_class(allowVolumeExpansion=True), storage_class()) == []


def test_a_volume_is_retained_by_default():
    spec = volume()["spec"]
    assert (spec["persistentVolumeReclaimPolicy"], spec["volumeMode"]) == ("Retain", "Filesystem")
    assert VOLUME.validate(volume()) == []


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ({"accessModes": []}, ["spec.accessModes: Required value"]),
        (
            {"accessModes": ["ReadWriteOncePod", "ReadWriteMany"]},
            ["spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"],
        ),
        (
            {"capacity": {}},
            ["spec.capacity: Required value", 'spec.capacity: Unsupported value: null: supported values: "storage"'],
        ),
        (
            {"capacity": {"storage": "0"}},
            ['spec.capacity[storage]: Invalid value: "0": must be greater than zero'],
        ),
        ({"hostPath": None}, ["spec: Required value: must specify a volume type"]),
        (
            {"nfs": {"server": "s", "path": "/p"}},
            ["spec.nfs: Forbidden: may not specify more than 1 volume type"],
        ),
        (
            {"hostPath": None, "local": {"path": "/p"}},
            ["spec.nodeAffinity: Required value: Local volume requires node affinity"],
        ),
        (
            {"persistentVolumeReclaimPolicy": "Keep"},
            [
                'spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": '
                'supported values: "Delete", "Recycle", "Retain"'
            ],
        ),
    ],
)
def test_volumes_are_checked(spec, found):
    assert texts(VOLUME.validate(volume(**spec))) == found


def test_where_the_data_of_a_volume_is_stays():
    [fault] = texts(VOLUME.validate_update(volume(hostPath={"path": "/y"}), volume()))
    assert fault.startswith(
        "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n"
    )
    assert VOLUME.validate_update(volume(capacity={"storage": "5Gi"}), volume()) == []


def test_writers_of_volumes_are_warned_of_what_is_old():
    [first, second] = VOLUME.warnings_on_create(
        volume({"volume.beta.kubernetes.io/storage-class": "a"}, persistentVolumeReclaimPolicy="Recycle")
    )
    assert first == (
        "metadata.annotations[volume.beta.kubernetes.io/storage-class]: "
        'deprecated since v1.8; use "storageClassName" attribute instead'
    )
    assert second.startswith("spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated.")


def test_a_claim_is_pending_and_names_its_source_twice():
    obj = claim(dataSource={"kind": "PersistentVolumeClaim", "name": "other"})
    CLAIM.prepare_for_create(obj)
    assert obj["status"] == {"phase": "Pending"}
    assert obj["spec"]["dataSourceRef"] == {"kind": "PersistentVolumeClaim", "name": "other"}
    assert CLAIM.validate(obj) == []


def test_a_claim_that_is_not_bound_cannot_change():
    [fault] = texts(CLAIM.validate_update(claim(resources=LARGE), claim()))
    text = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
    assert fault.startswith(f"spec: Forbidden: {text}\n")
    assert '"Storage' not in fault
    assert '+   "storage": "2Gi"' in fault


def test_a_bound_claim_may_grow_but_not_below_what_it_has():
    bound = claim("Bound", {"capacity": {"storage": "1Gi"}})
    grown = claim("Bound", {"capacity": {"storage": "1Gi"}}, resources=LARGE)
    assert CLAIM.validate_update(grown, bound) == []
    text = "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"
    assert texts(CLAIM.validate_update(bound, grown)) == [text]


def test_a_claim_gets_its_volume_and_its_class_once():
    assert CLAIM.validate_update(claim(volumeName="v"), claim()) == []
    assert CLAIM.validate_update(claim(volumeName="w"), claim(volumeName="v")) != []
    assert CLAIM.validate_update(claim(storageClassName="fast"), claim()) == []
    assert CLAIM.validate_update(claim(storageClassName="slow"), claim(storageClassName="fast")) != []
