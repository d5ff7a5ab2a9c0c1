"""Go types of the API as far as decoding and messages need them.

A type expression such as '*int64', '[]core/v1.Container' or 'map[core/v1.ResourceName]resource.Quantity' (package
data schemas.json) becomes a GoType: what a JSON value must be to fit, and how reflect prints the type in messages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

BASIC = frozenset({"string", "bool", "int32", "int64", "float64", "interface"})

# Types that read and write JSON by their own methods (UnmarshalJSON), by the kind used here.
SPECIAL: Mapping[str, str] = {
    "meta/v1.Time": "time",
    "meta/v1.MicroTime": "micro-time",
    "meta/v1.FieldsV1": "raw",
    "resource.Quantity": "quantity",
    "intstr.IntOrString": "int-or-string",
    "runtime.RawExtension": "raw",
    "apiextensions/v1.JSON": "raw",
    "apiextensions/v1.JSONSchemaPropsOrBool": "schema-or-bool",
    "apiextensions/v1.JSONSchemaPropsOrArray": "schema-or-array",
    "apiextensions/v1.JSONSchemaPropsOrStringArray": "schema-or-strings",
}

_PACKAGE = re.compile(r"\w+/(\w+\.)")


@dataclass(frozen=True, slots=True)
class GoType:
    """One Go type.

    kind: a basic kind ('string', 'bool', 'int32', 'int64', 'float64', 'interface'), 'bytes', 'slice', 'map', 'struct'
    or one of the values of SPECIAL. text: as reflect prints it ('v1.TaintEffect'). pointer: the expression was a
    pointer (never part of text: decoding follows pointers before it complains). struct: the type's name in the
    schemas, for structs. elem: of slices and maps.
    """

    kind: str
    text: str
    pointer: bool = False
    struct: str | None = None
    elem: GoType | None = None

    @property
    def leaf(self) -> GoType:
        """The type of the innermost elements: of items of items, of values of maps."""
        return self if self.elem is None else self.elem.leaf


class GoTypes:
    """Parses type expressions; *named* maps names of non-struct types to what they stand for."""

    def __init__(self, named: Mapping[str, str]) -> None:
        self._named = named
        self.parse = lru_cache(maxsize=None)(self._parse)

    def _parse(self, expression: str) -> GoType:
        if expression.startswith("*"):
            inner = self.parse(expression[1:])
            return GoType(inner.kind, inner.text, True, inner.struct, inner.elem)
        text = _PACKAGE.sub(r"\1", expression)
        if expression in SPECIAL:
            return GoType(SPECIAL[expression], text)
        if expression in self._named:
            basic = self.parse(self._named[expression])
            return GoType(basic.kind, text, False, basic.struct, basic.elem)
        if expression in BASIC:
            return GoType(expression, text)
        if expression == "interface{}":
            return GoType("interface", "interface {}")
        if expression == "[]byte":
            return GoType("bytes", "[]uint8")
        if expression.startswith("[]"):
            return GoType("slice", text, elem=self.parse(expression[2:]))
        if expression.startswith("map["):
            _, _, value = expression.partition("]")
            return GoType("map", text.replace("[]byte", "[]uint8"), elem=self.parse(value))
        return GoType("struct", text, struct=expression)
