"""The defaulting lens: a manifest as written beside the object as stored, each added line with who added it.

`defaulting` makes plain JSON; `to_html` and `to_text` draw it. A component's report (status) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.authentication import UserInfo
from k8scourse.apiserver.creation import SERVER, creation_stages
from k8scourse.apiserver.request import SUPERUSER, SUPERUSER_GROUPS
from k8scourse.apiserver.storage import Storage
from k8scourse.machinery.fieldpath import MISSING, Path, get_path
from k8scourse.machinery.status import bad_request
from k8scourse.machinery.yaml import read_documents
from k8scourse.machinery.yaml_writer import dump_yaml
from k8scourse.manifests import Manifest, items_of, read_manifest
from k8scourse.simulation.names import Names
from k8scourse.views.lineage import reference, title
from k8scourse.views.markup import escape, view
from k8scourse.views.picture import Picture

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Object = dict[str, Any]
Line = dict[str, str]

YOU, KUBECTL, CONTROLLER, SCHEDULER = "you", "kubectl apply", "controller", "scheduler"
_LAST_APPLIED: Path = ("metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration")
_WIDTH = 72
"""Characters of a stored line that are drawn; a longer one ends in an ellipsis."""
_LEFT_OUT = ("status",)


def lens(cluster: Cluster, target: Manifest, *, namespace: str = "default") -> Picture:
    """What is stored of *target*: "kind/name" of an object that was applied, or a manifest, tried on a fork.

    Raises ApiError for a refused manifest and for an object that nobody wrote a manifest for.
    """
    data = defaulting(cluster, target, namespace=namespace)
    return Picture(data, to_text(data), to_html(data))


def defaulting(cluster: Cluster, target: Manifest, *, namespace: str = "default") -> dict[str, Any]:
    """The lens as JSON: ``{subject, lines: [{text, who, note}], counts: {who: lines}}``; *note* is what was written.

    A line whose value was only put in another form (0.5 CPU, 500m) stays yours, and its note says what you wrote.
    """
    if isinstance(target, str) and "\n" not in target:
        written, stored = _applied(cluster, target, namespace)
        before = after = cluster
    else:
        written, before, after = _only(target), cluster, cluster.fork()
        answer = after.apply(target)
        metadata = answer["metadata"]
        stored = after.get(answer["kind"], metadata["name"], namespace=metadata.get("namespace", ""))
    shown = {name: value for name, value in stored.items() if name not in _LEFT_OUT}
    shown["metadata"] = {name: value for name, value in stored["metadata"].items() if name != "managedFields"}
    lines = _lines(shown, written, [*_stages(before, written, stored), (SERVER, _first(after, stored))])
    counts: dict[str, int] = {}
    for line in lines:
        counts[line["who"]] = counts.get(line["who"], 0) + 1
    return {"subject": title(reference(stored)), "lines": lines, "counts": counts}


def _applied(cluster: Cluster, target: str, namespace: str) -> tuple[Object, Object]:
    kind, _, name = target.partition("/")
    stored = cluster.get(kind, name, namespace=namespace)
    document = cluster.origins.document(reference(stored))
    if document is None:
        raise bad_request(f"{title(reference(stored))} was made without a manifest; there is nothing to compare with")
    return document.value, stored


def _only(manifest: Manifest) -> Object:
    objects = [obj for value, _ in read_manifest(manifest) for obj in items_of(value)]
    if len(objects) != 1:
        raise bad_request(f"the lens looks at one object; this manifest has {len(objects)}")
    return objects[0]


def _first(cluster: Cluster, stored: Object) -> Object:
    """The object as it was first stored, with the addresses that its storage handed out; *stored* when that is lost."""
    uid = stored["metadata"]["uid"]
    for change in cluster.store.changes(cluster.store.oldest):
        if change.record is not None and change.record.value.get("metadata", {}).get("uid") == uid:
            return change.record.value
    return stored


def _stages(cluster: Cluster, written: Object, stored: Object) -> list[tuple[str, Object]]:
    resource = cluster.registry.kind(written["apiVersion"], written["kind"])
    return creation_stages(
        written,
        resource,
        stored["metadata"].get("namespace", ""),
        schemas=cluster.schemas,
        storage=Storage(cluster.store.fork()),
        names=Names(),
        now=cluster.now,
        user=UserInfo(SUPERUSER, SUPERUSER_GROUPS),
    )


def _lines(stored: Object, written: Object, stages: Sequence[tuple[str, Object]]) -> list[Line]:
    text = dump_yaml(stored)
    positions = read_documents(text, "stored")[0].positions
    paths: dict[int, Path] = {}
    for path in _walk(stored):
        position = positions.key(path)
        if position is not None:
            paths[position.line] = path  # the deepest field that begins on a line speaks for it
    lines: list[Line] = []
    path: Path = ()
    for number, shown in enumerate(text.splitlines(), 1):
        path = paths.get(number, path)  # a text over several lines belongs to the field that it is the value of
        lines.append({"text": shown, "who": _who(path, written, stages), "note": _note(path, stored, written)})
    return lines


def _walk(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every path below *value*, outer ones first."""
    items: Sequence[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for name, inner in items:
        yield (*path, name)
        yield from _walk(inner, (*path, name))


def _who(path: Path, written: Object, stages: Sequence[tuple[str, Object]]) -> str:
    """Who added the field at *path*: the first stage that has it."""
    if get_path(written, path) is not MISSING:
        return YOU
    if path in (_LAST_APPLIED, _LAST_APPLIED[:2]):
        return KUBECTL
    for who, obj in stages:
        if get_path(obj, path) is not MISSING:
            return who if who in (SERVER, "default") else f"admission: {who}"
    if path == ("metadata", "resourceVersion"):
        return SERVER
    return SCHEDULER if written["kind"] == "Pod" and path == ("spec", "nodeName") else CONTROLLER


def _note(path: Path, stored: Object, written: Object) -> str:
    mine, kept = get_path(written, path), get_path(stored, path)
    if mine is MISSING or isinstance(kept, (dict, list)) or mine == kept:
        return ""
    return f"you wrote {mine}"


# drawing


def to_text(data: Mapping[str, Any]) -> str:
    """The lens as plain text: the stored object, a plus before each line that you did not write, and who added it."""
    rows = [(" " if line["who"] == YOU else "+", _cut(line["text"]), _by(line)) for line in data["lines"]]
    width = max(len(text) for _, text, _ in rows)
    drawn = [f"{mark} {text:<{width}}  {by}".rstrip() for mark, text, by in rows]
    return "\n".join([_summary(data), *drawn])


def _by(line: Line) -> str:
    return line["note"] if line["who"] == YOU else line["who"]


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _summary(data: Mapping[str, Any]) -> str:
    counts = data["counts"]
    mine = counts.get(YOU, 0)
    others = ", ".join(f"{who} {number}" for who, number in counts.items() if who != YOU)
    return f"{data['subject']}: you wrote {mine} of {sum(counts.values())} lines (added: {others or 'nothing'})"


def to_html(data: Mapping[str, Any]) -> str:
    """The lens as a table of three columns; who added a line stands in words, colour only repeats it."""
    rows = "".join(_row(line) for line in data["lines"])
    head = "".join(f'<th scope="col">{name}</th>' for name in ("As written", "As stored", "Who added it"))
    return view(
        "lens",
        "Defaulting lens",
        f"<p>{escape(_summary(data))}</p>",
        f'<table class="k8s-lines"><caption>{escape(data["subject"])}, without its status</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>",
        style="lens",
    )


def _row(line: Line) -> str:
    code = f"<code>{escape(_cut(line['text']))}</code>"
    if line["who"] == YOU:
        return f"<tr><td>{code}</td><td>{code}</td><td>{escape(line['note'])}</td></tr>"
    return f'<tr class="k8s-added"><td></td><td>{code}</td><td>{escape(line["who"])}</td></tr>'
