"""Reads files of scenarios: YAML with positions, judged by the grammar before anything of it runs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path as FilePath
from typing import Any

from k8scourse.machinery.yaml import Document, ManifestError, read_documents
from k8scourse.scenario import grammar
from k8scourse.scenario.duplicates import repeated_keys
from k8scourse.scenario.faults import Fault, InvalidFile, Violation
from k8scourse.scenario.model import Fixture, Located, Path, Positions, Scenario, ScenarioFile, show_path


def load_file(name: str) -> ScenarioFile:
    """Reads the file *name*; ``-`` is standard input.

    Raises:
        InvalidFile: the file cannot be read, is not YAML or does not fit the grammar; it carries every fault.
    """
    try:
        text = sys.stdin.read() if name == "-" else FilePath(name).read_text("utf-8")
    except OSError as error:
        raise _invalid(name, 1, f"cannot be read: {error.strerror}; expected the name of a file") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _invalid(name, line, "holds a byte that is not UTF-8; expected a YAML text in UTF-8") from error
    return load_text(text, name)


def load_text(text: str, name: str) -> ScenarioFile:
    """Reads scenarios from *text*; *name* stands for it in reports. Raises InvalidFile like load_file."""
    document = _read(text, name)
    found = [*grammar.violations(document.value), *repeated_keys(text)]
    faults = [_fault(name, document, violation) for violation in found]
    if not faults:
        faults = _repeated_ids(name, document)
    if faults:
        raise InvalidFile(sorted(faults, key=lambda fault: (fault.line, fault.path)))
    return _build(name, document.value, document.positions)


def load_files(names: Iterable[str]) -> tuple[list[ScenarioFile], list[Fault]]:
    """Reads several files; the valid ones and the faults of the others.

    A file that uses the id of a scenario in an earlier one is not valid either.
    """
    files: list[ScenarioFile] = []
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for name in names:
        try:
            file = load_file(name)
        except InvalidFile as error:
            faults.extend(error.faults)
            continue
        places = {scenario.id: f"{name}:{file.line(scenario.path)}" for scenario in file.scenarios}
        twice = [_used_twice(file, scenario, seen[scenario.id]) for scenario in file.scenarios if scenario.id in seen]
        seen.update(places)
        faults.extend(twice)
        if not twice:
            files.append(file)
    return files, faults


def _used_twice(file: ScenarioFile, scenario: Scenario, other: str) -> Fault:
    line = file.line((*scenario.path, "id"))
    return Fault(file.name, line, scenario.id, "id", f"is the id of {other} too; expected an id of its own")


def _invalid(name: str, line: int, text: str) -> InvalidFile:
    return InvalidFile([Fault(name, line, "", "", text)])


def _read(text: str, name: str) -> Document:
    try:
        documents = read_documents(text, name)
    except ManifestError as error:
        remedy = error.remedy or "expected a list of scenarios in YAML"
        raise _invalid(name, error.line, f"is not YAML: {error.message}; {remedy}") from error
    if not documents:
        raise _invalid(name, 1, "is empty; expected a list of scenarios")
    if len(documents) > 1:
        line = documents[1].line
        raise _invalid(name, line, f"has {len(documents)} YAML documents; expected one list of scenarios")
    return documents[0]


def _fault(name: str, document: Document, violation: Violation) -> Fault:
    positions = document.positions
    place = None if violation.at_key else positions.value(violation.path)
    line = violation.line or (place or positions.nearest(violation.path)).line
    scenario, path = _split(document.value, violation.path)
    return Fault(name, line, scenario, show_path(path), violation.text)


def _scenarios_path(value: Any) -> Path:
    return ("scenarios",) if isinstance(value, dict) else ()


def _split(value: Any, path: Path) -> tuple[str, Path]:
    """The id of the scenario that *path* leads into ("" outside of all) and the rest of the way."""
    prefix = _scenarios_path(value)
    start = len(prefix)
    if path[:start] != prefix or len(path) <= start:
        return "", path
    index = path[start]
    entries = value["scenarios"] if prefix else value
    entry = entries[index] if isinstance(entries, list) and isinstance(index, int) else None
    if isinstance(entry, dict) and isinstance(entry.get("id"), str):
        return entry["id"], path[start + 1 :]
    return f"scenarios[{index}]", path[start + 1 :]


def _repeated_ids(name: str, document: Document) -> list[Fault]:
    prefix = _scenarios_path(document.value)
    seen: dict[str, int] = {}
    faults = []
    for index, entry in enumerate(document.value["scenarios"] if prefix else document.value):
        line = document.positions.nearest((*prefix, index, "id")).line
        if entry["id"] in seen:
            text = f"is the id of the scenario on line {seen[entry['id']]} too; expected an id of its own"
            faults.append(Fault(name, line, entry["id"], "id", text))
        seen.setdefault(entry["id"], line)
    return faults


def _build(name: str, value: Any, positions: Positions) -> ScenarioFile:
    whole: Mapping[str, Any] = value if isinstance(value, dict) else {"scenarios": value}
    prefix = _scenarios_path(value)
    fixtures = {
        fixture: Fixture(
            fixture, body.get("world", {}), _located(body.get("given", []), ("fixtures", fixture, "given"))
        )
        for fixture, body in whole.get("fixtures", {}).items()
    }
    file = ScenarioFile(name, fixtures, [], positions)
    for index, entry in enumerate(whole["scenarios"]):
        file.scenarios.append(scenario_at(entry, (*prefix, index), file))
    return file


def _fixture(name: str, body: Mapping[str, Any]) -> Fixture:
    return Fixture(name, body.get("world", {}), _located(body.get("given", ()), ("fixtures", name, "given")))


def _located(values: Iterable[Any], path: Path) -> tuple[Located, ...]:
    return tuple(Located(value, (*path, index)) for index, value in enumerate(values))


def scenario_at(entry: Mapping[str, Any], path: Path, file: ScenarioFile) -> Scenario:
    """The scenario that a map, valid by the grammar, says; *path* is where *file* has it."""
    return Scenario(
        id=entry["id"],
        area=entry["area"],
        source=entry["source"],
        note=entry.get("note", ""),
        tier=entry.get("tier", "core"),
        checked=entry.get("checked", True),
        needs=tuple(entry.get("needs", ())),
        use=tuple(entry.get("use", ())),
        world=entry.get("world", {}),
        given=_located(entry.get("given", ()), (*path, "given")),
        do=_located(entry.get("do", ()), (*path, "do")),
        expect=_located(entry["expect"], (*path, "expect")),
        path=path,
        file=file,
    )
