"""Rows of kinds of the network, of storage, of scaling and of access rules.

Expectations from kubernetes: pkg/printers/internalversion/printers_test.go.
"""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.apiserver.printers import access, network, scaling, volumes

NOW = 1_767_225_660_000_000_000
META = {"name": "x", "creationTimestamp": "2026-01-01T00:00:00Z"}


def test_an_ingress_lists_three_hosts_and_the_ports_of_tls() -> None:
    rules = [{"host": f"h{i}"} for i in range(5)]
    spec = {"ingressClassName": "c", "rules": rules, "tls": [{}]}
    balancer = {"ingress": [{"hostname": "b"}, {"ip": "10.0.0.1"}]}
    row = network.ingress_row({"metadata": META, "spec": spec, "status": {"loadBalancer": balancer}}, NOW)
    assert row == ["x", "c", "h0,h1,h2 + 2 more...", "10.0.0.1,b", "80, 443", "60s"]


def test_an_ingress_without_hosts_is_for_all() -> None:
    row = network.ingress_row({"metadata": META, "spec": {"rules": [{"http": {}}]}}, NOW)
    assert row == ["x", "<none>", "*", "", "80", "60s"]


def test_an_ingress_class_tells_that_it_is_the_default() -> None:
    metadata = {**META, "annotations": {"ingressclass.kubernetes.io/is-default-class": "true"}}
    spec = {"controller": "example.com/c", "parameters": {"apiGroup": "g", "kind": "K", "name": "p"}}
    row = network.ingress_class_row({"metadata": metadata, "spec": spec}, NOW)
    assert row == ["x (default)", "example.com/c", "K.g/p", "60s"]


@pytest.mark.parametrize(
    ("subsets", "text"),
    [
        ([], "<none>"),
        ([{"addresses": [{"ip": "1.1.1.1"}]}], "1.1.1.1"),
        ([{"addresses": [{"ip": "1.1.1.1"}, {"ip": "2.2.2.2"}], "ports": [{"port": 80}]}], "1.1.1.1:80,2.2.2.2:80"),
        ([{"addresses": [{"ip": "fd00::1"}], "ports": [{"port": 80}]}], "[fd00::1]:80"),
        (
            [{"addresses": [{"ip": f"1.1.1.{i}"} for i in range(5)], "ports": [{"port": 80}]}],
            "1.1.1.0:80,1.1.1.1:80,1.1.1.2:80 + 2 more...",
        ),
    ],
)
def test_endpoints_join_addresses_and_ports(subsets: list[Any], text: str) -> None:
    assert network.endpoints_row({"metadata": META, "subsets": subsets}, NOW) == ["x", text, "60s"]


def test_an_endpoint_slice_lists_addresses_and_ports_apart() -> None:
    endpoints = [{"addresses": ["1.1.1.1"]}, {"addresses": ["2.2.2.2"], "conditions": {"ready": False}}]
    obj = {"metadata": META, "addressType": "IPv4", "ports": [{"port": 80}, {"name": "n"}, {}], "endpoints": endpoints}
    assert network.endpoint_slice_row(obj, NOW) == ["x", "IPv4", "80,n,*", "1.1.1.1,2.2.2.2", "60s"]
    empty = {"metadata": META, "addressType": "IPv4"}
    assert network.endpoint_slice_row(empty, NOW) == ["x", "IPv4", "<unset>", "<unset>", "60s"]


def test_a_network_policy_shows_its_selector() -> None:
    obj = {"metadata": META, "spec": {"podSelector": {"matchLabels": {"a": "b"}}}}
    assert network.network_policy_row(obj, NOW) == ["x", "a=b", "60s"]
    assert network.network_policy_row({"metadata": META, "spec": {"podSelector": {}}}, NOW)[1] == "<none>"


def test_a_claim_shows_capacity_and_modes_of_its_volume_only() -> None:
    status = {"phase": "Bound", "capacity": {"storage": "1024Mi"}, "accessModes": ["ReadWriteMany", "ReadWriteOnce"]}
    spec = {"volumeName": "v", "storageClassName": "fast", "volumeMode": "Filesystem"}
    bound = {"metadata": META, "spec": spec, "status": status}
    row = volumes.claim_row(bound, NOW)
    assert row == ["x", "Bound", "v", "1Gi", "RWO,RWX", "fast", "<unset>", "60s", "Filesystem"]
    pending = volumes.claim_row({"metadata": META, "spec": {}, "status": {"phase": "Pending"}}, NOW)
    assert pending == ["x", "Pending", "", "", "", "", "<unset>", "60s", "<unset>"]


def test_a_volume_names_its_claim() -> None:
    spec = {
        "capacity": {"storage": "5Gi"},
        "accessModes": ["ReadOnlyMany"],
        "persistentVolumeReclaimPolicy": "Retain",
        "claimRef": {"namespace": "n", "name": "c"},
    }
    deleted = {**META, "deletionTimestamp": "2026-01-01T00:00:30Z"}
    row = volumes.volume_row({"metadata": deleted, "spec": spec}, NOW)
    assert row == ["x", "5Gi", "ROX", "Retain", "Terminating", "n/c", "", "<unset>", "", "60s", "<unset>"]


def test_a_storage_class_shows_its_defaults() -> None:
    obj = {"metadata": META, "provisioner": "p"}
    assert volumes.storage_class_row(obj, NOW) == ["x", "p", "Delete", "Immediate", False, "60s"]


@pytest.mark.parametrize(
    ("metrics", "current", "text"),
    [
        ([], [], "<none>"),
        (
            [{"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 80}}}],
            [{"type": "Resource", "resource": {"current": {"averageUtilization": 50}}}],
            "cpu: 50%/80%",
        ),
        ([{"type": "Resource", "resource": {"name": "cpu", "target": {}}}], [], "cpu: <unknown>/<auto>"),
        (
            [{"type": "External", "external": {"target": {"averageValue": "100"}}}],
            [{"type": "External", "external": {"current": {"averageValue": "50"}}}],
            "50/100 (avg)",
        ),
        (
            [{"type": "Pods", "pods": {"target": {"averageValue": "100"}}}] * 3,
            [],
            "<unknown>/100, <unknown>/100 + 1 more...",
        ),
        ([{"type": "New"}], [], "<unknown type>"),
    ],
)
def test_an_autoscaler_compares_what_is_measured_with_what_is_wanted(
    metrics: list[Any], current: list[Any], text: str
) -> None:
    spec = {"scaleTargetRef": {"kind": "Deployment", "name": "d"}, "maxReplicas": 5, "metrics": metrics}
    row = scaling.autoscaler_row({"metadata": META, "spec": spec, "status": {"currentMetrics": current}}, NOW)
    assert row == ["x", "Deployment/d", text, "<unset>", 5, 0, "60s"]


def test_an_autoscaler_of_the_first_version_counts_the_processor() -> None:
    spec = {"maxReplicas": 5, "minReplicas": 2, "targetCPUUtilizationPercentage": 70}
    row = scaling.autoscaler_row({"metadata": META, "spec": spec}, NOW)
    assert row[2:4] == ["cpu: <unknown>/70%", "2"]


def test_a_binding_sorts_its_subjects() -> None:
    subjects = [
        {"kind": "User", "name": "u"},
        {"kind": "ServiceAccount", "namespace": "n", "name": "s"},
        {"kind": "Group", "name": "g"},
        {"kind": "User", "name": "v"},
    ]
    obj = {"metadata": META, "roleRef": {"kind": "Role", "name": "r"}, "subjects": subjects}
    assert access.binding_row(obj, NOW) == ["x", "Role/r", "60s", "u, v", "g", "n/s"]
