"""A second, deliberately plain implementation of the two plugins that look at the whole cluster.

It works on API objects alone, loops over everything and remembers nothing.
"""

from k8scourse.component_helpers.node_affinity import required_node_affinity
from k8scourse.component_helpers.tolerations import find_untolerated_taint
from k8scourse.machinery.labels import selector_from

SKEWED = "node(s) didn't match pod topology spread constraints"
NO_LABEL = SKEWED + " (missing required label)"
NOT_NEAR = "node(s) didn't match pod affinity rules"
TOO_NEAR = "node(s) didn't match pod anti-affinity rules"
UNWANTED = "node(s) didn't satisfy existing pods anti-affinity rules"


def labels(obj):
    return obj["metadata"].get("labels") or {}


def spread_refusal(pod, node, nodes, pods):
    """Why topology spread refuses *pod* on *node*, or None."""
    constraints = [
        constraint
        for constraint in pod["spec"].get("topologySpreadConstraints") or ()
        if constraint["whenUnsatisfiable"] == "DoNotSchedule"
    ]
    for constraint in constraints:
        if constraint["topologyKey"] not in labels(node):
            return NO_LABEL
        counts = domain_counts(pod, constraint, constraints, nodes, pods)
        fewest = min(counts.values()) if len(counts) >= (constraint.get("minDomains") or 1) else 0
        itself = 1 if spread_selector(pod, constraint).matches(labels(pod)) else 0
        here = counts.get(labels(node)[constraint["topologyKey"]], 0)
        if here + itself - fewest > constraint["maxSkew"]:
            return SKEWED
    return None


def spread_selector(pod, constraint):
    selector = constraint.get("labelSelector")
    if selector is None:
        return selector_from(None)
    own = {key: labels(pod)[key] for key in constraint.get("matchLabelKeys") or () if key in labels(pod)}
    return selector_from({**selector, "matchLabels": {**(selector.get("matchLabels") or {}), **own}})


def domain_counts(pod, constraint, constraints, nodes, pods):
    selector = spread_selector(pod, constraint)
    counts = {}
    for node in nodes:
        if any(other["topologyKey"] not in labels(node) for other in constraints):
            continue
        if constraint.get("nodeAffinityPolicy") != "Ignore" and not required_node_affinity(pod).matches(node):
            continue
        taints = node["spec"].get("taints") or ()
        if constraint.get("nodeTaintsPolicy") == "Honor" and find_untolerated_taint(
            taints, pod["spec"].get("tolerations") or ()
        ):
            continue
        domain = labels(node)[constraint["topologyKey"]]
        counts.setdefault(domain, 0)
        for other in pods:
            if (
                other["spec"]["nodeName"] == node["metadata"]["name"]
                and other["metadata"]["namespace"] == pod["metadata"]["namespace"]
                and "deletionTimestamp" not in other["metadata"]
                and not selector.empty()
                and selector.matches(labels(other))
            ):
                counts[domain] += 1
    return counts


def terms(pod, kind):
    block = (pod["spec"].get("affinity") or {}).get(kind) or {}
    return block.get("requiredDuringSchedulingIgnoredDuringExecution") or []


def wishes(pod, kind):
    block = (pod["spec"].get("affinity") or {}).get(kind) or {}
    return block.get("preferredDuringSchedulingIgnoredDuringExecution") or []


def means(term, carrier, other, namespaces):
    """Whether *term* of *carrier* means the pod *other*."""
    allowed = set(term.get("namespaces") or ())
    if "namespaceSelector" in term:
        chosen = selector_from(term["namespaceSelector"])
        allowed |= {name for name, found in namespaces.items() if chosen.matches(found)}
    elif not allowed:
        allowed = {carrier["metadata"]["namespace"]}
    return other["metadata"]["namespace"] in allowed and selector_from(term["labelSelector"]).matches(labels(other))


def together(term, one, two):
    key = term["topologyKey"]
    return key in labels(one) and key in labels(two) and labels(one)[key] == labels(two)[key]


def affinity_refusal(pod, node, nodes, pods, namespaces):
    """Why inter-pod affinity refuses *pod* on *node*, or None."""
    where = {found["metadata"]["name"]: found for found in nodes}
    placed = [(other, where[other["spec"]["nodeName"]]) for other in pods]
    near = terms(pod, "podAffinity")
    if near:
        if any(term["topologyKey"] not in labels(node) for term in near):
            return NOT_NEAR
        wanted = [(other, at) for other, at in placed if all(means(term, pod, other, namespaces) for term in near)]
        counted = any(term["topologyKey"] in labels(at) for _, at in wanted for term in near)
        served = all(any(together(term, node, at) for _, at in wanted) for term in near)
        first = not counted and all(means(term, pod, pod, namespaces) for term in near)
        if not served and not first:
            return NOT_NEAR
    for term in terms(pod, "podAntiAffinity"):
        if any(means(term, pod, other, namespaces) and together(term, node, at) for other, at in placed):
            return TOO_NEAR
    for other, at in placed:
        for term in terms(other, "podAntiAffinity"):
            if means(term, other, pod, namespaces) and together(term, node, at):
                return UNWANTED
    return None


def affinity_score(pod, node, nodes, pods, namespaces):
    """The raw score of *node*: wishes of the pod and of running pods, and demands of running pods."""
    where = {found["metadata"]["name"]: found for found in nodes}
    total = 0
    for other in pods:
        at = where[other["spec"]["nodeName"]]
        for kind, sign in (("podAffinity", 1), ("podAntiAffinity", -1)):
            for carrier, target in ((pod, other), (other, pod)):
                for wish in wishes(carrier, kind):
                    term = wish["podAffinityTerm"]
                    if means(term, carrier, target, namespaces) and together(term, node, at):
                        total += sign * wish["weight"]
        for term in terms(other, "podAffinity"):
            if means(term, other, pod, namespaces) and together(term, node, at):
                total += 1
    return total
