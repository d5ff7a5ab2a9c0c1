"""Go: strconv/quote_test.go, fmt/fmt_test.go, encoding/json/encode_test.go"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.machinery.go_format import Struct, go_float, go_json, go_quote, go_quote_list, go_value

json_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(min_value=-1e15, max_value=1e15) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("web", '"web"'),
        ("\a\b\f\r\n\t\v", r'"\a\b\f\r\n\t\v"'),
        ('"\\', r'"\"\\"'),
        ("\x00\x7f", r'"\x00\x7f"'),
        ("abc\u00a0é☺", r'"abc\u00a0é☺"'),
        ("\U0010ffff", r'"\U0010ffff"'),
    ],
)
def test_a_string_is_quoted_as_by_strconv(text: str, quoted: str) -> None:
    assert go_quote(text) == quoted


@pytest.mark.parametrize(
    ("value", "plain", "as_json"),
    [
        (0.0, "0", "0"),
        (1.0, "1", "1"),
        (0.1, "0.1", "0.1"),
        (-2.5, "-2.5", "-2.5"),
        (100000.0, "100000", "100000"),
        (1e6, "1e+06", "1000000"),
        (123456789.0, "1.23456789e+08", "123456789"),
        (1e20, "1e+20", "100000000000000000000"),
        (1e21, "1e+21", "1e+21"),
        (1e-5, "1e-05", "0.00001"),
        (1e-7, "1e-07", "1e-7"),
        (1.5e-10, "1.5e-10", "1.5e-10"),
    ],
)
def test_floats_print_as_by_fmt_and_json(value: float, plain: str, as_json: str) -> None:
    assert go_float(value) == plain
    assert go_json(value) == as_json


def test_values_print_as_by_fmt() -> None:
    assert [go_value(value) for value in (None, True, 3, 0.5, "a b")] == ["<nil>", "true", "3", "0.5", "a b"]
    assert go_value({"b": [1, "x"], "a": {"c": None}}) == "map[a:map[c:<nil>] b:[1 x]]"
    assert go_quote_list(["a", "b"]) == '["a" "b"]'


def test_json_sorts_maps_and_keeps_the_order_of_structs() -> None:
    assert go_json({"b": 1, "a": [None, True]}) == '{"a":[null,true],"b":1}'
    assert go_json(Struct(b=1, a=2)) == '{"b":1,"a":2}'


def test_json_escapes_html_unless_told_otherwise() -> None:
    assert go_json("<a&b>\u2028\x01\n") == r'"\u003ca\u0026b\u003e\u2028\u0001\n"'
    assert go_json("<a&b>", escape_html=False) == '"<a&b>"'


def test_json_refuses_what_it_lacks() -> None:
    with pytest.raises(TypeError, match="unsupported type: set"):
        go_json({1})
    with pytest.raises(TypeError, match=r"unsupported value: \+Inf"):
        go_json(float("inf"))


@given(json_values)
def test_json_can_be_read_back(value: Any) -> None:
    assert json.loads(go_json(value)) == value
