"""Mirrored Endpoints (kubernetes: pkg/controller/endpointslicemirroring/reconciler_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster
from k8scourse.controllers.endpointslice_mirroring import MAX_ENDPOINTS, slices_for

Object = dict[str, Any]


def endpoints(*subsets: Object, **metadata: Any) -> Object:
    return {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "db", **metadata}, "subsets": list(subsets)}


def subset(*addresses: str, port: int = 5432, unready: tuple[str, ...] = ()) -> Object:
    found: Object = {"addresses": [{"ip": address} for address in addresses], "ports": [{"port": port}]}
    if unready:
        found["notReadyAddresses"] = [{"ip": address} for address in unready]
    return found


@pytest.fixture
def cluster() -> Cluster:
    found = Cluster(nodes=0)
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "db"}, "spec": {"ports": [{"port": 5432}]}}
    found.create(service)
    return found


def slices(cluster: Cluster) -> list[Object]:
    return cluster.list("endpointslices", selector="kubernetes.io/service-name=db")


def test_each_set_of_ports_has_a_slice(cluster: Cluster) -> None:
    cluster.create(endpoints(subset("192.0.2.1", unready=("192.0.2.2",)), subset("192.0.2.3", port=5433)))
    found = {item["ports"][0]["port"]: item["endpoints"] for item in slices(cluster)}
    assert found == {
        5432: [
            {"addresses": ["192.0.2.1"], "conditions": {"ready": True}},
            {"addresses": ["192.0.2.2"], "conditions": {"ready": False}},
        ],
        5433: [{"addresses": ["192.0.2.3"], "conditions": {"ready": True}}],
    }


def test_labels_and_annotations_are_taken_over(cluster: Cluster) -> None:
    cluster.create(endpoints(subset("192.0.2.1"), labels={"a": "b"}, annotations={"c": "d"}))
    [found] = slices(cluster)
    assert found["metadata"]["labels"] == {
        "a": "b",
        "kubernetes.io/service-name": "db",
        "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
    }
    assert found["metadata"]["annotations"] == {"c": "d"}
    assert found["metadata"]["ownerReferences"][0]["kind"] == "Endpoints"


def test_a_change_keeps_the_slice_and_a_deletion_takes_it_away(cluster: Cluster) -> None:
    cluster.create(endpoints(subset("192.0.2.1")))
    [before] = slices(cluster)
    cluster.replace(endpoints(subset("192.0.2.9", port=1)))
    [after] = slices(cluster)
    assert after["metadata"]["uid"] == before["metadata"]["uid"]
    assert (after["endpoints"][0]["addresses"], after["ports"][0]["port"]) == (["192.0.2.9"], 1)
    cluster.delete("endpoints", "db")
    assert slices(cluster) == []


def test_a_mirrored_slice_is_put_right(cluster: Cluster) -> None:
    cluster.create(endpoints(subset("192.0.2.1")))
    cluster.delete("endpointslice", slices(cluster)[0]["metadata"]["name"])
    assert len(slices(cluster)) == 1


@pytest.mark.parametrize(
    "metadata",
    [
        {"labels": {"endpointslice.kubernetes.io/skip-mirror": "true"}},
        {"annotations": {"control-plane.alpha.kubernetes.io/leader": "{}"}},
        {"name": "other"},
    ],
)
def test_what_is_marked_or_has_no_service_is_not_mirrored(cluster: Cluster, metadata: Object) -> None:
    cluster.create(endpoints(subset("192.0.2.1"), **metadata))
    mirrored = "endpointslice.kubernetes.io/managed-by=endpointslicemirroring-controller.k8s.io"
    assert cluster.list("endpointslices", selector=mirrored) == []


def test_a_service_that_gets_a_selector_is_no_longer_mirrored(cluster: Cluster) -> None:
    cluster.create(endpoints(subset("192.0.2.1")))
    cluster.patch("service", "db", {"spec": {"selector": {"app": "db"}}})
    managers = [item["metadata"]["labels"]["endpointslice.kubernetes.io/managed-by"] for item in slices(cluster)]
    assert managers == ["endpointslice-controller.k8s.io"]


def test_a_subset_is_mirrored_up_to_1000_addresses() -> None:
    many = [f"10.9.{number // 250}.{number % 250}" for number in range(1100)]
    owner = endpoints(subset(*many), namespace="default", uid="u")
    [found] = slices_for(owner)
    assert len(found["endpoints"]) == MAX_ENDPOINTS
