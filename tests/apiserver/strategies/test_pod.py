"""How pods behave. Cases follow kubernetes pkg/registry/core/pod/strategy_test.go and pkg/api/pod/warnings_test.go."""

import copy

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.strategies.pod import POD, prepare_for_create
from k8scourse.apiserver.strategies.pod_warnings import pod_warnings

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def pod(container=None, metadata=None, **spec):
    obj = {
        "metadata": {"name": "p", "namespace": "n", "creationTimestamp": "2026-01-01T00:00:00Z", **(metadata or {})},
        "spec": {"containers": [{"name": "c", "image": "nginx:1.27", **(container or {})}], **spec},
    }
    default_object("", "Pod", obj)
    return obj


def created(**fields):
    obj = pod(**fields)
    prepare_for_create(obj)
    return obj


def warnings(**fields):
    obj = pod(**fields)
    return pod_warnings("", obj["spec"], obj["metadata"])


def test_a_new_pod_is_pending_whatever_status_it_brings():
    obj = {**pod({"resources": {"limits": {"cpu": "1", "memory": "1Gi"}}}), "status": {"phase": "Running"}}
    prepare_for_create(obj)

    assert obj["status"] == {"phase": "Pending", "qosClass": "Guaranteed"}
    assert obj["metadata"]["generation"] == 1


def test_a_gated_pod_says_why_it_is_not_scheduled():
    assert created(schedulingGates=[{"name": "a"}])["status"]["conditions"] == [
        {
            "type": "PodScheduled",
            "status": "False",
            "reason": "SchedulingGated",
            "message": "Scheduling is blocked due to non-empty scheduling gates",
            "lastProbeTime": None,
            "lastTransitionTime": "2026-01-01T00:00:00Z",
        }
    ]


def test_match_label_keys_become_requirements_with_the_pods_own_values():
    term = {"topologyKey": "zone", "labelSelector": {}, "matchLabelKeys": ["a", "x"], "mismatchLabelKeys": ["b"]}
    obj = created(metadata={"labels": {"a": "1", "b": "2"}}, affinity={"podAffinity": {REQUIRED: [term]}})

    assert obj["spec"]["affinity"]["podAffinity"][REQUIRED][0]["labelSelector"]["matchExpressions"] == [
        {"key": "a", "operator": "In", "values": ["1"]},
        {"key": "b", "operator": "NotIn", "values": ["2"]},
    ]


def test_a_generation_counts_changes_of_the_spec_only():
    old = created()
    same, other = copy.deepcopy(old), copy.deepcopy(old)
    same["metadata"]["labels"] = {"a": "b"}
    same["status"] = {}
    other["spec"]["containers"][0]["image"] = "nginx:1.28"
    for new in (same, other):
        POD.prepare_for_update(new, old)

    assert same["metadata"]["generation"] == 1
    assert same["status"] == old["status"]
    assert other["metadata"]["generation"] == 2


def test_a_status_update_keeps_spec_and_owners_and_generations_observed():
    old = created(metadata={"ownerReferences": [{"uid": "1"}]})
    old["status"]["conditions"] = [{"type": "Ready", "status": "False", "observedGeneration": 1}]
    new = copy.deepcopy(old)
    new["spec"] = {}
    new["metadata"]["ownerReferences"] = []
    new["status"] = {"conditions": [{"type": "Ready", "status": "True"}]}
    POD.prepare_for_status_update(new, old)

    assert (new["spec"], new["metadata"]) == (old["spec"], old["metadata"])
    assert new["status"] == {
        "qosClass": "BestEffort",
        "conditions": [{"type": "Ready", "status": "True", "observedGeneration": 1}],
    }


def test_the_ephemeralcontainers_subresource_takes_nothing_else():
    old = created()
    new = copy.deepcopy(old)
    new["spec"]["containers"][0]["image"] = "other"
    new["spec"]["ephemeralContainers"] = [{"name": "e"}]
    new["metadata"]["labels"] = {"a": "b"}
    POD.subresources["ephemeralcontainers"].prepare(new, old)

    assert new["spec"] == {**old["spec"], "ephemeralContainers": [{"name": "e"}]}
    assert "labels" not in new["metadata"]
    assert new["metadata"]["generation"] == 2
    assert old["metadata"]["generation"] == 1


@pytest.mark.parametrize(
    ("spec", "phase", "options", "seconds"),
    [
        ({"nodeName": "n1"}, "Running", {}, 30),
        ({"nodeName": "n1"}, "Running", {"gracePeriodSeconds": 5}, 5),
        ({"nodeName": "n1"}, "Running", {"gracePeriodSeconds": 0}, 0),
        ({"nodeName": "n1", "terminationGracePeriodSeconds": -3}, "Running", {}, 1),
        ({"nodeName": "n1"}, "Succeeded", {}, 0),
        ({"nodeName": "n1"}, "Failed", {"gracePeriodSeconds": 5}, 0),
        ({}, "Pending", {}, 0),
    ],
)
def test_the_grace_period(spec, phase, options, seconds):
    assert POD.graceful_deletion({**pod(**spec), "status": {"phase": phase}}, options) == seconds


def test_selectable_fields():
    obj = {**pod(nodeName="n1", hostNetwork=True), "status": {"phase": "Running", "podIPs": [{"ip": "10.0.0.1"}]}}

    assert POD.selectable_fields(obj) == {
        "metadata.name": "p",
        "metadata.namespace": "n",
        "spec.nodeName": "n1",
        "spec.restartPolicy": "Always",
        "spec.schedulerName": "default-scheduler",
        "spec.serviceAccountName": "",
        "spec.hostNetwork": "true",
        "status.phase": "Running",
        "status.podIP": "10.0.0.1",
        "status.nominatedNodeName": "",
    }


def test_a_plain_pod_causes_no_warning():
    assert POD.warnings_on_create(pod()) == []


def test_a_name_that_is_no_host_name_causes_a_warning():
    assert POD.warnings_on_create(pod(metadata={"name": "a.b"})) == [
        "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is "
        "recommended: [must not contain dots]"
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"container": {"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]}},
            'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
        ),
        (
            {"container": {"resources": {"limits": {"memory": "100m"}}}},
            'spec.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer',
        ),
        (
            {"container": {"ports": [{"containerPort": 80}, {"containerPort": 80}]}},
            "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]",
        ),
        (
            {"container": {"ports": [{"containerPort": 80, "hostIP": "1.2.3.4"}]}},
            "spec.containers[0].ports[0]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 "
            "Protocol:TCP HostIP:1.2.3.4}",
        ),
        (
            {"nodeSelector": {"beta.kubernetes.io/os": "linux"}},
            'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
        ),
        (
            {"topologySpreadConstraints": [{"topologyKey": "zone"}]},
            "spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod",
        ),
        (
            {"terminationGracePeriodSeconds": -1},
            "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
        ),
        (
            {"volumes": [{"name": "v", "configMap": {"name": "c", "items": [{"path": "a"}, {"path": "a/b"}]}}]},
            'volume "v" (ConfigMap "c"): overlapping paths: "a/b" with "a"',
        ),
        ({"imagePullSecrets": [{}]}, 'spec.imagePullSecrets[0].name: invalid empty name ""'),
    ],
)
def test_what_is_accepted_with_a_warning(fields, expected):
    assert expected in warnings(**fields)


def test_a_variable_that_extends_its_namesake_causes_no_warning():
    assert warnings(container={"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "$(A):2"}]}) == []
