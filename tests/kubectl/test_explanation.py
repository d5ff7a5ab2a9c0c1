"""kubernetes: staging/src/k8s.io/kubectl/pkg/explain/v2/templates/plaintext_test.go"""

from __future__ import annotations

import pytest

from k8scourse.apiserver import schemas
from k8scourse.kubectl import explanation
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.explanation import explain, type_name, wrap

KINDS = schemas.Schemas()


@pytest.fixture
def described(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        "core/v1.Taint": ["A mark.", {"key": "The key of the mark.", "effect": "What it does."}],
        "core/v1.NodeSpec": ["What a node is.", {"taints": "The marks of the node."}],
    }
    monkeypatch.setattr(schemas, "descriptions", lambda: texts)
    monkeypatch.setattr(explanation, "descriptions", lambda: texts)


def page(path: str, *, recursive: bool = False) -> str:
    return explain("", "Node", "v1", KINDS.for_kind("v1", "Node"), path.split("."), recursive=recursive)


@pytest.mark.usefixtures("described")
def test_a_field_shows_its_type_its_description_and_its_fields() -> None:
    assert page("spec.taints") == (
        "KIND:       Node\nVERSION:    v1\n\nFIELD: taints <[]Taint>\n\n\n"
        "DESCRIPTION:\n    The marks of the node.\n    A mark.\n    \n"
        "FIELDS:\n"
        "  effect\t<string> -required-\n  enum: NoExecute, NoSchedule, PreferNoSchedule\n    What it does.\n\n"
        "  key\t<string> -required-\n    The key of the mark.\n\n"
        "  timeAdded\t<string>\n    <no description>\n\n"
        "  value\t<string>\n    <no description>\n\n\n"
    )


@pytest.mark.usefixtures("described")
def test_a_field_with_few_values_lists_them() -> None:
    assert "FIELD: effect <string>\nENUM:\n    NoExecute\n    NoSchedule\n    PreferNoSchedule\n\nDESC" in page(
        "spec.taints.effect"
    )


@pytest.mark.usefixtures("described")
def test_the_recursive_form_is_a_tree_of_names() -> None:
    assert page("spec", recursive=True).endswith(
        "  taints\t<[]Taint>\n    effect\t<string> -required-\n    enum: NoExecute, NoSchedule, PreferNoSchedule\n"
        "    key\t<string> -required-\n    timeAdded\t<string>\n    value\t<string>\n  unschedulable\t<boolean>\n\n"
    )


def test_types_that_contain_themselves_end_the_tree() -> None:
    crd = KINDS.for_kind("apiextensions.k8s.io/v1", "CustomResourceDefinition")
    text = explain("apiextensions.k8s.io", "CustomResourceDefinition", "v1", crd, ["spec"], recursive=True)
    assert text.startswith("GROUP:      apiextensions.k8s.io\n")
    assert len(text) < 100_000


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(KubectlError) as caught:
        page("spec.podGC")
    assert caught.value.message == 'error: field "podGC" does not exist'


@pytest.mark.parametrize(
    ("kind", "field", "name"),
    [
        ("core/v1.ResourceRequirements", "limits", "map[string]Quantity"),
        ("core/v1.ObjectReference", "name", "string"),
        ("core/v1.PodSpec", "containers", "[]Container"),
        ("core/v1.PodSpec", "priority", "integer"),
        ("core/v1.PodSpec", "hostNetwork", "boolean"),
        ("core/v1.HTTPGetAction", "port", "IntOrString"),
        ("meta/v1.ObjectMeta", "creationTimestamp", "string"),
        ("core/v1.Secret", "data", "map[string]string"),
        ("meta/v1.ManagedFieldsEntry", "fieldsV1", "FieldsV1"),
    ],
)
def test_types_have_the_names_of_openapi(kind: str, field: str, name: str) -> None:
    assert type_name(KINDS.type(kind).fields[field].go) == name


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("foo bar", 4, "foo\nbar"),
        ("foo", 4, "foo"),
        ("foobarbaz", 4, "foobarbaz"),
        ("foo bar baz", 4, "foo\nbar\nbaz"),
        ("foobars baz", 4, "foobars\nbaz"),
        ("foo\nb   ar   baz", 4, "foo\nb\nar\nbaz"),
        ("\nThis is a list:\n\n\t* foo", 6, "\nThis\nis a\nlist:\n\n\t* foo"),
        ("a  b", 10, "a  b"),
    ],
)
def test_lines_wrap_at_spaces(text: str, limit: int, expected: str) -> None:
    """Source: github.com/mitchellh/go-wordwrap wordwrap_test.go"""
    assert wrap(text, limit) == expected
