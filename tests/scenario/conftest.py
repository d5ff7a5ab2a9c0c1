"""A tiny world for tests of the runner's rules: objects in a dict, a kubectl of a few words, a clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from k8scourse.machinery.timestamps import parse_time
from k8scourse.machinery.yaml import read_documents
from k8scourse.scenario.answer import Answer
from k8scourse.scenario.loader import load_text
from k8scourse.scenario.outcome import Outcome
from k8scourse.scenario.runner import run_scenario
from k8scourse.scenario.world import UnknownKind

KINDS = {"ConfigMap", "Pod", "Deployment", "Event", "Node"}
START = parse_time("2026-01-01T00:00:00Z")


def refusal(code: int, reason: str, message: str, *fields: str) -> Answer:
    """The answer to a refused write whose Status names these fields."""
    causes = [{"reason": "FieldValueInvalid", "message": message, "field": field} for field in fields]
    status = {"kind": "Status", "code": code, "reason": reason, "message": message, "details": {"causes": causes}}
    return Answer(ok=False, code=code, body=status, status=status)


class FakeWorld:
    """Answers like a cluster, from a dict of objects; ``log`` has every call that changes something."""

    def __init__(self, world: Mapping[str, Any]) -> None:
        self.world = world
        self.now = START
        self.log: list[str] = []
        self.objects: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.history: list[tuple[int, int]] = []

    def settle(self) -> None:
        self.log.append("settle")

    def run(self, duration: int) -> None:
        self.log.append(f"run {duration}")
        self.now += duration

    def put(self, obj: Mapping[str, Any]) -> Answer:
        metadata = {"namespace": "default", "uid": f"uid-{obj['metadata']['name']}", **obj["metadata"]}
        if metadata["name"] == "bad":
            return refusal(422, "Invalid", "metadata.name: Invalid value", "metadata.name")
        stored = {**obj, "metadata": metadata}
        self.objects[obj["kind"], metadata["namespace"], metadata["name"]] = stored
        if "replicas" in obj.get("spec", {}):
            self.history.append((self.now, obj["spec"]["replicas"]))
        return Answer(ok=True, code=201, body=stored)

    def give(self, obj: Mapping[str, Any]) -> Answer:
        self.log.append(f"give {obj['metadata']['name']}")
        return self.put(obj)

    def kubectl(
        self, command: str, *, stdin: str | None = None, user: str | None = None, groups: Sequence[str] = ()
    ) -> Answer:
        self.log.append(f"kubectl {command}" + (f" as {user} {list(groups)}" if user else ""))
        verb, _, rest = command.partition(" ")
        if verb == "crash":
            raise ZeroDivisionError("no such luck")
        if verb == "fail":
            return Answer(ok=False, stdout="", stderr=f"error: {rest}\n", exit_code=1)
        if verb == "say":
            return Answer(ok=True, stdout=f"{rest}\n", stderr="", exit_code=0, warnings=("old",))
        if verb == "get":
            return Answer(ok=True, stdout=self.world.get("flags", {}).get("table", {}).get("text", ""), exit_code=0)
        answer = self.put(read_documents(stdin or "")[0].value)
        printed = f"Error from server: {answer.message}\n" if not answer.ok else ""
        return Answer(
            ok=answer.ok, code=answer.code, body=answer.body, status=answer.status, stdout="", stderr=printed,
            exit_code=0 if answer.ok else 1,
        )  # fmt: skip

    def request(self, method: str, url: str, **options: Any) -> Answer:
        if method != "GET":
            self.log.append(f"{method} {url} {options}")
        path, _, query = url.partition("?")
        parts = path.strip("/").split("/")
        if len(parts) == 3:
            found = self.objects.get((parts[0], parts[1], parts[2]))
            return Answer(ok=True, code=200, body=found) if found else refusal(404, "NotFound", "not found")
        if "bad" in query:
            return refusal(400, "BadRequest", "found '=='")
        items = [obj for key, obj in self.objects.items() if key[:2] == (parts[0], parts[1])]
        return Answer(ok=True, code=200, body={"items": items})

    def watch(self, url: str, duration: int, **_: Any) -> Answer:
        self.run(duration)
        event = {"type": "ADDED", "object": {"metadata": {"name": "a", "resourceVersion": "7"}}}
        gone = {"type": "ERROR", "object": {"code": 410, "reason": "Expired", "message": "too old"}}
        return Answer(ok=True, code=200, events=(event, gone))

    def url(
        self,
        kind: str,
        api_version: str | None = None,
        *,
        namespace: str | None = None,
        name: str | None = None,
        subresource: str | None = None,
    ) -> str:
        if kind not in KINDS:
            raise UnknownKind(f'no kind "{kind}" is served')
        return "/" + "/".join(filter(None, (kind, namespace, name, subresource)))

    def resource_word(self, kind: str, api_version: str | None = None) -> str:
        return kind.lower() + "s"

    def replicas(self, *_: Any) -> list[tuple[int, int]]:
        return self.history

    def score(self, pod: str, namespace: str, node: str, plugin: str) -> int | None:
        return 300 if node == "n1" else None

    def why(self, kind: str, namespace: str, name: str) -> str:
        return f"nobody touched {kind} {namespace}/{name}"


class Ran:
    """The outcome of one scenario together with the world that it ran in."""

    def __init__(self, outcome: Outcome, worlds: list[FakeWorld]) -> None:
        self.outcome = outcome
        self.world = worlds[-1] if worlds else FakeWorld({})

    @property
    def verdict(self) -> str:
        return self.outcome.verdict

    @property
    def places(self) -> list[str]:
        return [failure.place for failure in self.outcome.failures]

    @property
    def found(self) -> list[str]:
        return [failure.found for failure in self.outcome.failures]


@pytest.fixture
def run() -> Callable[[str], Ran]:
    """Runs the body of one scenario (``do``, ``expect`` ...; id, area and source are added) in a FakeWorld."""

    def run_body(body: str) -> Ran:
        lines = [line for line in body.strip("\n").split("\n") if line.strip()]
        margin = min(len(re.match(" *", line)[0]) for line in lines)
        indented = "\n".join(f"  {line[margin:]}" for line in lines)
        text = f"- id: s\n  area: taints\n  source: docs\n{indented}\n"
        worlds: list[FakeWorld] = []

        def build(world: Mapping[str, Any]) -> FakeWorld:
            worlds.append(FakeWorld(world))
            return worlds[-1]

        return Ran(run_scenario(load_text(text, "s.yaml").scenarios[0], build), worlds)

    return run_body


@pytest.fixture
def fake_world() -> type[FakeWorld]:
    """What makes a FakeWorld from the ``world`` of a scenario."""
    return FakeWorld
