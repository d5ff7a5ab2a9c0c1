"""The stored form of objects (pkg/apis/core/v1/conversion.go, pkg/apis/apps/v1/conversion.go)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.apiserver.conversion import convert
from k8scourse.apiserver.decode import decode
from k8scourse.apiserver.kinds import Registry, ResourceInfo
from k8scourse.apiserver.schemas import Schemas
from k8scourse.machinery.copying import copy_json

REGISTRY, SCHEMAS = Registry(), Schemas()


def stored(api_version: str, kind: str, **body: Any) -> dict[str, Any]:
    """The converted form of a decoded body."""
    info = REGISTRY.kind(api_version, kind)
    obj, _ = decode(body, info, SCHEMAS)
    convert(obj, info.group, info.kind)
    return obj


def test_string_data_is_written_over_data_and_not_stored() -> None:
    obj = stored("v1", "Secret", data={"a": "YQ==", "b": "Yg=="}, stringData={"b": "ü", "aa": ""})
    assert obj["data"] == {"a": "YQ==", "aa": "", "b": "w7w="}
    assert "stringData" not in obj


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        ({"serviceAccount": "old"}, ("old", "old")),
        ({"serviceAccount": "old", "serviceAccountName": "new"}, ("new", "new")),
        ({}, (None, None)),
    ],
)
def test_the_old_name_of_the_service_account_follows_the_new_one(spec: dict[str, Any], names: Any) -> None:
    pod = stored("v1", "Pod", spec=spec)["spec"]
    assert (pod.get("serviceAccountName"), pod.get("serviceAccount")) == names
    job = stored("batch/v1", "CronJob", spec={"jobTemplate": {"spec": {"template": {"spec": spec}}}})
    template = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert (template.get("serviceAccountName"), template.get("serviceAccount")) == names


def test_a_pod_spec_always_has_a_security_context() -> None:
    assert stored("v1", "Pod")["spec"]["securityContext"] == {}
    assert stored("apps/v1", "Deployment")["spec"]["template"]["spec"]["securityContext"] == {}


def test_a_negative_grace_period_is_one_second_in_pods_only() -> None:
    spec = {"terminationGracePeriodSeconds": -5}
    assert stored("v1", "Pod", spec=spec)["spec"]["terminationGracePeriodSeconds"] == 1
    template = stored("apps/v1", "ReplicaSet", spec={"template": {"spec": spec}})["spec"]["template"]
    assert template["spec"]["terminationGracePeriodSeconds"] == -5


def test_annotations_of_old_init_containers_are_dropped() -> None:
    old = {"pod.beta.kubernetes.io/init-containers": "[]"}
    assert "annotations" not in stored("v1", "Pod", metadata={"annotations": old})["metadata"]
    kept = stored("v1", "PodTemplate", template={"metadata": {"annotations": {**old, "a": "b"}}})
    assert kept["template"]["metadata"]["annotations"] == {"a": "b"}


@pytest.mark.parametrize(
    ("spec", "cidrs"),
    [
        ({"podCIDR": "10.0.0.0/24"}, ["10.0.0.0/24"]),
        ({"podCIDRs": ["10.0.1.0/24", "fd00::/64"]}, ["10.0.1.0/24", "fd00::/64"]),
        ({"podCIDR": "10.0.2.0/24", "podCIDRs": ["10.0.3.0/24"]}, ["10.0.2.0/24"]),
    ],
)
def test_the_single_pod_cidr_and_the_list_agree(spec: dict[str, Any], cidrs: list[str]) -> None:
    node = stored("v1", "Node", spec=spec)["spec"]
    assert node == {"podCIDR": cidrs[0], "podCIDRs": cidrs}


def test_the_single_pod_ip_and_the_list_agree() -> None:
    assert stored("v1", "Pod", status={"podIP": "10.0.0.1"})["status"]["podIPs"] == [{"ip": "10.0.0.1"}]
    assert stored("v1", "Pod", status={"podIPs": [{"ip": "10.0.0.2"}]})["status"]["podIP"] == "10.0.0.2"


def test_claim_templates_of_a_stateful_set_say_their_kind() -> None:
    claims = stored("apps/v1", "StatefulSet", spec={"volumeClaimTemplates": [{"metadata": {"name": "d"}}]})
    first = claims["spec"]["volumeClaimTemplates"][0]
    assert list(first)[:3] == ["kind", "apiVersion", "metadata"]
    assert (first["kind"], first["apiVersion"]) == ("PersistentVolumeClaim", "v1")


@given(st.sampled_from(list(REGISTRY)))
def test_converting_twice_changes_nothing_more(info: ResourceInfo) -> None:
    obj, _ = decode({}, info, SCHEMAS)
    convert(obj, info.group, info.kind)
    again = copy_json(obj)
    convert(again, info.group, info.kind)
    assert again == obj


@pytest.mark.parametrize("kind", ["Pod", "Node", "Secret", "PodTemplate"])
def test_parts_that_a_typed_client_left_out_stay_out(kind: str) -> None:
    obj: dict[str, Any] = {}
    convert(obj, "", kind)
    assert obj == {}
