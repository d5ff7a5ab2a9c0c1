"""Variants: which values, from what, and how texts get them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.course.variants import UnknownVariable, choose, derive_seed, fill

VARIABLES: dict[str, Any] = {
    "key": ["gpu", "fpga", "tpu"],
    "seconds": {"integer": [10, 20]},
    "nodes": {"shuffle": ["n1", "n2", "n3"]},
}


@given(st.text())
def test_equal_seeds_give_equal_variants_and_values_come_from_the_rules(seed: str) -> None:
    variant = choose(VARIABLES, "taints/x", seed)
    assert variant == choose(VARIABLES, "taints/x", seed)
    assert variant.values["key"] in VARIABLES["key"]
    assert 10 <= variant.values["seconds"] <= 20
    assert sorted(variant.values["nodes"]) == ["n1", "n2", "n3"]


def test_every_value_is_reached_by_some_seed() -> None:
    variants = [choose(VARIABLES, "taints/x", str(number)).values for number in range(300)]
    assert {variant["key"] for variant in variants} == {"gpu", "fpga", "tpu"}
    assert {variant["seconds"] for variant in variants} == set(range(10, 21))
    assert len({tuple(variant["nodes"]) for variant in variants}) == 6


def test_a_new_variable_leaves_the_others_as_they_are() -> None:
    more = {"first": ["a", "b"], **VARIABLES}
    values = choose(VARIABLES, "taints/x", "s").values
    assert {name: value for name, value in choose(more, "taints/x", "s").values.items() if name != "first"} == values


def test_the_seed_of_a_learner_depends_on_secret_learner_and_exercise() -> None:
    seeds = {derive_seed(s, learner, e) for s in ("x", "y") for learner in ("ann", "bob") for e in ("a/b", "a/c")}
    assert len(seeds) == 8
    assert derive_seed("x", "ann", "a/b") == derive_seed("x", "ann", "a/b")
    assert all(len(seed) == 16 for seed in seeds)


def test_references_are_filled_in_texts_keys_and_lists() -> None:
    values = {"key": "gpu", "n": 30, "pool": {"size": 2}, "nodes": ["n1", "n2"]}
    assert fill({"$(key)": ["a $(key) b", "$(nodes.1)"]}, values) == {"gpu": ["a gpu b", "n2"]}
    assert fill("$(pool.size) of $(n)s", values) == "2 of 30s"


def test_a_text_that_is_one_reference_keeps_the_type_of_its_value() -> None:
    assert fill({"tolerationSeconds": "$(n)"}, {"n": 30}) == {"tolerationSeconds": 30}


def test_two_dollar_signs_stand_for_one() -> None:
    """Kubernetes has $(VAR) of its own in command and env."""
    assert fill("$$(key)", {"key": "gpu"}) == "$(key)"
    assert fill("$(KEY) $key", {"key": "gpu"}) == "$(KEY) $key"


def test_an_unknown_variable_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownVariable, match=r"no variable \$\(kee\); there are key"):
        fill("a $(kee)", {"key": "gpu"})
