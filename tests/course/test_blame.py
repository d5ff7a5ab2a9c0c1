"""Where a mistake is: the missing colon, and the field of a type error."""

from __future__ import annotations

import pytest

from k8scourse.course.blame import line_without_colon, missing_colon, wrong_type
from k8scourse.machinery.yaml import ManifestError, read_documents

TEXT = """\
spec:
  tolerations:
  - key: a
    tolerationSeconds: 5
  - key: b
    tolerationSeconds: 60s
  - key team
  nodeSelector: x
metadata:
  labels:
    a: b
    n: 1
"""


def go(kind: str, field: str, wanted: str) -> str:
    return f"json: cannot unmarshal {kind} into Go struct field {field} of type {wanted}"


@pytest.mark.parametrize(
    ("message", "line", "remedy"),
    [
        (
            go("string", "PodSpec.spec.tolerations", "v1.Toleration"),
            7,
            "a colon is missing after key: write `key: team`",
        ),
        (go("string", "Toleration.spec.tolerations.tolerationSeconds", "int64"), 6, ""),
        (go("string", "PodSpec.spec.nodeSelector", "map[string]string"), 8, ""),
        (go("number", "ObjectMeta.metadata.labels", "string"), 12, ""),
    ],
)
def test_a_type_error_is_at_the_deepest_value_of_that_type(message: str, line: int, remedy: str) -> None:
    assert wrong_type(read_documents(TEXT)[0], message) == (line, remedy)


def test_other_messages_and_fields_that_are_absent_blame_nothing() -> None:
    document = read_documents(TEXT)[0]
    assert wrong_type(document, "unknown field") is None
    assert wrong_type(document, go("string", "PodSpec.spec.hostNetwork", "bool")) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a:\n- key team\n  operator: Exists\n", 2),
        ("a:\n- key: team\n  operator Exists\n", 3),
        ("a:\n- key team  # mine\n\n  # note\n  operator: Exists\n", 2),
        ("a:\n  b c\n  d: e\n", 2),
    ],
)
def test_a_missing_colon_is_found_where_it_is_and_not_where_yaml_notices_it(text: str, line: int) -> None:
    with pytest.raises(ManifestError) as error:
        read_documents(text)
    found = line_without_colon(text, error.value.line, error.value.message)
    assert found is not None and found[0] == line
    assert found[1].startswith("a colon is missing after ")


def test_what_has_its_colons_blames_no_colon() -> None:
    assert line_without_colon("a: b: c\n", 1, "mapping values are not allowed in this context") is None
    assert missing_colon("- key: team") == missing_colon("# a b") == missing_colon("word") == ""
