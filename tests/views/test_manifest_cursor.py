import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.views.manifest_cursor import ITEM, cursor_at, field_at


def at_mark(text: str, mark: str = "|"):
    before = text[: text.index(mark)]
    return cursor_at(text.replace(mark, "", 1), before.count("\n") + 1, len(before) - before.rfind("\n"))


POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n"


@pytest.mark.parametrize(
    ("text", "path", "mode", "word"),
    [
        ("apiV|", (), "key", "apiV"),
        ("kind: Po|", ("kind",), "value", "Po"),
        (POD + "  rest|", ("spec",), "key", "rest"),
        (POD + "  tolerations:\n  - |", ("spec", "tolerations", ITEM), "key", ""),
        (POD + "  tolerations:\n    - key: gpu\n      eff|", ("spec", "tolerations", ITEM), "key", "eff"),
        (POD + "  tolerations:\n  - key: gpu\n    effect: No|", ("spec", "tolerations", ITEM, "effect"), "value", "No"),
        (POD + "  containers:\n  - ports:\n    - cont|", ("spec", "containers", ITEM, "ports", ITEM), "key", "cont"),
        (POD + "  containers:\n  - name: a\n    image: b\n  restart|", ("spec",), "key", "restart"),
        (POD + "  # a comment\n\n  host|", ("spec",), "key", "host"),
        (POD + "  tolerations: [{key: gpu, op|", ("spec", "tolerations", ITEM), "key", "op"),
        (POD + "  tolerations: [{key: a}, {effect: No|", ("spec", "tolerations", ITEM, "effect"), "value", "No"),
        (POD + "  tolerations:\n  - {key: gpu, oper|", ("spec", "tolerations", ITEM), "key", "oper"),
        ("a: 1\n---\n" + POD + "  no|", ("spec",), "key", "no"),
    ],
)  # fmt: skip
def test_the_path_to_the_cursor_follows_indentation_and_brackets(
    text: str, path: tuple[str, ...], mode: str, word: str
) -> None:
    cursor = at_mark(text)
    assert (cursor.path, cursor.mode, cursor.word) == (path, mode, word)


def test_kind_and_version_are_those_of_the_cursors_own_document() -> None:
    cursor = at_mark("apiVersion: v1\nkind: Pod\n---\napiVersion: apps/v1\nkind: Deployment\nsp|\n---\nkind: Job\n")
    assert (cursor.api_version, cursor.kind) == ("apps/v1", "Deployment")


def test_names_already_given_are_known_above_and_below_the_cursor() -> None:
    cursor = at_mark(POD + "  tolerations:\n  - key: a\n    |\n    value: b\n  - effect: c\n")
    assert cursor.siblings == {"key", "value"}


def test_a_list_may_stand_at_the_indentation_of_its_field() -> None:
    wide = at_mark(POD + "  tolerations:\n    - key: a\n      |")
    flat = at_mark(POD + "  tolerations:\n  - key: a\n    |")
    assert wide.path == flat.path == ("spec", "tolerations", ITEM)


@pytest.mark.parametrize("column", [5, 6, 8])
def test_help_is_about_the_field_whose_name_the_cursor_touches(column: int) -> None:
    text = POD + "  tolerations:\n  - key: gpu\n"
    assert field_at(text, 7, column).path == ("spec", "tolerations", ITEM, "key")


@given(st.text(alphabet="ab: -[]{},\n#'\"|", max_size=60), st.data())
def test_no_half_typed_text_is_too_strange(text: str, data: st.DataObject) -> None:
    lines = text.split("\n")
    line = data.draw(st.integers(1, len(lines)))
    column = data.draw(st.integers(1, len(lines[line - 1]) + 1))
    cursor_at(text, line, column)
    field_at(text, line, column)
