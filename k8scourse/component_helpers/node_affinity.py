"""Which nodes a pod's nodeSelector and nodeAffinity admit.

Source: kubernetes: staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Labels = Mapping[str, str]
Term = Mapping[str, Any]

NAME_FIELD = "metadata.name"


def _integer(text: str) -> int | None:
    digits = text[1:] if text[:1] in ("+", "-") else text
    return int(text) if digits.isascii() and digits.isdigit() else None


def matches_expression(expression: Term, labels: Labels) -> bool:
    """Whether *labels* satisfy one entry of matchExpressions.

    NotIn and DoesNotExist hold for a missing label; Gt and Lt need integers on both sides.
    """
    key, operator, values = expression["key"], expression["operator"], expression.get("values") or ()
    if operator == "DoesNotExist":
        return key not in labels
    if operator == "NotIn":
        return labels.get(key) not in values if key in labels else True
    if key not in labels:
        return False
    if operator == "Exists":
        return True
    if operator == "In":
        return labels[key] in values
    if operator in ("Gt", "Lt") and len(values) == 1:
        number, limit = _integer(labels[key]), _integer(values[0])
        if number is None or limit is None:
            return False
        return number > limit if operator == "Gt" else number < limit
    return False


def _matches_field(expression: Term, name: str) -> bool:
    values = expression.get("values") or ()
    if expression.get("key") != NAME_FIELD or len(values) != 1:
        return False
    return (values[0] == name) == (expression.get("operator") == "In")


def matches_term(term: Term, labels: Labels, name: str) -> bool:
    """Whether a node with *labels* and *name* satisfies all that *term* says; an empty term matches nothing."""
    expressions, fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    if not expressions and not fields:
        return False
    return all(matches_expression(expression, labels) for expression in expressions) and all(
        _matches_field(expression, name) for expression in fields
    )


def matches_node_selector(selector: Mapping[str, Any], node: Mapping[str, Any]) -> bool:
    """Whether *node* satisfies one of the nodeSelectorTerms of *selector*."""
    labels, name = _labels(node), node["metadata"]["name"]
    return any(matches_term(term, labels, name) for term in selector.get("nodeSelectorTerms") or ())


def _labels(node: Mapping[str, Any]) -> Labels:
    return node["metadata"].get("labels") or {}


class RequiredNodeAffinity(NamedTuple):
    """What a pod demands of its node: nodeSelector and required nodeAffinity, both of which must hold."""

    node_selector: Labels
    affinity: Mapping[str, Any] | None

    @property
    def is_empty(self) -> bool:
        """Whether every node will do."""
        return not self.node_selector and self.affinity is None

    def matches(self, node: Mapping[str, Any]) -> bool:
        """Whether *node* satisfies both."""
        if self.node_selector:
            labels = _labels(node)
            if any(labels.get(key) != value for key, value in self.node_selector.items()):
                return False
        return self.affinity is None or matches_node_selector(self.affinity, node)


def _node_affinity(pod: Mapping[str, Any]) -> Mapping[str, Any]:
    return (pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}


def required_node_affinity(pod: Mapping[str, Any]) -> RequiredNodeAffinity:
    """The demands of *pod* on its node."""
    return RequiredNodeAffinity(
        pod["spec"].get("nodeSelector") or {},
        _node_affinity(pod).get("requiredDuringSchedulingIgnoredDuringExecution"),
    )


def preferred_terms(pod: Mapping[str, Any]) -> Sequence[Term]:
    """The preferred terms of *pod* that can count: those with a weight and a preference that is not empty."""
    terms = _node_affinity(pod).get("preferredDuringSchedulingIgnoredDuringExecution") or ()
    return [
        term
        for term in terms
        if term.get("weight") and (term["preference"].get("matchExpressions") or term["preference"].get("matchFields"))
    ]


def preferred_score(terms: Sequence[Term], node: Mapping[str, Any]) -> int:
    """The sum of the weights of the preferred *terms* that *node* satisfies."""
    labels, name = _labels(node), node["metadata"]["name"]
    return sum(term["weight"] for term in terms if matches_term(term["preference"], labels, name))


def node_names(pod: Mapping[str, Any]) -> frozenset[str] | None:
    """The only nodes that matchFields on metadata.name admit, or None when some term leaves the name open.

    An empty set means that the terms contradict themselves. DaemonSet pods choose their node this way.
    """
    affinity = required_node_affinity(pod).affinity
    terms = (affinity or {}).get("nodeSelectorTerms") or ()
    if not terms:
        return None
    names: frozenset[str] = frozenset()
    for term in terms:
        allowed: frozenset[str] | None = None
        for field in term.get("matchFields") or ():
            if field.get("key") == NAME_FIELD and field.get("operator") == "In":
                values = frozenset(field.get("values") or ())
                allowed = values if allowed is None else allowed & values
        if allowed is None:
            return None
        names |= allowed
    return names
