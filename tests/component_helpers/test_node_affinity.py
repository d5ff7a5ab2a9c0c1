"""Claims about nodeSelector and nodeAffinity (kubernetes: component-helpers/scheduling/corev1/nodeaffinity)."""

import pytest

from k8scourse.component_helpers.node_affinity import (
    matches_expression,
    matches_term,
    node_names,
    preferred_score,
    preferred_terms,
    required_node_affinity,
)


def node(name="n1", **labels):
    return {"metadata": {"name": name, "labels": labels}}


def pod(selector=None, terms=None, preferred=None):
    affinity = {}
    if terms is not None:
        affinity["requiredDuringSchedulingIgnoredDuringExecution"] = {"nodeSelectorTerms": terms}
    if preferred is not None:
        affinity["preferredDuringSchedulingIgnoredDuringExecution"] = preferred
    return {"spec": {"nodeSelector": selector, "affinity": {"nodeAffinity": affinity} if affinity else None}}


def expression(operator, *values, key="k"):
    return {"key": key, "operator": operator, "values": list(values)}


@pytest.mark.parametrize(
    ("operator", "values", "labels", "holds"),
    [
        ("In", ["a", "b"], {"k": "b"}, True),
        ("In", ["a"], {}, False),
        ("NotIn", ["a"], {}, True),
        ("NotIn", ["a"], {"k": "a"}, False),
        ("Exists", [], {"k": ""}, True),
        ("DoesNotExist", [], {"k": ""}, False),
        ("DoesNotExist", [], {}, True),
        ("Gt", ["205"], {"k": "206"}, True),
        ("Gt", ["205"], {"k": "205"}, False),
        ("Gt", ["205"], {"k": "v206"}, False),
        ("Lt", ["205"], {"k": "-1"}, True),
        ("Lt", ["205"], {}, False),
    ],
)
def test_operators_of_expressions(operator, values, labels, holds):
    assert matches_expression(expression(operator, *values), labels) is holds


def test_an_empty_term_matches_nothing():
    assert not matches_term({}, {"k": "v"}, "n1")
    assert not required_node_affinity(pod(terms=[{}])).matches(node(k="v"))


def test_terms_are_alternatives_and_expressions_add_up():
    both = {"matchExpressions": [expression("Exists"), expression("Exists", key="l")]}
    name = {"matchFields": [expression("In", "n2", key="metadata.name")]}
    required = required_node_affinity(pod(terms=[both, name]))
    assert required.matches(node(k="1", l="1"))
    assert not required.matches(node(k="1"))
    assert required.matches(node("n2"))


def test_selector_and_affinity_must_both_hold():
    required = required_node_affinity(pod({"disk": "ssd"}, [{"matchExpressions": [expression("Exists")]}]))
    assert not required.matches(node(k="1"))
    assert not required.matches(node(disk="ssd"))
    assert required.matches(node(k="1", disk="ssd"))
    assert required_node_affinity(pod()).is_empty


def test_match_fields_narrow_the_search_only_when_every_term_names_nodes():
    """kubernetes: plugins/nodeaffinity PreFilter."""
    one = {"matchFields": [expression("In", "n1", key="metadata.name")]}
    two = {"matchFields": [expression("In", "n2", key="metadata.name")]}
    clash = {"matchFields": [*one["matchFields"], *two["matchFields"]]}
    assert node_names(pod(terms=[one, two])) == {"n1", "n2"}
    assert node_names(pod(terms=[one, {"matchExpressions": [expression("Exists")]}])) is None
    assert node_names(pod(terms=[clash])) == frozenset()
    assert node_names(pod()) is None


def test_preferred_weights_add_up_and_empty_preferences_do_not_count():
    wish = {"matchExpressions": [expression("Exists")]}
    terms = preferred_terms(
        pod(
            preferred=[
                {"weight": 5, "preference": wish},
                {"weight": 7, "preference": wish},
                {"weight": 9, "preference": {}},
            ]
        )
    )
    assert preferred_score(terms, node(k="1")) == 12
    assert preferred_score(terms, node()) == 0
