"""HorizontalPodAutoscalers.

Cases follow kubernetes pkg/apis/autoscaling/validation/validation_test.go, pkg/apis/autoscaling/v2/defaults_test.go and
pkg/registry/autoscaling/horizontalpodautoscaler/strategy_test.go.
"""

import copy

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import strategy_for

STRATEGY = strategy_for(Registry().kind("autoscaling/v2", "HorizontalPodAutoscaler"))
METADATA = {"name": "h", "namespace": "n", "uid": "1", "resourceVersion": "1"}
TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
AVERAGE = {"type": "AverageValue", "averageValue": "10"}
QUEUE = {"type": "External", "external": {"metric": {"name": "queue"}, "target": AVERAGE}}
GENERAL = "must set either a target raw value or a target utilization"


def autoscaler(target=TARGET, **spec):
    obj = {"metadata": dict(METADATA), "spec": copy.deepcopy({"scaleTargetRef": target, "maxReplicas": 5, **spec})}
    default_object("autoscaling", "HorizontalPodAutoscaler", obj)
    return obj


def resource(name="cpu", **target):
    return {"type": "Resource", "resource": {"name": name, "target": {"type": "Utilization", **target}}}


def faults(**spec):
    return [str(error) for error in STRATEGY.validate(autoscaler(**spec))]


def test_an_autoscaler_looks_at_the_cpu_by_default():
    spec = autoscaler()["spec"]
    assert spec["minReplicas"] == 1
    assert spec["metrics"] == [resource(averageUtilization=80)]
    assert "behavior" not in spec


def test_rules_that_are_begun_are_completed():
    behavior = autoscaler(behavior={"scaleDown": {"selectPolicy": "Min"}})["spec"]["behavior"]
    percent = {"type": "Percent", "value": 100, "periodSeconds": 15}
    assert behavior["scaleDown"] == {"selectPolicy": "Min", "policies": [percent]}
    assert behavior["scaleUp"] == {
        "stabilizationWindowSeconds": 0,
        "selectPolicy": "Max",
        "policies": [{"type": "Pods", "value": 4, "periodSeconds": 15}, percent],
    }


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"metrics": [QUEUE, resource(averageUtilization=50)]},
        {"metrics": [{"type": "Pods", "pods": {"metric": {"name": "hits"}, "target": AVERAGE}}]},
        {
            "metrics": [
                {
                    "type": "Object",
                    "object": {
                        "describedObject": {"apiVersion": "v1", "kind": "Service", "name": "s"},
                        "metric": {"name": "hits"},
                        "target": {"type": "Value", "value": "1k"},
                    },
                }
            ]
        },
        {"behavior": {"scaleUp": {"stabilizationWindowSeconds": 3600, "tolerance": "50m"}}},
        {"target": {"kind": "ReplicationController", "name": "rc"}},
    ],
)
def test_sound_autoscalers_are_accepted(spec):
    assert faults(**spec) == []


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        (
            {"minReplicas": 0},
            [
                "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
                "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to "
                "zero replicas",
            ],
        ),
        (
            {"minReplicas": 6},
            ["spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`"],
        ),
        (
            {"maxReplicas": 0},
            [
                "spec.maxReplicas: Required value: must be set and greater than 0",
                "spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`",
            ],
        ),
        ({"target": {**TARGET, "name": ""}}, ["spec.scaleTargetRef.name: Required value"]),
        (
            {"target": {**TARGET, "apiVersion": "v1"}},
            ['spec.scaleTargetRef.apiVersion: Invalid value: "v1": apiVersion must specify API group'],
        ),
    ],
)
def test_bounds_and_target_are_checked(spec, found):
    assert faults(**spec) == found


@pytest.mark.parametrize(
    ("metric", "found"),
    [
        (resource(), [f"resource.target.averageUtilization: Required value: {GENERAL}"]),
        (
            resource(averageUtilization=0),
            ["resource.target.averageUtilization: Invalid value: 0: must be greater than 0"],
        ),
        (
            resource(averageUtilization=5, averageValue="1"),
            [
                "resource.target.averageValue: Forbidden: may not set both a target raw value and a target utilization",
            ],
        ),
        ({"type": "Pods"}, ["pods: Required value: must populate information for the given metric source"]),
        (
            {**QUEUE, "resource": resource(averageUtilization=5)["resource"]},
            ["resource: Forbidden: must populate the given metric source only"],
        ),
        (
            {"type": "External", "external": {"metric": {}, "target": {"type": "Nope", "averageValue": "0"}}},
            [
                "external.metric.name: Required value: must specify a metric name",
                'external.target.type: Invalid value: "Nope": must be either Utilization, Value, or AverageValue',
                'external.target.averageValue: Invalid value: "0": must be positive',
            ],
        ),
        (
            {"type": "ContainerResource", "containerResource": {"name": "cpu", "target": AVERAGE}},
            ["containerResource.container: Required value: must specify a container"],
        ),
    ],
)
def test_a_metric_has_the_one_source_of_its_type(metric, found):
    assert faults(metrics=[metric]) == [f"spec.metrics[0].{text}" for text in found]


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        (
            {"stabilizationWindowSeconds": 3601},
            ["stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600"],
        ),
        (
            {"selectPolicy": "Most"},
            ['selectPolicy: Unsupported value: "Most": supported values: "Disabled", "Max", "Min"'],
        ),
        ({"policies": []}, ["policies: Required value: must specify at least one Policy"]),
        (
            {"policies": [{"type": "Nodes", "value": 0, "periodSeconds": 1801}]},
            [
                'policies[0].type: Unsupported value: "Nodes": supported values: "Percent", "Pods"',
                "policies[0].value: Invalid value: 0: must be greater than zero",
                "policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800",
            ],
        ),
        ({"tolerance": "-1"}, ['tolerance: Invalid value: "-1": must be greater than or equal to 0']),
    ],
)
def test_rules_for_scaling_have_bounds(rules, found):
    assert faults(behavior={"scaleUp": rules}) == [f"spec.behavior.scaleUp.{text}" for text in found]


def test_a_stored_target_of_the_core_group_may_stay():
    odd = {"apiVersion": "v1", "kind": "Deployment", "name": "web"}
    old = autoscaler(odd)
    assert STRATEGY.validate_update(autoscaler({**odd, "name": "other"}), old) == []
    assert STRATEGY.validate_update(autoscaler({**odd, "kind": "Job"}), old) != []


def test_an_autoscaler_begins_without_status_and_writers_keep_it():
    new = autoscaler()
    new["status"] = {"desiredReplicas": 3}
    STRATEGY.prepare_for_create(new)
    assert new["status"] == {"currentMetrics": None, "desiredReplicas": 0}
    other = {**autoscaler(), "status": {"desiredReplicas": 7}}
    STRATEGY.prepare_for_update(other, new)
    assert other["status"] == new["status"]
