"""`kubectl get`: tables of the server, or objects in another form.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/get/get.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.kubectl.commands import watching
from k8scourse.kubectl.errors import ExitSilently, KubectlError, NotSimulated, raise_all
from k8scourse.kubectl.printers import tabwriter
from k8scourse.kubectl.printers.objects import ObjectPrinter, object_printer
from k8scourse.kubectl.printers.sorting import sort_objects, sort_rows
from k8scourse.kubectl.printers.tables import TableOptions, TablePrinter
from k8scourse.kubectl.resource_builder import Builder, Info, Result
from k8scourse.kubectl.session import Session
from k8scourse.machinery.go_format import go_json

_NO_TYPE = (
    'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported '
    "resources."
)
_ONE_WATCH = "watch is only supported on individual resources and resource collections - more than 1 resource was found"
_USAGE = (
    "Required resource not specified.\n"
    'Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).'
)


def run(session: Session) -> None:
    """Print what the command line asks for. Raises KubectlError, ApiError or Several."""
    if session.flag("raw"):
        return _raw(session)
    watches = session.flag("watch") or session.flag("watch-only")
    if session.flag("kustomize"):
        raise NotSimulated("kustomize (-k)")
    if not watches and not session.words and not session.flag("filename"):
        session.terminal.err(f"{_NO_TYPE}\n\n")
        raise session.usage(_USAGE)
    _validate(session, watches=bool(watches))
    chosen = object_printer(session, session.flag("output"), for_get=True)
    if watches:
        return _watch(session, chosen)
    result = _builder(session, table=chosen is None).do()
    result.ignore_not_found = session.flag("ignore-not-found")
    if chosen is None:
        return _print_tables(session, result)
    return _print_objects(session, result, chosen)


def _validate(session: Session, *, watches: bool) -> None:
    output = session.flag("output")
    if session.flag("show-labels") and output not in ("", "wide"):
        raise KubectlError(f"--show-labels option cannot be used with {output} printer")
    if session.flag("output-watch-events") and not watches:
        raise KubectlError("--output-watch-events option can only be used with --watch or --watch-only")
    if session.flag("sort-by") and session.flag("watch"):
        session.terminal.err("warning: --watch requested, --sort-by will be ignored for watch events received\n")
    elif session.flag("sort-by") and session.flag("watch-only"):
        session.terminal.err("warning: --watch-only requested, --sort-by will be ignored\n")


def _raw(session: Session) -> None:
    if session.words:
        raise KubectlError("arguments may not be passed when --raw is specified")
    path, _, query = session.flag("raw").partition("?")
    pairs = dict(pair.partition("=")[::2] for pair in query.split("&") if pair)
    body = session.api.call("GET", path, query=pairs)
    session.terminal.out(body if isinstance(body, str) else go_json(body) + "\n")


def _builder(session: Session, *, table: bool) -> Builder:
    query = {"includeObject": "Object"} if table and session.flag("sort-by") else {}
    return Builder(
        session,
        words=session.words,
        files=session.flag("filename"),
        recursive=session.flag("recursive"),
        label_selector=session.flag("selector"),
        field_selector=session.flag("field-selector"),
        all_namespaces=session.flag("all-namespaces"),
        subresource=session.flag("subresource"),
        allow_empty_selector=True,
        latest=True,
        flatten=not table,
        table=table,
        query=query,
    )


def _table_options(session: Session, resource: ResourceInfo, *, with_kind: bool) -> TableOptions:
    kind = resource.kind.lower() + (f".{resource.group}" if resource.group else "")
    return TableOptions(
        no_headers=session.flag("no-headers"),
        wide=session.flag("output") == "wide",
        with_namespace=session.flag("all-namespaces") and resource.namespaced,
        kind=kind if with_kind or session.flag("show-kind") else "",
        show_labels=session.flag("show-labels"),
        label_columns=tuple(session.flag("label-columns")),
    )


def _print_tables(session: Session, result: Result) -> None:
    infos, errors = result.infos()
    sort_by = session.flag("sort-by")
    if sort_by:
        infos = _sorted(infos, sort_by)
    with_kind = len({(info.resource.group, info.resource.version, info.resource.kind) for info in infos}) > 1
    blocks: list[str] = []
    previous: ResourceInfo | None = None
    printer = TablePrinter(TableOptions())
    for info in infos:
        if previous is None or previous != info.resource:
            printer = TablePrinter(_table_options(session, info.resource, with_kind=with_kind))
            previous = info.resource
            blocks.append("")
        blocks[-1] += printer.print(info.obj or {})
    separator = "" if session.flag("no-headers") else "\n"
    text = separator.join(tabwriter.table(block) for block in blocks if block)
    session.terminal.out(text)
    if not text and not result.ignore_not_found and not errors:
        _print_nothing_found(session, [info.resource for info in infos])
    raise_all(errors)


def _sorted(infos: list[Info], path: str) -> list[Info]:
    """The tables in order, each with its rows in order.

    As upstream: several tables are ordered by the field of the tables themselves, which must have it, and a table of
    several rows that lack the field shows nothing.
    """
    if len(infos) > 1:
        tables = [{**(info.obj or {}), "": info} for info in infos]
        infos = [each[""] for each in sort_objects(tables, path)]
    shown: list[Info] = []
    for info in infos:
        table = info.obj or {}
        if len(table.get("rows") or []) > 1:
            try:
                table = sort_rows(table, path)
            except KubectlError:
                table = {**table, "rows": []}
        shown.append(replace(info, obj=table))
    return shown


def _print_nothing_found(session: Session, resources: list[ResourceInfo]) -> None:
    if not session.flag("all-namespaces") and all(resource.namespaced for resource in resources):
        session.terminal.err(f"No resources found in {session.namespace} namespace.\n")
    else:
        session.terminal.err("No resources found\n")


def _print_objects(session: Session, result: Result, printer: ObjectPrinter) -> None:
    infos, errors = result.infos()
    if errors and result.single:
        raise_all(errors)
    if not infos and result.ignore_not_found:
        return raise_all(errors)
    objects = [info.obj or {} for info in infos]
    if result.single and len(objects) == 1:
        session.terminal.out(printer.print(objects[0]))
    else:
        if session.flag("sort-by"):
            objects = sort_objects(objects, session.flag("sort-by"))
        session.terminal.out(printer.print(as_list(objects)))
    return raise_all(errors)


def as_list(objects: list[Any]) -> dict[str, Any]:
    """The v1 List that kubectl makes of several objects."""
    return {"apiVersion": "v1", "items": objects, "kind": "List", "metadata": {"resourceVersion": ""}}


def _watch(session: Session, chosen: ObjectPrinter | None) -> None:
    builder = _builder(session, table=chosen is None)
    builder.single_type, builder.flatten = True, False
    builder.continue_on_error = False
    result = builder.do()
    infos, errors = result.infos()
    if errors and session.flag("ignore-not-found") and getattr(errors[0], "reason", "") == "NotFound":
        return
    raise_all(errors)
    if len(infos) != 1:
        raise KubectlError(_ONE_WATCH)
    info = infos[0]
    view = _WatchView(session, info, chosen)
    if not session.flag("watch-only"):
        view.show_all(info.obj or {})
    _follow(session, info, view)
    raise ExitSilently(0)


def _follow(session: Session, info: Info, view: _WatchView) -> None:
    obj, name = info.obj or {}, info.name
    query = {
        "labelSelector": session.flag("selector"),
        "fieldSelector": f"metadata.name={name}" if name else session.flag("field-selector"),
        "resourceVersion": (obj.get("metadata") or {}).get("resourceVersion", ""),
    }
    stream = watching.open_watch(
        session, info.resource, info.namespace, query, table=view.table is not None, full=bool(session.flag("sort-by"))
    )

    def see() -> bool:
        for event in stream.poll():
            view.show_event(event)
        return False

    session.clock.run_until(see, watching.duration(session))


class _WatchView:
    """Prints what a watch brings, with columns that never get narrower."""

    def __init__(self, session: Session, info: Info, chosen: ObjectPrinter | None) -> None:
        self._session = session
        self._chosen = chosen
        self._widths: list[int] = []
        self.table = TablePrinter(_table_options(session, info.resource, with_kind=False)) if chosen is None else None

    def show_all(self, obj: Mapping[str, Any]) -> None:
        """The state at the start."""
        if self.table is None and obj.get("kind", "").endswith("List"):
            kind = {"apiVersion": obj.get("apiVersion"), "kind": obj["kind"].removesuffix("List")}
            for item in obj.get("items") or []:
                self._show({**kind, **item}, "ADDED")
        else:
            self._show(obj, "ADDED")

    def show_event(self, event: Mapping[str, Any]) -> None:
        """One event of the watch."""
        self._show(event["object"], event["type"])

    def _show(self, obj: Mapping[str, Any], event: str) -> None:
        events = self._session.flag("output-watch-events")
        if self.table is not None:
            text = self.table.print(obj, event if events else "")
            self._session.terminal.out(tabwriter.table(text, self._widths))
        elif self._chosen is not None:
            self._session.terminal.out(self._chosen.print({"type": event, "object": obj} if events else obj))
