"""Defaults of pods. Source: kubernetes pkg/apis/core/v1/defaults_test.go."""

import copy

import pytest

from k8scourse.apiserver.defaults import default_object


def pod(container=None, **spec):
    obj = {
        "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "c", "image": "nginx:1.27", **(container or {})}]},
    }
    obj["spec"].update(spec)
    default_object("", "Pod", obj)
    return obj


def first(container):
    return pod(container)["spec"]["containers"][0]


def test_a_minimal_pod_gets_what_kubectl_shows():
    assert pod()["spec"] == {
        "containers": [
            {
                "name": "c",
                "image": "nginx:1.27",
                "imagePullPolicy": "IfNotPresent",
                "resources": {},
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File",
            }
        ],
        "dnsPolicy": "ClusterFirst",
        "enableServiceLinks": True,
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "terminationGracePeriodSeconds": 30,
    }


def test_defaulting_twice_changes_nothing():
    once = pod({"resources": {"limits": {"cpu": "0.5"}}, "ports": [{"containerPort": 80}]}, hostNetwork=True)
    twice = copy.deepcopy(once)
    default_object("", "Pod", twice)

    assert twice == once


def test_values_that_are_given_stay():
    spec = pod(terminationGracePeriodSeconds=0, enableServiceLinks=False, schedulerName="mine")["spec"]

    assert (spec["terminationGracePeriodSeconds"], spec["enableServiceLinks"], spec["schedulerName"]) == (
        0,
        False,
        "mine",
    )


def test_limits_become_requests_where_none_are_given():
    resources = first({"resources": {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "500m"}}})[
        "resources"
    ]

    assert resources["requests"] == {"cpu": "500m", "memory": "1Gi"}


def test_requests_never_become_limits():
    assert "limits" not in first({"resources": {"requests": {"cpu": "1"}}})["resources"]


@pytest.mark.parametrize(
    ("given", "stored"),
    [("1024Mi", "1Gi"), ("0.5", "500m"), ("0.0001", "1m"), ("0.1Gi", "107374182400m"), ("1e3", "1e3"), (2, "2")],
)
def test_amounts_are_stored_in_canonical_form_rounded_up_to_milli(given, stored):
    assert first({"resources": {"requests": {"memory": given}}})["resources"]["requests"]["memory"] == stored


def test_a_template_keeps_its_requests_to_itself():
    deployment = {"metadata": {}, "spec": {"template": {"spec": {"containers": [{"name": "c", "image": "a"}]}}}}
    deployment["spec"]["template"]["spec"]["containers"][0]["resources"] = {"limits": {"cpu": "1"}}
    default_object("apps", "Deployment", deployment)
    spec = deployment["spec"]["template"]["spec"]

    assert "requests" not in spec["containers"][0]["resources"]
    assert "enableServiceLinks" not in spec
    assert spec["restartPolicy"] == "Always"


def test_ports_speak_tcp_and_take_the_hosts_on_its_network():
    container = {"ports": [{"containerPort": 80}]}

    assert first(container)["ports"] == [{"containerPort": 80, "protocol": "TCP"}]
    on_host = pod({"ports": [{"containerPort": 80}]}, hostNetwork=True)
    assert on_host["spec"]["containers"][0]["ports"] == [{"containerPort": 80, "hostPort": 80, "protocol": "TCP"}]


def test_probes_and_hooks():
    container = first(
        {
            "livenessProbe": {"httpGet": {"port": 80}},
            "readinessProbe": {"grpc": {"port": 80}, "periodSeconds": 5},
            "lifecycle": {"preStop": {"httpGet": {"port": 80}}},
        }
    )

    assert container["livenessProbe"] == {
        "httpGet": {"port": 80, "path": "/", "scheme": "HTTP"},
        "timeoutSeconds": 1,
        "periodSeconds": 10,
        "successThreshold": 1,
        "failureThreshold": 3,
    }
    assert container["readinessProbe"]["grpc"] == {"port": 80, "service": ""}
    assert container["readinessProbe"]["periodSeconds"] == 5
    assert container["lifecycle"]["preStop"]["httpGet"]["path"] == "/"


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ({}, {"emptyDir": {}}),
        ({"configMap": {"name": "c"}}, {"configMap": {"name": "c", "defaultMode": 420}}),
        ({"secret": {"secretName": "s", "defaultMode": 256}}, {"secret": {"secretName": "s", "defaultMode": 256}}),
        ({"hostPath": {"path": "/a"}}, {"hostPath": {"path": "/a", "type": ""}}),
        ({"image": {"reference": "a:1"}}, {"image": {"reference": "a:1", "pullPolicy": "IfNotPresent"}}),
        (
            {"projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}},
            {
                "projected": {
                    "sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 3600}}],
                    "defaultMode": 420,
                }
            },
        ),
        (
            {"downwardAPI": {"items": [{"path": "n", "fieldRef": {"fieldPath": "metadata.name"}}]}},
            {
                "downwardAPI": {
                    "items": [{"path": "n", "fieldRef": {"fieldPath": "metadata.name", "apiVersion": "v1"}}],
                    "defaultMode": 420,
                }
            },
        ),
    ],
)
def test_volumes(volume, expected):
    assert pod(volumes=[{"name": "v", **volume}])["spec"]["volumes"] == [{"name": "v", **expected}]


def test_both_names_of_the_service_account_are_kept_equal():
    assert pod(serviceAccount="old")["spec"]["serviceAccountName"] == "old"
    spec = pod(serviceAccount="old", serviceAccountName="new")["spec"]
    assert (spec["serviceAccount"], spec["serviceAccountName"]) == ("new", "new")


def test_pod_level_requests_come_from_containers_then_from_its_limits():
    container = {"resources": {"requests": {"cpu": "100m"}}}
    spec = pod(container, resources={"limits": {"cpu": "1", "memory": "1Gi"}})["spec"]

    assert spec["resources"]["requests"] == {"cpu": "100m", "memory": "1Gi"}
