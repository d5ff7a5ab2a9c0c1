"""kubernetes: staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors_test.go"""

import pytest

from k8scourse.machinery import field
from k8scourse.machinery.go_format import Struct


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (field.required("f", "d"), "f: Required value: d"),
        (field.required("f"), "f: Required value"),
        (field.invalid("f", "v", "d"), 'f: Invalid value: "v": d'),
        (field.invalid("f", 'a"b\n', "d"), 'f: Invalid value: "a\\"b\\n": d'),
        (field.invalid("f", 5, "d"), "f: Invalid value: 5: d"),
        (field.invalid("f", 0.5, "d"), "f: Invalid value: 0.5: d"),
        (field.invalid("f", True, "d"), "f: Invalid value: true: d"),
        (field.invalid("f", None, "d"), "f: Invalid value: null: d"),
        (field.invalid("f", {"b": "<", "a": [1]}, "d"), 'f: Invalid value: {"a":[1],"b":"\\u003c"}: d'),
        (field.invalid("f", Struct(Key="k", Effect=""), "d"), 'f: Invalid value: {"Key":"k","Effect":""}: d'),
        (field.type_invalid("f", "v", "d"), 'f: Invalid value: "v": d'),
        (field.not_supported("f", "v", ["B", "A"]), 'f: Unsupported value: "v": supported values: "B", "A"'),
        (field.not_supported("f", "v", []), 'f: Unsupported value: "v"'),
        (field.duplicate("f", "v"), 'f: Duplicate value: "v"'),
        (field.not_found("f", "v"), 'f: Not found: "v"'),
        (field.forbidden("f", "d"), "f: Forbidden: d"),
        (field.too_long("f", "x" * 99, 63), "f: Too long: may not be more than 63 bytes"),
        (field.too_long("f", "xx", 1), "f: Too long: may not be more than 1 byte"),
        (field.too_long("f", "xx", -1), "f: Too long: value is too long"),
        (field.too_long_characters("f", "xx", 1), "f: Too long: may not be more than 1 character"),
        (field.too_short("f", "", 2), "f: Too short: must be at least 2 characters"),
        (field.too_many("f", 3, 1), "f: Too many: 3: must have at most 1 item"),
        (field.too_many("f", -1, 2), "f: Too many: must have at most 2 items"),
        (field.too_few("f", 0, 1), "f: Too few: 0: must have at least 1 item"),
        (field.internal("f", "boom"), "f: Internal error: boom"),
    ],
)
def test_a_field_error_reads_as_in_kubernetes(error: field.FieldError, text: str) -> None:
    assert str(error) == text


def test_a_cause_carries_type_body_and_path() -> None:
    cause = field.invalid("spec.x", 1, "bad").cause()
    assert cause == {"reason": "FieldValueInvalid", "message": "Invalid value: 1: bad", "field": "spec.x"}


def test_a_cause_without_path_has_no_field() -> None:
    assert "field" not in field.required("").cause()


def test_the_aggregate_lists_each_error_once() -> None:
    first, second = field.required("a"), field.required("b")
    assert field.aggregate([]) == ""
    assert field.aggregate([first, first]) == "a: Required value"
    assert field.aggregate([first, second, first]) == "[a: Required value, b: Required value]"


def test_the_key_of_a_map_stands_in_brackets() -> None:
    assert field.key("metadata.labels", "a/b") == "metadata.labels[a/b]"
