"""Where Ingress objects send a request: hosts, paths, default backends, certificates.

Sources: https://kubernetes.io/docs/concepts/services-networking/ingress/ (path types, multiple matches, hostname
wildcards); kubernetes staging/src/k8s.io/api/networking/v1/types.go. Where the API leaves a choice to controllers, the
rules of most of them: ImplementationSpecific is Prefix, and the oldest Ingress wins a tie.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from k8scourse.networking.objects import Object

CLASS_ANNOTATION = "kubernetes.io/ingress.class"
EXACT, PREFIX = "Exact", "Prefix"


@dataclass(frozen=True, slots=True)
class Backend:
    """Where a matching request goes."""

    ingress: tuple[str, str]
    """(namespace, name) of the Ingress."""
    service: str
    """The name of a Service in the namespace of the Ingress; "" for a resource backend."""
    port: int | str | None
    """Number or name of the Service's port."""
    rule: str
    """What matched: "host/path (Exact)", or "defaultBackend"."""


@dataclass(frozen=True, slots=True)
class _Rule:
    host: str
    path: str
    path_type: str
    age: tuple[str, str, str]
    backend: Backend | None


def class_of(ingress: Object) -> str:
    """The name of the IngressClass: spec.ingressClassName, else the old annotation, else ""."""
    annotation = (ingress["metadata"].get("annotations") or {}).get(CLASS_ANNOTATION, "")
    return ingress["spec"].get("ingressClassName") or annotation


def host_matches(pattern: str, host: str) -> bool:
    """Whether a rule's host means *host*; ``*.foo.com`` stands for exactly one label before foo.com."""
    pattern, host = pattern.lower(), host.lower()
    if pattern.startswith("*."):
        label, dot, rest = host.partition(".")
        return bool(label and dot) and rest == pattern[2:]
    return pattern == host


def path_matches(path: str, path_type: str, requested: str) -> bool:
    """Whether a rule's path means the path that is requested (without query).

    Exact compares every letter, case and trailing slash included; Prefix compares whole elements between slashes.
    """
    if path_type == EXACT:
        return requested == path
    wanted = _elements(path)
    return _elements(requested)[: len(wanted)] == wanted


def _elements(path: str) -> list[str]:
    stripped = path.rstrip("/")
    return stripped.split("/") if stripped else []


def find_backend(ingresses: Iterable[Object], host: str, path: str) -> Backend | None:
    """The backend for a request to *host* (without port) and *path*; None: no rule and no default backend, a 404.

    Rules of the exact host come before those of a wildcard, and these before rules without a host; of the paths that
    match, the longest wins, then Exact. A default backend takes what is left.
    """
    ordered = sorted(ingresses, key=_age)
    rules = [rule for ingress in ordered for rule in _rules_of(ingress)]
    path = path.partition("?")[0] or "/"
    for is_meant in (_is_exactly(host), _is_wildcard_of(host), _is_hostless):
        group = [rule for rule in rules if is_meant(rule)]
        if group:
            fitting = [rule for rule in group if rule.backend and path_matches(rule.path, rule.path_type, path)]
            if fitting:
                return min(fitting, key=_precedence).backend
            break
    return next(filter(None, map(_default_backend, ordered)), None)


def _age(ingress: Object) -> tuple[str, str, str]:
    metadata = ingress["metadata"]
    return metadata.get("creationTimestamp") or "", metadata.get("namespace", ""), metadata["name"]


def _is_exactly(host: str) -> Any:
    return lambda rule: bool(rule.host) and not rule.host.startswith("*.") and host_matches(rule.host, host)


def _is_wildcard_of(host: str) -> Any:
    return lambda rule: rule.host.startswith("*.") and host_matches(rule.host, host)


def _is_hostless(rule: _Rule) -> bool:
    return not rule.host


def _precedence(rule: _Rule) -> tuple[int, bool, tuple[str, str, str]]:
    return -len(rule.path.rstrip("/")), rule.path_type != EXACT, rule.age


def _rules_of(ingress: Object) -> Iterator[_Rule]:
    """The paths of an Ingress; a host without paths stands alone, for the default backend."""
    for rule in ingress["spec"].get("rules") or ():
        host = rule.get("host") or ""
        paths = (rule.get("http") or {}).get("paths") or ()
        if not paths:
            yield _Rule(host, "", PREFIX, _age(ingress), None)
        for item in paths:
            path, kind = item.get("path") or "/", item.get("pathType") or PREFIX
            backend = _backend(ingress, item["backend"], f"{host or '*'}{path} ({kind})")
            yield _Rule(host, path, kind, _age(ingress), backend)


def _default_backend(ingress: Object) -> Backend | None:
    found = ingress["spec"].get("defaultBackend")
    return _backend(ingress, found, "defaultBackend") if found else None


def _backend(ingress: Object, backend: Object, rule: str) -> Backend:
    metadata = ingress["metadata"]
    service = backend.get("service") or {}
    port = service.get("port") or {}
    key = (metadata.get("namespace", ""), metadata["name"])
    return Backend(key, service.get("name", ""), port.get("name") or port.get("number"), rule)


def certificate_for(ingresses: Iterable[Object], host: str) -> tuple[str, str] | None:
    """The Secret (namespace, name) whose certificate answers for *host*; None: the controller's own certificate.

    An entry that names the host comes before one with a wildcard.
    """
    ordered = sorted(ingresses, key=_age)
    for wildcard in (False, True):
        for ingress in ordered:
            for entry in ingress["spec"].get("tls") or ():
                for pattern in entry.get("hosts") or ():
                    if pattern.startswith("*.") == wildcard and host_matches(pattern, host) and entry.get("secretName"):
                        return ingress["metadata"].get("namespace", ""), entry["secretName"]
    return None
