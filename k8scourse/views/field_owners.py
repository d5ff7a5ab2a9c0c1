"""Field ownership: who manages which line of an object, and what the next apply would take over or delete.

`field_owners` makes plain JSON: the object as YAML, line by line, each with its managers. With a manifest each line
also says what `kubectl apply --server-side` of it would do, tried as a dry run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.managed_fields.entries import decode
from k8scourse.apiserver.managed_fields.field_sets import FieldSet, Path, field_element
from k8scourse.apiserver.managed_fields.managers import Writer
from k8scourse.apiserver.managed_fields.shapes import ATOMIC, Shape
from k8scourse.apiserver.managed_fields.walking import branch, compare, item_element
from k8scourse.apiserver.request import APPLY_PATCH, Request, resource_path
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.yaml_writer import dump_yaml, sorted_keys
from k8scourse.views.markup import escape, view
from k8scourse.views.picture import Picture

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Object = dict[str, Any]
Data = Mapping[str, Any]

NOBODY = "-"
_SIGNS = {"": " ", "deleted": "-", "changed": "~"}
_KUBECTL = "kubectl"


def field_owners_picture(
    cluster: Cluster,
    kind: str,
    name: str,
    *,
    namespace: str = "default",
    manifest: Mapping[str, Any] | None = None,
    manager: str = _KUBECTL,
) -> Picture:
    """The lines of an object with their managers; for the parameters and errors see `field_owners`."""
    data = field_owners(cluster, kind, name, namespace=namespace, manifest=manifest, manager=manager)
    return Picture(data, to_text(data), to_html(data))


def field_owners(
    cluster: Cluster,
    kind: str,
    name: str,
    *,
    namespace: str = "default",
    manifest: Mapping[str, Any] | None = None,
    manager: str = _KUBECTL,
) -> dict[str, Any]:
    """Who owns what: ``{object, managers: [text], lines: [{text, owners, apply}], conflicts: [text], refusal}``.

    *owners* are indexes of managers. *apply* is what a server-side apply of *manifest* as *manager* would do to the
    line: '' (nothing), 'changed' or 'deleted'; *conflicts* are the fields of others that it would meet without force,
    *refusal* is the server's message if it refuses for another reason. Nothing is stored. Raises ApiError 404.
    """
    resource = cluster.registry.lookup(kind)
    path = resource_path(
        resource.group, resource.version, resource.plural, namespace if resource.namespaced else "", name
    )
    response = cluster.handle(Request("GET", path, managed_fields=True))
    if not response.ok:
        raise ApiError(response.body)
    owners = decode(response.body["metadata"].get("managedFields") or ())
    obj, shape, writers = without_managed_fields(response.body), cluster.shape_of(resource), list(owners)
    outcome = _Outcome(None, [], "") if manifest is None else _tried(cluster, path, manifest, manager)
    change = None if outcome.after is None else compare(obj, outcome.after, shape)
    gone = FieldSet() if change is None else change.removed
    changed = FieldSet() if change is None else change.modified
    lines: list[dict[str, Any]] = []
    for text, path in _lines(obj, shape, (), 0):
        fate = "deleted" if _covers(gone, path) else "changed" if path in changed else ""
        holding = [index for index, writer in enumerate(writers) if path in owners[writer].fields]
        lines.append({"text": text, "owners": holding, "apply": fate})
    return {
        "object": f"{resource.kind} {name}",
        "managers": [_title(writer) for writer in writers],
        "lines": lines,
        "conflicts": outcome.conflicts,
        "refusal": outcome.refusal,
    }


class _Outcome:
    """What a tried apply made of the object, and what stood in its way."""

    def __init__(self, after: Object | None, conflicts: list[str], refusal: str) -> None:
        self.after = after
        self.conflicts = conflicts
        self.refusal = refusal


def without_managed_fields(obj: Object) -> Object:
    """*obj* as the view shows it."""
    metadata = {name: value for name, value in obj["metadata"].items() if name != "managedFields"}
    return {**obj, "metadata": metadata}


def _tried(cluster: Cluster, path: str, manifest: Mapping[str, Any], manager: str) -> _Outcome:
    """A dry run of an apply; with conflicts another one that forces them, to see what it would do."""
    conflicts: list[str] = []
    for force in ("false", "true"):
        query = {"fieldManager": manager, "dryRun": "All", "force": force}
        response = cluster.handle(Request("PATCH", path, query, dict(manifest), APPLY_PATCH))
        if response.ok:
            return _Outcome(response.body, conflicts, "")
        if response.code != 409:
            return _Outcome(None, conflicts, ApiError(response.body).message)
        conflicts = [f"{one['field']}: {one['message']}" for one in ApiError(response.body).causes]
    return _Outcome(None, conflicts, "")


def _title(writer: Writer) -> str:
    through = f" through {writer.subresource}" if writer.subresource else ""
    return f"{writer.manager} ({writer.operation}{through})"


def _covers(fields: FieldSet, path: Path) -> bool:
    return any(path[:length] in fields for length in range(1, len(path) + 1))


def _lines(value: Any, shape: Shape | None, path: Path, indent: int) -> Iterator[tuple[str, Path]]:
    """The YAML lines of a map or a list, each with the field that it is about."""
    pad = "  " * indent
    if isinstance(value, Mapping):
        for name in sorted_keys(dict(value)):
            inner = value[name]
            below = (*path, field_element(name))
            declared = None if shape is None else shape.of_name(name)
            if not _descends(inner, declared):
                yield from ((pad + line, below) for line in dump_yaml({name: inner}).splitlines())
                continue
            yield f"{pad}{name}:", below
            deeper = 0 if isinstance(inner, list) else 1
            yield from _lines(inner, declared, below, indent + deeper)
    else:
        for item in value:
            below = path if shape is None else (*path, item_element(shape, item))
            declared = None if shape is None else shape.of_item()
            if isinstance(item, Mapping) and item:
                first = True
                for line, place in _lines(item, declared, below, indent + 1):
                    yield (f"{pad}- {line[len(pad) + 2 :]}" if first else line), place
                    first = False
            else:
                yield from ((pad + line, below) for line in dump_yaml([item]).splitlines())


def _descends(value: Any, shape: Shape | None) -> bool:
    """Whether a value has owners below it: a struct, a map or a list whose items are told apart."""
    if not value or shape is None or not isinstance(value, Mapping | list):
        return False
    return (shape.map if branch(shape, value) == "map" else shape.list) != ATOMIC


def to_text(data: Data) -> str:
    """The object with the numbers of its lines' managers in front of them."""
    width = max([1, *(len(_numbers(line)) for line in data["lines"])])
    legend = [f"{index}  {title}" for index, title in enumerate(data["managers"], start=1)]
    lines = [f"{_SIGNS[line['apply']]} {_numbers(line):<{width}}  {line['text']}".rstrip() for line in data["lines"]]
    notes = [f"conflict: {text}" for text in data["conflicts"]]
    if data["refusal"]:
        notes.append(f"refused: {data['refusal']}")
    if any(line["apply"] for line in data["lines"]):
        notes.append("the next apply: - deletes, ~ changes")
    return "\n".join([data["object"], *legend, "", *lines, *([""] if notes else []), *notes]) + "\n"


def _numbers(line: Mapping[str, Any]) -> str:
    return ",".join(str(index + 1) for index in line["owners"]) or NOBODY


def to_html(data: Data) -> str:
    """A table: line, managers, and what the next apply does to it."""
    rows = "".join(
        f'<tr><td><code style="white-space:pre">{escape(line["text"])}</code></td>'
        f"<td>{escape(', '.join(data['managers'][index] for index in line['owners']) or NOBODY)}</td>"
        f"<td>{escape(line['apply'])}</td></tr>"
        for line in data["lines"]
    )
    head = "".join(f'<th scope="col">{title}</th>' for title in ("Line", "Managed by", "Next apply"))
    caption = escape(f"Who manages the fields of {data['object']}")
    notes = [*(f"Conflict: {text}" for text in data["conflicts"]), *([data["refusal"]] if data["refusal"] else [])]
    shown = "".join(f"<p>{escape(note)}</p>" for note in notes)
    table = f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return view("owners", f"field owners of {data['object']}", table, shown)
