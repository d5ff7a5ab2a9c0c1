"""The running scenario as actions and expectations see it: its world, its answers, and how to find objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from k8scourse.machinery.fieldpath import MISSING, FieldPathError, get_path
from k8scourse.scenario.answer import Answer
from k8scourse.scenario.placeholders import PlaceholderError, fill
from k8scourse.scenario.words import NoMeaning
from k8scourse.scenario.world import World


@dataclass(slots=True)
class Context:
    """One run of one scenario. ``last`` is the answer of the last write, command or request."""

    world: World
    answers: dict[str, Answer] = field(default_factory=dict)
    last: Answer | None = None
    found: dict[str, Any] = field(default_factory=dict)
    """What white-box actions found, for the expectations about it."""

    def answer(self, argument: Mapping[str, Any]) -> Answer:
        """The answer that an expectation asks about: that of its ``of``, else the last one.

        Raises:
            NoMeaning: there is no such answer.
        """
        if "of" in argument:
            name = argument["of"]
            if name not in self.answers:
                raise NoMeaning(f'no answer is named "{name}"; known here: {", ".join(self.answers) or "none"}')
            return self.answers[name]
        if self.last is None:
            raise NoMeaning("there is no answer: no write, command or request ran before")
        return self.last

    def filled(self, value: Any) -> Any:
        """*value* with its placeholders replaced by what they name now.

        Raises:
            NoMeaning: a placeholder names nothing.
        """
        try:
            return fill(value, self._look)
        except PlaceholderError as error:
            raise NoMeaning(str(error)) from error

    def find(self, argument: Mapping[str, Any]) -> dict[str, Any] | None:
        """The object that kind, apiVersion, name and namespace name; None when there is none."""
        url = self.world.url(
            argument["kind"],
            argument.get("apiVersion"),
            namespace=argument.get("namespace", "default"),
            name=argument["name"],
        )
        answer = self.world.request("GET", url)
        if answer.ok:
            return answer.body
        if answer.code == 404:
            return None
        raise NoMeaning(f"reading {url} was {answer.describe()}")

    def select(self, argument: Mapping[str, Any]) -> Answer:
        """The answer of a list request with kind, apiVersion, namespace, selector and field_selector."""
        url = self.world.url(
            argument["kind"], argument.get("apiVersion"), namespace=argument.get("namespace", "default")
        )
        query = {"labelSelector": argument.get("selector"), "fieldSelector": argument.get("field_selector")}
        text = urlencode({key: value for key, value in query.items() if value is not None})
        return self.world.request("GET", f"{url}?{text}" if text else url)

    def items(self, argument: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The objects that a list request answers, see select."""
        answer = self.select(argument)
        if not answer.ok:
            raise NoMeaning(f"the list request was {answer.describe()}")
        return answer.body.get("items") or []

    def _look(self, target: str, path: str) -> Any:
        kind, *rest = target.split("/")
        shown = f"${{{target}:{path}}}"
        if not rest:
            source: Any = self.answer({"of": kind}).body
        else:
            namespace = {"namespace": rest[0]} if len(rest) == 2 else {}
            source = self.find({"kind": kind, "name": rest[-1], **namespace})
            if source is None:
                raise PlaceholderError(f"{shown}: there is no {kind} {'/'.join(rest)}")
        try:
            value = get_path(source, path)
        except FieldPathError as error:
            raise PlaceholderError(f"{shown}: {error}") from error
        if value is MISSING:
            raise PlaceholderError(f"{shown}: {kind}{'/' if rest else ''}{'/'.join(rest)} has no field {path}")
        return value


def about(argument: Mapping[str, Any]) -> tuple[str, str, str]:
    """The subject of an expectation that has kind, name and namespace."""
    return argument["kind"], argument.get("namespace", "default"), argument["name"]


def about_pod(argument: Mapping[str, Any]) -> tuple[str, str, str]:
    """The subject of an expectation that has pod and namespace."""
    return "Pod", argument.get("namespace", "default"), argument["pod"]
