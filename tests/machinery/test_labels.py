"""kubernetes: staging/src/k8s.io/apimachinery/pkg/labels/selector_test.go, pkg/apis/meta/v1/helpers_test.go"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.machinery import labels
from k8scourse.machinery.labels import (
    NOTHING,
    Requirement,
    Selector,
    SelectorError,
    make_requirement,
    parse_selector,
    selector_from,
    selector_from_set,
)

KEY_HINT = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
VALUE_HINT = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("", ""),
        ("x=a,y=b,z=c", "x=a,y=b,z=c"),
        ("z=c,x=a", "x=a,z=c"),
        ("x!=a,y=b", "x!=a,y=b"),
        ("x=", "x="),
        ("x= ,z= ", "x=,z="),
        ("x,!y", "x,!y"),
        ("x>1,y<2", "x>1,y<2"),
        ("x==a", "x==a"),
        ("x in (foo,,baz),y,z notin ()", "x in (,baz,foo),y,z notin ()"),
        ("a in (,)", "a in ()"),
        ("a in (in,notin)", "a in (in,notin)"),
        ("in in (a)", "in in (a)"),
        (" a\t= b ,\n! c", "a=b,!c"),
    ],
)
def test_a_selector_is_read_and_printed_in_order(text: str, printed: str) -> None:
    assert str(parse_selector(text)) == printed
    assert parse_selector(printed) == parse_selector(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a==b==c", "found '==', expected: ',' or 'end of string'"),
        ("a=b c", "found 'c', expected: ',' or 'end of string'"),
        ("!a=b", "found '=', expected: ',' or 'end of string'"),
        ("a,", "found '', expected: identifier after ','"),
        ("=b", "found '=', expected: !, identifier, or 'end of string'"),
        (",a", "found ',', expected: !, identifier, or 'end of string'"),
        ("!", "unable to parse requirement: found '', expected: identifier"),
        ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ("a in b", "unable to parse requirement: found 'b' expected: '('"),
        ("a in", "unable to parse requirement: found '' expected: '('"),
        ("a in (b", "unable to parse requirement: found '', expected: ',' or ')'"),
        ("a in (b,=)", "unable to parse requirement: found '=', expected: ',', or identifier"),
        ("a in (=)", "unable to parse requirement: found '=', expected: ',', ')' or identifier"),
        ("a==!b", "unable to parse requirement: found '!', expected: identifier"),
        ("a?=b", f'unable to parse requirement: <nil>: Invalid value: "a?": {KEY_HINT}'),
        ("a=b?", f'unable to parse requirement: values[0][a]: Invalid value: "b?": {VALUE_HINT}'),
        (
            "a>x",
            'unable to parse requirement: values[0]: Invalid value: "x": '
            "for 'Gt', 'Lt' operators, the value must be an integer",
        ),
    ],
)
def test_a_broken_selector_is_refused_in_kubernetes_words(text: str, message: str) -> None:
    with pytest.raises(SelectorError) as error:
        parse_selector(text)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "matching", "other"),
    [
        ("", {"x": "y"}, None),
        ("x=y", {"x": "y", "z": ""}, {"x": "z"}),
        ("x=", {"x": ""}, {}),
        ("x==y,z=w", {"x": "y", "z": "w"}, {"x": "y"}),
        ("x!=y", {}, {"x": "y"}),
        ("x in (a,b)", {"x": "b"}, {"y": "b"}),
        ("x notin (a,b)", {"x": "c"}, {"x": "a"}),
        ("x", {"x": ""}, {"y": ""}),
        ("!x", {}, {"x": ""}),
        ("x>1", {"x": "2"}, {"x": "1"}),
        ("x<10", {"x": "-3"}, {"x": "ten"}),
        ("x>1", {"x": "+2"}, {"x": "99999999999999999999"}),
    ],
)
def test_a_selector_matches_what_it_says(text: str, matching: dict[str, str], other: dict[str, str] | None) -> None:
    assert parse_selector(text).matches(matching)
    if other is not None:
        assert not parse_selector(text).matches(other)


def test_no_selector_matches_nothing_and_an_empty_one_everything() -> None:
    assert not selector_from(None).matches({"a": "b"})
    assert selector_from(None) == NOTHING
    assert selector_from({}).matches(None)
    assert selector_from({}).empty()
    assert not NOTHING.empty()
    assert NOTHING.matches_nothing()
    assert selector_from_set({}).matches({"a": "b"})


def test_labels_and_expressions_all_have_to_match() -> None:
    selector = selector_from(
        {
            "matchLabels": {"b": "1", "a": "2"},
            "matchExpressions": [
                {"key": "c", "operator": "In", "values": ["z", "y"]},
                {"key": "d", "operator": "Exists"},
            ],
        }
    )
    assert str(selector) == "a=2,b=1,c in (y,z),d"
    assert selector.matches({"a": "2", "b": "1", "c": "z", "d": ""})
    assert not selector.matches({"a": "2", "b": "1", "c": "z"})


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ({"matchExpressions": [{"key": "c", "operator": "in"}]}, '"in" is not a valid label selector operator'),
        (
            {"matchExpressions": [{"key": "c", "operator": "In"}]},
            "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty",
        ),
        (
            {"matchExpressions": [{"key": "c", "operator": "Exists", "values": ["x"]}]},
            'values: Invalid value: ["x"]: values set must be empty for exists and does not exist',
        ),
        (
            {"matchLabels": {"a b": "c d"}},
            f'[key: Invalid value: "a b": {KEY_HINT}, values[0][a b]: Invalid value: "c d": {VALUE_HINT}]',
        ),
    ],
)
def test_a_broken_label_selector_is_refused_in_kubernetes_words(selector: dict[str, Any], message: str) -> None:
    with pytest.raises(SelectorError) as error:
        selector_from(selector)
    assert str(error.value) == message


def test_a_requirement_names_its_path() -> None:
    with pytest.raises(SelectorError, match=r"^spec\.x\.values: Invalid value: null: for 'Gt'"):
        make_requirement("a", "gt", (), "spec.x")
    with pytest.raises(SelectorError, match=r'^operator: Unsupported value: "near": supported values: "in", "notin"'):
        make_requirement("a", "near")


def test_a_selector_tells_the_only_value_of_a_label() -> None:
    selector = parse_selector("a=1,b in (2),c in (3,4),d")
    assert [selector.exact_value(label) for label in "abcde"] == ["1", "2", None, None, None]


def test_selectors_and_labels_print_as_in_kubectl() -> None:
    assert labels.format_selector(None) == "<none>"
    assert labels.format_selector({"matchLabels": {"a": "b"}}) == "a=b"
    assert labels.format_selector({"matchLabels": {"a b": "b"}}) == "<error>"
    assert labels.format_labels({"b": "2", "a": "1"}) == "a=1,b=2"
    assert labels.format_labels(None) == "<none>"


def test_reprs_show_the_text() -> None:
    assert repr(parse_selector("a=b")) == "Selector('a=b')"
    assert repr(NOTHING) == "Selector(nothing)"
    assert repr(Requirement("a", "exists")) == "Requirement('a')"


names = st.sampled_from(["a", "b", "c"])
values = st.sampled_from(["", "x", "y", "z"])
terms = st.one_of(
    st.builds(lambda k, o, v: (k, o, [v]), names, st.sampled_from(["=", "==", "!="]), values),
    st.builds(lambda k, o, v: (k, o, v), names, st.sampled_from(["in", "notin"]), st.lists(values, min_size=1)),
    st.builds(lambda k, o: (k, o, []), names, st.sampled_from(["exists", "!"])),
)


def fulfils(labelled: dict[str, str], term: tuple[str, str, list[str]]) -> bool:
    """The rules of one requirement, read off the documentation."""
    name, operator, wanted = term
    if operator == "exists":
        return name in labelled
    if operator == "!":
        return name not in labelled
    if operator in ("=", "==", "in"):
        return name in labelled and labelled[name] in wanted
    return name not in labelled or labelled[name] not in wanted


@given(st.lists(terms, max_size=4), st.dictionaries(names, values))
def test_a_selector_is_the_conjunction_of_its_terms(
    chosen: list[tuple[str, str, list[str]]], labelled: dict[str, str]
) -> None:
    selector = Selector(make_requirement(*term) for term in chosen)
    assert selector.matches(labelled) == all(fulfils(labelled, term) for term in chosen)
    assert parse_selector(str(selector)).matches(labelled) == selector.matches(labelled)
