"""EndpointSlices (kubernetes: staging/src/k8s.io/endpointslice/{reconciler,utils}_test.go)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.cluster import Cluster
from k8scourse.controllers import endpointslice_rules as rules

Object = dict[str, Any]


def service(name: str = "web", *ports: Object, **spec: Any) -> Object:
    found = {"selector": {"app": "web"}, "ports": list(ports) or [{"port": 80}], **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": found}


def pod(name: str, app: str = "web", image: str = "nginx", *ports: Object, **spec: Any) -> Object:
    container: Object = {"name": "c", "image": image}
    if ports:
        container["ports"] = list(ports)
    metadata = {"name": name, "labels": {"app": app}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container], **spec}}


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.from_world({"nodes": 2, "images": {"slow": {"ready": False}, "hang": {"ignores_sigterm": True}}})


def slices(cluster: Cluster, name: str = "web") -> list[Object]:
    return cluster.list("endpointslices", selector=f"kubernetes.io/service-name={name}")


def only(cluster: Cluster, name: str = "web") -> Object:
    [found] = slices(cluster, name)
    return found


def names(found: Object) -> list[str]:
    return [endpoint["targetRef"]["name"] for endpoint in found["endpoints"] or ()]


def conditions(cluster: Cluster) -> tuple[bool, bool, bool]:
    [endpoint] = only(cluster)["endpoints"]
    found = endpoint["conditions"]
    return found["ready"], found["serving"], found["terminating"]


def test_a_slice_lists_a_ready_pod(cluster: Cluster) -> None:
    stored = cluster.create(pod("a"))
    owner = cluster.create(service("web", {"name": "http", "port": 80, "targetPort": 8080}))
    found = only(cluster)
    ready = cluster.get("pod", "a")
    assert found["metadata"]["name"].startswith("web-") and len(found["metadata"]["name"]) == len("web-") + 5
    assert found["metadata"]["labels"] == {
        "kubernetes.io/service-name": "web",
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
    }
    [reference] = found["metadata"]["ownerReferences"]
    assert (reference["kind"], reference["uid"], reference["controller"]) == ("Service", owner["metadata"]["uid"], True)
    assert found["addressType"] == "IPv4"
    assert found["ports"] == [{"name": "http", "port": 8080, "protocol": "TCP"}]
    assert found["endpoints"] == [
        {
            "addresses": [ready["status"]["podIP"]],
            "conditions": {"ready": True, "serving": True, "terminating": False},
            "targetRef": {"kind": "Pod", "namespace": "default", "name": "a", "uid": stored["metadata"]["uid"]},
            "nodeName": ready["spec"]["nodeName"],
        }
    ]


def test_an_unready_pod_is_listed_as_such(cluster: Cluster) -> None:
    cluster.create(pod("a", image="slow"))
    cluster.create(service())
    assert conditions(cluster) == (False, False, False)


def test_unready_pods_count_as_ready_where_that_is_wanted(cluster: Cluster) -> None:
    cluster.create(pod("a", image="slow"))
    cluster.create(service(publishNotReadyAddresses=True))
    assert conditions(cluster) == (True, False, False)


def test_a_terminating_pod_still_serves_but_is_not_ready(cluster: Cluster) -> None:
    cluster.create(pod("a", image="hang"))
    cluster.create(service())
    cluster.delete("pod", "a")
    assert conditions(cluster) == (False, True, True)
    cluster.run("31s")
    assert names(only(cluster)) == []


def test_without_matching_pods_there_is_one_empty_slice(cluster: Cluster) -> None:
    cluster.create(pod("a", "wep"))
    cluster.create(service())
    found = only(cluster)
    assert (found["endpoints"], found["ports"]) == (None, None)


def test_the_empty_slice_becomes_the_first_one_and_stays_the_same_object(cluster: Cluster) -> None:
    cluster.create(service())
    empty = only(cluster)["metadata"]
    cluster.create(pod("a"))
    assert (names(only(cluster)), only(cluster)["metadata"]["uid"]) == (["a"], empty["uid"])
    cluster.delete("pod", "a")
    assert (names(only(cluster)), only(cluster)["metadata"]["uid"]) == ([], empty["uid"])


@pytest.mark.parametrize("spec", [{"selector": None}, {"type": "ExternalName", "externalName": "x.example"}])
def test_services_without_selector_or_cluster_get_no_slice(cluster: Cluster, spec: Object) -> None:
    cluster.create(pod("a"))
    cluster.create(service(**spec))
    assert slices(cluster) == []


def test_pods_that_have_ended_are_left_out(cluster: Cluster) -> None:
    cluster.create(pod("a", image="busybox", restartPolicy="Never"))
    cluster.create(service())
    assert cluster.get("pod", "a")["status"]["phase"] == "Succeeded"
    assert names(only(cluster)) == []


def test_a_named_target_port_is_looked_up_in_each_pod(cluster: Cluster) -> None:
    cluster.create(pod("old", "web", "nginx", {"name": "http", "containerPort": 8080}))
    cluster.create(pod("new", "web", "nginx", {"name": "http", "containerPort": 9090}))
    cluster.create(pod("none", "web", "nginx", {"name": "admin", "containerPort": 9091}))
    cluster.create(service("web", {"port": 80, "targetPort": "http"}))
    found = {tuple(names(item)): item["ports"] for item in slices(cluster)}
    assert found == {
        ("old",): [{"name": "", "port": 8080, "protocol": "TCP"}],
        ("new",): [{"name": "", "port": 9090, "protocol": "TCP"}],
        ("none",): None,
    }


def test_a_named_target_port_of_another_protocol_is_not_meant(cluster: Cluster) -> None:
    cluster.create(pod("a", "web", "nginx", {"name": "dns", "containerPort": 53, "protocol": "UDP"}))
    cluster.create(service("web", {"port": 53, "targetPort": "dns"}))
    assert only(cluster)["ports"] is None


def test_labels_of_the_service_are_labels_of_its_slices(cluster: Cluster) -> None:
    cluster.create(pod("a"))
    cluster.create(service(clusterIP="None"))
    cluster.patch("service", "web", {"metadata": {"labels": {"team": "x"}}})
    assert only(cluster)["metadata"]["labels"] == {
        "team": "x",
        "service.kubernetes.io/headless": "",
        "kubernetes.io/service-name": "web",
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
    }


@pytest.mark.parametrize(("subdomain", "hostname"), [("web", "a"), ("other", None)])
def test_the_hostname_is_there_only_if_the_subdomain_names_the_service(
    cluster: Cluster, subdomain: str, hostname: str | None
) -> None:
    cluster.create(pod("a", hostname="a", subdomain=subdomain))
    cluster.create(service(clusterIP="None"))
    assert only(cluster)["endpoints"][0].get("hostname") == hostname


def test_the_zone_comes_from_the_node() -> None:
    cluster = Cluster([{"name": "n1", "labels": {"topology.kubernetes.io/zone": "z1"}}])
    cluster.create(pod("a"))
    cluster.create(service())
    assert only(cluster)["endpoints"][0]["zone"] == "z1"


def test_the_slices_follow_labels_and_selector(cluster: Cluster) -> None:
    cluster.create(pod("a"))
    cluster.create(pod("b", "other"))
    cluster.create(service())
    cluster.patch("pod", "b", {"metadata": {"labels": {"app": "web"}}})
    assert names(only(cluster)) == ["a", "b"]
    cluster.patch("service", "web", {"spec": {"selector": {"app": "none"}}})
    assert names(only(cluster)) == []


def test_a_deleted_or_changed_slice_is_put_right(cluster: Cluster) -> None:
    cluster.create(pod("a"))
    cluster.create(service())
    name = only(cluster)["metadata"]["name"]
    cluster.patch("endpointslice", name, {"endpoints": []}, type="merge")
    assert names(only(cluster)) == ["a"]
    cluster.delete("endpointslice", name)
    assert names(only(cluster)) == ["a"]


def test_slices_go_with_their_service(cluster: Cluster) -> None:
    cluster.create(service())
    cluster.delete("service", "web")
    assert slices(cluster) == []


def test_the_annotation_tells_since_when(cluster: Cluster) -> None:
    cluster.create(service())
    cluster.run("10s")
    cluster.create(pod("a"))
    annotations = only(cluster)["metadata"]["annotations"]
    assert annotations == {"endpoints.kubernetes.io/last-change-trigger-time": "2026-01-01T00:00:10Z"}


def bare_service() -> Object:
    metadata = {"name": "web", "namespace": "default", "uid": "u"}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": [{"port": 80}]}}


def bare_pod(number: int, *, ready: bool = True) -> Object:
    return {
        "metadata": {"name": f"p{number}", "namespace": "default", "uid": f"u{number}"},
        "spec": {"nodeName": "n1", "containers": []},
        "status": {
            "podIPs": [{"ip": f"10.244.{number // 250}.{number % 250}"}],
            "conditions": [{"type": "Ready", "status": str(ready)}],
        },
    }


NODE: Object = {"metadata": {"name": "n1"}}


def stored(changes: rules.Changes, existing: list[Object]) -> list[Object]:
    """The slices after *changes* were written."""
    found = {item["metadata"]["name"]: item for item in existing}
    for item in changes.delete:
        del found[item["metadata"]["name"]]
    for item in changes.update:
        found[item["metadata"]["name"]] = item
    for item in changes.create:
        name = f"s{len(found)}-{len(item['endpoints'] or ())}"
        found[name] = {**item, "metadata": {**item["metadata"], "name": name}}
    return list(found.values())


def settled(pods: list[Object], existing: list[Object]) -> list[Object]:
    changes, _ = rules.reconcile(bare_service(), pods, existing, lambda name: NODE)
    return stored(changes, existing)


def test_250_pods_fill_three_slices() -> None:
    found = settled([bare_pod(number) for number in range(250)], [])
    assert [len(item["endpoints"]) for item in found] == [100, 100, 50]


def test_one_more_pod_goes_where_there_is_room_and_touches_one_slice() -> None:
    pods = [bare_pod(number) for number in range(251)]
    changes, _ = rules.reconcile(bare_service(), pods, settled(pods[:250], []), lambda name: NODE)
    assert (len(changes.create), len(changes.update), len(changes.delete)) == (0, 1, 0)


def test_a_pod_of_a_missing_node_is_left_out_and_told() -> None:
    changes, lost = rules.reconcile(bare_service(), [bare_pod(1)], [], lambda name: None)
    assert changes.create[0]["endpoints"] is None and lost == [("p1", "n1")]


pod_sets = st.lists(st.integers(0, 400), unique=True, max_size=320)


@settings(max_examples=30, deadline=None)
@given(pod_sets, pod_sets, st.integers(2, 9))
def test_ready_endpoints_are_ready_pods_in_full_slices_at_most(
    before: list[int], after: list[int], unready: int
) -> None:
    found = settled([bare_pod(number) for number in before], [])
    pods = [bare_pod(number, ready=number % unready != 0) for number in after]
    found = settled(pods, found)
    endpoints = [endpoint for item in found for endpoint in item["endpoints"] or ()]
    assert all(len(item["endpoints"] or ()) <= rules.MAX_ENDPOINTS for item in found)
    assert sorted(endpoint["targetRef"]["uid"] for endpoint in endpoints) == sorted(f"u{number}" for number in after)
    assert {endpoint["targetRef"]["uid"] for endpoint in endpoints if endpoint["conditions"]["ready"]} == {
        f"u{number}" for number in after if number % unready
    }
    changes, _ = rules.reconcile(bare_service(), pods, found, lambda name: NODE)
    assert not (changes.create or changes.update or changes.delete)


def told(cluster: Cluster, owner: str, prefix: str) -> set[tuple[str, bool, bool]]:
    """Which pods a Service has, by their names after *prefix*, and their state."""
    return {
        (
            endpoint["targetRef"]["name"].removeprefix(prefix),
            endpoint["conditions"]["ready"],
            endpoint["conditions"]["terminating"],
        )
        for item in slices(cluster, owner)
        for endpoint in item["endpoints"] or ()
    }


WORLD = {"nodes": 2, "images": {"slow": {"ready": False}, "hang": {"ignores_sigterm": True}}}
pod_lists = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["nginx", "slow", "hang"])), max_size=5)


@settings(max_examples=15, deadline=None)
@given(pod_lists, st.randoms(use_true_random=False), st.integers(0, 5))
def test_order_and_names_do_not_change_who_is_listed(pods: list[tuple[str, str]], dice: Any, at: int) -> None:
    unique = list(dict(pods).items())
    found: list[set[tuple[str, bool, bool]]] = []
    for prefix, owner in (("", "web"), ("x-", "other")):
        cluster = Cluster.from_world(WORLD)
        for number, (name, image) in enumerate(unique):
            if number == at:
                cluster.create(service(owner))
            cluster.create(pod(f"{prefix}{name}", image=image))
        if at >= len(unique):
            cluster.create(service(owner))
        for name in sorted(name for name, image in unique if image == "hang"):
            cluster.delete("pod", f"{prefix}{name}")
        found.append(told(cluster, owner, prefix))
        dice.shuffle(unique)
    assert found[0] == found[1] == {(name, image == "nginx", image == "hang") for name, image in unique}


def test_a_fork_goes_on_as_the_cluster_does(cluster: Cluster) -> None:
    cluster.create(service())
    cluster.create(pod("a", image="hang"))
    cluster.delete("pod", "a")
    twin = cluster.fork()
    for one in (cluster, twin):
        one.run("40s")
        one.create(pod("b"))
    assert slices(cluster) == slices(twin)
