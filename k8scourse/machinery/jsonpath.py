"""kubectl's JSONPath: templates such as `{range .items[*]}{.metadata.name}{"\\n"}{end}` on plain JSON data.

Source: client-go, util/jsonpath/jsonpath.go; comparisons as in Go's text/template.
"""

from dataclasses import dataclass, replace
from typing import Any

from k8scourse.machinery import jsonpath_parser
from k8scourse.machinery.go_format import go_json, go_quote, go_value
from k8scourse.machinery.jsonpath_parser import JSONPathError

__all__ = ["JSONPath", "JSONPathError", "compile", "relaxed"]

_INDEX_LIMIT = 2**62


def compile(template: str) -> "JSONPath":
    """Return *template* ready to run. Raises JSONPathError (`unclosed action`, ...), see `JSONPathError`."""
    return JSONPath(template, jsonpath_parser.parse(template))


def relaxed(expression: str) -> "JSONPath":
    """Like `compile`, for a field path that may lack braces and leading dot: `spec.x`, `.spec.x`, `{.spec.x}`."""
    return compile(jsonpath_parser.relaxed(expression))


@dataclass(frozen=True, slots=True)
class JSONPath:
    """A compiled template. With `allow_missing_keys` an absent field gives no result instead of an error."""

    template: str
    nodes: tuple[jsonpath_parser.Node, ...]
    allow_missing_keys: bool = False

    def allowing_missing_keys(self) -> "JSONPath":
        """Return the same template that lets absent fields pass, as `kubectl get` does."""
        return replace(self, allow_missing_keys=True)

    def execute(self, obj: Any) -> str:
        """Return the template's text for *obj*. Raises JSONPathError (`x is not found`, ...)."""
        return "".join(" ".join(map(_text, results)) for results in self.results(obj))

    def values(self, obj: Any) -> list[Any]:
        """Return all values that the template finds in *obj*, in order, texts between the actions included."""
        return [value for results in self.results(obj) for value in results]

    def results(self, obj: Any) -> list[list[Any]]:
        """Return one list of values per text, action and round of a range."""
        return _Run(self.nodes, self.allow_missing_keys).find(obj)

    def debug_text(self, error: JSONPathError, obj: Any) -> str:
        """Return what kubectl prints after `error: ` when `execute` fails on *obj* with *error*."""
        return jsonpath_parser.execute_error(self.template, error, _go_syntax(obj))


class _Run:
    """One execution. `found` walks the nodes; `depth` counts the ranges around them."""

    def __init__(self, nodes: tuple[jsonpath_parser.Node, ...], allow_missing_keys: bool) -> None:
        self.nodes = nodes
        self.allow_missing_keys = allow_missing_keys
        self.begins = 0
        self.ends = 0
        self.depth = 0

    def find(self, obj: Any) -> list[list[Any]]:
        results, _ = self.block(obj, 0)
        return results

    def block(self, obj: Any, index: int) -> tuple[list[list[Any]], int]:
        """Run from node *index* until the end of the block; return the results and the index of its end node."""
        collected: list[list[Any]] = []
        while index < len(self.nodes):
            found = self.walk([obj], self.nodes[index])
            if 0 < self.ends <= self.depth:
                self.ends -= 1
                return collected, index
            if self.begins:
                self.begins -= 1
                self.depth += 1
                last = index
                # A range over nothing is walked once with nothing, to learn where it ends.
                for value in found or [None]:
                    inner, last = self.block(value, index + 1)
                    if found:
                        collected.extend(inner)
                self.depth -= 1
                index = last
            else:
                collected.append(found)
            index += 1
        return collected, index

    def walk(self, values: list[Any], node: jsonpath_parser.Node) -> list[Any]:
        match node:
            case jsonpath_parser.Action(nodes):
                return self.walk_all(values, nodes)
            case jsonpath_parser.Text(text):
                return [text]
            case jsonpath_parser.Literal(value):
                return [value] * len(values)
            case jsonpath_parser.Field(name):
                return self.field(values, name)
            case jsonpath_parser.Slice():
                return [item for value in values if value is not None for item in _sliced(value, node)]
            case jsonpath_parser.Wildcard():
                return [item for value in values for item in _children(value)]
            case jsonpath_parser.Recursive():
                return _descend(values)
            case jsonpath_parser.Union(branches):
                return [value for branch in branches for value in self.walk_all(values, branch)]
            case jsonpath_parser.Filter():
                return [item for value in values for item in self.filtered(value, node)]
            case jsonpath_parser.Identifier(name):
                return self.identifier(values, name)

    def walk_all(self, values: list[Any], nodes: tuple[jsonpath_parser.Node, ...]) -> list[Any]:
        for node in nodes:
            values = self.walk(values, node)
        return values

    def field(self, values: list[Any], name: str) -> list[Any]:
        if not values:
            return []
        found = [value[name] for value in values if isinstance(value, dict) and name in value]
        if not found and not self.allow_missing_keys:
            raise JSONPathError(f"{name} is not found")
        return found

    def identifier(self, values: list[Any], name: str) -> list[Any]:
        if name == "range":
            self.begins += 1
            return values
        if name != "end":
            raise JSONPathError(f"unrecognized identifier {name}")
        if not self.depth:
            raise JSONPathError("not in range, nothing to end")
        self.ends += 1
        return []

    def filtered(self, value: Any, node: jsonpath_parser.Filter) -> list[Any]:
        if not isinstance(value, list):
            raise JSONPathError(f"{go_value(value)} is not array or slice and cannot be filtered")
        return [item for item in value if self.passes(item, node)]

    def passes(self, item: Any, node: jsonpath_parser.Filter) -> bool:
        if node.operator == "exists":
            try:
                return bool(self.walk_all([item], node.left))
            except JSONPathError:
                return False
        left, right = self.walk_all([item], node.left), []
        if left:
            _only_one(left)
            right = self.walk_all([item], node.right)
        if not (left and right):
            return False
        _only_one(right)
        return _compare(left[0], node.operator, right[0])


def _only_one(values: list[Any]) -> None:
    if len(values) > 1:
        raise JSONPathError("can only compare one element at a time")


def _sliced(value: Any, node: jsonpath_parser.Slice) -> list[Any]:
    if not isinstance(value, list):
        raise JSONPathError(f"{_type(value)} is not array or slice")
    length = len(value)
    start = node.start or 0
    if start < 0:
        start += length
    end = length if node.end is None else node.end
    if end < 0 or (end == 0 and node.end_derived):
        end += length
    if start == end:
        return []
    if not 0 <= start < length:
        raise JSONPathError(f"array index out of bounds: index {start}, length {length}")
    if not 0 <= end <= length:
        raise JSONPathError(f"array index out of bounds: index {end - 1}, length {length}")
    if start > end:
        raise JSONPathError(f"starting index {start} is greater than ending index {end}")
    if node.step is not None and node.step <= 0:
        raise JSONPathError("step must be > 0")
    return value[start : end : min(node.step or 1, _INDEX_LIMIT)]


def _children(value: Any) -> list[Any]:
    """The values under *value*; those of a mapping by sorted names, where Go's order is random."""
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    if isinstance(value, str):
        return list(value.encode())
    return value if isinstance(value, list) else []


def _descend(values: list[Any]) -> list[Any]:
    found: list[Any] = []
    pending = values[::-1]
    while pending:
        value = pending.pop()
        if isinstance(value, dict | list) and value:
            found.append(value)
            pending.extend(_children(value)[::-1])
        elif isinstance(value, str) and value:
            # Go walks into the bytes of a string; no field of a byte is ever found.
            found.append(value)
    return found


_ORDER = {"<": (True, False, False), "<=": (True, True, False), ">": (False, False, True), ">=": (False, True, True)}


def _compare(left: Any, operator: str, right: Any) -> bool:
    kind = _kind(left)
    other = _kind(right)
    if operator not in _ORDER and operator not in ("==", "!="):
        raise JSONPathError(f"unrecognized filter operator {operator}")
    if kind is None or other is None:
        raise JSONPathError("invalid type for comparison")
    if kind is not other:
        raise JSONPathError("incompatible types for comparison")
    if operator in ("==", "!="):
        return (left == right) is (operator == "==")
    if kind is bool:
        raise JSONPathError("invalid type for comparison")
    less, equal, greater = _ORDER[operator]
    return less if left < right else equal if left == right else greater


def _kind(value: Any) -> type | None:
    return next((kind for kind in (bool, int, float, str) if type(value) is kind), None)


def _type(value: Any) -> str:
    """The Go type that holds *value* in an object read from JSON."""
    names = {dict: "map[string]interface {}", list: "[]interface {}", int: "int64", float: "float64", str: "string"}
    return names.get(type(value), "bool")


def _text(value: Any) -> str:
    if value is None:
        return "null"
    return go_json(value) if isinstance(value, dict | list) else go_value(value)


def _go_syntax(value: Any) -> str:
    """*value* as Go's `%#v` prints it."""
    if isinstance(value, dict):
        inside = ", ".join(f"{go_quote(key)}:{_nested(value[key])}" for key in sorted(value))
        return f"map[string]interface {{}}{{{inside}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(_nested, value))}}}"
    return go_quote(value) if isinstance(value, str) else go_value(value)


def _nested(value: Any) -> str:
    return "interface {}(nil)" if value is None else _go_syntax(value)
