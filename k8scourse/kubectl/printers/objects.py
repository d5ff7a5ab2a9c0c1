"""Objects as YAML, JSON, names, JSONPath or custom columns, and the choice among them by `-o`.

Kubernetes: staging/src/k8s.io/cli-runtime/pkg/printers and pkg/genericclioptions/print_flags.go,
kubectl/pkg/cmd/get/customcolumn.go.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from k8scourse.kubectl.errors import KubectlError, NotSimulated
from k8scourse.kubectl.printers import tabwriter
from k8scourse.kubectl.printers.tables import NONE, escape
from k8scourse.kubectl.session import Session
from k8scourse.machinery import jsonpath
from k8scourse.machinery.go_format import Struct, go_quote, go_value
from k8scourse.machinery.yaml import dump_yaml

Object = Mapping[str, Any]

_COMMON_FORMATS = (
    "go-template",
    "go-template-file",
    "json",
    "jsonpath",
    "jsonpath-as-json",
    "jsonpath-file",
    "kyaml",
    "name",
    "template",
    "templatefile",
    "yaml",
)
_GET_FORMATS = ("custom-columns", "custom-columns-file", "wide")
_TEMPLATES = ("go-template", "go-template-file", "template", "templatefile", "kyaml")


class ObjectPrinter(Protocol):
    """Turns one object (or one List) into text."""

    def print(self, obj: Object) -> str: ...


def items_of(obj: Object) -> list[Any] | None:
    """The items of a List, None for any other object."""
    return obj.get("items") if obj.get("kind", "").endswith("List") and isinstance(obj.get("items"), list) else None


@dataclass(slots=True)
class YamlPrinter:
    """`-o yaml`; `---` between objects."""

    keep_managed_fields: bool = False
    _count: int = 0

    def print(self, obj: Object) -> str:
        self._count += 1
        text = dump_yaml(obj if self.keep_managed_fields else without_managed_fields(obj))
        return text if self._count == 1 else "---\n" + text


@dataclass(frozen=True, slots=True)
class JsonPrinter:
    """`-o json`: four spaces, sorted keys, HTML escaped as encoding/json does."""

    keep_managed_fields: bool = False

    def print(self, obj: Object) -> str:
        return indented_json(obj if self.keep_managed_fields else without_managed_fields(obj)) + "\n"


def indented_json(value: Any) -> str:
    """*value* as json.MarshalIndent with four spaces writes it: the keys of maps sorted, those of a Struct as given."""
    text = json.dumps(_ordered(value), indent=4, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in (value if isinstance(value, Struct) else sorted(value))}
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def without_managed_fields(obj: Object) -> Object:
    """*obj*, or each item of a List, without metadata.managedFields (printers/managedfields.go)."""
    items = items_of(obj)
    if items is not None:
        shown = {**obj, "items": [without_managed_fields(item) for item in items]}
        return Struct(shown) if isinstance(obj, Struct) else shown
    metadata = obj.get("metadata") or {}
    if "managedFields" not in metadata:
        return obj
    return {**obj, "metadata": {key: value for key, value in metadata.items() if key != "managedFields"}}


@dataclass(frozen=True, slots=True)
class NamePrinter:
    """`pod/web created`, or `pod/web` alone for `-o name`."""

    operation: str = ""

    def print(self, obj: Object) -> str:
        items = items_of(obj)
        if items is not None:
            return "".join(self.print(item) for item in items)
        group = obj.get("apiVersion", "").rpartition("/")[0]
        kind = obj.get("kind", "").lower() + (f".{group}" if group else "")
        name = (obj.get("metadata") or {}).get("name") or "<unknown>"
        return f"{kind}/{name}{' ' if self.operation else ''}{self.operation}\n"


@dataclass(frozen=True, slots=True)
class JsonPathPrinter:
    """`-o jsonpath=TEMPLATE` and `-o jsonpath-as-json=TEMPLATE`."""

    template: str
    compiled: jsonpath.JSONPath
    as_json: bool = False

    def print(self, obj: Object) -> str:
        try:
            if self.as_json:
                return indented_json(self.compiled.values(obj)) + "\n"
            return self.compiled.execute(obj)
        except jsonpath.JSONPathError as error:
            raise KubectlError(self.compiled.debug_text(error, obj)) from error


@dataclass(slots=True)
class CustomColumnsPrinter:
    """`-o custom-columns=HEADER:PATH,...`."""

    columns: tuple[tuple[str, jsonpath.JSONPath], ...]
    no_headers: bool = False
    _printed: bool = field(default=False)

    def print(self, obj: Object) -> str:
        lines = [] if self.no_headers or self._printed else ["\t".join(header for header, _ in self.columns)]
        self._printed = True
        items = items_of(obj)
        lines.extend(self._line(item) for item in ([obj] if items is None else items))
        return tabwriter.table("".join(line + "\n" for line in lines))

    def _line(self, obj: Object) -> str:
        cells: list[str] = []
        for _, path in self.columns:
            values = [escape(go_value(value)) for value in path.values(obj)]
            cells.append(",".join(values) or NONE)
        return "\t".join(cells)


def custom_columns(spec: str, *, no_headers: bool) -> CustomColumnsPrinter:
    """The printer for `HEADER:PATH,HEADER:PATH`. Raises KubectlError."""
    if not spec:
        raise KubectlError("custom-columns format specified but no custom columns given")
    columns: list[tuple[str, jsonpath.JSONPath]] = []
    for part in spec.split(","):
        header, colon, path = part.partition(":")
        if not colon:
            raise KubectlError(f"unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>")
        columns.append((header, relaxed_path(path)))
    return CustomColumnsPrinter(tuple(columns), no_headers)


def relaxed_path(text: str) -> jsonpath.JSONPath:
    """A JSONPath written with or without braces and leading dot. Raises KubectlError."""
    try:
        return jsonpath.relaxed(text).allowing_missing_keys()
    except jsonpath.JSONPathError as error:
        raise KubectlError(str(error)) from error


def object_printer(session: Session, output: str, *, for_get: bool = False) -> ObjectPrinter | None:
    """The printer that `-o OUTPUT` asks for; None for the plain form ('' and, of get, `wide`). Raises KubectlError."""
    keep = bool(session.flag("show-managed-fields"))
    name, _, argument = output.partition("=")
    argument = argument or session.flag("template") or ""
    if not output and session.flag("template"):
        raise NotSimulated("the output format go-template")
    match name:
        case "":
            return None
        case "wide" if for_get:
            return None
        case "json" if "=" not in output:
            return JsonPrinter(keep)
        case "yaml" if "=" not in output:
            return YamlPrinter(keep)
        case "name" if "=" not in output:
            return NamePrinter()
        case "jsonpath" | "jsonpath-as-json" | "jsonpath-file":
            return _json_path(session, name, argument)
        case "custom-columns" if for_get:
            return custom_columns(argument, no_headers=bool(session.flag("no-headers")))
    if name in _TEMPLATES or (for_get and name == "custom-columns-file"):
        raise NotSimulated(f"the output format {name}")
    formats = sorted((*_COMMON_FORMATS, *(_GET_FORMATS if for_get else ())))
    raise KubectlError(
        f"unable to match a printer suitable for the output format {go_quote(output)}, "
        f"allowed formats are: {','.join(formats)}"
    )


def _json_path(session: Session, name: str, template: str) -> JsonPathPrinter:
    if not template:
        raise KubectlError("template format specified but no template given")
    if name == "jsonpath-file":
        template = session.files.read(template)
    try:
        compiled = jsonpath.compile(template)
    except jsonpath.JSONPathError as error:
        raise KubectlError(f"error parsing jsonpath {template}, {error}") from error
    if session.flag("allow-missing-template-keys"):
        compiled = compiled.allowing_missing_keys()
    return JsonPathPrinter(template, compiled, name == "jsonpath-as-json")


def result_printer(session: Session, *, marks_dry_run: bool = True) -> Callable[[Object, str], None]:
    """Prints the outcome of a write: `pod/web created`, with the dry run's mark, or the object in the form of `-o`.

    *marks_dry_run* is False for taint and patch, which lose the mark (they set the operation after it).
    """
    chosen = object_printer(session, session.flag("output") or "")
    marks = {"client": " (dry run)", "server": " (server dry run)"}
    mark = marks.get(session.dry_run(), "") if marks_dry_run and "dry-run" in session.arguments.values else ""

    def show(obj: Object, operation: str) -> None:
        printer = chosen or NamePrinter(operation + mark)
        session.terminal.out(printer.print(obj))

    return show
