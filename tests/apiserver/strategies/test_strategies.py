"""How the other kinds behave. Source: kubernetes pkg/registry/*/*/strategy.go."""

import copy

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import SIMULATED, stored_only, strategy_for

REGISTRY = Registry()
TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"


def strategy(group_version, plural):
    return strategy_for(REGISTRY.resource(group_version, plural))


def workload(kind):
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "a"}]}}
    obj = {
        "metadata": {"name": "w", "namespace": "n"},
        "spec": {"selector": {"matchLabels": labels}, "template": template},
    }
    default_object("apps", kind, obj)
    return obj


def test_every_kind_has_a_strategy_and_the_stored_ones_are_told_apart():
    stored = {(resource.group, resource.kind) for resource in stored_only(REGISTRY)}

    assert all(strategy_for(resource) for resource in REGISTRY)
    assert stored.isdisjoint(SIMULATED)
    assert stored | SIMULATED == {(resource.group, resource.kind) for resource in REGISTRY}
    assert ("resource.k8s.io", "DeviceClass") in stored


@pytest.mark.parametrize(
    ("plural", "kind", "status"),
    [
        ("deployments", "Deployment", {}),
        ("replicasets", "ReplicaSet", {"replicas": 0}),
        (
            "daemonsets",
            "DaemonSet",
            {"currentNumberScheduled": 0, "numberMisscheduled": 0, "desiredNumberScheduled": 0, "numberReady": 0},
        ),
    ],
)
def test_a_new_workload_starts_at_generation_one_with_an_empty_status(plural, kind, status):
    obj = {**workload(kind), "status": {"replicas": 7}}
    strategy("apps/v1", plural).prepare_for_create(obj)

    assert obj["status"] == status
    assert obj["metadata"]["generation"] == 1


def test_annotations_count_for_the_generation_of_a_deployment_only():
    for plural, kind, expected in (("deployments", "Deployment", 2), ("replicasets", "ReplicaSet", 1)):
        own = strategy("apps/v1", plural)
        old = workload(kind)
        own.prepare_for_create(old)
        new = copy.deepcopy(old)
        new["metadata"]["annotations"] = {"a": "b"}
        own.prepare_for_update(new, old)

        assert new["metadata"]["generation"] == expected


def test_a_daemon_set_counts_its_templates():
    own = strategy("apps/v1", "daemonsets")
    old = workload("DaemonSet")
    own.prepare_for_create(old)
    slower, other = copy.deepcopy(old), copy.deepcopy(old)
    slower["spec"]["minReadySeconds"] = 5
    other["spec"]["template"]["spec"]["containers"][0]["image"] = "b"
    for new in (slower, other):
        own.prepare_for_update(new, old)

    assert old["metadata"]["annotations"] == {TEMPLATE_GENERATION: "1"}
    assert slower["metadata"]["annotations"] == {TEMPLATE_GENERATION: "1"}
    assert other["metadata"]["annotations"] == {TEMPLATE_GENERATION: "2"}
    assert (slower["metadata"]["generation"], other["metadata"]["generation"]) == (2, 2)


def test_a_status_update_leaves_the_spec_alone():
    own = strategy("apps/v1", "deployments")
    old = workload("Deployment")
    own.prepare_for_create(old)
    new = copy.deepcopy(old)
    new["spec"]["replicas"] = 9
    new["metadata"]["labels"] = {"a": "b"}
    new["status"] = {"replicas": 1}
    own.prepare_for_status_update(new, old)

    assert new == {**old, "status": {"replicas": 1}}


def test_a_workload_warns_about_its_template():
    obj = workload("Deployment")
    obj["metadata"]["name"] = "a.b"
    obj["spec"]["template"]["spec"]["nodeSelector"] = {"beta.kubernetes.io/arch": "amd64"}

    assert strategy("apps/v1", "deployments").warnings_on_create(obj) == [
        "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label "
        "is recommended: [must not contain dots]",
        "spec.template.spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since v1.14; "
        'use "kubernetes.io/arch" instead',
    ]


def test_a_namespace_holds_a_finalizer_that_no_update_removes():
    own = strategy("v1", "namespaces")
    old = {"metadata": {"name": "a"}, "spec": {"finalizers": ["x/y"]}}
    own.prepare_for_create(old)
    new = {"metadata": {"name": "a"}, "spec": {}, "status": {"phase": "Terminating"}}
    own.prepare_for_update(new, old)

    assert old["spec"]["finalizers"] == ["x/y", "kubernetes"]
    assert old["metadata"]["labels"] == {"kubernetes.io/metadata.name": "a"}
    assert (new["spec"], new["status"]) == (old["spec"], {"phase": "Active"})


def test_a_node_registers_with_its_status_and_later_keeps_it():
    own = strategy("v1", "nodes")
    old = {"metadata": {"name": "n1"}, "spec": {}, "status": {"capacity": {"cpu": "4"}}}
    own.prepare_for_create(old)
    new = {"metadata": {"name": "n1"}, "spec": {"unschedulable": True}, "status": {}}
    own.prepare_for_update(new, old)

    assert new["status"] == {"capacity": {"cpu": "4"}}
    assert own.selectable_fields(new) == {"metadata.name": "n1", "spec.unschedulable": "true"}


def test_events_are_found_by_their_subject_in_both_apis():
    about = {"kind": "Pod", "name": "p"}
    core = {"apiVersion": "v1", "metadata": {"name": "e"}, "involvedObject": about, "source": {"component": "me"}}
    current = {
        "apiVersion": "events.k8s.io/v1",
        "metadata": {"name": "e"},
        "regarding": about,
        "reportingController": "me",
    }
    for group_version, event in (("v1", core), ("events.k8s.io/v1", current)):
        fields = strategy(group_version, "events").selectable_fields(event)

        assert (fields["involvedObject.name"], fields["source"]) == ("p", "me")


def test_a_budget_starts_with_nothing_allowed():
    budget = {"metadata": {"name": "b"}, "spec": {"minAvailable": 1}}
    strategy("policy/v1", "poddisruptionbudgets").prepare_for_create(budget)

    assert budget["status"] == {"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0}


def test_a_lease_may_be_created_by_an_update_but_not_changed_blindly():
    own = strategy("coordination.k8s.io/v1", "leases")

    assert (own.allow_create_on_update, own.allow_unconditional_update) == (True, False)


def test_a_service_account_keeps_only_the_names_of_secrets():
    account = {"metadata": {"name": "a"}, "secrets": [{"name": "s", "namespace": "x"}]}
    strategy("v1", "serviceaccounts").prepare_for_create(account)

    assert account["secrets"] == [{"name": "s"}]


def test_a_kind_that_is_only_stored_keeps_spec_and_status_apart():
    own = strategy("flowcontrol.apiserver.k8s.io/v1", "flowschemas")
    old = {"metadata": {"name": "s", "namespace": "n"}, "spec": {"replicas": 1}, "status": {"replicas": 9}}
    own.prepare_for_create(old)
    new = {"metadata": {"name": "s", "namespace": "n"}, "spec": {"replicas": 2}, "status": {"replicas": 9}}
    own.prepare_for_update(new, old)
    reported = {"metadata": {"name": "s"}, "spec": {"replicas": 7}, "status": {"replicas": 2}}
    own.prepare_for_status_update(reported, old)

    assert (old["status"], old["metadata"]["generation"]) == ({}, 1)
    assert (new["status"], new["metadata"]["generation"]) == ({}, 2)
    assert (reported["spec"], reported["status"]) == ({"replicas": 1}, {"replicas": 2})
