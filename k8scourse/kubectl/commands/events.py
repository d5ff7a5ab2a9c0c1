"""`kubectl events`: the events of a namespace or object in the order of time.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/events/events.go and event_printer.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.kubectl.commands import watching
from k8scourse.kubectl.errors import ExitSilently, KubectlError
from k8scourse.kubectl.printers import tabwriter
from k8scourse.kubectl.printers.objects import object_printer
from k8scourse.kubectl.printers.tables import escape
from k8scourse.kubectl.session import Session
from k8scourse.machinery import duration, timestamps

Event = Mapping[str, Any]


def run(session: Session) -> None:
    """Print the events. Raises KubectlError or ApiError."""
    selector = _for_object(session)
    types = [kind.lower() for kind in session.flag("types")]
    if any(kind not in ("normal", "warning") for kind in types):
        raise KubectlError("valid --types are Normal or Warning")
    chosen = object_printer(session, session.flag("output"))
    resource = session.resource_of("v1", "Event")
    namespace = "" if session.flag("all-namespaces") else session.namespace
    view = _View(session, types)
    if session.flag("watch"):
        return _watch(session, view, namespace, selector)
    listed = session.api.list(resource, namespace, fieldSelector=selector)
    events = [
        {"kind": "Event", "apiVersion": "v1", **event} for event in listed.get("items") or [] if view.wants(event)
    ]
    if not events:
        where = "." if session.flag("all-namespaces") else f" in {session.namespace} namespace."
        session.terminal.err(f"No events found{where}\n")
        return None
    events.sort(key=event_time)
    if chosen is not None:
        session.terminal.out(chosen.print({**listed, "items": events}))
        return None
    return view.show(events)


def event_time(event: Event) -> int:
    """When the event was last seen, ns."""
    series = event.get("series") or {}
    text = series.get("lastObservedTime") or event.get("lastTimestamp") or event.get("eventTime")
    return timestamps.parse_time(text) if text else 0


def interval(event: Event, now: int) -> str:
    """`12s`, or `5s (x3 over 2m)` for a repeated event."""
    first = since(event.get("eventTime") or event.get("firstTimestamp"), now)
    series = event.get("series")
    if series:
        return f"{since(series.get('lastObservedTime'), now)} (x{series.get('count', 0)} over {first})"
    if (event.get("count") or 0) > 1:
        return f"{since(event.get('lastTimestamp'), now)} (x{event['count']} over {first})"
    return first


def since(text: str | None, now: int) -> str:
    """The age of an instant; `<unknown>` without one."""
    return duration.human_duration(now - timestamps.parse_time(text)) if text else "<unknown>"


def _for_object(session: Session) -> str:
    text = session.flag("for")
    if not text:
        return ""
    word, slash, name = text.partition("/")
    if not slash:
        raise KubectlError("--for must be in resource/name form")
    if "/" in name:
        raise KubectlError("arguments in resource/name form may not have more than one slash")
    resource = session.resource(word)
    return (
        f"involvedObject.kind={resource.kind},involvedObject.apiVersion={resource.group_version},"
        f"involvedObject.name={name}"
    )


def _watch(session: Session, view: _View, namespace: str, selector: str) -> None:
    resource = session.resource_of("v1", "Event")
    stream = watching.open_watch(session, resource, namespace, {"fieldSelector": selector}, table=False)

    def see() -> bool:
        for event in stream.poll():
            if event["type"] != "DELETED" and view.wants(event["object"]):
                view.show([event["object"]])
        return False

    session.clock.run_until(see, watching.duration(session))
    raise ExitSilently(0)


class _View:
    def __init__(self, session: Session, types: list[str]) -> None:
        self._session = session
        self._types = types
        self._headers = not session.flag("no-headers")
        self._widths: list[int] = []

    def wants(self, event: Event) -> bool:
        """Whether --types lets the event through."""
        return not self._types or event.get("type", "").lower() in self._types

    def show(self, events: list[Any]) -> None:
        """Print *events* as lines."""
        all_namespaces = self._session.flag("all-namespaces")
        lines: list[list[str]] = []
        if self._headers:
            lines.append(["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"])
            if all_namespaces:
                lines[0].insert(0, "NAMESPACE")
            self._headers = False
        for event in events:
            involved = event.get("involvedObject") or {}
            line = [
                interval(event, self._session.clock.now),
                escape(event.get("type", "")),
                escape(event.get("reason", "")),
                f"{involved.get('kind', '')}/{involved.get('name', '')}",
                escape(event.get("message", "").strip()),
            ]
            if all_namespaces:
                line.insert(0, event["metadata"].get("namespace", ""))
            lines.append(line)
        text = "".join("\t".join(line) + "\n" for line in lines)
        self._session.terminal.out(tabwriter.table(text, self._widths))
