"""One request through the cluster: name -> DNS -> Service -> endpoint -> container, or through an Ingress.

Network policies are not looked at. What Ingress controllers do is what most of them do: they talk to endpoints
themselves and answer 404, 502 and 503 where nothing fits, nothing listens and nothing is ready.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from k8scourse.machinery.status import bad_request, not_found
from k8scourse.networking import answer as outcomes
from k8scourse.networking import dns, ingress_routing, service_routing
from k8scourse.networking.answer import Answer, Hop
from k8scourse.networking.objects import INGRESS_CLASSES, INGRESSES, Object, Objects
from k8scourse.networking.places import (
    address_of,
    external_addresses,
    host_port,
    is_address,
    key_of,
    running_containers,
)
from k8scourse.networking.service_routing import Client
from k8scourse.networking.url import parse_url

OUTSIDE = "outside"

Listens = Callable[[Object], Collection[int]]
"""The ports on which a running container (of a pod's spec) answers."""


@dataclass(frozen=True, slots=True)
class _End:
    outcome: str
    reason: str
    code: int | None = None


class Tracer:
    """Follows one request; make one per request."""

    def __init__(self, objects: Objects, listens: Listens, source: str, url: str, *, attempt: int = 0) -> None:
        self._objects = objects
        self._listens = listens
        self._url = parse_url(url)
        self._hops: list[Hop] = []
        self._pod: Object | None = None
        self.source = source or OUTSIDE
        self._client = self._find_client(attempt)

    def trace(self) -> Answer:
        """Send the request and tell its way."""
        end = self._send()
        return Answer(self.source, self._url.text, end.outcome, end.reason, tuple(self._hops), end.code)

    def _hop(self, kind: str, name: str, said: str, *, passed: bool = True) -> None:
        self._hops.append(Hop(kind, name, said, passed))

    def _stop(self, kind: str, name: str, outcome: str, reason: str, code: int | None = None) -> _End:
        self._hop(kind, name, reason, passed=False)
        return _End(outcome, reason, code)

    # where it comes from

    def _find_client(self, attempt: int) -> Client:
        if self.source == OUTSIDE:
            return Client("198.51.100.1", "", in_cluster=False, attempt=attempt)
        kind, _, name = self.source.partition("/")
        if kind == "node" and name:
            node = self._objects.get("nodes", name)
            if node is None:
                raise not_found("nodes", name)
            return Client(address_of(node), name, attempt=attempt)
        namespace, name = (kind, name) if name else ("default", kind)
        self._pod = self._objects.get("pods", name, namespace)
        if self._pod is None:
            raise not_found("pods", name)
        address = (self._pod.get("status") or {}).get("podIP")
        if not address or not any(running_containers(self._pod)):
            raise bad_request(f"pod {namespace}/{name} does not run: it can send nothing")
        self.source = f"{namespace}/{name}"
        return Client(address, self._pod["spec"].get("nodeName") or "", attempt=attempt)

    # names

    def _send(self) -> _End:
        url = self._url
        self._hop(outcomes.CLIENT, self.source, f"asks for {url.host}, port {url.port}/{url.protocol}")
        if is_address(url.host):
            return self._connect(url.host, url.port)
        if self._pod is None:
            return self._from_beyond(url.host)
        found = dns.resolve(self._objects, url.host, dns.resolver_of(self._pod))
        for record in found.tried:
            self._tell_record(record)
        record = found.record
        if record.kind == dns.ADDRESSES:
            address = record.addresses[self._client.attempt % len(record.addresses)]
            return self._connect(address, url.port)
        if record.kind == dns.OUTSIDE and (found.alias or self._is_ingress_host(record.name)):
            return self._from_beyond(record.name, known=bool(found.alias))
        return _End(outcomes.NO_SUCH_NAME, _why_unknown(found))

    def _tell_record(self, record: dns.Record) -> None:
        if record.kind == dns.ADDRESSES:
            self._hop(outcomes.DNS, record.name, ", ".join(record.addresses))
        elif record.kind == dns.ALIAS:
            self._hop(outcomes.DNS, record.name, f"an alias of {record.target} (ExternalName)")
        else:
            self._hop(outcomes.DNS, record.name, f"{record.kind}: {record.reason}", passed=False)

    def _from_beyond(self, host: str, *, known: bool = False) -> _End:
        """A name that the cluster's DNS does not answer: hosts of Ingresses are taken to point to their controller.

        From outside, any name may be pointed there.
        """
        aimed = self.source == OUTSIDE and not f".{host}".endswith(f".{dns.ZONE}") and self._ingresses_of(host)
        if self._url.is_http and (aimed or self._is_ingress_host(host)):
            return self._through_ingress(host)
        if known:
            reason = f"{host} lies outside of the cluster; what answers there is not simulated"
            return self._stop(outcomes.DNS, host, outcomes.LEFT, reason)
        reason = f"beyond the cluster's DNS nobody knows {host}, and no Ingress has it as a host"
        return self._stop(outcomes.DNS, host, outcomes.NO_SUCH_NAME, reason)

    # through an Ingress

    def _is_ingress_host(self, host: str) -> bool:
        return any(
            ingress_routing.host_matches(rule["host"], host)
            for ingress in self._objects.list(INGRESSES)
            for rule in ingress["spec"].get("rules") or ()
            if rule.get("host")
        )

    def _ingresses_of(self, host: str) -> list[Object]:
        """The Ingresses that may answer for *host*: with that host, without any, or with a default backend."""
        found: list[Object] = []
        for ingress in self._objects.list(INGRESSES):
            hosts = [rule.get("host") or "" for rule in ingress["spec"].get("rules") or ()]
            mine = any(not name or ingress_routing.host_matches(name, host) for name in hosts)
            if mine or ingress["spec"].get("defaultBackend"):
                found.append(ingress)
        return found

    def _through_ingress(self, host: str) -> _End:
        candidates = self._ingresses_of(host)
        served = [ingress for ingress in candidates if self._is_served(ingress)]
        if not served:
            metadata = candidates[0]["metadata"]
            wanted = ingress_routing.class_of(candidates[0])
            missing = f"there is no IngressClass {wanted}" if wanted else "it names no class"
            reason = f"no controller serves Ingress {metadata['name']}: {missing}"
            return self._stop(outcomes.INGRESS, key_of(candidates[0]), outcomes.TIMED_OUT, reason)
        if self._url.scheme == "https":
            secret = ingress_routing.certificate_for(served, host)
            said = f"certificate of Secret {'/'.join(secret)}" if secret else "the controller's own certificate"
            self._hop(outcomes.INGRESS, host, said)
        backend = ingress_routing.find_backend(served, host, self._url.path)
        if backend is None:
            reason = f"no rule of host {host} has path {self._url.path}, and there is no default backend"
            return self._stop(outcomes.INGRESS, host, outcomes.REACHED, reason, 404)
        name = "/".join(backend.ingress)
        self._hop(outcomes.INGRESS, name, f"{backend.rule} -> Service {backend.service}:{backend.port}")
        return self._to_backend(backend)

    def _is_served(self, ingress: Object) -> bool:
        """Whether a controller takes the Ingress: every IngressClass is taken to have one that runs."""
        name = ingress_routing.class_of(ingress)
        return bool(name) and self._objects.get(INGRESS_CLASSES, name) is not None

    def _to_backend(self, backend: ingress_routing.Backend) -> _End:
        """What the controller does with a request; it answers itself where the Service cannot."""
        namespace = backend.ingress[0]
        name = f"{namespace}/{backend.service}:{backend.port}"
        service = self._objects.get("services", backend.service, namespace)
        if service is None:
            reason = f"there is no Service {backend.service} in namespace {namespace}"
            return self._stop(outcomes.SERVICE, name, outcomes.NO_ENDPOINTS, reason, 503)
        if service["spec"].get("type") == "ExternalName":
            reason = (
                f"{service['spec']['externalName']} lies outside of the cluster; what answers there is not simulated"
            )
            return self._stop(outcomes.SERVICE, name, outcomes.LEFT, reason)
        ports = service["spec"].get("ports") or ()
        port = next((port for port in ports if backend.port in (port["port"], port.get("name"))), None)
        if port is None:
            reason = f"Service {backend.service} has no port {backend.port}"
            return self._stop(outcomes.SERVICE, name, outcomes.NO_ENDPOINTS, reason, 503)
        controller = Client("ingress-controller", "", attempt=self._client.attempt)
        found = service_routing.route(self._objects, service, port, controller, external=True)
        end = self._follow(service, port, found)
        codes = {outcomes.NO_ENDPOINTS: 503, outcomes.REFUSED: 502, outcomes.TIMED_OUT: 504}
        return _End(end.outcome, end.reason, codes.get(end.outcome, end.code))

    # addresses

    def _connect(self, address: str, port: int) -> _End:
        for service in self._objects.list("services"):
            if address in (service["spec"].get("clusterIPs") or ()):
                return self._to_cluster_ip(service, address, port)
            if address in external_addresses(service):
                return self._to_service(service, port, external=True)
        for node in self._objects.list("nodes"):
            if address_of(node) == address:
                return self._to_node(node, port)
        for pod in self._objects.list("pods"):
            status = pod.get("status") or {}
            if status.get("podIP") == address and status.get("phase") not in ("Succeeded", "Failed"):
                return self._to_pod(pod, address, port)
        reason = f"nothing has the address {address}"
        return self._stop(outcomes.ENDPOINT, f"{address}:{port}", outcomes.TIMED_OUT, reason)

    def _to_cluster_ip(self, service: Object, address: str, port: int) -> _End:
        if self._client.in_cluster:
            return self._to_service(service, port)
        reason = f"{address} is a cluster IP: it means something on the cluster's nodes alone"
        return self._stop(outcomes.SERVICE, f"{key_of(service)}:{port}", outcomes.TIMED_OUT, reason)

    def _to_service(self, service: Object, number: int, *, external: bool = False) -> _End:
        protocol = self._url.protocol
        port = service_routing.find_port(service, number, protocol)
        if port is None:
            has = ", ".join(f"{p['port']}/{p.get('protocol', 'TCP')}" for p in service["spec"].get("ports") or ())
            reason = f"the Service has no port {number}/{protocol}; it has {has or 'none'}"
            return self._stop(outcomes.SERVICE, f"{key_of(service)}:{number}", outcomes.TIMED_OUT, reason)
        found = service_routing.route(self._objects, service, port, self._balanced(service, port), external=external)
        return self._follow(service, port, found)

    def _balanced(self, service: Object, port: Object) -> Client:
        """A load balancer sends what comes from outside to a node that has an endpoint."""
        client = self._client
        if client.in_cluster or service["spec"].get("externalTrafficPolicy") != "Local":
            return client
        targets = service_routing.usable(service_routing.targets_of(self._objects, service, port))
        nodes = [target.node for target in targets] or [""]
        return Client(client.address, nodes[client.attempt % len(nodes)], in_cluster=False, attempt=client.attempt)

    def _follow(self, service: Object, port: Object, found: service_routing.Route) -> _End:
        name = f"{key_of(service)}:{port['port']}"
        if found.verdict == service_routing.REJECTED:
            return self._stop(outcomes.SERVICE, name, outcomes.NO_ENDPOINTS, found.reason)
        if found.target is None:
            return self._stop(outcomes.SERVICE, name, outcomes.TIMED_OUT, found.reason)
        target = found.target
        self._hop(outcomes.SERVICE, name, f"to {target.address}:{target.port}, {found.reason}")
        pod = self._objects.get("pods", target.pod[1], target.pod[0]) if target.pod else None
        if pod is None:
            return self._connect_beyond(target.address, target.port)
        return self._deliver(pod, target.address, target.port)

    def _connect_beyond(self, address: str, port: int) -> _End:
        """An endpoint that somebody wrote by hand: a pod's address, or one outside of the cluster."""
        for pod in self._objects.list("pods"):
            if (pod.get("status") or {}).get("podIP") == address:
                return self._deliver(pod, address, port)
        reason = f"{address} is no pod's address; what answers there is not simulated"
        return self._stop(outcomes.ENDPOINT, f"{address}:{port}", outcomes.LEFT, reason)

    def _to_node(self, node: Object, number: int) -> _End:
        name = node["metadata"]["name"]
        for service in self._objects.list("services"):
            port = service_routing.find_port(service, number, self._url.protocol, node_port=True)
            if port is not None:
                address = f"{address_of(node)}:{number}"
                self._hop(outcomes.ENDPOINT, address, f"node {name}, a node port of Service {key_of(service)}")
                client = self._client
                if not client.in_cluster:
                    client = Client(client.address, name, in_cluster=False, attempt=client.attempt)
                return self._follow(
                    service, port, service_routing.route(self._objects, service, port, client, external=True)
                )
        for pod in self._objects.list("pods"):
            inner = host_port(pod, number, self._url.protocol) if pod["spec"].get("nodeName") == name else None
            if inner is not None and any(running_containers(pod)):
                return self._deliver(pod, address_of(node), inner)
        reason = f"nothing on node {name} listens on port {number}"
        return self._stop(outcomes.ENDPOINT, f"{address_of(node)}:{number}", outcomes.REFUSED, reason)

    def _to_pod(self, pod: Object, address: str, port: int) -> _End:
        if self._client.in_cluster:
            return self._deliver(pod, address, port)
        reason = f"{address} is a pod's address: outside of the cluster nobody knows the way there"
        return self._stop(outcomes.ENDPOINT, f"{address}:{port}", outcomes.TIMED_OUT, reason)

    # the end

    def _deliver(self, pod: Object, address: str, port: int) -> _End:
        """A running container that listens on the port answers; otherwise the pod's node refuses."""
        place = f"{address}:{port}"
        running = list(running_containers(pod))
        if not running:
            phase = (pod.get("status") or {}).get("phase", "Pending")
            reason = f"no container of pod {key_of(pod)} runs (it is {phase})"
            return self._stop(outcomes.ENDPOINT, place, outcomes.REFUSED, reason)
        self._hop(outcomes.ENDPOINT, place, f"pod {key_of(pod)}")
        ports: list[int] = []
        for container in running:
            open_ports = sorted(self._listens(container))
            if port in open_ports:
                said = f"listens on {port} (image {container['image']})"
                self._hop(outcomes.CONTAINER, container["name"], said)
                code = 200 if self._url.is_http else None
                reason = f"container {container['name']} of pod {key_of(pod)} answers on port {port}"
                return _End(outcomes.REACHED, reason, code)
            ports.extend(open_ports)
        others = f"its containers listen on {', '.join(map(str, ports))}" if ports else "its containers listen nowhere"
        reason = f"nothing in pod {key_of(pod)} listens on port {port}; {others}"
        name = ", ".join(container["name"] for container in running)
        return self._stop(outcomes.CONTAINER, name, outcomes.REFUSED, reason)


def _why_unknown(found: dns.Resolution) -> str:
    """The reason of the name that reads SERVICE.NAMESPACE.svc: that is what a host is meant to be."""
    unknown = [record for record in found.tried if record.kind in (dns.UNKNOWN, dns.NO_DATA)]
    meant = [record for record in unknown if record.name.removesuffix(f".svc.{dns.ZONE}").count(".") == 1]
    reasons = [record.reason for record in (*meant, *unknown)]
    return reasons[0] if reasons else f"beyond the cluster's DNS nobody knows {found.host}"
