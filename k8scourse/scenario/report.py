"""What a run prints: a line per scenario, a block per failure, the totals; also as JSON and as JUnit XML."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from k8scourse.machinery.duration import format_duration
from k8scourse.machinery.timestamps import format_time
from k8scourse.scenario.outcome import Failure, Outcome


def scenario_line(outcome: Outcome) -> str:
    """``ok``, ``FAIL`` or ``skip``, then area and id; for a skipped one the reason."""
    scenario = outcome.scenario
    line = f"{outcome.verdict:<4} {scenario.area:<12} {scenario.id}"
    return f"{line}: {outcome.reason}" if outcome.reason else line


def failure_text(outcome: Outcome, failure: Failure) -> str:
    """Where it is, what was expected and found, when, and why as far as that is known; several lines."""
    scenario = outcome.scenario
    lines = [f"{scenario.file.name}:{failure.line}: {scenario.id}: {failure.place}"]
    lines += _labelled("expected", failure.expected)
    lines += _labelled("found", failure.found)
    if failure.time is not None and failure.elapsed is not None:
        lines += _labelled("time", f"{format_time(failure.time)}, {format_duration(failure.elapsed)} after the start")
    if failure.why:
        lines += _labelled("why", failure.why)
    return "\n".join(lines)


def _labelled(label: str, text: str) -> list[str]:
    first, *rest = text.rstrip().split("\n")
    return [f"  {label + ':':<9} {first}".rstrip(), *(f"            {line}".rstrip() for line in rest)]


def outcome_text(outcome: Outcome) -> str:
    """All failures of one scenario, as the report prints them."""
    return "\n\n".join(failure_text(outcome, failure) for failure in outcome.failures)


def totals(outcomes: Iterable[Outcome], invalid_files: int) -> str:
    """The last line: ``105 scenarios: 104 ok, 1 failed, 0 skipped``."""
    counts = Counter(outcome.verdict for outcome in outcomes)
    total = sum(counts.values())
    noun = "scenario" if total == 1 else "scenarios"
    line = f"{total} {noun}: {counts['ok']} ok, {counts['FAIL']} failed, {counts['skip']} skipped"
    if invalid_files:
        line += f"; {invalid_files} {'file is' if invalid_files == 1 else 'files are'} invalid"
    return line


def exit_code(outcomes: Iterable[Outcome], invalid_files: int) -> int:
    """0: all passed; 1: something failed; 2: a file is invalid."""
    if invalid_files:
        return 2
    return 1 if any(outcome.verdict == "FAIL" for outcome in outcomes) else 0


def as_json(outcomes: Sequence[Outcome], faults: Sequence[str]) -> str:
    """The whole report as one JSON document; times are RFC 3339 texts."""
    return json.dumps(
        {"faults": list(faults), "scenarios": [_json_outcome(outcome) for outcome in outcomes]},
        ensure_ascii=False,
        indent=2,
    )


def _json_outcome(outcome: Outcome) -> dict[str, object]:
    scenario = outcome.scenario
    return {
        "id": scenario.id,
        "area": scenario.area,
        "file": scenario.file.name,
        "line": scenario.file.line(scenario.path),
        "verdict": outcome.verdict,
        "reason": outcome.reason,
        "failures": [
            {
                "place": failure.place,
                "line": failure.line,
                "expected": failure.expected,
                "found": failure.found,
                "time": None if failure.time is None else format_time(failure.time),
                "why": failure.why,
            }
            for failure in outcome.failures
        ],
    }


def as_junit(outcomes: Sequence[Outcome]) -> str:
    """The report as JUnit XML, one test case per scenario; it holds no durations, so that two runs are equal."""
    counts = Counter(outcome.verdict for outcome in outcomes)
    suite = ElementTree.Element(
        "testsuite",
        name="scenarios",
        tests=str(len(outcomes)),
        failures=str(counts["FAIL"]),
        skipped=str(counts["skip"]),
    )
    for outcome in outcomes:
        case = ElementTree.SubElement(suite, "testcase", classname=outcome.scenario.area, name=outcome.scenario.id)
        if outcome.verdict == "skip":
            ElementTree.SubElement(case, "skipped", message=outcome.reason)
        elif outcome.verdict == "FAIL":
            failure = ElementTree.SubElement(case, "failure", message=_xml_text(outcome.failures[0].found))
            failure.text = _xml_text(outcome_text(outcome))
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode") + "\n"


def _xml_text(text: str) -> str:
    """*text* without the characters that XML 1.0 cannot hold."""
    return "".join(char if char in "\t\n\r" or " " <= char <= "\ud7ff" or char >= "\ue000" else "?" for char in text)
