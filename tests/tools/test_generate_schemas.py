"""The generators of package data read Go source and OpenAPI definitions."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"

TYPES = """package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

type Mode string

type List map[Mode]resource.Quantity

type Inner struct {
	// Name is described here.
	Name string `json:"name" protobuf:"bytes,1,opt,name=name"`
}

type Outer struct {
	metav1.TypeMeta `json:",inline"`
	Inner `json:",inline" protobuf:"bytes,1,opt,name=inner"`
	// Old string `json:"old"`
	Mode *Mode `json:"mode,omitempty" protobuf:"bytes,2,opt,name=mode"`
	Limits List `json:"limits,omitempty,omitzero"`
	Items []Inner `json:"items"`
	hidden int
	Skipped string `json:"-"`
}
"""
META = """package v1

type TypeMeta struct {
	Kind string `json:"kind,omitempty"`
}
"""


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    """The tools as modules."""
    monkeypatch.syspath_prepend(str(TOOLS))
    import field_descriptions  # pyright: ignore[reportMissingImports]
    import go_types  # pyright: ignore[reportMissingImports]

    return go_types, field_descriptions


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    """A source tree with one API package."""
    for folder, text in {"api/shop/v1": TYPES, "apimachinery/pkg/apis/meta/v1": META}.items():
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "types.go").write_text(text)
    (tmp_path / "apimachinery/pkg/apis/meta/v1/group_version.go").write_text("package v1\n")
    return tmp_path


def test_structs_are_read_with_embedded_ones_and_tags(modules: tuple[Any, Any], staging: Path) -> None:
    types = modules[0].read_packages(staging)
    fields = [(f.name, f.type, f.omitempty, f.omitzero) for f in types.structs["shop/v1.Outer"]]
    assert fields == [
        ("kind", "string", True, False),
        ("name", "string", False, False),
        ("mode", "*shop/v1.Mode", True, False),
        ("limits", "shop/v1.List", True, True),
        ("items", "[]shop/v1.Inner", False, False),
    ]
    assert types.named["shop/v1.List"] == "map[shop/v1.Mode]resource.Quantity"


def test_a_field_that_cannot_be_read_is_an_error(modules: tuple[Any, Any], staging: Path) -> None:
    path = staging / "api/shop/v1/types.go"
    path.write_text(TYPES + '\ntype Odd struct {\n\tF func(a, b int) `json:"f"`\n}\n')
    with pytest.raises(ValueError, match=r"shop/v1\.Odd: cannot read the field"):
        modules[0].read_packages(staging)


def test_descriptions_are_packed_reproducibly(modules: tuple[Any, Any], tmp_path: Path) -> None:
    definition = {"description": "A pod.", "properties": {"spec": {"description": "Its spec."}, "x": {}}}
    source, target = tmp_path / "definitions.json", tmp_path / "descriptions.json.gz"
    source.write_text(json.dumps({"$defs": {"io.k8s.api.core.v1.Pod": definition}}))
    modules[1].write_descriptions(source, target)
    first = target.read_bytes()
    assert json.loads(gzip.decompress(first)) == {"core/v1.Pod": ["A pod.", {"spec": "Its spec.", "x": ""}]}
    modules[1].write_descriptions(source, target)
    assert target.read_bytes() == first
