"""Texts and values here were produced by kubectl itself (`apply --dry-run=client`, `annotate --local -o yaml`)."""

import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.machinery import yaml_composer
from k8scourse.machinery.yaml import MAX_CHARACTERS, ManifestError, Position, dump_yaml, read_documents


def read(text: str) -> Any:
    (document,) = read_documents(text, "f.yaml")
    return document.value


def error_of(text: str) -> ManifestError:
    with pytest.raises(ManifestError) as caught:
        read_documents(text, "f.yaml")
    return caught.value


@pytest.mark.parametrize(
    ("word", "value"),
    [
        *[(word, True) for word in ("y", "Y", "yes", "on", "On", "true", "TRUE")],
        *[(word, False) for word in ("n", "N", "no", "off", "OFF", "false")],
        *[(word, None) for word in ("~", "null", "Null")],
        ("1e3", 1000),
        ("0o17", 15),
        ("017", 15),
        ("0x1F", 31),
        ("-0x1f", -31),
        ("0b11", 3),
        ("-0b11", -3),
        ("1_000", 1000),
        ("0_7", 7),
        ("08", 8),
        ("0_8", 8),
        ("1.", 1),
        (".5", 0.5),
        (".1e5", 10000),
        ("1e-7", 1e-7),
        ("1e21", 1e21),
        ("18446744073709551615", 1.8446744073709552e19),
        ("9223372036854775807", 9223372036854775807),
        ("123456789012345678901234567890", 1.2345678901234568e29),
        *[
            (text, text)
            for text in ("12:30", "2001-01-01", "2001-1-1 10:00:00", "=", "0x", "0b2", "0o9", "_1", "+.inf2", "1e400")
        ],
        ('"yes"', "yes"),
        ("'1'", "1"),
        ("!!str 3", "3"),
        ("!!float 3", 3),
        ("!!binary aGVsbG8=", "hello"),
        ("!foo 3", "3"),
        ("b#c", "b#c"),
        ("b #c", "b"),
    ],
)
def test_words_resolve_as_kubectl_resolves_them(word: str, value: Any) -> None:
    found = read(f"a: {word}\n")["a"]
    assert found == value
    assert type(found) is type(value)


def test_field_names_become_text_as_json_needs() -> None:
    assert read("1: a\ny: b\n1.5: c\n.inf: d\n1e10: e\n") == {
        "1": "a",
        "true": "b",
        "1.5": "c",
        ".inf": "d",
        "1e+10": "e",
    }


def test_the_last_of_two_equal_fields_wins() -> None:
    assert read("a: 1\na: 2\n") == {"a": 2}


def test_merge_keys_override_what_stands_before_them_as_in_go_yaml_2() -> None:
    text = "base: &b {k: 1, l: 2}\none: {k: 9, <<: *b}\ntwo: {<<: *b, k: 9}\nthree: {<<: [*b, {k: 5, m: 6}]}\n"
    value = read(text)
    assert value["one"] == {"k": 1, "l": 2}
    assert value["two"] == {"k": 9, "l": 2}
    assert value["three"] == {"k": 1, "l": 2, "m": 6}
    assert read('"<<": 1\n') == {"<<": 1}


@pytest.mark.parametrize(
    ("text", "kubectl_text"),
    [
        ("a: b: c", "error converting YAML to JSON: yaml: mapping values are not allowed in this context"),
        ("a: 1\n b: 2", "error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context"),
        ("a: [1", "error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'"),
        (
            "a: b\n\tc: d",
            "error converting YAML to JSON: yaml: line 2: found a tab character that violates indentation",
        ),
        ("key: value\nbad line\nother: x", "error converting YAML to JSON: yaml: line 3: could not find expected ':'"),
        ("- a\nb: c", "error converting YAML to JSON: yaml: line 1: did not find expected '-' indicator"),
        ("a: b\n- c", "error converting YAML to JSON: yaml: line 1: did not find expected key"),
        ('a: "x\n', "error converting YAML to JSON: yaml: line 2: found unexpected end of stream"),
        ("a: @x", "error converting YAML to JSON: yaml: found character that cannot start any token"),
        ("a: \x01", "error converting YAML to JSON: yaml: control characters are not allowed"),
        ("a: *x", "error converting YAML to JSON: yaml: unknown anchor 'x' referenced"),
        ("a: &a [*a]", "error converting YAML to JSON: yaml: anchor 'a' value contains itself"),
        ("? [a]\n: b", 'error converting YAML to JSON: yaml: invalid map key: []interface {}{"a"}'),
        ("<<: 3", "error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value"),
        ("a: !!int x", "error converting YAML to JSON: yaml: cannot decode !!str `x` as a !!int"),
        ("a: !!binary zz", "error converting YAML to JSON: yaml: !!binary value contains invalid base64 data"),
        ("a: .inf", "error converting YAML to JSON: json: unsupported value: +Inf"),
        ("~: x", 'error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: <nil>, value: "x"'),
        ("--- x\na: b", "invalid Yaml document separator: x"),
        ('{"a": 1', "unexpected EOF"),
        ('{"a" 1}', "json: offset 6: invalid character '1' after object key"),
        ('{"a": [1 "2"}', "json: offset 10: invalid character '\"' after array element"),
    ],
)
def test_errors_read_as_kubectl_words_them(text: str, kubectl_text: str) -> None:
    assert error_of(text).kubectl_text == kubectl_text


def test_kubectl_counts_lines_from_the_separator_and_we_from_the_top() -> None:
    error = error_of("a: 1\n---\nb: 2\nc: d: e\n")
    assert error.kubectl_text.endswith("yaml: line 2: mapping values are not allowed in this context")
    assert (error.line, error.column) == (4, 5)
    assert str(error) == (
        "f.yaml:4:5: mapping values are not allowed in this context "
        "(indent fields of one level alike, and quote a text that contains ': ')"
    )
    assert error_of("---\na: b\nc: d: e").kubectl_text.endswith(
        "line 3: mapping values are not allowed in this context"
    )


def test_a_text_holds_several_documents_and_empty_ones_are_left_out() -> None:
    documents = read_documents("---\n# nothing\n---\na: 1\n--- # second\n\nb: 2\n...\nc: [\n---\n", "f.yaml")
    assert [(document.value, document.line) for document in documents] == [({"a": 1}, 4), ({"b": 2}, 7)]
    assert read_documents("") == []


def test_json_is_read_object_after_object_and_with_yamls_leniency() -> None:
    documents = read_documents('{"a": "\\ud83d\\ude00"}\n{"b": 2.0,\n "c": 1e400}\n'.replace("1e400", "1.5"))
    assert [document.value for document in documents] == [{"a": "😀"}, {"b": 2, "c": 1.5}]
    assert documents[1].positions.key(("c",)) == Position(3, 2)
    assert read('{"a": 1,}') == {"a": 1}
    assert [document.value for document in read_documents('{"a":1}\n---\nb: 2\n')] == [{"a": 1}, {"b": 2}]


def test_positions_point_at_field_names_and_values() -> None:
    text = "# head\nspec:\n  tolerations:\n  - key: gpu\n    effect: NoSchedule\n  x: [a, {b: c}]\n"
    positions = read_documents(text)[0].positions
    assert positions.key(("spec", "tolerations", 0, "effect")) == Position(5, 5)
    assert positions.value(("spec", "tolerations", 0, "effect")) == Position(5, 13)
    assert positions.key(("spec", "tolerations", 0)) == Position(4, 5)
    assert positions.value(("spec", "x", 1, "b")) == Position(6, 14)
    assert positions.value(("spec", "nothing")) is None
    assert positions.key(("spec", "tolerations", 7)) is None
    assert positions.nearest(("spec", "tolerations", 0, "operator")) == Position(4, 5)
    assert positions.nearest(()) == Position(2, 1)


def test_positions_reach_through_aliases_and_merges() -> None:
    positions = read_documents("a: &a\n  b: 1\nc: *a\nd:\n  <<: *a\n")[0].positions
    assert positions.value(("c",)) == Position(3, 4)
    assert positions.key(("c", "b")) == Position(2, 3)
    assert positions.key(("d", "b")) == Position(2, 3)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 10_000, "exceeded max depth of 200"),
        ("- " * 10_000, "exceeded max depth of 200"),
        ('{"a":' * 10_000, "exceeded max depth of 200"),
        (BOMB, "document contains excessive aliasing"),
        ("x" * (MAX_CHARACTERS + 1), f"text has {MAX_CHARACTERS + 1} characters, more than {MAX_CHARACTERS}"),
        ("a: \ud800", "invalid Unicode character"),
    ],
    ids=["flow", "block", "json", "aliases", "size", "surrogate"],
)
def test_hostile_text_ends_in_one_clear_error_at_once(text: str, message: str) -> None:
    start = time.perf_counter()
    error = error_of(text)
    assert error.message == message
    assert time.perf_counter() - start < 0.5


def test_yaml_prints_as_kubectl_prints_it() -> None:
    annotations = {
        "": "empty",
        "9": "x",
        "10": "x",
        "a b": "x",
        "a/b": "c",
        "a10": "very long text that goes on and on and on and on and on and on and on and on and on",
        "a2": "y",
        "a3": "1e3",
        "a4": "12:30",
        "a5": "2001-01-01",
        "a6": " lead",
        "a7": "multi\nline",
        "a8": "multi\nline\n\n",
        "a9": " multi\nline",
        "b1": "trail \nx",
        "b2": "tab\there",
        "b4": "",
        "b5": "null",
        "b8": "it's: x",
        "c1": "=",
        "c3": "\n",
        "d6": "x\r\ny",
        "d7": "é😀",
        "multi\nline": "key",
        "true": "1",
        "v": "v" * 129,
        "w" * 129: "long",
    }
    assert dump_yaml({"metadata": {"annotations": annotations}}) == (
        "metadata:\n  annotations:\n"
        '    "": empty\n    "9": x\n    "10": x\n    a b: x\n    a/b: c\n'
        '    a2: "y"\n    a3: "1e3"\n    a4: "12:30"\n    a5: "2001-01-01"\n    a6: \' lead\'\n'
        "    a7: |-\n      multi\n      line\n    a8: |+\n      multi\n      line\n\n"
        "    a9: |2-\n       multi\n      line\n"
        "    a10: very long text that goes on and on and on and on and on and on and on and\n      on and on\n"
        '    b1: "trail \\nx"\n    b2: "tab\\there"\n    b4: ""\n    b5: "null"\n    b8: \'it\'\'s: x\'\n    c1: =\n'
        '    c3: |2+\n\n    d6: "x\\r\\ny"\n    d7: "é\\U0001F600"\n'
        '    ? |-\n      multi\n      line\n    : key\n    "true": "1"\n'
        f"    v: {'v' * 129}\n    ? {'w' * 129}\n    : long\n"
    )


def test_lists_stand_under_their_field_without_more_indentation() -> None:
    value = {"nested": [[{"a": 1, "b": ["x"]}, []], {}, [[["q"]]]], "n": None, "f": 1234567.5, "g": 2.0, "h": 1e-5}
    assert dump_yaml(value) == (
        'f: 1.2345675e+06\ng: 2\nh: 1e-05\n"n": null\nnested:\n- - a: 1\n    b:\n    - x\n  - []\n- {}\n- - - - q\n'
    )
    assert dump_yaml([]) == "[]\n"
    assert dump_yaml("y") == '"y"\n'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_what_is_printed_reads_back_the_same(value: Any) -> None:
    documents = read_documents(dump_yaml(["first", value]))
    assert documents[0].value == ["first", value]


@pytest.mark.parametrize("text", ["a: b: c", "a: b\n\tc: d", "a: [1", "- a\nb: c", "a: b\n- c", "a: @x", 'a: "\\q"'])
def test_pyyamls_own_parser_leads_to_the_same_errors_as_the_c_one(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a browser there is no C parser."""
    fast = error_of(text)
    monkeypatch.setattr(yaml_composer, "_PARSER", yaml.SafeLoader)
    slow = error_of(text)
    assert (slow.kubectl_text, slow.line, slow.remedy) == (fast.kubectl_text, fast.line, fast.remedy)


def test_a_notebook_shows_one_line_and_no_traceback() -> None:
    with pytest.raises(ManifestError) as caught:
        read_documents("a: [1", "x.yaml")
    assert caught.value._render_traceback_() == [str(caught.value)]
