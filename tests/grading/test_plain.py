"""Texts of strangers, made fit to show, to store and to name files by."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.grading.html import document, element
from k8scourse.grading.plain import canonical_json, digest, file_name, label, no_formula, printable

NAMES = st.text(st.characters(exclude_characters="/\x00"), min_size=1, max_size=30)


@given(NAMES, NAMES)
def test_different_names_stay_different(one: str, other: str) -> None:
    if label(one) != label(other):
        assert file_name(label(one)).lower() != file_name(label(other)).lower()
    assert label(one).isprintable()


@pytest.mark.parametrize(("one", "other"), [("a\x1b", "a\\u{1b}"), ("a\n", "a"), ("a\u200b", "a")])
def test_names_that_look_alike_have_different_labels(one: str, other: str) -> None:
    assert label(one) != label(other)


def test_accents_are_one_sign_or_two_and_the_same_name() -> None:
    assert label("Zoe\u0308") == label("Zo\u00eb") == "Zo\u00eb"


@given(NAMES)
def test_file_names_are_safe_everywhere(name: str) -> None:
    found = file_name(name)
    assert found == found.lower()
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    assert not found.startswith((".", "-")) and not found.endswith(".") and len(found) <= 80


@pytest.mark.parametrize("name", ["..", "../../etc/passwd", "a/b", "CON", "=1+1", "<b>", "ä", "a" * 300, ".hidden"])
def test_strange_names_get_a_hash(name: str) -> None:
    assert file_name(name) != name
    assert "/" not in file_name(name) and ".." not in file_name(name)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "=HYPERLINK(1)", "\n=1"])
def test_no_spreadsheet_takes_a_text_for_a_formula(text: str) -> None:
    assert no_formula(text) == f"'{text}"


def test_ordinary_texts_stay_as_they_are() -> None:
    assert [no_formula(text) for text in ("", "a=b", "1+1", "Ada")] == ["", "a=b", "1+1", "Ada"]


@given(st.text())
def test_printable_texts_survive_csv_and_html(text: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerow([printable(text)])
    assert next(csv.reader(io.StringIO(stream.getvalue(), newline=""))) in ([printable(text)], [])
    assert "<b>" not in element("p", text, title=text)


def test_html_is_escaped_unless_it_is_html() -> None:
    inner = element("b", "<i>&\"'")
    assert element("p", inner, "<", None, 3, [inner]) == f"<p>{inner}&lt;3{inner}</p>"
    assert inner == "<b>&lt;i&gt;&amp;&quot;&#x27;</b>"
    assert element("a", "x", href='"><script>', class_="c") == '<a href="&quot;&gt;&lt;script&gt;" class="c">x</a>'
    assert "<title>&lt;/title&gt;" in document("</title>", "")


def test_canonical_json_has_one_form() -> None:
    assert canonical_json({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"\\u00e9"]}'
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    with pytest.raises(ValueError, match="Out of range"):
        canonical_json(float("nan"))
