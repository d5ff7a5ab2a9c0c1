"""Expectations about answers (scenario.md, section 6, "The answer of the last write, command or request")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from k8scourse.scenario import values
from k8scourse.scenario.answer import Answer
from k8scourse.scenario.context import Context
from k8scourse.scenario.words import Miss, NoMeaning, expectation

Argument = Mapping[str, Any]


@expectation("accepted", about_answer=True)
def accepted(context: Context, _: Any) -> Miss | None:
    answer = context.answer({})
    return None if answer.ok else Miss(answer.describe())


@expectation("rejected", about_answer=True)
def rejected(context: Context, argument: Argument) -> Miss | None:
    answer = context.answer({})
    if answer.ok:
        return Miss("it was accepted")
    status = answer.status or {}
    fits = (
        ("code" not in argument or status.get("code") == argument["code"])
        and ("reason" not in argument or status.get("reason") == argument["reason"])
        and ("field" not in argument or argument["field"] in answer.fields)
        and ("message" not in argument or answer.message == argument["message"])
        and ("message_contains" not in argument or _says(answer, argument["message_contains"]))
    )
    return None if fits else Miss(answer.describe())


def _says(answer: Answer, wanted: str | list[str]) -> bool:
    return values.contains_all(answer.message, wanted) or values.contains_all(answer.printed, wanted)


@expectation("warning", about_answer=True)
def warning(context: Context, argument: Argument) -> Miss | None:
    warnings = context.answer({}).warnings
    if any(values.contains_all(text, argument["message_contains"]) for text in warnings):
        return None
    return Miss("\n".join(["the warnings", *warnings]) if warnings else "no warning")


@expectation("no_warning", about_answer=True)
def no_warning(context: Context, _: Any) -> Miss | None:
    warnings = context.answer({}).warnings
    return Miss("\n".join(["the warnings", *warnings])) if warnings else None


@expectation("output", about_answer=True)
def output(context: Context, argument: Argument) -> Miss | None:
    answer = context.answer({})
    if answer.exit_code is None:
        raise NoMeaning("the last answer is none of kubectl")
    return None if _output_fits(answer, argument) else Miss(_shown(answer))


def _output_fits(answer: Answer, argument: Argument) -> bool:
    stdout, stderr = (answer.stdout or "").strip(), (answer.stderr or "").strip()
    both = "\n".join(filter(None, (stdout, stderr)))
    try:
        return (
            ("exit" not in argument or answer.exit_code == argument["exit"])
            and ("stdout" not in argument or stdout == argument["stdout"].strip())
            and ("stdout_contains" not in argument or values.contains_all(stdout, argument["stdout_contains"]))
            and ("stderr_contains" not in argument or values.contains_all(stderr, argument["stderr_contains"]))
            and ("contains" not in argument or values.contains_all(both, argument["contains"]))
            and ("not_contains" not in argument or not values.contains_any(both, argument["not_contains"]))
            and ("matches" not in argument or values.matches_whole(both, argument["matches"]))
        )
    except re.error as error:
        raise NoMeaning(f"{argument['matches']!r} is no regular expression: {error}") from error


def _shown(answer: Answer) -> str:
    parts = [f"exit code {answer.exit_code}"]
    for name, text in (("stdout", answer.stdout), ("stderr", answer.stderr)):
        if text and text.strip():
            parts.append(f"{name}:\n{text.rstrip()}")
    return "\n".join(parts)


@expectation("response", about_answer=True)
def response(context: Context, argument: Argument) -> Miss | None:
    answer = context.answer(argument)
    status = answer.status or {}
    fits = (
        ("code" not in argument or answer.code == argument["code"])
        and ("reason" not in argument or status.get("reason") == argument["reason"])
        and ("message" not in argument or answer.message == argument["message"])
        and ("message_contains" not in argument or values.contains_all(answer.message, argument["message_contains"]))
    )
    return None if fits else Miss(answer.describe())


@expectation("watched")
def watched(context: Context, argument: Argument) -> Miss | None:
    events = context.answer(argument).events
    wanted = argument["equals"]
    if len(events) == len(wanted) and all(map(_event_fits, events, wanted)):
        return None
    return Miss(values.show([_brief(event) for event in events]))


def _event_fits(event: Mapping[str, Any], wanted: Argument) -> bool:
    found = event.get("object", {})
    metadata = found.get("metadata", {})
    version = metadata.get("resourceVersion", "")
    least = wanted.get("resource_version_greater_than")
    return (
        event.get("type") == wanted["type"]
        and ("name" not in wanted or metadata.get("name") == wanted["name"])
        and ("code" not in wanted or found.get("code") == wanted["code"])
        and ("reason" not in wanted or found.get("reason") == wanted["reason"])
        and (
            "message_contains" not in wanted
            or values.contains_all(found.get("message", ""), wanted["message_contains"])
        )
        and ("resource_version" not in wanted or version == wanted["resource_version"])
        and (least is None or (values.whole_number(version) or 0) > (values.whole_number(least) or 0))
        and ("annotations" not in wanted or values.has(metadata.get("annotations") or {}, wanted["annotations"]))
    )


def _brief(event: Mapping[str, Any]) -> dict[str, Any]:
    found = event.get("object", {})
    metadata = found.get("metadata", {})
    shown = {
        "type": event.get("type"),
        "name": metadata.get("name"),
        "code": found.get("code"),
        "reason": found.get("reason") if event.get("type") == "ERROR" else None,
        "resource_version": metadata.get("resourceVersion"),
    }
    return {key: value for key, value in shown.items() if value is not None}
