"""The names that a cluster's DNS knows, and how a pod asks for them.

Sources: https://github.com/kubernetes/dns/blob/master/docs/specification.md; CoreDNS plugin/kubernetes (findServices);
kubernetes pkg/kubelet/network/dns/dns.go (search list, ndots)
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from k8scourse.networking.objects import Object, Objects, condition, slices_of

ZONE = "cluster.local"
NDOTS = 5
MAX_ALIASES = 8

ADDRESSES, ALIAS, NO_DATA, UNKNOWN, OUTSIDE = "A", "CNAME", "NODATA", "NXDOMAIN", "OUTSIDE"


@dataclass(frozen=True, slots=True)
class Record:
    """What DNS answers for one full name."""

    name: str
    """Without the dot at the end."""
    kind: str
    """A, CNAME, NODATA (the name exists, without addresses), NXDOMAIN, or OUTSIDE: no name of the cluster."""
    addresses: tuple[str, ...] = ()
    target: str = ""
    """The other name that a CNAME stands for."""
    service: tuple[str, str] | None = None
    """The Service (namespace, name) that the name means."""
    reason: str = ""
    """Why there is no address, or what the name stands for."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a name was looked up: every full name that was tried, and then every alias that was followed."""

    host: str
    tried: tuple[Record, ...]

    @property
    def record(self) -> Record:
        """The last answer: addresses, or why there are none."""
        return self.tried[-1]

    @property
    def addresses(self) -> tuple[str, ...]:
        """The IP addresses; empty when the name leads to none."""
        return self.record.addresses

    @property
    def alias(self) -> str:
        """The name that the host is an alias of (ExternalName), or ""."""
        return next((record.target for record in self.tried if record.kind == ALIAS), "")

    @property
    def is_known(self) -> bool:
        """Whether some name that was tried exists in the cluster."""
        return any(record.kind in (ADDRESSES, ALIAS, NO_DATA) for record in self.tried)


@dataclass(frozen=True, slots=True)
class Resolver:
    """What stands in a pod's /etc/resolv.conf."""

    searches: tuple[str, ...]
    ndots: int = NDOTS
    asks_cluster: bool = True
    """Whether the name server is the cluster's."""

    def names(self, host: str) -> tuple[str, ...]:
        """The full names that are tried for *host*, in order (resolv.conf(5): search, ndots)."""
        if host.endswith("."):
            return (host[:-1],)
        searched = [f"{host}.{suffix}" for suffix in self.searches]
        enough = host.count(".") >= self.ndots
        return (host, *searched) if enough else (*searched, host)


def resolver_of(pod: Object) -> Resolver:
    """The resolver of a pod, from dnsPolicy and dnsConfig."""
    spec, namespace = pod["spec"], pod["metadata"].get("namespace") or "default"
    policy = spec.get("dnsPolicy", "ClusterFirst")
    clustered = policy == "ClusterFirstWithHostNet" or (policy == "ClusterFirst" and not spec.get("hostNetwork"))
    base = namespace_resolver(namespace) if clustered else Resolver((), 1, False)
    config = spec.get("dnsConfig") or {}
    searches = list(dict.fromkeys((*base.searches, *(config.get("searches") or ()))))
    ndots = base.ndots
    for option in config.get("options") or ():
        if option.get("name") == "ndots" and str(option.get("value", "")).isdecimal():
            ndots = int(option["value"])
    return Resolver(tuple(searches), ndots, clustered)


def namespace_resolver(namespace: str) -> Resolver:
    """The resolver of a pod of *namespace* with dnsPolicy ClusterFirst."""
    return Resolver((f"{namespace}.svc.{ZONE}", f"svc.{ZONE}", ZONE))


def resolve(objects: Objects, host: str, resolver: Resolver) -> Resolution:
    """Look *host* up as a pod with this resolver does: the first full name that exists decides."""
    tried: list[Record] = []
    for name in resolver.names(host.lower()):
        record = lookup(objects, name) if resolver.asks_cluster else _outside(name)
        tried.append(record)
        if record.kind in (UNKNOWN, OUTSIDE):
            continue
        while record.kind == ALIAS and len(tried) < MAX_ALIASES + len(resolver.searches):
            record = lookup(objects, record.target)
            tried.append(record)
        break
    return Resolution(host, tuple(tried))


def lookup(objects: Objects, name: str) -> Record:
    """What the cluster's DNS answers for the addresses of one full *name*."""
    name = name.lower().rstrip(".")
    if name != ZONE and not name.endswith(f".{ZONE}"):
        return _outside(name)
    labels = name.removesuffix(ZONE).rstrip(".").split(".") if name != ZONE else []
    if len(labels) >= 2 and labels[-1] == "pod":
        return _pod(objects, name, labels[:-2], labels[-2])
    if len(labels) < 2 or labels[-1] != "svc":
        exists = labels in ([], ["svc"], ["pod"])
        return Record(name, NO_DATA if exists else UNKNOWN, reason="no Service and no pod has such a name")
    return _service(objects, name, labels[:-2], labels[-2])


def _outside(name: str) -> Record:
    return Record(name, OUTSIDE, reason="no name of the cluster; nothing outside of it is known here")


def _pod(objects: Objects, name: str, labels: Sequence[str], namespace: str) -> Record:
    """10-244-1-2.NAMESPACE.pod: any address, whether or not a pod has it (CoreDNS: pods insecure)."""
    if objects.get("namespaces", namespace) is None:
        return Record(name, UNKNOWN, reason=f"there is no namespace {namespace}")
    if len(labels) != 1:
        return Record(name, UNKNOWN if labels else NO_DATA, reason="a pod's name here is its address with dashes")
    address = labels[0].replace("-", ".")
    try:
        ipaddress.IPv4Address(address)
    except ValueError:
        return Record(name, UNKNOWN, reason="a pod's name here is its address with dashes")
    return Record(name, ADDRESSES, (address,))


def _service(objects: Objects, name: str, labels: Sequence[str], namespace: str) -> Record:
    if objects.get("namespaces", namespace) is None:
        return Record(name, UNKNOWN, reason=f"there is no namespace {namespace}")
    if not labels:
        return Record(name, NO_DATA, reason="a namespace has no address")
    service_name, prefix = labels[-1], labels[:-1]
    service = objects.get("services", service_name, namespace)
    if service is None:
        return Record(name, UNKNOWN, reason=f"there is no Service {service_name} in namespace {namespace}")
    key = (namespace, service_name)
    spec = service["spec"]
    if spec.get("type") == "ExternalName":
        if prefix:
            return Record(name, UNKNOWN, service=key, reason="a Service of type ExternalName has no endpoints")
        return Record(name, ALIAS, target=spec["externalName"].rstrip(".").lower(), service=key)
    if len(prefix) == 1 or (spec.get("clusterIP") == "None" and not prefix):
        return _endpoints(objects, name, service, prefix[0] if prefix else "")
    if prefix:
        return Record(name, UNKNOWN, service=key, reason="an address is asked for by host, not by port")
    return Record(name, ADDRESSES, tuple(spec.get("clusterIPs") or ()), service=key)


def _endpoints(objects: Objects, name: str, service: Object, hostname: str) -> Record:
    """A headless Service means its ready endpoints; a name before it means the one endpoint that is called so."""
    metadata = service["metadata"]
    key = (metadata["namespace"], metadata["name"])
    found = [
        address
        for label, addresses in _named_endpoints(objects, service)
        if not hostname or label == hostname
        for address in addresses
    ]
    if found:
        return Record(name, ADDRESSES, tuple(dict.fromkeys(found)), service=key)
    what = f"called {hostname} (hostname, with the Service as subdomain)" if hostname else ""
    return Record(name, UNKNOWN, service=key, reason=f"Service {key[1]} has no ready endpoint {what}".rstrip())


def _named_endpoints(objects: Objects, service: Object) -> Iterator[tuple[str, Sequence[str]]]:
    metadata = service["metadata"]
    for endpoint_slice in slices_of(objects, metadata["namespace"], metadata["name"]):
        for endpoint in endpoint_slice.get("endpoints") or ():
            if condition(endpoint, "ready"):
                yield endpoint_label(endpoint), endpoint["addresses"]


def endpoint_label(endpoint: Object) -> str:
    """The name of an endpoint before its Service's: the hostname, else the address with dashes."""
    return endpoint.get("hostname") or endpoint["addresses"][0].replace(".", "-").replace(":", "-")


def lookup_srv(objects: Objects, name: str) -> tuple[tuple[int, str], ...]:
    """The (port, target) pairs of an SRV name such as _http._tcp.web.team.svc.cluster.local; empty when unknown."""
    labels = name.lower().rstrip(".").removesuffix(f".{ZONE}").split(".")
    if len(labels) != 5 or labels[4] != "svc" or not (labels[0].startswith("_") and labels[1].startswith("_")):
        return ()
    port_name, protocol, service_name, namespace = labels[0][1:], labels[1][1:].upper(), labels[2], labels[3]
    service = objects.get("services", service_name, namespace)
    if service is None or service["spec"].get("type") == "ExternalName":
        return ()
    target = f"{service_name}.{namespace}.svc.{ZONE}"
    if service["spec"].get("clusterIP") != "None":
        return tuple(
            (port["port"], target)
            for port in service["spec"].get("ports") or ()
            if (port.get("name") or "") == port_name and port.get("protocol", "TCP") == protocol
        )
    return tuple(
        (port["port"], f"{endpoint_label(endpoint)}.{target}")
        for endpoint_slice in slices_of(objects, namespace, service_name)
        for port in endpoint_slice.get("ports") or ()
        if (port.get("name") or "") == port_name and port.get("protocol", "TCP") == protocol
        for endpoint in endpoint_slice.get("endpoints") or ()
        if condition(endpoint, "ready")
    )
