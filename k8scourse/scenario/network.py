"""Expectations about connections, routes and names (scenario.md, section 6, "Network")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.scenario.context import Context
from k8scourse.scenario.values import show
from k8scourse.scenario.words import Miss, NoMeaning, expectation, unsimulated_expectations

Argument = Mapping[str, Any]

unsimulated_expectations("NetworkPolicy", "connect", "connect_matrix")


@expectation("route")
def route(context: Context, argument: Argument) -> Miss | None:
    try:
        found = context.world.route(argument["url"])
    except ValueError as error:
        raise NoMeaning(str(error)) from error
    if found == argument["service"]:
        return None
    return Miss(f"sent to {found}" if found else "no rule and no default backend: 404")


@expectation("dns")
def dns(context: Context, argument: Argument) -> Miss | None:
    namespace = argument.get("namespace", "default")
    found = context.world.resolve(namespace, argument["host"])
    wanted = argument["resolves"]
    if wanted == "nxdomain":
        return None if not found.addresses and not found.alias else Miss(_shown(found.addresses, found.alias))
    if "cname" in wanted:
        alias = wanted["cname"].rstrip(".").lower()
        return None if found.alias == alias else Miss(_shown(found.addresses, found.alias))
    homes = [found.service_namespace or namespace, namespace]
    expected = _addresses(context, wanted, homes)
    if sorted(found.addresses) == sorted(expected):
        return None
    return Miss(f"{_shown(found.addresses, found.alias)}; expected {show(sorted(expected))}")


def _shown(addresses: tuple[str, ...], alias: str) -> str:
    if alias:
        return f"an alias of {alias}" + (f" at {show(list(addresses))}" if addresses else "")
    return show(sorted(addresses)) if addresses else "no such name"


def _addresses(context: Context, wanted: Argument, homes: list[str]) -> list[str]:
    """The addresses that a name should lead to; Services and pods are looked for where the name led."""
    if "cluster_ip_of" in wanted:
        service = _find(context, "Service", wanted["cluster_ip_of"], homes)
        return [service["spec"].get("clusterIP", "")]
    pods = [_find(context, "Pod", name, homes) for name in wanted["pod_ips_of"]]
    return [pod.get("status", {}).get("podIP", "") for pod in pods]


def _find(context: Context, kind: str, name: str, homes: list[str]) -> dict[str, Any]:
    namespace, slash, rest = name.partition("/")
    for home in [namespace] if slash else homes:
        found = context.find({"kind": kind, "apiVersion": "v1", "name": rest if slash else name, "namespace": home})
        if found is not None:
            return found
    raise NoMeaning(f"there is no {kind} {name}")
