"""JSON texts keep repeated keys and the spelling of numbers."""

from __future__ import annotations

import json

import pytest

from k8scourse.machinery.json_body import NumberLiteral, RepeatedKeys, parse_json


def test_plain_objects_are_plain_dicts() -> None:
    value = parse_json('{"a": {"b": [1, true, null]}}')
    assert value == {"a": {"b": [1, True, None]}}
    assert type(value) is dict and type(value["a"]) is dict


def test_repeated_keys_are_kept_in_document_order() -> None:
    value = parse_json('{"a": 1, "b": 2, "a": 3}')
    assert isinstance(value, RepeatedKeys)
    assert value == {"a": 3, "b": 2} and value.pairs == (("a", 1), ("b", 2), ("a", 3))


def test_numbers_that_are_no_integers_keep_their_spelling() -> None:
    value = parse_json("[1.50, 1e2, 7]")
    assert [getattr(n, "literal", n) for n in value] == ["1.50", "1e2", 7]
    assert isinstance(value[0], NumberLiteral) and value[0] == 1.5


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "{", "{'a': 1}"])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        parse_json(text)
