"""Namespaces, ConfigMaps, Events, Leases, PriorityClasses, PodDisruptionBudgets.

Cases follow the upstream tests of kubernetes pkg/apis/{core,coordination,scheduling,policy}/validation.
"""

import pytest

from k8scourse.apiserver.validation.config_map import validate_config_map, validate_config_map_update
from k8scourse.apiserver.validation.coordination import validate_lease
from k8scourse.apiserver.validation.event import validate_event, validate_event_update
from k8scourse.apiserver.validation.namespace import validate_namespace, validate_namespace_status_update
from k8scourse.apiserver.validation.policy import validate_pod_disruption_budget
from k8scourse.apiserver.validation.scheduling import validate_priority_class, validate_priority_class_update

METADATA = {"name": "a", "namespace": "n", "uid": "1", "resourceVersion": "1"}
CLUSTER = {"name": "a", "uid": "1", "resourceVersion": "1"}


def test_a_namespace_is_a_dns_label_with_qualified_finalizers(texts):
    namespace = {"metadata": {"name": "a.b"}, "spec": {"finalizers": ["kubernetes", "mine", "a/b"]}}

    assert texts(validate_namespace(namespace)) == [
        'metadata.name: Invalid value: "a.b": must not contain dots',
        'spec.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    ]


def test_a_namespace_terminates_exactly_while_it_is_deleted(texts):
    old = {"metadata": CLUSTER}
    new = {"metadata": CLUSTER, "status": {"phase": "Terminating"}}

    assert texts(validate_namespace_status_update(new, old)) == [
        "status.Phase: Invalid value: \"Terminating\": may only be 'Active' if `deletionTimestamp` is empty"
    ]


def test_config_map_keys(texts):
    found = texts(
        validate_config_map({"metadata": METADATA, "data": {"a/b": "", "..": "", "k": ""}, "binaryData": {"k": ""}})
    )

    assert found == [
        "data[a/b]: Invalid value: \"a/b\": a valid config key must consist of alphanumeric characters, '-', '_' or "
        "'.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        "data[..]: Invalid value: \"..\": must not be '..'",
        'data[k]: Invalid value: "k": duplicate of key present in binaryData',
    ]


def test_a_config_map_holds_one_mebibyte(texts):
    full = {"metadata": METADATA, "data": {"k": "x" * 1024 * 1024}}

    assert validate_config_map(full) == []
    assert texts(validate_config_map({**full, "data": {**full["data"], "l": "x"}})) == [
        ": Too long: may not be more than 1048576 bytes"
    ]


def test_an_immutable_config_map_keeps_its_data(texts):
    old = {"metadata": METADATA, "data": {"a": "1"}, "immutable": True}

    assert texts(validate_config_map_update({"metadata": METADATA, "data": {"a": "2"}}, old)) == [
        "immutable: Forbidden: field is immutable when `immutable` is set",
        "data: Forbidden: field is immutable when `immutable` is set",
    ]


def core_event(**fields):
    about = {"kind": "Pod", "namespace": "n", "name": "p"}
    return {"apiVersion": "v1", "metadata": METADATA, "involvedObject": about, **fields}


def test_an_event_lives_where_its_subject_lives(texts):
    assert validate_event(core_event()) == []
    assert texts(validate_event(core_event(involvedObject={"namespace": "m"}))) == [
        'involvedObject.namespace: Invalid value: "m": does not match event.namespace'
    ]


def test_an_event_about_a_cluster_scoped_object_lives_in_default():
    event = core_event(involvedObject={"kind": "Node", "name": "n1"}, metadata={**METADATA, "namespace": "default"})

    assert validate_event(event) == []


def test_the_current_events_api_asks_for_more(texts):
    event = {"apiVersion": "events.k8s.io/v1", "metadata": METADATA, "regarding": {"namespace": "n"}}

    assert texts(validate_event({**event, "deprecatedCount": 1})) == [
        "eventTime: Required value",
        'type: Invalid value: "": has invalid value: ',
        'count: Invalid value: "": needs to be unset',
    ]
    complete = {
        **event,
        "eventTime": "2026-01-01T00:00:00.000000Z",
        "type": "Normal",
        "reason": "R",
        "action": "A",
        "reportingController": "me",
        "reportingInstance": "me-1",
    }
    assert validate_event(complete) == []
    assert texts(validate_event_update({**complete, "reason": "S"}, complete)) == [
        'reason: Invalid value: "S": field is immutable'
    ]


def test_a_lease_lasts(texts):
    lease = {"metadata": METADATA, "spec": {"leaseDurationSeconds": 0, "leaseTransitions": -1}}

    assert texts(validate_lease(lease)) == [
        "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
        "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
    ]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("high", 1_000_000_000, None),
        ("high", 1_000_000_001, "value: Forbidden: maximum allowed value of a user defined priority is 1000000000"),
        ("system-node-critical", 2_000_001_000, None),
        (
            "system-x",
            1,
            "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. "
            "error: system-x is not a known system priority class",
        ),
        (
            "system-cluster-critical",
            1,
            "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. "
            "error: value of system-cluster-critical PriorityClass must be 2000000000",
        ),
    ],
)
def test_users_stay_below_the_system_priorities(texts, name, value, expected):
    found = texts(validate_priority_class({"metadata": {"name": name}, "value": value}))

    assert found == ([expected] if expected else [])


def test_the_value_of_a_priority_class_stays(texts):
    old = {"metadata": CLUSTER, "value": 1, "preemptionPolicy": "Never"}
    new = {"metadata": CLUSTER, "value": 2, "preemptionPolicy": "PreemptLowerPriority"}

    assert texts(validate_priority_class_update(new, old)) == [
        "value: Forbidden: may not be changed in an update.",
        'preemptionPolicy: Invalid value: "PreemptLowerPriority": field is immutable',
    ]


def test_a_budget_has_one_bound(texts):
    assert texts(validate_pod_disruption_budget({"spec": {"minAvailable": 1, "maxUnavailable": "101%"}})) == [
        'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":"101%",'
        '"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
        'spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
    ]
    assert validate_pod_disruption_budget({"spec": {"minAvailable": 0}}) == []


def test_a_budget_counts_or_gives_percent(texts):
    found = texts(validate_pod_disruption_budget({"spec": {"maxUnavailable": "half"}}))

    assert found == [
        'spec.maxUnavailable: Invalid value: "half": a valid percent string must be a numeric string followed by an '
        "ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
    ]
