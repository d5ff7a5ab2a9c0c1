"""Where a refused field should stand. Which texts are refused, and where: libyaml, as go-yaml has it."""

import pytest

from k8scourse.machinery.yaml import ManifestError, read_documents


def remedy(text: str) -> str:
    with pytest.raises(ManifestError) as caught:
        read_documents(text)
    return caught.value.remedy


ITEM = "x:\n{dash}- key: gpu\n{dash}  operator: Exists\n{bad}effect: No\n"


@pytest.mark.parametrize(("dash", "bad"), [("", 1), ("", 3), ("    ", 4), ("    ", 5), ("    ", 7), ("    ", 9)])
def test_a_field_beside_its_siblings_belongs_under_them(dash: str, bad: int) -> None:
    text = ITEM.format(dash=dash, bad=" " * bad)
    assert remedy(text) == f"indent `effect` like the field above it (column {len(dash) + 3})"


def test_of_the_fields_above_the_one_with_the_nearest_column_is_named() -> None:
    deep = "x:\n    r:\n        cpu: 1\n     i: 3\n"
    assert remedy(deep) == "indent `i` like `r` above it (column 5)"


def test_lines_of_an_earlier_document_are_no_example() -> None:
    assert remedy("a:\n        b: 1\n---\nc:\n  d: 1\n e: 2\n").endswith("like the field above it (column 3)")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x:\n    - a\n  - b\n", "give every field of one level the same indentation"),
        ("- a\nb: c\n", "give every '- ' of one list the same indentation"),
        ("x: 1\na: b: c\n", "indent fields of one level alike, and quote a text that contains ': '"),
        ("a: [1\n", "close the list with ]"),
    ],
)
def test_other_mistakes_keep_their_own_advice(text: str, told: str) -> None:
    assert remedy(text) == told
