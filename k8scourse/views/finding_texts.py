"""What a finding of the scheduler leaves out of Kubernetes' texts, in words: the taint, the label, the amount."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8scourse.machinery.quantity import parse_quantity
from k8scourse.scheduler.explanation import Finding
from k8scourse.scheduler.messages import INSUFFICIENT, TOO_MANY_PODS
from k8scourse.views.cluster_map import taint_text


def label_text(key: str, value: str) -> str:
    """What a nodeSelector misses."""
    return f"no label {key}={value}"


def amount_text(name: str, row: Mapping[str, int]) -> str:
    """``2 asked for, 500m of 1 free``."""
    free = row["capacity"] - row["used"]
    asked, left, offered = (_amount(name, number) for number in (row["requested"], free, row["capacity"]))
    return f"{asked} asked for, {left} of {offered} free"


def port_text(port: Mapping[str, Any]) -> str:
    """Whose a taken port is."""
    return f"port {port['port']}/{port['protocol']} is taken by pod {port['pod']}"


def reasons_with_facts(finding: Finding) -> list[str]:
    """Kubernetes' reasons, each with what is behind it."""
    if finding.plugin == "NodeResourcesFit":
        return [*_short(finding)]
    facts = ", ".join(_facts(finding))
    return [f"{reason}: {facts}" if facts else reason for reason in finding.reasons]


def _short(finding: Finding) -> Iterator[str]:
    names = {INSUFFICIENT.format(resource=name): name for name in finding.facts} | {TOO_MANY_PODS: "pods"}
    for reason in finding.reasons:
        row = finding.facts.get(names.get(reason, ""))
        yield f"{reason}: {amount_text(names[reason], row)}" if row else reason


def _facts(finding: Finding) -> Iterator[str]:
    facts = finding.facts
    yield from (taint_text(taint) for taint in facts.get("taints") or ())
    yield from (label_text(key, value) for key, value in (facts.get("nodeSelector") or {}).items())
    yield from (port_text(port) for port in facts.get("ports") or ())


def _amount(name: str, number: int) -> str:
    if name == "cpu":
        return str(parse_quantity(f"{number}m"))
    if name in ("memory", "ephemeral-storage") and number % 2**20 == 0:
        return str(parse_quantity(f"{number // 2**20}Mi"))
    return str(number)
