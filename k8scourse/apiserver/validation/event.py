"""Validation of Events, by the rules of core/v1 or the stricter ones of events.k8s.io/v1.

Source: kubernetes pkg/apis/core/validation/events.go. Events of events.k8s.io are looked at in their core form:
``regarding`` is involvedObject, ``note`` is message, ``reportingController`` is reportingComponent.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.equality import is_absent
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.support import Errors, check, check_immutable
from k8scourse.machinery.field import FieldError, invalid, required
from k8scourse.machinery.names import is_dns1123_subdomain, is_qualified_name

_CORE = "v1"
_SHORT_LIMIT = 128
_NOTE_LIMIT = 1024
_UNSET = "needs to be unset"
_FOREIGN = "does not match event.namespace"
# Name in events.k8s.io/v1 -> name in core/v1, where they differ.
_CORE_NAMES = {
    "regarding": "involvedObject",
    "note": "message",
    "reportingController": "reportingComponent",
    "deprecatedSource": "source",
    "deprecatedFirstTimestamp": "firstTimestamp",
    "deprecatedLastTimestamp": "lastTimestamp",
    "deprecatedCount": "count",
}
_FIXED = (
    ("involvedObject", "involvedObject"),
    ("reason", "reason"),
    ("message", "message"),
    ("source", "source"),
    ("firstTimestamp", "firstTimestamp"),
    ("lastTimestamp", "lastTimestamp"),
    ("count", "count"),
    ("type", "type"),
    ("eventTime", "eventTime"),
    ("action", "action"),
    ("related", "related"),
    ("reportingComponent", "reportingController"),
    ("reportingInstance", "reportingInstance"),
)

Event = Mapping[str, Any]


def core_form(event: Event) -> dict[str, Any]:
    """Return an Event of either API with the field names of core/v1."""
    if event.get("apiVersion") == _CORE:
        return dict(event)
    return {_CORE_NAMES.get(name, name): value for name, value in event.items()}


def validate_event(event: Event) -> list[FieldError]:
    """Return the faults of an Event that is to be created."""
    core = core_form(event)
    errors: Errors = []
    _check_either(errors, core)
    if event.get("apiVersion") == _CORE:
        return errors
    errors.extend(check_metadata(core["metadata"], namespaced=True))
    _check_series(errors, core.get("series"))
    if not core.get("eventTime"):
        errors.append(required("eventTime"))
    if core.get("type") not in ("Normal", "Warning"):
        errors.append(invalid("type", "", f"has invalid value: {core.get('type') or ''}"))
    for field in ("firstTimestamp", "lastTimestamp", "count", "source"):
        if not is_absent(core.get(field)) and core[field] != 0:
            errors.append(invalid(field, "", _UNSET))
    return errors


def validate_event_update(new: Event, old: Event) -> list[FieldError]:
    """Return the faults of changing the stored Event *old* to *new*; in events.k8s.io only the series may change."""
    core, before = core_form(new), core_form(old)
    errors: Errors = []
    _check_either(errors, core)
    if new.get("apiVersion") == _CORE:
        return errors
    errors.extend(check_metadata_update(core["metadata"], before["metadata"]))
    if core.get("series") != before.get("series"):
        _check_series(errors, core.get("series"))
    for field, shown in _FIXED:
        check_immutable(errors, shown, core.get(field), before.get(field))
    return errors


def _check_series(errors: Errors, series: Mapping[str, Any] | None) -> None:
    if series is None:
        return
    if (series.get("count") or 0) < 2:
        errors.append(invalid("series.count", "", "should be at least 2"))
    if not series.get("lastObservedTime"):
        errors.append(required("series.lastObservedTime"))


def _check_either(errors: Errors, event: Event) -> None:
    """Check what both APIs check: the namespaces, and the new fields once eventTime is set."""
    namespace = event["metadata"].get("namespace") or ""
    about = (event.get("involvedObject") or {}).get("namespace") or ""
    path = "involvedObject.namespace"
    if not event.get("eventTime"):
        if namespace != about and not (not about and namespace == "default"):
            errors.append(invalid(path, about, _FOREIGN))
    else:
        if not about and namespace not in ("default", "kube-system"):
            errors.append(invalid(path, about, _FOREIGN))
        _check_reporter(errors, event)
        _check_texts(errors, event)
    check(errors, "namespace", namespace, is_dns1123_subdomain)


def _check_reporter(errors: Errors, event: Event) -> None:
    field = "reportingComponent" if event.get("apiVersion") == _CORE else "reportingController"
    reporter = event.get("reportingComponent") or ""
    if not reporter:
        errors.append(required(field))
    check(errors, field, reporter, is_qualified_name)


def _check_texts(errors: Errors, event: Event) -> None:
    for field in ("reportingInstance", "action", "reason"):
        text = event.get(field) or ""
        if not text:
            errors.append(required(field))
        if len(text.encode()) > _SHORT_LIMIT:
            errors.append(invalid(field, "", f"can have at most {_SHORT_LIMIT} characters"))
    if len((event.get("message") or "").encode()) > _NOTE_LIMIT:
        errors.append(invalid("message", "", f"can have at most {_NOTE_LIMIT} characters"))
