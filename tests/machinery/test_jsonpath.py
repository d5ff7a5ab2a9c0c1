"""Expected texts were printed by kubectl (`annotate --local -o jsonpath=...`); rules: client-go, util/jsonpath."""

from typing import Any

import pytest

from k8scourse.machinery import jsonpath, jsonpath_parser

OBJECT: dict[str, Any] = {
    "kind": "Foo",
    "metadata": {"name": "x", "labels": {"a": "b", "a.b/c": "d"}},
    "spec": {
        "n": 1.5,
        "big": 1e7,
        "t": True,
        "z": None,
        "l": [{"a": 1, "b": "x"}, {"a": 2, "b": "y", "c": {"d": [1, 2]}}, {"b": "z)"}],
        "e": [],
        "q": "<a>",
        "nums": [1, 2, 3, 4, 5],
        "m": {"x": {"v": 1}, "y": {"v": 2}},
    },
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("name: {.metadata.name}", "name: x"),
        ("{.metadata.labels}", '{"a":"b","a.b/c":"d"}'),
        ("{.spec.n} {.spec.t} {.spec.z} {.spec.big}", "1.5 true null 1e+07"),
        ("{.spec.q}{['kind']}", "<a>Foo"),
        ("{.spec.l[*].a}", "1 2"),
        ("{.spec.l[-1].b}", "z)"),
        ("{.spec.nums[::2]}", "1 3 5"),
        ("{.spec.nums[1:-1]}", "2 3 4"),
        ("{.spec.nums[-2:]}", "4 5"),
        ("{.spec.nums[0,2]}", "1 3"),
        ("{.spec.e[*]}", ""),
        ('{range .spec.l[*]}{.b}{"\\t"}{.a}{"\\n"}{end}', "x\t1\ny\t2\nz)\t\n"),
        ("{range .spec.l[*]}[{range .c.d[*]}{@},{end}]{end}!", "[][1,2,][]!"),
        ("{range .spec.e[*]}a{end}b", "b"),
        ('{.spec.l[?(@.b=="y")].c.d[1]}', "2"),
        ("{.spec.l[?(@.b=='z)')].b}", "z)"),
        ("{.spec.l[?(@.a)].b}", "x y"),
        ("{.spec.l[?(@.a>1)].b}", "y"),
        ("{.spec.nums[?(@ >= 4)]}", "4 5"),
        ("{.spec.m.*.v}", "1 2"),
        ("{..v}", "1 2"),
        ("{.metadata.labels['a\\.b/c']}{.metadata.labels.a\\.b/c}", "dd"),
        ("{'it\\'s'}{\"\\u00e9\\x41\\101\"}", "it'séAA"),
        ("{true}{+1}{-2.5}", "true1-2.5"),
        ("{.kind.x}{.spec.z.x}", ""),
        ("kind}", "kind}"),
    ],
)
def test_templates_print_as_kubectl_prints_them(template: str, text: str) -> None:
    assert jsonpath.compile(template).allowing_missing_keys().execute(OBJECT) == text


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{.nothing}", "nothing is not found"),
        ("{.metadata[0]}", "map[string]interface {} is not array or slice"),
        ("{.kind[0]}", "string is not array or slice"),
        ("{.spec.nums[7]}", "array index out of bounds: index 7, length 5"),
        ("{.spec.nums[2:1]}", "starting index 2 is greater than ending index 1"),
        ("{.spec.nums[::0]}", "step must be > 0"),
        ('{.spec.l[?(@.a=="1")]}', "incompatible types for comparison"),
        ('{.metadata.labels[?(@.a=="b")]}', "map[a:b a.b/c:d] is not array or slice and cannot be filtered"),
        ("{foo}", "unrecognized identifier foo"),
        ("{end}", "not in range, nothing to end"),
    ],
)
def test_templates_that_do_not_fit_the_object_say_so(template: str, message: str) -> None:
    with pytest.raises(jsonpath.JSONPathError) as caught:
        jsonpath.compile(template).execute(OBJECT)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{", "unclosed action"),
        ("{[", "unterminated array"),
        ('{"a', "unterminated quoted string"),
        ("{!", "unrecognized character in action: U+0021 '!'"),
        ("{[a]}", "invalid array index a"),
        ("{.x[?(@.a)", "unclosed array expect ]"),
        ("{.x[?(@.a", "unterminated filter"),
        ("{1.2.3}", "cannot parse number 1.2.3"),
        ("{....}", "invalid multiple recursive descent"),
        ('{"\\q"}', 'unquote string "\\q" error invalid syntax'),
        ("{.spec.nums[-]}", "array index - is not a number"),
    ],
)
def test_templates_that_do_not_parse_give_client_gos_text(template: str, message: str) -> None:
    with pytest.raises(jsonpath.JSONPathError) as caught:
        jsonpath.compile(template)
    assert str(caught.value) == message
    assert jsonpath_parser.parse_error(template, caught.value) == f"error parsing jsonpath {template}, {message}"


@pytest.mark.parametrize("expression", ["metadata.name", ".metadata.name", "{metadata.name}", "{.metadata.name}"])
def test_relaxed_paths_need_neither_braces_nor_dot(expression: str) -> None:
    assert jsonpath.relaxed(expression).values(OBJECT) == ["x"]


def test_relaxed_paths_with_stray_braces_are_refused() -> None:
    with pytest.raises(jsonpath.JSONPathError, match="unexpected path string"):
        jsonpath.relaxed("{.a}{.b}")


def test_the_failure_of_a_template_shows_template_and_object_as_kubectl_does() -> None:
    path = jsonpath.compile("{.a[0]}")
    obj = {"a": {"b": None, "c": [1, "x"]}}
    with pytest.raises(jsonpath.JSONPathError) as caught:
        path.execute(obj)
    assert path.debug_text(caught.value, obj) == (
        'error executing jsonpath "{.a[0]}": Error executing template: map[string]interface {} is not array or slice. '
        "Printing more information for debugging the template:\n\ttemplate was:\n\t\t{.a[0]}\n"
        '\tobject given to jsonpath engine was:\n\t\tmap[string]interface {}{"a":map[string]interface {}'
        '{"b":interface {}(nil), "c":[]interface {}{1, "x"}}}\n\n\n'
    )


def test_deeply_nested_templates_and_objects_are_safe() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = {"a": deep}
    assert len(jsonpath.compile("{..a}").values(deep)) == 5000
    assert jsonpath.compile("{" + ".a" * 5000 + "}").values(deep) == [1]
