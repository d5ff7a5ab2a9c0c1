"""Defaults of the networking group.

Source: kubernetes pkg/apis/networking/v1/defaults.go. An Ingress itself has none.
"""

from typing import Any


def default_ingress_class(ingress_class: dict[str, Any]) -> None:
    """Let the parameters of an IngressClass be an object of the cluster."""
    parameters = (ingress_class.get("spec") or {}).get("parameters")
    if parameters is not None and parameters.get("scope") is None:
        parameters["scope"] = "Cluster"


def default_ingress(ingress: dict[str, Any]) -> None:
    """Show the empty status of the load balancer."""
    ingress.setdefault("spec", {})
    ingress.setdefault("status", {}).setdefault("loadBalancer", {})


def default_network_policy(policy: dict[str, Any]) -> None:
    """Let a NetworkPolicy rule incoming traffic, and outgoing traffic too if it has rules for it; ports are TCP."""
    spec = policy.setdefault("spec", {})
    spec.setdefault("podSelector", {})
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
    for direction in ("ingress", "egress"):
        for rule in spec.get(direction) or ():
            for port in rule.get("ports") or ():
                if port.get("protocol") is None:
                    port["protocol"] = "TCP"
