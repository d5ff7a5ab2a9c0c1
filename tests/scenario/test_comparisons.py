"""Values and comparisons (scenario.md, "Values" and section 6, "Objects")."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.machinery.fieldpath import MISSING
from k8scourse.scenario.comparisons import COMPARISONS, holds
from k8scourse.scenario.grammar import schema
from k8scourse.scenario.values import same, show, whole_number

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("comparison", "wanted", "found", "verdict"),
    [
        ("equals", {"a": [1]}, {"a": [1]}, True),
        ("equals", {"a": 1}, {"a": 1, "b": 2}, False),
        ("equals", 1, True, False),
        ("equals", "1", 1, False),
        ("equals", 1, 1.0, True),
        ("equals", [{"a": 1}], [{"a": True}], False),
        ("not_equals", 1, 2, True),
        ("not_equals", 1, MISSING, True),
        ("one_of", ["a", "b"], "b", True),
        ("one_of", ["a", "b"], "c", False),
        ("contains", "b", "abc", True),
        ("contains", "b", ["b"], False),
        ("contains", "b", MISSING, False),
        ("matches", "[a-c]+", "abc", True),
        ("matches", "[a-c]+", "abcd", False),
        ("matches", "[0-9]+", 42, True),
        ("includes", "a", ["a", "b"], True),
        ("includes", {"type": "Ready"}, [{"type": "Ready", "status": "True"}], True),
        ("includes", {"type": "Ready", "status": "False"}, [{"type": "Ready", "status": "True"}], False),
        ("includes", "a", MISSING, False),
        ("excludes", "a", ["b"], True),
        ("excludes", {"type": "Ready"}, [{"type": "Ready", "status": "True"}], False),
        ("excludes", "a", MISSING, True),
        ("greater_than", 5, 6, True),
        ("greater_than", "9", "10", True),
        ("greater_than", 5, 5, False),
        ("greater_than", 5, "five", False),
        ("absent", True, MISSING, True),
        ("absent", True, None, True),
        ("absent", True, [], True),
        ("absent", True, {}, True),
        ("absent", True, 0, False),
        ("absent", True, "", False),
        ("absent", True, False, False),
    ],
)
def test_a_comparison_holds_or_not(comparison, wanted, found, verdict):
    assert holds({"path": "a", comparison: wanted}, found) is verdict


def test_a_pattern_that_is_none_is_an_error():
    with pytest.raises(ValueError, match=r"'\(' is no regular expression"):
        holds({"matches": "("}, "a")


def test_the_comparisons_are_those_of_the_grammar():
    field = schema()["$defs"]["expectation"]["properties"]["field"]
    assert set(COMPARISONS) == {branch["required"][0] for branch in field["allOf"][1]["oneOf"]}


@given(JSON)
def test_a_value_equals_itself_and_never_a_list_of_it(value):
    assert same(value, value)
    assert not same(value, [value])


@given(st.integers())
def test_a_whole_number_may_be_a_text(number):
    assert whole_number(number) == whole_number(str(number)) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"pod": "p", "node": ["n1", 2]}, "{pod: p, node: [n1, 2]}"),
        ("true", '"true"'),
        ("a: b", '"a: b"'),
        ("", '""'),
        (None, "null"),
        (MISSING, "nothing"),
        ("*", '"*"'),
    ],
)
def test_a_value_is_shown_as_a_reader_would_take_it_back(value, text):
    assert show(value) == text
