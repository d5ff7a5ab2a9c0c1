"""Parts that several describers share: labels, annotations, tolerations, events.

Kubernetes: staging/src/k8s.io/kubectl/pkg/describe/describe.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.kubectl.commands.events import event_time, interval
from k8scourse.kubectl.describe.writer import Page
from k8scourse.kubectl.last_applied import ANNOTATION
from k8scourse.kubectl.session import SECOND, Session
from k8scourse.machinery import labels as label_rules
from k8scourse.machinery import timestamps
from k8scourse.machinery.status import ApiError

Object = Mapping[str, Any]

NONE = "<none>"
_MAX_ANNOTATION = 140
_DAY = 86_400
_DAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZERO_TIME = "Mon, 01 Jan 0001 00:00:00 +0000"


@dataclass(frozen=True, slots=True)
class Subject:
    """The object to describe and what is around it."""

    session: Session
    resource: ResourceInfo
    obj: dict[str, Any]
    show_events: bool

    @property
    def metadata(self) -> dict[str, Any]:
        """metadata of the object."""
        return self.obj["metadata"]

    @property
    def spec(self) -> dict[str, Any]:
        """spec, empty when missing."""
        return self.obj.get("spec") or {}

    @property
    def status(self) -> dict[str, Any]:
        """status, empty when missing."""
        return self.obj.get("status") or {}

    @property
    def now(self) -> int:
        """The virtual time, ns."""
        return self.session.clock.now


def date(text: str | None) -> str:
    """An RFC 3339 instant in the form of RFC 1123 with a numeric zone, as Go's time.RFC1123Z."""
    if not text:
        return _ZERO_TIME
    seconds = timestamps.parse_time(text) // SECOND
    day = timestamps.format_time(seconds * SECOND)
    year, month, rest = day.split("-", 2)
    weekday = _DAYS[seconds // _DAY % 7]
    return f"{weekday}, {rest[:2]} {_MONTHS[int(month)]} {year} {rest[3:11]} +0000"


def multiline(page: Page, title: str, values: Iterable[str]) -> None:
    """`title:` and *values* below each other; `<none>` without any."""
    listed = list(values) or [NONE]
    page.line(0, f"{title}:\t{listed[0]}")
    for value in listed[1:]:
        page.line(0, f"\t{value}")


def label_lines(page: Page, title: str, values: Mapping[str, str] | None) -> None:
    """Labels as `key=value`, sorted."""
    multiline(page, title, (f"{key}={values[key]}" for key in sorted(values or {})) if values else ())


def annotation_lines(page: Page, title: str, values: Mapping[str, str] | None) -> None:
    """Annotations as `key: value`, sorted, long ones shortened; without the one of apply."""
    shown = {key: value for key, value in (values or {}).items() if key != ANNOTATION}
    lines: list[str] = []
    for key in sorted(shown):
        value = shown[key].removesuffix("\n")
        if len(value) + len(key) + 2 > _MAX_ANNOTATION or "\n" in value:
            lines.append(f"{key}:")
            lines.extend(f"  {_shorten(line)}" for line in value.split("\n"))
        else:
            lines.append(f"{key}: {value}")
    multiline(page, title, lines)


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_ANNOTATION - 2 else text[: _MAX_ANNOTATION - 2] + "..."


def taint_text(taint: Object) -> str:
    """A taint as `key=value:effect` (api/core/v1 Taint.ToString)."""
    value, effect = taint.get("value", ""), taint.get("effect", "")
    if not effect:
        return f"{taint['key']}={value}:" if value else taint["key"]
    return f"{taint['key']}={value}:{effect}" if value else f"{taint['key']}:{effect}"


def toleration_text(toleration: Object) -> str:
    """A toleration as `key=value:effect op=Exists for 300s`."""
    key, value, effect = (toleration.get(name, "") for name in ("key", "value", "effect"))
    text = key + (f"={value}" if value else "") + (f":{effect}" if effect else "")
    if toleration.get("operator") == "Exists" and not value:
        text += " op=Exists" if key or effect else "op=Exists"
    seconds = toleration.get("tolerationSeconds")
    return text if seconds is None else f"{text} for {seconds}s"


def toleration_lines(page: Page, title: str, values: Iterable[Object] | None) -> None:
    """Tolerations, sorted by key."""
    multiline(page, title, map(toleration_text, sorted(values or (), key=lambda each: each.get("key", ""))))


def selector_text(selector: Object | None) -> str:
    """A LabelSelector as text; `<none>` when empty."""
    return str(label_rules.selector_from(dict(selector) if selector is not None else None)) or NONE


def controller_of(obj: Object) -> str:
    """`Kind/name` of the controlling owner; empty without one."""
    for owner in obj["metadata"].get("ownerReferences") or []:
        if owner.get("controller"):
            return f"{owner['kind']}/{owner['name']}"
    return ""


def search_events(subject: Subject, *, kind: str, uid: str | None = None) -> list[dict[str, Any]] | None:
    """The events about the object; None when they are not wanted or may not be read. Empty *kind* means any."""
    if not subject.show_events:
        return None
    metadata, session = subject.metadata, subject.session
    namespace = metadata.get("namespace", "")
    terms = [f"involvedObject.name={metadata['name']}", f"involvedObject.namespace={namespace}"]
    terms += [f"involvedObject.kind={kind}"] if kind else []
    uid = metadata.get("uid", "") if uid is None else uid
    terms += [f"involvedObject.uid={uid}"] if uid else []
    try:
        resource = session.resource_of("v1", "Event")
        listed = session.api.list(resource, namespace, fieldSelector=",".join(terms))
    except ApiError:
        return None
    return listed.get("items") or []


def events(page: Page, found: list[dict[str, Any]] | None, now: int) -> None:
    """The Events section; nothing when *found* is None."""
    if found is None:
        return
    if not found:
        page.field("Events", NONE)
        return
    page.flush()
    page.write(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage\n")
    page.line(1, "----\t------\t----\t----\t-------")
    for event in sorted(found, key=event_time):
        source = (event.get("source") or {}).get("component") or event.get("reportingComponent") or ""
        message = event.get("message", "").strip()
        path = (event.get("involvedObject") or {}).get("fieldPath")
        message = f"{path}: {message}" if path else message
        cells = (event.get("type", ""), event.get("reason", ""), interval(event, now), source, message)
        page.line(1, "\t".join(cells))


def conditions(page: Page, values: Iterable[Object] | None) -> None:
    """The Conditions section of workloads: type, status, reason."""
    listed = list(values or ())
    if not listed:
        return
    page.write(0, "Conditions:\n  Type\tStatus\tReason\n")
    page.line(1, "----\t------\t------")
    for condition in listed:
        page.line(1, f"{condition.get('type', '')} \t{condition.get('status', '')}\t{condition.get('reason', '')}")


def pod_counts(subject: Subject) -> dict[str, int]:
    """How many pods of the controller are in each phase."""
    counts: dict[str, int] = dict.fromkeys(("Running", "Pending", "Succeeded", "Failed"), 0)
    wanted = subject.spec.get("selector")
    if subject.resource.kind == "ReplicationController":
        selector = str(label_rules.selector_from_set(wanted or {}))
    else:
        selector = str(label_rules.selector_from(wanted))
    pods = subject.session.resource_of("v1", "Pod")
    listed = subject.session.api.list(pods, subject.metadata["namespace"], labelSelector=selector)
    for pod in listed.get("items") or []:
        owners = pod["metadata"].get("ownerReferences") or []
        phase = (pod.get("status") or {}).get("phase", "")
        owned = any(owner.get("controller") and owner.get("uid") == subject.metadata["uid"] for owner in owners)
        if owned and phase in counts:
            counts[phase] += 1
    return counts


def pods_status(counts: Mapping[str, int]) -> str:
    """The value of `Pods Status:`."""
    return (
        f"{counts['Running']} Running / {counts['Pending']} Waiting / {counts['Succeeded']} Succeeded / "
        f"{counts['Failed']} Failed"
    )
