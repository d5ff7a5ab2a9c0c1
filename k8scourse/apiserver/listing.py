"""Reading: get, list with selectors and chunks, watch, and rows instead of objects.

Source: staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go ListPredicate, storage/continue.go
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver import printers
from k8scourse.apiserver.call import Call
from k8scourse.apiserver.field_labels import unknown_field
from k8scourse.apiserver.field_management import with_managed_fields
from k8scourse.apiserver.list_options import (
    INITIAL_EVENTS_END,
    LIST_TOO_OLD,
    NEWEST,
    ListOptions,
    inconsistent,
    read_token,
    write_token,
)
from k8scourse.apiserver.storage import key_prefix
from k8scourse.apiserver.watch import Watch
from k8scourse.etcd.store import Record, RevisionCompacted
from k8scourse.machinery import status
from k8scourse.machinery.field_selectors import parse_field_selector
from k8scourse.machinery.labels import SelectorError, parse_selector

if TYPE_CHECKING:
    from k8scourse.etcd.store import Store

Object = dict[str, Any]

TABLE_MARK = "as=Table"


def selection(call: Call) -> Callable[[Object], bool]:
    """Whether an object is in the request's namespace and matches its selectors; raises ApiError 400."""
    query = call.request.query
    namespace, name = call.namespace, call.info.name
    tests: list[Callable[[Object], bool]] = []
    if namespace:
        tests.append(lambda obj: obj["metadata"].get("namespace") == namespace)
    if name:
        tests.append(lambda obj: obj["metadata"]["name"] == name)
    if query.get("labelSelector"):
        try:
            labels = parse_selector(query["labelSelector"])
        except SelectorError as error:
            raise status.bad_request(str(error)) from None
        tests.append(lambda obj: labels.matches(obj["metadata"].get("labels")))
    if query.get("fieldSelector"):
        tests.append(_field_test(call, query["fieldSelector"]))
    return (lambda obj: all(test(obj) for test in tests)) if tests else (lambda obj: True)


def _field_test(call: Call, text: str) -> Callable[[Object], bool]:
    try:
        selector = parse_field_selector(text)
    except SelectorError as error:
        raise status.bad_request(str(error)) from None
    strategy = call.server.strategy_of(call.resource)
    example: Object = {"metadata": {"name": "", "namespace": ""}, "spec": {}, "status": {}}
    known = strategy.selectable_fields(example)
    for field, _, _ in selector.requirements:
        if field not in known:
            raise status.bad_request(unknown_field(call.resource, field))
    return lambda obj: selector.matches(strategy.selectable_fields(obj))


def render(call: Call, objects: list[Object], metadata: Object | None = None) -> Object:
    """A List of *objects*, or a Table of them where the client asked for rows."""
    if TABLE_MARK in call.request.accept:
        table = printers.table(call.resource, objects, call.server.engine.now)
        include = call.request.query.get("includeObject", "Metadata")
        for row, obj in zip(table["rows"], objects, strict=True):
            row["object"] = _row_object(obj, include)
        return {**table, "metadata": metadata or {}}
    items = [{key: value for key, value in obj.items() if key not in ("kind", "apiVersion")} for obj in objects]
    return {
        "kind": f"{call.resource.kind}List",
        "apiVersion": call.resource.group_version,
        "metadata": metadata or {},
        "items": items,
    }


def _row_object(obj: Object, include: str) -> Object | None:
    if include == "None":
        return None
    if include == "Object":
        return obj
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": obj["metadata"]}


def get(call: Call) -> Object:
    """One object; raises ApiError 404, and 504 for a revision that is not there yet."""
    if call.request.query.get("resourceVersion"):
        ListOptions.read(call.request.query, watch=False).check_not_future(call.server.storage.revision)
    obj = call.server.read(call.resource, call.namespace, call.info.name)
    if call.request.managed_fields:
        note = call.server.storage.note(call.resource.group_resource, call.namespace, call.info.name)
        obj = with_managed_fields(obj, note, call.server.kind_of(call.resource))
    if TABLE_MARK in call.request.accept:
        return render(call, [obj], {"resourceVersion": obj["metadata"]["resourceVersion"]})
    return obj


def list_(call: Call) -> Object:
    """The objects that match, in the order of their keys, with *limit* and *continue*; raises ApiError 400 or 410."""
    query = call.request.query
    options = ListOptions.read(query, watch=False)
    matches = selection(call)
    prefix = key_prefix(call.resource.group_resource)
    root = f"{prefix}{call.namespace}/" if call.namespace else prefix
    store, start = _listed_state(call, options, root)
    found = [(key, record) for key, record in store.range(root) if key >= start and matches(record.value)]
    # What any revision is good enough for comes whole, from the watch cache (cacher/delegator.go).
    limit = 0 if options.resource_version == "0" and not options.token else options.limit
    metadata: Object = {"resourceVersion": str(store.revision)}
    if limit and len(found) > limit:
        metadata["continue"] = write_token(found[limit - 1][0], root, store.revision)
        if not query.get("labelSelector") and not query.get("fieldSelector"):
            metadata["remainingItemCount"] = len(found) - limit
        found = found[:limit]
    return render(call, [_as_read(call, record) for _, record in found], metadata)


def _listed_state(call: Call, options: ListOptions, root: str) -> tuple[Store, str]:
    """The state of the store that a list shows, and the key from which on."""
    newest = call.server.storage.store
    if options.token:
        if options.resource_version not in ("", "0"):
            raise status.bad_request("specifying resource version is not allowed when using continue")
        start, revision = read_token(options.token, root)
        if revision == NEWEST:
            return newest, start
        try:
            return _at(newest, revision), start
        except RevisionCompacted:
            raise inconsistent(start, root) from None
    options.check_not_future(newest.revision)
    if not options.is_exact:
        return newest, ""
    try:
        return _at(newest, options.revision), ""
    except RevisionCompacted:
        raise status.expired(LIST_TOO_OLD) from None


def _at(store: Store, revision: int) -> Store:
    if revision < store.compacted:
        raise RevisionCompacted(revision, store.compacted)
    return store if revision >= store.revision else store.at(revision)


def _as_read(call: Call, record: Record, obj: Object | None = None) -> Object:
    """What the client gets of a record; of its value, or of *obj* in place of it."""
    obj = call.server.versioned(record.value if obj is None else obj, call.resource)
    if call.request.managed_fields:
        obj = with_managed_fields(obj, record.note, call.server.kind_of(call.resource))
    return obj


def watch(call: Call) -> Watch:
    """A stream of changes; raises ApiError 400, 410 or 422."""
    options = ListOptions.read(call.request.query, watch=True)
    version = options.resource_version or "0"
    if not version.isdigit():
        raise status.bad_request(f'strconv.ParseUint: parsing "{version}": invalid syntax')

    def rendered(record: Record, obj: Object) -> Object:
        obj = _as_read(call, record, obj)
        return render(call, [obj]) if TABLE_MARK in call.request.accept else obj

    def bookmark(revision: int, annotations: Object | None) -> Object:
        resource = call.resource
        obj = call.server.kind_of(resource).empty(resource.group_version, resource.kind)
        metadata: Object = {"resourceVersion": str(revision), "creationTimestamp": None}
        obj["metadata"] = {**metadata, "annotations": annotations} if annotations else metadata
        return render(call, [obj]) if TABLE_MARK in call.request.accept else obj

    stream = Watch(
        call.server.storage.store,
        key_prefix(call.resource.group_resource),
        selection(call),
        rendered,
        after=_watched_from(call, options),
        timeout=options.timeout,
    )
    if options.bookmarks:
        annotations = {INITIAL_EVENTS_END: "true"} if options.send_initial_events else None
        stream.send_bookmarks(bookmark, lambda: call.server.engine.now, annotations)
    return stream


def _watched_from(call: Call, options: ListOptions) -> int | None:
    """The revision after which a watch begins; None where it begins with what exists."""
    newest = call.server.storage.revision
    if options.send_initial_events:
        options.check_not_future(newest)
        return None
    if options.send_initial_events is False and not options.revision:
        return newest
    return options.revision or None
