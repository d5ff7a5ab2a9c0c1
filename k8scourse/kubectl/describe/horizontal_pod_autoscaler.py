"""`kubectl describe hpa`. Kubernetes: kubectl/pkg/describe/describe.go describeHorizontalPodAutoscalerV2."""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import Subject, date
from k8scourse.kubectl.describe.writer import Page
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.quantity import canonical

Object = dict[str, Any]

_UNKNOWN = "<unknown>"


def describe(subject: Subject, page: Page) -> None:
    """Write the autoscaler's page."""
    metadata, spec, status = subject.metadata, subject.spec, subject.status
    target = spec.get("scaleTargetRef") or {}
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata["namespace"])
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    page.field("CreationTimestamp", date(metadata.get("creationTimestamp")))
    page.field("Reference", f"{target.get('kind', '')}/{target.get('name', '')}")
    page.field("Metrics", "( current / target )")
    current = status.get("currentMetrics") or []
    for index, metric in enumerate(spec.get("metrics") or []):
        page.line(1, _metric(metric, current[index] if index < len(current) else {}))
    page.field("Min replicas", spec.get("minReplicas", "<unset>"))
    page.field("Max replicas", spec.get("maxReplicas", 0))
    behavior = spec.get("behavior")
    if behavior is not None:
        page.line(0, "Behavior:")
        _direction(page, "Scale Up", behavior.get("scaleUp"))
        _direction(page, "Scale Down", behavior.get("scaleDown"))
    counts = f"{status.get('currentReplicas') or 0} current / {status.get('desiredReplicas') or 0} desired"
    page.field(f"{target.get('kind', '')} pods", counts)
    _conditions(page, status.get("conditions") or [])
    common.events(page, common.search_events(subject, kind="HorizontalPodAutoscaler"), subject.now)


def _metric(metric: Object, status: Object) -> str:
    """The line of one metric: its name, what is measured and what is wanted."""
    kind = metric.get("type", "")
    field = kind[:1].lower() + kind[1:]
    source, now = metric.get(field) or {}, (status.get(field) or {}).get("current") or {}
    target, name = source.get("target") or {}, (source.get("metric") or {}).get("name", "")
    average = target.get("averageValue") is not None
    measured = f"{_amount(now, 'averageValue' if average else 'value')} / {_wanted(target, average)}"
    match kind:
        case "External":
            return f"{go_quote(name)} (target {'average ' if average else ''}value):\t{measured}"
        case "Pods":
            return f"{go_quote(name)} on pods:\t{measured}"
        case "Object":
            other = source.get("describedObject") or {}
            average = target.get("type") == "AverageValue"
            measured = f"{_amount(now, 'averageValue' if average else 'value')} / {_wanted(target, average)}"
            where = f'"{name}" on {other.get("kind", "")}/{other.get("name", "")}'
            return f"{where} (target {'average ' if average else ''}value):\t{measured}"
        case "Resource":
            return _resource(f"resource {source.get('name', '')} on pods", target, now, measured)
        case "ContainerResource":
            container = f'resource {source.get("name", "")} of container "{source.get("container", "")}" on pods'
            return _resource(container, target, now, measured)
    return f"<unknown metric type {go_quote(kind)}>"


def _resource(title: str, target: Object, now: Object, measured: str) -> str:
    if target.get("averageValue") is not None:
        return f"{title}:\t{measured}"
    used, wanted = now.get("averageUtilization"), target.get("averageUtilization")
    current = _UNKNOWN if used is None else f"{used}% ({_amount(now, 'averageValue')})"
    return f"{title}  (as a percentage of request):\t{current} / {'<auto>' if wanted is None else f'{wanted}%'}"


def _amount(current: Object, field: str) -> str:
    return _UNKNOWN if current.get(field) is None else canonical(current[field])


def _wanted(target: Object, average: bool) -> str:
    return canonical(target.get("averageValue" if average else "value", "0"))


def _direction(page: Page, title: str, rules: Object | None) -> None:
    if rules is None:
        return
    page.line(1, f"{title}:")
    if rules.get("stabilizationWindowSeconds") is not None:
        page.line(2, f"Stabilization Window: {rules['stabilizationWindowSeconds']} seconds")
    if rules.get("policies"):
        page.line(2, f"Select Policy: {rules.get('selectPolicy', 'Max')}")
        page.line(2, "Policies:")
    for policy in rules.get("policies") or []:
        period = f"Period: {policy.get('periodSeconds', 0)} seconds"
        page.line(3, f"- Type: {policy.get('type', '')}\tValue: {policy.get('value', 0)}\t{period}")


def _conditions(page: Page, conditions: list[Object]) -> None:
    if not conditions:
        return
    page.line(0, "Conditions:")
    page.line(1, "Type\tStatus\tReason\tMessage")
    page.line(1, "----\t------\t------\t-------")
    for each in conditions:
        page.line(1, "\t".join(each.get(name, "") for name in ("type", "status", "reason", "message")))
