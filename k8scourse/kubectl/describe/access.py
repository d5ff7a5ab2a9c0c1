"""`kubectl describe role`, `clusterrole` and their bindings.

Kubernetes: kubectl/pkg/describe/describe.go RoleDescriber, RoleBindingDescriber, pkg/util/rbac/rbac.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import Subject
from k8scourse.kubectl.describe.writer import Page

Object = dict[str, Any]

_PARTS = ("verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs")


def describe_role(subject: Subject, page: Page) -> None:
    """Write the page of a role or cluster role: one line for each resource."""
    _head(subject, page)
    page.line(0, "PolicyRule:")
    page.line(1, "Resources\tNon-Resource URLs\tResource Names\tVerbs")
    page.line(1, "---------\t-----------------\t--------------\t-----")
    rules = _compact(subject.obj.get("rules") or [])
    for rule in sorted(rules, key=lambda each: "".join(f"[{' '.join(each[part])}]" for part in _PARTS)):
        urls, names, verbs = (f"[{' '.join(rule[part])}]" for part in ("nonResourceURLs", "resourceNames", "verbs"))
        page.line(1, f"{_resource(rule)}\t{urls}\t{names}\t{verbs}")


def _compact(rules: list[Object]) -> list[dict[str, list[str]]]:
    """One rule for each resource and name with all its verbs, and one for each verb on a URL."""
    verbs: dict[tuple[str, str, str], list[str]] = {}
    single: list[dict[str, list[str]]] = []
    for rule in rules:
        for group in rule.get("apiGroups") or []:
            for resource in rule.get("resources") or []:
                for name in rule.get("resourceNames") or [""]:
                    verbs.setdefault((group, resource, name), []).extend(rule.get("verbs") or [])
        single.extend(
            _rule([verb], [], [], [], [url])
            for url in rule.get("nonResourceURLs") or []
            for verb in rule.get("verbs") or []
        )
    merged = [
        _rule(each, [group], [resource], [name] if name else [], []) for (group, resource, name), each in verbs.items()
    ]
    return [*merged, *single]


def _rule(*parts: list[str]) -> dict[str, list[str]]:
    return dict(zip(_PARTS, parts, strict=True))


def _resource(rule: dict[str, list[str]]) -> str:
    if not rule["resources"]:
        return ""
    resource, slash, subresource = rule["resources"][0].partition("/")
    group = rule["apiGroups"][0]
    return f"{resource}.{group}{slash}{subresource}" if group else f"{resource}{slash}{subresource}"


def describe_binding(subject: Subject, page: Page) -> None:
    """Write the page of a role binding or cluster role binding."""
    _head(subject, page)
    role = subject.obj.get("roleRef") or {}
    page.line(0, "Role:")
    page.field("Kind", role.get("kind", ""), 1)
    page.field("Name", role.get("name", ""), 1)
    page.line(0, "Subjects:")
    page.line(1, "Kind\tName\tNamespace")
    page.line(1, "----\t----\t---------")
    for each in subject.obj.get("subjects") or []:
        page.line(1, f"{each.get('kind', '')}\t{each.get('name', '')}\t{each.get('namespace', '')}")


def _head(subject: Subject, page: Page) -> None:
    page.field("Name", subject.metadata["name"])
    common.label_lines(page, "Labels", subject.metadata.get("labels"))
    common.annotation_lines(page, "Annotations", subject.metadata.get("annotations"))
