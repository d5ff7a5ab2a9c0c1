"""StatefulSets and their history.

Cases follow kubernetes pkg/apis/apps/validation/validation_test.go TestValidateStatefulSet(Update),
TestValidateControllerRevision and pkg/registry/apps/statefulset/strategy_test.go.
"""

import copy

import pytest

from k8scourse.apiserver.conversion import convert
from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import strategy_for
from k8scourse.apiserver.validation.controller_revision import (
    validate_controller_revision,
    validate_controller_revision_update,
)
from k8scourse.apiserver.validation.stateful_set import (
    validate_stateful_set,
    validate_stateful_set_status_update,
    validate_stateful_set_update,
)

STRATEGY = strategy_for(Registry().resource("apps/v1", "statefulsets"))
LABELS = {"app": "db"}
CLAIM = {
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1024Mi"}}},
}
FROZEN = (
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
    "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are "
    "forbidden"
)
MISMATCH = 'spec.template.metadata.labels: Invalid value: {"app":"db"}: `selector` does not match template `labels`'


def stateful_set(name="db", template=None, container=None, **spec):
    obj = {
        "metadata": {"name": name, "namespace": "n", "uid": "1", "resourceVersion": "1"},
        "spec": {
            "selector": {"matchLabels": LABELS},
            "serviceName": "db",
            "template": {
                "metadata": {"labels": LABELS},
                "spec": {"containers": [{"name": "c", "image": "a:1", **(container or {})}], **(template or {})},
            },
            **copy.deepcopy(spec),
        },
    }
    default_object("apps", "StatefulSet", obj)
    convert(obj, "apps", "StatefulSet")
    return obj


def test_defaults():
    spec = stateful_set(volumeClaimTemplates=[CLAIM])["spec"]

    assert {name: spec[name] for name in ("replicas", "podManagementPolicy", "revisionHistoryLimit")} == {
        "replicas": 1,
        "podManagementPolicy": "OrderedReady",
        "revisionHistoryLimit": 10,
    }
    assert spec["updateStrategy"] == {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}
    assert spec["persistentVolumeClaimRetentionPolicy"] == {"whenDeleted": "Retain", "whenScaled": "Retain"}
    (claim,) = spec["volumeClaimTemplates"]
    assert (claim["kind"], claim["status"]) == ("PersistentVolumeClaim", {"phase": "Pending"})
    assert claim["spec"]["volumeMode"] == "Filesystem"
    assert claim["spec"]["resources"]["requests"] == {"storage": "1Gi"}


def test_on_delete_gets_no_parameters():
    assert stateful_set(updateStrategy={"type": "OnDelete"})["spec"]["updateStrategy"] == {"type": "OnDelete"}


def test_the_claims_give_the_volumes_that_containers_mount():
    mount = {"volumeMounts": [{"name": "data", "mountPath": "/data"}]}

    assert validate_stateful_set(stateful_set(container=mount, volumeClaimTemplates=[CLAIM])) == []
    assert validate_stateful_set(stateful_set(container=mount)) != []


def test_names_that_the_controller_overwrites_are_not_looked_at():
    assert validate_stateful_set(stateful_set(template={"hostname": "A_B", "subdomain": "C_D"})) == []


@pytest.mark.parametrize(
    ("name", "spec", "expected"),
    [
        ("a.b", {}, ['metadata.name: Invalid value: "a.b": must not contain dots']),
        ("db", {"serviceName": "a.b"}, ['spec.serviceName: Invalid value: "a.b": must not contain dots']),
        (
            "db",
            {"podManagementPolicy": "Random"},
            ["spec.podManagementPolicy: Invalid value: \"Random\": must be 'OrderedReady' or 'Parallel'"],
        ),
        (
            "db",
            {"updateStrategy": {"type": "OnDelete", "rollingUpdate": {"partition": 1}}},
            [
                'spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed '
                "for updateStrategy 'RollingUpdate'"
            ],
        ),
        (
            "db",
            {"updateStrategy": {"type": "Fast"}},
            [
                'spec.updateStrategy: Invalid value: {"Type":"Fast","RollingUpdate":null}: must be '
                "'RollingUpdate' or 'OnDelete'"
            ],
        ),
        (
            "db",
            {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": -1}}},
            ["spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0"],
        ),
        (
            "db",
            {"persistentVolumeClaimRetentionPolicy": {"whenScaled": "Keep"}},
            [
                'spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: "Keep": supported values: '
                '"Retain", "Delete"'
            ],
        ),
        (
            "db",
            {"ordinals": {"start": -1}},
            ["spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0"],
        ),
        (
            "db",
            {"selector": None},
            [
                "spec.selector: Required value",
                MISMATCH,
            ],
        ),
        ("db", {"selector": {}}, ["spec.selector: Invalid value: {}: empty selector is invalid for statefulset"]),
        (
            "db",
            {"selector": {"matchLabels": {"app": "x"}}},
            [MISMATCH],
        ),
        (
            "db",
            {"template": {"containers": [], "restartPolicy": "Never"}},
            [
                "spec.template.spec.containers: Required value",
                'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
            ],
        ),
    ],
)
def test_faults(texts, name, spec, expected):
    assert texts(validate_stateful_set(stateful_set(name, **spec))) == expected


def test_a_claim_without_size_is_refused(texts):
    obj = stateful_set(volumeClaimTemplates=[{"metadata": {"name": "d"}, "spec": {"accessModes": ["ReadWriteOnce"]}}])

    assert texts(validate_stateful_set(obj)) == ["spec.volumeClaimTemplates[0].spec.resources[storage]: Required value"]


@pytest.mark.parametrize(
    "change",
    [
        {"replicas": 3},
        {"minReadySeconds": 3},
        {"ordinals": {"start": 1}},
        {"revisionHistoryLimit": 2},
        {"updateStrategy": {"type": "OnDelete"}},
        {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"}},
    ],
)
def test_fields_that_may_change(change):
    assert validate_stateful_set_update(stateful_set(**change), stateful_set()) == []


@pytest.mark.parametrize(
    "change", [{"serviceName": "x"}, {"podManagementPolicy": "Parallel"}, {"volumeClaimTemplates": [CLAIM]}]
)
def test_fields_that_stay(texts, change):
    assert texts(validate_stateful_set_update(stateful_set(**change), stateful_set())) == [FROZEN]


def test_max_unavailable_is_behind_a_gate_that_is_off():
    obj = stateful_set(updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 2}})
    STRATEGY.prepare_for_create(obj)

    assert obj["spec"]["updateStrategy"]["rollingUpdate"] == {"partition": 0}
    assert obj["status"] == {"replicas": 0, "availableReplicas": 0}


def test_a_history_without_limit_is_warned_of():
    (text,) = STRATEGY.warnings_on_create(stateful_set(revisionHistoryLimit=-1))

    assert text.startswith("spec.revisionHistoryLimit: a negative value retains all")


def test_counts_do_not_exceed_the_replicas(texts):
    new = stateful_set()
    new["status"] = {"replicas": 1, "readyReplicas": 2}

    assert texts(validate_stateful_set_status_update(new, stateful_set())) == [
        "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas"
    ]


def revision(data, **fields):
    metadata = {"name": "db-1", "namespace": "n", "uid": "1", "resourceVersion": "1"}
    return {"metadata": metadata, "data": data, "revision": 1, **fields}


def test_the_data_of_a_revision_is_an_object_that_stays(texts):
    assert validate_controller_revision(revision({"spec": {}})) == []
    assert texts(validate_controller_revision(revision(None))) == ["data: Required value: data is mandatory"]
    assert texts(validate_controller_revision(revision([]))) == [
        "data: Required value: data must be a valid JSON object"
    ]
    assert texts(validate_controller_revision_update(revision({"a": 1}), revision({"a": 2}))) == [
        'data: Invalid value: {"a":1}: field is immutable'
    ]
