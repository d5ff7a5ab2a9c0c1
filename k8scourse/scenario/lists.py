"""Expectations about several objects at once: counts, names, refused lists and kubectl's tables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

from k8scourse.machinery.fieldpath import MISSING
from k8scourse.scenario import values
from k8scourse.scenario.context import Context
from k8scourse.scenario.objects import read
from k8scourse.scenario.words import Miss, NoMeaning, expectation

Argument = Mapping[str, Any]


def _name(obj: Mapping[str, Any]) -> str:
    return str(obj.get("metadata", {}).get("name", ""))


@expectation("count")
def count(context: Context, argument: Argument) -> Miss | None:
    found = [obj for obj in context.items(argument) if _chosen(obj, argument)]
    if len(found) == argument["equals"]:
        return None
    listed = f": {', '.join(sorted(map(_name, found)))}" if found else ""
    return Miss(f"{len(found)}{listed}")


def _chosen(obj: Mapping[str, Any], argument: Argument) -> bool:
    for path, wanted in argument.get("where", {}).items():
        found = read(obj, path)
        if not (found is MISSING or found is None if wanted is None else values.same(found, wanted)):
            return False
    try:
        return "name_matches" not in argument or values.matches_whole(_name(obj), argument["name_matches"])
    except re.error as error:
        raise NoMeaning(f"{argument['name_matches']!r} is no regular expression: {error}") from error


@expectation("names")
def names(context: Context, argument: Argument) -> Miss | None:
    if "of" in argument:
        body = context.answer(argument).body
        items = body.get("items") if isinstance(body, dict) else None
        if items is None:
            return Miss(f"the answer has no items: {context.answer(argument).describe()}")
        found = [_name(item) for item in items]
    else:
        found = sorted(map(_name, context.items(argument)))
    return None if found == argument["equals"] else Miss(values.show(found))


@expectation("list_rejected")
def list_rejected(context: Context, argument: Argument) -> Miss | None:
    answer = context.select(argument)
    if answer.code == 400 and values.contains_all(answer.message, argument["message_contains"]):
        return None
    return Miss(answer.describe())


@expectation("table")
def table(context: Context, argument: Argument) -> Miss | None:
    words = ["get", context.world.resource_word(argument["kind"], argument.get("apiVersion"))]
    if "name" in argument:
        words.append(argument["name"])
    if "selector" in argument:
        words += ["-l", argument["selector"]]
    words += ["-n", argument.get("namespace", "default")]
    if argument.get("wide"):
        words += ["-o", "wide"]
    answer = context.world.kubectl(shlex.join(words))
    header, rows = cells(answer.stdout or "")
    if not answer.ok or not _rows_fit(rows, argument["rows"]) or header != argument.get("columns", header):
        return Miss(answer.printed.rstrip() or "kubectl printed nothing")
    return None


def cells(text: str) -> tuple[list[str], list[list[str]]]:
    """Takes a table of kubectl apart: the header and the rows, cell by cell.

    Columns begin where their headers begin; a header may hold a single space (NOMINATED NODE).
    """
    lines = text.rstrip("\n").split("\n")
    starts = [match.start() for match in re.finditer(r"\S+(?: \S+)*", lines[0])]
    ends = [*starts[1:], None][: len(starts)]
    table = [[line[a:b].strip() for a, b in zip(starts, ends, strict=True)] for line in lines]
    return table[0], table[1:]


def _rows_fit(found: list[list[str]], wanted: list[list[str]]) -> bool:
    return len(found) == len(wanted) and all(
        len(row) == len(want) and all(cell in ("*", got) for got, cell in zip(row, want, strict=True))
        for row, want in zip(found, wanted, strict=True)
    )
