"""Actions that write, command, ask or let time pass (scenario.md, section 4)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from k8scourse.scenario.answer import Answer
from k8scourse.scenario.context import Context
from k8scourse.scenario.values import nanoseconds
from k8scourse.scenario.words import action

Argument = Mapping[str, Any]

_PATCH_TYPES = {
    "strategic": "application/strategic-merge-patch+json",
    "merge": "application/merge-patch+json",
    "json": "application/json-patch+json",
}
_UNPRINTABLE = re.compile("[\x7f-\x9f\ufeff\ufffe\uffff]")
_NANOSECONDS = 1_000_000_000


def _identity(argument: Argument) -> dict[str, Any]:
    """The keyword arguments for who acts: nothing for the superuser."""
    return {"user": argument["user"], "groups": argument.get("groups", ())} if "user" in argument else {}


def as_text(value: Any) -> str:
    """An object as a text that JSON and YAML readers take alike; a text as it is."""
    if isinstance(value, str):
        return value
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _file_command(verb: str) -> None:
    @action(verb, answer=True)
    def act(context: Context, argument: str | Argument) -> Answer:
        wrapped: Argument = {"object": argument}
        if not isinstance(argument, str) and "object" in argument and "kind" not in argument:
            wrapped = argument
        command = f"{verb} -f - {wrapped.get('flags', '')}".strip()
        return context.world.kubectl(command, stdin=as_text(wrapped["object"]), **_identity(wrapped))


for _verb in ("apply", "create", "replace"):
    _file_command(_verb)


def _url(context: Context, argument: Argument) -> str:
    return context.world.url(
        argument["kind"],
        argument.get("apiVersion"),
        namespace=argument.get("namespace", "default"),
        name=argument["name"],
        subresource=argument.get("subresource"),
    )


@action("patch", answer=True)
def patch(context: Context, argument: Argument) -> Answer:
    content_type = _PATCH_TYPES[argument.get("type", "strategic")]
    return context.world.request(
        "PATCH", _url(context, argument), body=argument["patch"], content_type=content_type, **_identity(argument)
    )


@action("delete", answer=True)
def delete(context: Context, argument: Argument) -> Answer:
    """A raw DELETE; its options are only those that the scenario writes."""
    options: dict[str, Any] = {}
    if "propagation" in argument:
        options["propagationPolicy"] = argument["propagation"]
    if "grace_period" in argument:
        options["gracePeriodSeconds"] = nanoseconds(argument["grace_period"]) // _NANOSECONDS
    if "uid" in argument:
        options["preconditions"] = {"uid": argument["uid"]}
    body = {"kind": "DeleteOptions", "apiVersion": "v1", **options} if options else None
    return context.world.request("DELETE", _url(context, argument), body=body, **_identity(argument))


@action("kubectl", answer=True)
def kubectl(context: Context, argument: str | Argument) -> Answer:
    wrapped: Argument = {"command": argument} if isinstance(argument, str) else argument
    stdin = as_text(wrapped["stdin"]) if "stdin" in wrapped else None
    return context.world.kubectl(wrapped["command"], stdin=stdin)


@action("request", answer=True)
def request(context: Context, argument: Argument) -> Answer:
    return context.world.request(
        argument["method"],
        argument["url"],
        body=argument.get("body"),
        content_type=argument.get("content_type"),
        **_identity(argument),
    )


@action("watch")
def watch(context: Context, argument: Argument) -> Answer:
    """Reads a watch; its answer is reached by name alone, so that the last write stays the last answer."""
    return context.world.watch(argument["url"], nanoseconds(argument["for"]), **_identity(argument))


@action("run")
def run(context: Context, argument: str) -> None:
    context.world.run(nanoseconds(argument))
