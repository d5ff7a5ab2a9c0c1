"""ReplicationControllers.

Cases follow kubernetes pkg/apis/core/validation/validation_test.go TestValidateReplicationController(Update) and
pkg/apis/core/v1/defaults_test.go TestSetDefaultReplicationController.
"""

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import strategy_for
from k8scourse.apiserver.validation.replication_controller import (
    validate_replication_controller,
    validate_replication_controller_status_update,
    validate_replication_controller_update,
)

STRATEGY = strategy_for(Registry().resource("v1", "replicationcontrollers"))
TEMPLATE = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "a:1"}]}}


def controller(metadata=None, **spec):
    obj = {
        "metadata": {"name": "r", "namespace": "n", "uid": "1", "resourceVersion": "1", **(metadata or {})},
        "spec": {"template": TEMPLATE, **spec},
    }
    default_object("", "ReplicationController", obj)
    return obj


def test_selector_and_labels_come_from_the_template():
    obj = controller()

    assert (obj["spec"]["selector"], obj["metadata"]["labels"]) == ({"a": "b"}, {"a": "b"})
    assert obj["spec"]["replicas"] == 1
    assert validate_replication_controller(obj) == []


def test_given_selector_and_labels_stay():
    obj = controller({"labels": {"x": "y"}}, selector={"a": "b", "c": "d"}, replicas=0)

    assert (obj["spec"]["selector"], obj["metadata"]["labels"]) == ({"a": "b", "c": "d"}, {"x": "y"})
    assert obj["spec"]["replicas"] == 0


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            {"selector": {"a": "c"}},
            ['spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`'],
        ),
        ({"template": None}, ["spec.selector: Required value", "spec.template: Required value"]),
        ({"replicas": -1}, ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"]),
        (
            {"template": {**TEMPLATE, "spec": {**TEMPLATE["spec"], "restartPolicy": "Never"}}},
            ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
        ),
    ],
)
def test_faults(texts, spec, expected):
    assert texts(validate_replication_controller(controller(**spec))) == expected


def test_the_selector_may_change():
    template = {**TEMPLATE, "metadata": {"labels": {"a": "c"}}}

    assert validate_replication_controller_update(controller(template=template), controller()) == []


def test_counts_do_not_exceed_the_replicas(texts):
    new = controller()
    new["status"] = {"replicas": 1, "fullyLabeledReplicas": 2}

    assert texts(validate_replication_controller_status_update(new, controller())) == [
        "status.fullyLabeledReplicas: Invalid value: 2: cannot be greater than status.replicas"
    ]


def test_pods_outlive_a_controller_deleted_without_a_policy():
    assert STRATEGY.default_propagation == "Orphan"
