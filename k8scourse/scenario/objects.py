"""Expectations about objects, their fields, conditions and events (scenario.md, section 6, "Objects")."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from k8scourse.machinery.duration import format_duration
from k8scourse.machinery.fieldpath import FieldPathError, get_path
from k8scourse.scenario import values
from k8scourse.scenario.comparisons import holds
from k8scourse.scenario.context import Context, about
from k8scourse.scenario.words import Miss, NoMeaning, expectation

Argument = Mapping[str, Any]


def _gone(argument: Argument) -> Miss:
    kind, _, name = about(argument)
    return Miss(f"there is no {kind} {name}", about(argument))


def read(source: Any, path: str) -> Any:
    """What is at the field path; MISSING where nothing is. Raises NoMeaning when *path* is none."""
    try:
        return get_path(source, path)
    except FieldPathError as error:
        raise NoMeaning(str(error)) from error


@expectation("exists")
def exists(context: Context, argument: Argument) -> Miss | None:
    return _gone(argument) if context.find(argument) is None else None


@expectation("absent")
def absent(context: Context, argument: Argument) -> Miss | None:
    found = context.find(argument)
    if found is None:
        return None
    deleted = found["metadata"].get("deletionTimestamp")
    return Miss(f"it exists, terminating since {deleted}" if deleted else "it exists", about(argument))


@expectation("terminating")
def terminating(context: Context, argument: Argument) -> Miss | None:
    found = context.find(argument)
    if found is None:
        return _gone(argument)
    return None if found["metadata"].get("deletionTimestamp") else Miss("no deletionTimestamp", about(argument))


@expectation("field")
def field(context: Context, argument: Argument) -> Miss | None:
    if "of" in argument:
        source, subject = context.answer(argument).body, None
    else:
        source, subject = context.find(argument), about(argument)
        if source is None:
            return _gone(argument)
    found = read(source, argument["path"])
    try:
        if holds(argument, found):
            return None
    except ValueError as error:
        raise NoMeaning(str(error)) from error
    return Miss(f"{argument['path']}: {values.show(found)}", subject)


def condition_of(obj: Mapping[str, Any], kind: str) -> dict[str, Any] | None:
    """The condition of that type in an object's status."""
    conditions = get_path(obj, "status.conditions") or []
    return next((item for item in conditions if item.get("type") == kind), None)


def texts_fit(found: Mapping[str, Any], argument: Argument) -> bool:
    """Whether reason, message and message_contains of *argument* hold for *found*, as far as they are asked."""
    return (
        ("reason" not in argument or values.is_one_of(found.get("reason", ""), argument["reason"]))
        and ("message" not in argument or values.is_one_of(found.get("message", ""), argument["message"]))
        and (
            "message_contains" not in argument
            or values.contains_all(found.get("message", ""), argument["message_contains"])
        )
    )


@expectation("condition")
def condition(context: Context, argument: Argument) -> Miss | None:
    obj = context.find(argument)
    if obj is None:
        return _gone(argument)
    found = condition_of(obj, argument["type"])
    if found is None:
        types = [item.get("type") for item in get_path(obj, "status.conditions") or []]
        return Miss(f"no condition {argument['type']}; there are {values.show(types)}", about(argument))
    if found.get("status") == argument.get("status", "True") and texts_fit(found, argument):
        return None
    shown = {key: found[key] for key in ("type", "status", "reason", "message") if key in found}
    return Miss(values.show(shown), about(argument))


@expectation("event")
def event(context: Context, argument: Argument) -> Miss | None:
    events = context.items({"kind": "Event", "apiVersion": "v1", "namespace": argument.get("namespace", "default")})
    about_it = [item for item in events if _is_about(item.get("involvedObject", {}), argument)]
    if any(_event_fits(item, argument) for item in about_it):
        return None
    listed = [f"{item.get('type')} {item.get('reason')}: {item.get('message')}" for item in about_it]
    subject = about(argument) if "kind" in argument and "name" in argument else None
    return Miss("\n".join(["no such event; there are", *listed]) if listed else "no event", subject)


def _is_about(involved: Mapping[str, Any], argument: Argument) -> bool:
    return all(involved.get(key) == argument[key] for key in ("kind", "apiVersion", "name") if key in argument)


def _event_fits(item: Mapping[str, Any], argument: Argument) -> bool:
    return ("type" not in argument or item.get("type") == argument["type"]) and texts_fit(item, argument)


@expectation("replicas")
def replicas(context: Context, argument: Argument) -> Miss | None:
    obj = context.find(argument)
    if "equals" in argument:
        if obj is None:
            return _gone(argument)
        found = get_path(obj, "spec.replicas")
        if not values.same(found, argument["equals"]):
            return Miss(f"spec.replicas: {values.show(found)}", about(argument))
    return _steps(context, argument) if "steps" in argument or "gap" in argument else None


def _steps(context: Context, argument: Argument) -> Miss | None:
    kind, namespace, name = about(argument)
    history = context.world.replicas(kind, namespace, name, argument.get("apiVersion"))
    changes = [change for i, change in enumerate(history) if i == 0 or change[1] != history[i - 1][1]]
    steps = [value for _, value in changes]
    if "steps" in argument and steps != argument["steps"]:
        return Miss(f"spec.replicas was {values.show(steps)}", about(argument))
    gap = argument.get("gap", {})
    times = [time for time, _ in changes[1:]]
    for earlier, later in pairwise(times):
        least, most = gap.get("at_least"), gap.get("at_most")
        if (least and later - earlier < values.nanoseconds(least)) or (
            most and later - earlier > values.nanoseconds(most)
        ):
            return Miss(f"two changes {format_duration(later - earlier)} apart", about(argument))
    return None
