"""kubernetes: staging/src/k8s.io/apimachinery/pkg/fields/selector_test.go"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.machinery.field_selectors import (
    FieldRequirement,
    FieldSelector,
    parse_field_selector,
)
from k8scourse.machinery.selector_syntax import SelectorError


def test_a_field_selector_is_read_sorted() -> None:
    selector = parse_field_selector("status.phase!=Running,spec.nodeName==n1,")
    assert selector.requirements == (("spec.nodeName", "=", "n1"), ("status.phase", "!=", "Running"))
    assert str(selector) == "spec.nodeName=n1,status.phase!=Running"
    assert selector.exact_value("spec.nodeName") == "n1"
    assert selector.exact_value("status.phase") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "invalid selector: 'x'; can't understand 'x'"),
        ("a=1,x", "invalid selector: 'a=1,x'; can't understand 'x'"),
        ("a=b=c", "invalid field selector: unescaped character in value: 61"),
        ("a=b\\x", "invalid field selector: invalid escape sequence: \\x"),
        ("a=b\\", "invalid field selector: invalid escape sequence: \\"),
    ],
)
def test_a_broken_field_selector_is_refused_in_kubernetes_words(text: str, message: str) -> None:
    with pytest.raises(SelectorError) as error:
        parse_field_selector(text)
    assert str(error.value) == message


def test_an_absent_field_is_empty() -> None:
    selector = parse_field_selector("a=,b!=x")
    assert selector.matches({})
    assert not selector.matches({"b": "x"})
    assert not selector.matches({"a": "1"})
    assert parse_field_selector("").empty()


@given(st.lists(st.tuples(st.sampled_from(["a", "b.c"]), st.sampled_from(["=", "!="]), st.text()), max_size=3))
def test_a_printed_field_selector_is_read_back(terms: list[tuple[str, str, str]]) -> None:
    selector = FieldSelector(FieldRequirement(*term) for term in terms)
    assert sorted(parse_field_selector(str(selector)).requirements) == sorted(selector.requirements)
    assert repr(selector) == f"FieldSelector({str(selector)!r})"
