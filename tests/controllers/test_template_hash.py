"""The hash in names of ReplicaSets (kubernetes: pkg/controller/deployment/util/{hash,deployment_util}_test.go)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from k8scourse.controllers.template_hash import equal_templates, safe_encode, template_hash

TEMPLATE: dict[str, Any] = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c"}]}}


def test_the_hash_has_the_letters_of_generated_names():
    assert safe_encode("0123456789") == "456789bcdf"
    assert re.fullmatch(r"[bcdf456789]{6,10}", template_hash(TEMPLATE))


def test_the_same_template_has_the_same_hash_whatever_the_order_of_its_keys():
    turned = {"spec": TEMPLATE["spec"], "metadata": TEMPLATE["metadata"]}
    assert template_hash(turned) == template_hash(TEMPLATE)


def test_another_template_or_a_collision_has_another_hash():
    other = {**TEMPLATE, "spec": {"containers": [{"name": "d"}]}}
    assert (
        len({template_hash(TEMPLATE), template_hash(other), template_hash(TEMPLATE, 1), template_hash(TEMPLATE, 2)})
        == 4
    )


def labelled(**labels: str) -> dict[str, Any]:
    return {"metadata": {"labels": labels}, "spec": {"containers": []}}


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (labelled(a="b"), labelled(a="b"), True),
        (labelled(a="b", **{"pod-template-hash": "x"}), labelled(a="b", **{"pod-template-hash": "y"}), True),
        (labelled(a="b", **{"pod-template-hash": "x"}), labelled(a="b"), True),
        (labelled(a="b", **{"pod-template-hash": "x"}), labelled(a="c"), False),
        (labelled(**{"pod-template-hash": "x"}), {"spec": {}}, True),
    ],
)
def test_templates_are_equal_but_for_the_hash_label(left: dict[str, Any], right: dict[str, Any], equal: bool):
    """TestEqualIgnoreHash."""
    assert equal_templates(left, right) is equal
