"""What the network of a real cluster does and this room does not; the fidelity page is made from these tables."""

from __future__ import annotations

from collections.abc import Mapping

NOT_SIMULATED: Mapping[str, str] = {
    "NetworkPolicy": "policies stop no request",
    "topology hints and trafficDistribution": "endpoints get no hints; every ready one may be picked",
    "IPv6 and two families": "the cluster has IPv4 alone",
    "IPAddress and ServiceCIDR objects": "addresses of Services are kept without objects of their own",
    "load balancers": "Services of type LoadBalancer wait for an address, as in a cluster without a cloud",
    "endpoints of the Service kubernetes": "the API server is no endpoint; requests to it from pods find none",
}
"""What -> what a learner would notice."""

DIFFERENCES: Mapping[str, str] = {
    "cluster IPs and node ports": "picked by a hash of seed and name, where a real server picks at random",
    "which endpoint is picked": "a hash of client and endpoint decides, and attempts take turns; affinity never ends",
    "Ingress controllers": "one is taken to run for every IngressClass; it writes no address into the Ingress",
    "names outside of the cluster": "none is known, except that hosts of Ingresses lead to their controller",
    "DNS": "always runs, without pods or a Service of its own",
    "UDP": "a port on which something listens answers TCP and UDP alike",
}
