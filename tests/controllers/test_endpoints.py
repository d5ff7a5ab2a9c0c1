"""Endpoints, the older form of EndpointSlices (kubernetes: pkg/controller/endpoint/endpoints_controller_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster
from k8scourse.controllers.endpoints import MAX_CAPACITY, OVER_CAPACITY, endpoints_of
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]


def service(*ports: Object, **spec: Any) -> Object:
    found = {"selector": {"app": "web"}, "ports": list(ports) or [{"port": 80, "targetPort": 8080}], **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "labels": {"a": "b"}}, "spec": found}


def pod(name: str, image: str = "nginx", port: int = 8080) -> Object:
    container = {"name": "c", "image": image, "ports": [{"name": "http", "containerPort": port}]}
    metadata = {"name": name, "labels": {"app": "web"}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}}


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.from_world({"nodes": 2, "images": {"slow": {"ready": False}, "hang": {"ignores_sigterm": True}}})


def subsets(cluster: Cluster) -> list[Object]:
    return cluster.get("endpoints", "web").get("subsets") or []


def names(addresses: list[Object] | None) -> list[str]:
    return sorted(address["targetRef"]["name"] for address in addresses or ())


def test_ready_and_unready_pods_stand_apart(cluster: Cluster) -> None:
    cluster.create(pod("a"))
    cluster.create(pod("b", "slow"))
    cluster.create(service())
    [subset] = subsets(cluster)
    assert names(subset["addresses"]) == ["a"] and names(subset["notReadyAddresses"]) == ["b"]
    assert subset["ports"] == [{"port": 8080, "protocol": "TCP"}]
    assert cluster.get("endpoints", "web")["metadata"]["labels"] == {
        "a": "b",
        "endpoints.kubernetes.io/managed-by": "endpoint-controller",
    }


def test_terminating_pods_are_left_out(cluster: Cluster) -> None:
    cluster.create(pod("a", "hang"))
    cluster.create(service())
    cluster.delete("pod", "a")
    assert subsets(cluster) == []


def test_pods_with_other_ports_make_another_subset(cluster: Cluster) -> None:
    cluster.create(pod("a", port=8080))
    cluster.create(pod("b", port=9090))
    cluster.create(service({"port": 80, "targetPort": "http"}))
    found = {tuple(names(subset["addresses"])): subset["ports"][0]["port"] for subset in subsets(cluster)}
    assert found == {("a",): 8080, ("b",): 9090}


def test_a_headless_service_without_ports_has_addresses_alone(cluster: Cluster) -> None:
    cluster.create(pod("a"))
    cluster.create({**service(), "spec": {"selector": {"app": "web"}, "clusterIP": "None"}})
    [subset] = subsets(cluster)
    assert names(subset["addresses"]) == ["a"] and "ports" not in subset
    assert "service.kubernetes.io/headless" in cluster.get("endpoints", "web")["metadata"]["labels"]


def test_endpoints_go_with_their_service_and_come_back_without_it(cluster: Cluster) -> None:
    cluster.create(pod("a"))
    cluster.create(service())
    cluster.delete("endpoints", "web")
    assert names(subsets(cluster)[0]["addresses"]) == ["a"]
    cluster.delete("service", "web")
    with pytest.raises(ApiError, match="not found"):
        cluster.get("endpoints", "web")


def test_endpoints_of_a_service_without_selector_are_left_alone(cluster: Cluster) -> None:
    cluster.create(service(selector=None))
    mine = [{"addresses": [{"ip": "192.0.2.1"}], "ports": [{"port": 1, "protocol": "TCP"}]}]
    cluster.create({"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "web"}, "subsets": mine})
    cluster.patch("service", "web", {"metadata": {"labels": {"c": "d"}}})
    assert subsets(cluster) == mine


@pytest.mark.parametrize(
    ("ready", "unready", "kept"), [(1200, 10, (1000, 0)), (600, 500, (600, 400)), (600, 400, None)]
)
def test_more_than_1000_addresses_are_cut(ready: int, unready: int, kept: tuple[int, int] | None) -> None:
    def bare(number: int) -> Object:
        return {
            "metadata": {"name": f"p{number}", "namespace": "default", "uid": f"u{number}"},
            "spec": {"nodeName": "n1", "containers": []},
            "status": {
                "podIPs": [{"ip": f"10.244.{number // 250}.{number % 250}"}],
                "conditions": [{"type": "Ready", "status": str(number < ready)}],
            },
        }

    owner = service()
    owner["metadata"]["namespace"] = "default"
    found = endpoints_of(owner, [bare(number) for number in range(ready + unready)], None)
    [subset] = found["subsets"]
    counts = (len(subset.get("addresses") or ()), len(subset.get("notReadyAddresses") or ()))
    assert counts == (kept or (ready, unready)) and sum(counts) <= MAX_CAPACITY
    assert (OVER_CAPACITY in (found["metadata"].get("annotations") or {})) == (kept is not None)
