"""Requests through a whole cluster, hop by hop."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError
from k8scourse.networking.answer import (
    LEFT,
    NO_ENDPOINTS,
    NO_SUCH_NAME,
    REACHED,
    REFUSED,
    TIMED_OUT,
    Answer,
)
from k8scourse.networking.url import parse_url

Object = dict[str, Any]


def pod(name: str, app: str = "", image: str = "nginx", **spec: Any) -> Object:
    container: Object = {"name": "c", "image": image}
    for key in ("ports", "command", "readinessProbe"):
        if key in spec:
            container[key] = spec.pop(key)
    metadata = {"name": name, "labels": {"app": app or name}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container], **spec}}


def service(name: str, app: str = "web", target: Any = 80, **spec: Any) -> Object:
    found = {"selector": {"app": app}, "ports": [{"port": 80, "targetPort": target}], **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": found}


def ingress(host: str = "shop.example", target: str = "web", **spec: Any) -> Object:
    path = {"path": "/cart", "pathType": "Prefix", "backend": {"service": {"name": target, "port": {"number": 80}}}}
    rule = {"host": host, "http": {"paths": [path]}}
    metadata = {"name": "shop"}
    spec = {"ingressClassName": "sim", "rules": [rule], **spec}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata, "spec": spec}


CLASS = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "IngressClass",
    "metadata": {"name": "sim"},
    "spec": {"controller": "example.com/sim"},
}


@pytest.fixture
def cluster() -> Cluster:
    images = {"slow": {"ready": False}, "app": {"listens": [9376]}, "hang": {"ignores_sigterm": True, "listens": [80]}}
    found = Cluster.from_world({"nodes": 2, "images": images})
    found.create(pod("client", image="busybox", command=["sleep", "infinity"]))
    return found


def kinds(answer: Answer) -> list[str]:
    return [hop.kind for hop in answer.hops]


def test_a_request_goes_from_name_to_service_to_endpoint_to_container(cluster: Cluster) -> None:
    cluster.create(pod("web"))
    cluster.create(service("web"))
    answer = cluster.request("client", "http://web/")
    assert (answer.outcome, answer.code) == (REACHED, 200)
    assert kinds(answer) == ["client", "DNS", "Service", "endpoint", "container"]
    assert answer.as_data()["hops"][-1]["name"] == "c"
    assert str(answer).splitlines()[0] == "default/client -> http://web/"


def test_a_port_that_nothing_listens_on_refuses(cluster: Cluster) -> None:
    cluster.create(pod("web", ports=[{"containerPort": 9376}]))
    cluster.create(service("web", target=9376))
    answer = cluster.request("client", "http://web")
    assert answer.outcome == REFUSED
    assert answer.reason == "nothing in pod default/web listens on port 9376; its containers listen on 80"


def test_an_image_of_the_world_listens_where_it_says(cluster: Cluster) -> None:
    cluster.create(pod("web", image="app"))
    cluster.create(service("right", target=9376))
    cluster.create(service("wrong", target=80))
    assert cluster.request("client", "http://right").outcome == REACHED
    assert cluster.request("client", "http://wrong").outcome == REFUSED


def test_an_unknown_image_listens_where_its_container_says(cluster: Cluster) -> None:
    cluster.create(pod("web", image="example.com/app", ports=[{"name": "http", "containerPort": 8080}]))
    cluster.create(service("web", target="http"))
    assert cluster.request("client", "http://web").outcome == REACHED


@pytest.mark.parametrize(
    ("selector", "image", "reason"),
    [
        ("wep", "nginx", "the Service has no endpoints for this port"),
        ("web", "slow", "none of its 1 endpoints is ready"),
    ],
)
def test_without_ready_endpoints_nobody_answers(cluster: Cluster, selector: str, image: str, reason: str) -> None:
    cluster.create(pod("web", image=image))
    cluster.create(service("web", selector))
    answer = cluster.request("client", "http://web")
    assert (answer.outcome, answer.reason) == (NO_ENDPOINTS, reason)


def test_a_terminating_pod_is_reached_when_it_is_the_last(cluster: Cluster) -> None:
    cluster.create(pod("web", image="hang"))
    cluster.create(service("web"))
    cluster.delete("pod", "web")
    assert cluster.request("client", "http://web").outcome == REACHED
    cluster.run("31s")
    assert cluster.request("client", "http://web").outcome == NO_ENDPOINTS


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("wep", "there is no Service wep in namespace default"),
        ("web.kube-system", "there is no Service web in namespace kube-system"),
        ("web.nowhere", "there is no namespace nowhere"),
    ],
)
def test_a_name_that_nobody_has_is_told_with_what_it_would_mean(cluster: Cluster, host: str, reason: str) -> None:
    cluster.create(service("web"))
    answer = cluster.request("client", f"http://{host}")
    assert (answer.outcome, answer.reason) == (NO_SUCH_NAME, reason)


def test_a_port_that_the_service_lacks_never_answers(cluster: Cluster) -> None:
    cluster.create(service("web"))
    answer = cluster.request("client", "http://web:8080")
    assert (answer.outcome, answer.reason) == (TIMED_OUT, "the Service has no port 8080/TCP; it has 80/TCP")


def test_cluster_ips_and_pods_are_out_of_reach_from_outside(cluster: Cluster) -> None:
    cluster.create(pod("web"))
    address = cluster.create(service("web"))["spec"]["clusterIP"]
    pod_address = cluster.get("pod", "web")["status"]["podIP"]
    assert cluster.request("outside", f"http://{address}").outcome == TIMED_OUT
    assert cluster.request("outside", f"http://{pod_address}").outcome == TIMED_OUT
    assert cluster.request("node/n1", f"http://{address}").outcome == REACHED
    assert cluster.request("client", f"http://{pod_address}").outcome == REACHED
    assert cluster.request("outside", "http://web").outcome == NO_SUCH_NAME


def node_address(cluster: Cluster, name: str) -> str:
    return cluster.get("node", name)["status"]["addresses"][0]["address"]


def test_a_node_port_answers_at_every_node_unless_traffic_is_kept_local(cluster: Cluster) -> None:
    cluster.create(pod("web", nodeName="n1"))
    spec = cluster.create(service("web", type="NodePort"))["spec"]
    urls = [f"http://{node_address(cluster, name)}:{spec['ports'][0]['nodePort']}" for name in ("n1", "n2")]
    assert [cluster.request("outside", url).outcome for url in urls] == [REACHED, REACHED]
    cluster.patch("service", "web", {"spec": {"externalTrafficPolicy": "Local"}})
    assert [cluster.request("outside", url).outcome for url in urls] == [REACHED, TIMED_OUT]
    assert cluster.request("outside", f"http://{node_address(cluster, 'n1')}:30000").outcome == REFUSED


def test_a_host_port_is_the_nodes(cluster: Cluster) -> None:
    cluster.create(pod("web", nodeName="n1", ports=[{"containerPort": 80, "hostPort": 8080}]))
    assert cluster.request("outside", f"http://{node_address(cluster, 'n1')}:8080").outcome == REACHED
    assert cluster.request("outside", f"http://{node_address(cluster, 'n2')}:8080").outcome == REFUSED


def test_a_load_balancer_finds_the_node_with_the_endpoint(cluster: Cluster) -> None:
    cluster.create(pod("web", nodeName="n2"))
    cluster.create(service("web", type="LoadBalancer", externalTrafficPolicy="Local"))
    status = {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.7"}]}}}
    cluster.patch("service", "web", status, subresource="status")
    assert cluster.request("outside", "http://192.0.2.7").outcome == REACHED
    assert cluster.request("outside", "http://192.0.2.8").outcome == TIMED_OUT


def test_an_external_name_leads_out_of_the_cluster(cluster: Cluster) -> None:
    spec = {"type": "ExternalName", "externalName": "db.example.com"}
    cluster.create({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "db"}, "spec": spec})
    answer = cluster.request("client", "tcp://db:5432")
    assert answer.outcome == LEFT and "db.example.com" in answer.reason


def test_a_pod_of_a_stateful_set_is_reached_by_name(cluster: Cluster) -> None:
    cluster.create(pod("db-0", "db", hostname="db-0", subdomain="db"))
    cluster.create(service("db", "db", clusterIP="None"))
    answer = cluster.request("client", "http://db-0.db")
    assert answer.outcome == REACHED and kinds(answer) == ["client", "DNS", "endpoint", "container"]


def test_an_ingress_needs_a_controller(cluster: Cluster) -> None:
    cluster.create(pod("web"))
    cluster.create(service("web"))
    cluster.create(ingress())
    answer = cluster.request("outside", "http://shop.example/cart")
    assert answer.outcome == TIMED_OUT
    assert answer.reason == "no controller serves Ingress shop: there is no IngressClass sim"
    cluster.create(CLASS)
    answer = cluster.request("outside", "http://shop.example/cart")
    assert (answer.outcome, answer.code) == (REACHED, 200)
    assert kinds(answer) == ["client", "Ingress", "Service", "endpoint", "container"]


def test_an_ingress_without_class_is_nobodys_unless_a_default_class_was_there_first(cluster: Cluster) -> None:
    cluster.create(pod("web"))
    cluster.create(service("web"))
    cluster.create(ingress(ingressClassName=None))
    default = {"name": "sim", "annotations": {"ingressclass.kubernetes.io/is-default-class": "true"}}
    cluster.create({**CLASS, "metadata": default})
    answer = cluster.request("outside", "http://shop.example/cart")
    assert (answer.outcome, answer.reason) == (TIMED_OUT, "no controller serves Ingress shop: it names no class")
    cluster.delete("ingress", "shop")
    cluster.create(ingress(ingressClassName=None))
    assert cluster.request("outside", "http://shop.example/cart").outcome == REACHED


@pytest.mark.parametrize(
    ("url", "target", "selector", "port", "code"),
    [
        ("http://shop.example/other", "web", "web", 80, 404),
        ("http://shop.example/cart", "missing", "web", 80, 503),
        ("http://shop.example/cart", "web", "none", 80, 503),
        ("http://shop.example/cart", "web", "web", 81, 502),
    ],
)
def test_the_ingress_controller_answers_for_what_is_wrong_behind_it(
    cluster: Cluster, url: str, target: str, selector: str, port: int, code: int
) -> None:
    cluster.create(CLASS)
    cluster.create(pod("web"))
    cluster.create(service("web", selector, port))
    cluster.create(ingress(target=target))
    assert cluster.request("outside", url).code == code


def test_a_typo_of_a_pod_does_not_reach_an_ingress_without_host(cluster: Cluster) -> None:
    cluster.create(CLASS)
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    cluster.create(ingress(defaultBackend=backend))
    assert cluster.request("client", "http://wep").outcome == NO_SUCH_NAME
    assert "Ingress" in kinds(cluster.request("client", "http://shop.example/cart"))


def test_attempts_reach_every_endpoint_and_affinity_only_one(cluster: Cluster) -> None:
    for name in ("a", "b", "c"):
        cluster.create(pod(name, "web"))
    cluster.create(service("web"))
    cluster.create(service("sticky", sessionAffinity="ClientIP"))

    def reached(host: str) -> set[str]:
        return {cluster.request("client", f"http://{host}", attempt=number).hops[-2].said for number in range(6)}

    assert (len(reached("web")), len(reached("sticky"))) == (3, 1)


def test_a_request_changes_nothing(cluster: Cluster) -> None:
    before = cluster.revision
    cluster.request("client", "http://web")
    assert cluster.revision == before


def test_a_sender_must_be_there_and_run(cluster: Cluster) -> None:
    with pytest.raises(ApiError, match='pods "nobody" not found'):
        cluster.request("nobody", "http://web")
    cluster.create(pod("done", image="busybox", restartPolicy="Never"))
    with pytest.raises(ApiError, match="does not run"):
        cluster.request("done", "http://web")


@pytest.mark.parametrize("text", ["ftp://web", "tcp://web", "http://"])
def test_what_is_no_url_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"URL|port"):
        parse_url(text)


@pytest.mark.parametrize(("rename", "order"), [(False, 1), (True, 1), (False, -1)])
def test_names_and_order_do_not_change_what_happens(rename: bool, order: int) -> None:
    cluster = Cluster(nodes=2)
    client, web, front = ("x", "y", "z") if rename else ("client", "web", "front")
    pods = [pod(client, image="busybox", command=["sleep", "infinity"]), pod(web), pod(f"{web}-2", web)]
    for item in pods[::order]:
        cluster.create(item)
    cluster.create(service(front, web))
    cluster.create(service(f"{front}-none", "nobody"))
    outcomes = [cluster.request(client, f"http://{host}").outcome for host in (front, f"{front}-none", "nosuch")]
    assert outcomes == [REACHED, NO_ENDPOINTS, NO_SUCH_NAME]
