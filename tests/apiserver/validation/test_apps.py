"""Deployments, ReplicaSets and DaemonSets.

Cases follow kubernetes pkg/apis/apps/validation/validation_test.go TestValidateDeployment, TestValidateReplicaSet,
TestValidateDaemonSet and their updates.
"""

import copy

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.validation import apps
from k8scourse.apiserver.validation.apps_status import validate_deployment_status_update

LABELS = {"app": "web"}


def workload(kind, template=None, **spec):
    obj = {
        "metadata": {"name": "w", "namespace": "n", "uid": "1", "resourceVersion": "1"},
        "spec": {
            "selector": {"matchLabels": LABELS},
            "template": {
                "metadata": {"labels": LABELS},
                "spec": {"containers": [{"name": "c", "image": "nginx:1.27"}], **(template or {})},
            },
            **spec,
        },
    }
    default_object("apps", kind, obj)
    return obj


def validate(kind, obj):
    functions = {
        "Deployment": apps.validate_deployment,
        "ReplicaSet": apps.validate_replica_set,
        "DaemonSet": apps.validate_daemon_set,
    }
    return functions[kind](obj)


@pytest.mark.parametrize("kind", ["Deployment", "ReplicaSet", "DaemonSet"])
def test_a_plain_workload_is_accepted(kind):
    assert validate(kind, workload(kind)) == []


@pytest.mark.parametrize("kind", ["Deployment", "ReplicaSet", "DaemonSet"])
def test_the_selector_matches_the_template(texts, kind):
    obj = workload(kind, selector={"matchLabels": {"app": "other"}})

    assert texts(validate(kind, obj)) == [
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'
    ]


@pytest.mark.parametrize("kind", ["Deployment", "ReplicaSet"])
def test_a_selector_is_required_and_not_empty(texts, kind):
    assert texts(validate(kind, workload(kind, selector=None))) == [
        "spec.selector: Required value",
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ]
    assert texts(validate(kind, workload(kind, selector={}))) == [
        "spec.selector: Invalid value: {}: empty selector is invalid for deployment"
    ]


def test_pods_of_a_deployment_run_always(texts):
    obj = workload("Deployment", template={"restartPolicy": "Never", "activeDeadlineSeconds": 3})

    assert texts(validate("Deployment", obj)) == [
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
        "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported",
    ]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"replicas": -1}, "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
        (
            {"strategy": {"type": "Rolling"}},
            'spec.strategy: Unsupported value: {"Type":"Rolling","RollingUpdate":null}: supported values: "Recreate", '
            '"RollingUpdate"',
        ),
        (
            {"strategy": {"type": "Recreate", "rollingUpdate": {}}},
            "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
        ),
        (
            {"strategy": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": "0%"}}},
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
        ),
        (
            {"strategy": {"rollingUpdate": {"maxUnavailable": "101%"}}},
            'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
        ),
        (
            {"minReadySeconds": 600},
            "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds",
        ),
    ],
)
def test_a_deployment_is_judged_in_the_words_of_kubernetes(texts, spec, expected):
    assert texts(validate("Deployment", workload("Deployment", **spec))) == [expected]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            {"updateStrategy": {"type": "x"}},
            'spec.updateStrategy: Unsupported value: {"Type":"x","RollingUpdate":null}: supported values: '
            '"RollingUpdate", "OnDelete"',
        ),
        (
            {"updateStrategy": {"rollingUpdate": {"maxSurge": 1}}},
            "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is "
            "non-zero",
        ),
        (
            {"updateStrategy": {"rollingUpdate": {"maxUnavailable": 0}}},
            "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0",
        ),
    ],
)
def test_a_daemon_set_is_judged_in_the_words_of_kubernetes(texts, spec, expected):
    assert texts(validate("DaemonSet", workload("DaemonSet", **spec))) == [expected]


@pytest.mark.parametrize(
    ("kind", "validate_update"),
    [
        ("Deployment", apps.validate_deployment_update),
        ("ReplicaSet", apps.validate_replica_set_update),
        ("DaemonSet", apps.validate_daemon_set_update),
    ],
)
def test_the_selector_is_immutable(texts, kind, validate_update):
    old = workload(kind)
    new = copy.deepcopy(old)
    new["spec"]["selector"]["matchExpressions"] = [{"key": "app", "operator": "Exists"}]

    assert validate_update(copy.deepcopy(old), old) == []
    assert texts(validate_update(new, old)) == [
        'spec.selector: Invalid value: {"matchLabels":{"app":"web"},"matchExpressions":[{"key":"app",'
        '"operator":"Exists"}]}: field is immutable'
    ]


def test_a_fault_of_the_template_carries_its_path(texts):
    obj = workload("Deployment", template={"containers": [{"name": "c"}]})

    assert texts(validate("Deployment", obj)) == ["spec.template.spec.containers[0].image: Required value"]


def test_counts_of_a_status_do_not_contradict_each_other(texts):
    old = workload("Deployment")
    new = {**old, "status": {"replicas": 1, "readyReplicas": 2, "availableReplicas": 3, "updatedReplicas": -1}}

    assert texts(validate_deployment_status_update(new, old)) == [
        "status.updatedReplicas: Invalid value: -1: must be greater than or equal to 0",
        "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas",
    ]
