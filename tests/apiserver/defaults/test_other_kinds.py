"""Defaults of the other kinds. Source: kubernetes pkg/apis/{core,apps,scheduling}/v1/defaults_test.go."""

from k8scourse.apiserver.defaults import default_object


def defaulted(group, kind, **obj):
    default_object(group, kind, obj)
    return obj


def test_a_deployment_rolls_by_a_quarter():
    spec = defaulted("apps", "Deployment", spec={"template": {}})["spec"]
    del spec["template"]

    assert spec == {
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "progressDeadlineSeconds": 600,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}},
    }


def test_zero_replicas_stay_zero():
    assert defaulted("apps", "Deployment", spec={"replicas": 0})["spec"]["replicas"] == 0


def test_recreate_gets_no_parameters():
    spec = defaulted("apps", "Deployment", spec={"strategy": {"type": "Recreate"}})["spec"]

    assert spec["strategy"] == {"type": "Recreate"}


def test_a_daemon_set_moves_one_node_at_a_time():
    spec = defaulted("apps", "DaemonSet", spec={})["spec"]

    assert spec["updateStrategy"]["rollingUpdate"] == {"maxUnavailable": 1, "maxSurge": 0}


def test_a_namespace_is_labelled_with_its_name_once_it_has_one():
    named = defaulted("", "Namespace", metadata={"name": "a", "labels": {"x": "y"}})
    unnamed = defaulted("", "Namespace", metadata={"generateName": "a-"})

    assert named["metadata"]["labels"] == {"x": "y", "kubernetes.io/metadata.name": "a"}
    assert named["status"] == {"phase": "Active"}
    assert "labels" not in unnamed["metadata"]


def test_a_node_can_allocate_its_capacity():
    status = defaulted("", "Node", metadata={"name": "n"}, status={"capacity": {"cpu": "4", "memory": "8192Mi"}})[
        "status"
    ]

    assert status["allocatable"] == {"cpu": "4", "memory": "8Gi"}


def test_a_priority_class_preempts():
    assert defaulted("scheduling.k8s.io", "PriorityClass") == {"value": 0, "preemptionPolicy": "PreemptLowerPriority"}


def test_a_kind_without_defaults_is_left_alone():
    assert defaulted("", "ConfigMap", data={}) == {"data": {}}
