"""Expectations and what was found instead, in words: checks are written in a notation that learners need not know."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from k8scourse.machinery.yaml import ManifestError, read_documents
from k8scourse.scenario.faults import one_of
from k8scourse.scenario.values import show

Argument = Mapping[str, Any]

_UNBOUND = re.compile(r'not bound to a node, PodScheduled: \{.*message: (?:"(.*)"|(.*?))\}', re.DOTALL)
_BOUND = re.compile(r"bound to (\S+)")
_COUNTED = re.compile(r"(\d+): (.+)", re.DOTALL)
_LONGEST = 300
"""Characters of an expectation that are read; a longer one stays as it is."""


def expected_in_words(notation: str) -> str:
    """The sentence for an expectation such as `scheduled: {pod: web, node: n2}`; itself where there is none."""
    if len(notation) > _LONGEST:
        return notation
    try:
        documents = read_documents(notation)
    except ManifestError:
        return notation
    value = documents[0].value if len(documents) == 1 else None
    if not isinstance(value, dict) or len(value) != 1:
        return notation
    [(name, argument)] = value.items()
    write = _SENTENCES.get(name)
    return (write(argument) if write and isinstance(argument, dict) else None) or notation


def found_in_words(found: str) -> str:
    """What was found, without the notation of conditions."""
    if unbound := _UNBOUND.fullmatch(found):
        return f"it has no node; the scheduler says: {unbound[1] or unbound[2]}"
    if bound := _BOUND.fullmatch(found):
        return f"it is on the node {bound[1]}"
    if counted := _COUNTED.fullmatch(found):
        return f"{counted[1]} ({counted[2]})"
    return found


def _pod(argument: Argument) -> str:
    return f"the pod {argument.get('pod', '')}{_in_namespace(argument)}"


def _in_namespace(argument: Argument) -> str:
    return f" in the namespace {argument['namespace']}" if "namespace" in argument else ""


def _object(argument: Argument) -> str:
    return f"{argument.get('kind', 'object')} {argument.get('name', '')}{_in_namespace(argument)}"


def _scheduled(argument: Argument) -> str | None:
    if "node" not in argument:
        return f"{_pod(argument)} has a node"
    node = argument["node"]
    nodes = [str(item) for item in node] if isinstance(node, list) else [str(node)]
    return f"{_pod(argument)} is on {'the node ' if len(nodes) == 1 else ''}{one_of(nodes)}"


def _unschedulable(argument: Argument) -> str | None:
    return f"{_pod(argument)} finds no node" if argument.keys() <= {"pod", "namespace"} else None


def _exists(argument: Argument) -> str | None:
    return f"there is {_with_article(_object(argument))}" if "name" in argument else None


def _absent(argument: Argument) -> str | None:
    return f"there is no {_object(argument)}" if "name" in argument else None


def _with_article(words: str) -> str:
    return f"{'an' if words[:1] in 'AEIO' else 'a'} {words}"


def _count(argument: Argument) -> str | None:
    if not argument.keys() <= {"kind", "namespace", "selector", "where", "equals"} or "equals" not in argument:
        return None
    number = argument["equals"]
    words = f"{number} {'object' if number == 1 else 'objects'} of kind {argument.get('kind')}{_in_namespace(argument)}"
    if "selector" in argument:
        words += f" with the labels {argument['selector']}"
    rules = [
        f"{path} {'missing' if wanted is None else show(wanted)}" for path, wanted in argument.get("where", {}).items()
    ]
    return words + (f" that have {' and '.join(rules)}" if rules else "")


def _field(argument: Argument) -> str | None:
    if not argument.keys() <= {"kind", "name", "namespace", "apiVersion", "path", "equals"} or "equals" not in argument:
        return None
    wanted = "missing" if argument["equals"] is None else show(argument["equals"])
    return f"{argument.get('path')} of {_object(argument)} is {wanted}"


def _condition(argument: Argument) -> str | None:
    if not argument.keys() <= {"kind", "name", "namespace", "type", "status"}:
        return None
    return f"{_object(argument)} has the condition {argument.get('type')}={argument.get('status', 'True')}"


_SENTENCES: dict[str, Callable[[Argument], str | None]] = {
    "scheduled": _scheduled,
    "unschedulable": _unschedulable,
    "exists": _exists,
    "absent": _absent,
    "count": _count,
    "field": _field,
    "condition": _condition,
}
