"""The match microscope says what Kubernetes does (api/core/v1/toleration.go; the table of the concept page)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.component_helpers.tolerations import tolerates
from k8scourse.views.matching import closest, match, toleration_text

TAINT = {"key": "gpu", "value": "true", "effect": "NoSchedule"}


@pytest.mark.parametrize(
    ("toleration", "field", "text"),
    [
        ({"key": "gpu", "value": "true", "effect": "NoExecute"}, "effect", "NoExecute is not the taint's NoSchedule"),
        ({"key": "GPU", "value": "true"}, "key", '"GPU" is not the taint\'s "gpu" (upper and lower case count)'),
        ({"key": "gpu", "value": "True"}, "value", '"True" is not the taint\'s "true" (upper and lower case count)'),
        ({"key": "gpu"}, "value", "without an operator, Equal is meant"),
        ({"key": "gpu", "operator": "Gt", "value": "1"}, "value", "TaintTolerationComparisonOperators is off"),
    ],
)
def test_the_first_step_that_fails_decides_and_says_why(toleration: dict[str, Any], field: str, text: str) -> None:
    found = match(toleration, TAINT)
    assert not found.matches
    assert found.failure is not None
    assert found.failure.field == field
    assert text in found.failure.text
    assert [step.reached for step in found.steps] == [
        index <= [step.field for step in found.steps].index(field) for index in range(3)
    ]


@pytest.mark.parametrize(
    "toleration", [{"operator": "Exists"}, {"key": "gpu", "operator": "Exists"}, {"key": "gpu", "value": "true"}]
)
def test_a_match_holds_in_all_three_steps(toleration: dict[str, Any]) -> None:
    found = match(toleration, TAINT)
    assert found.matches
    assert found.failure is None


_words = st.sampled_from(["", "gpu", "GPU", "true", "1"])


@given(
    key=_words,
    value=_words,
    operator=st.sampled_from(["", "Equal", "Exists", "Lt", "Gt"]),
    effect=st.sampled_from(["", "NoSchedule", "NoExecute", "PreferNoSchedule"]),
    taint_value=_words,
)
def test_the_microscope_and_the_scheduler_agree(
    key: str, value: str, operator: str, effect: str, taint_value: str
) -> None:
    toleration = {"key": key, "value": value, "operator": operator, "effect": effect}
    taint = {**TAINT, "value": taint_value}
    assert match(toleration, taint).matches == tolerates(toleration, taint)


def test_the_text_form_is_stable() -> None:
    assert str(match({"key": "gpu", "value": "True", "effect": "NoSchedule"}, TAINT)) == (
        '{key: gpu, value: "True", effect: NoSchedule} against the taint gpu=true:NoSchedule\n'
        "  1. yes  effect NoSchedule is the taint's effect\n"
        '  2. yes  key "gpu" is the taint\'s key\n'
        '  3. no  value "True" is not the taint\'s "true" (upper and lower case count); '
        "without an operator, Equal is meant\n"
        "It does not tolerate the taint."
    )


def test_the_page_form_escapes_what_a_learner_wrote() -> None:
    html = match({"key": "<b>", "operator": "Exists"}, TAINT)._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
    assert "not asked" in html


def test_the_data_form_is_plain() -> None:
    assert match({"operator": "Exists"}, TAINT).to_dict()["steps"][0] == {
        "field": "effect",
        "holds": True,
        "reached": True,
        "text": "the toleration names no effect, so it covers every effect",
    }


def test_the_closest_toleration_is_the_one_with_the_taints_key_and_most_steps_that_hold() -> None:
    tolerations = [
        {"key": "team", "operator": "Exists"},
        {"key": "gpu", "value": "no", "effect": "NoExecute"},
        {"key": "GPU", "value": "true", "effect": "NoSchedule"},
    ]
    found = closest(tolerations, TAINT)
    assert found is not None
    assert found[0] == 2
    assert closest(tolerations[:1], TAINT) is None


def test_a_toleration_in_one_line() -> None:
    text = toleration_text({"effect": "NoExecute", "key": "a", "operator": "Exists", "tolerationSeconds": 30})
    assert text == "{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 30}"
