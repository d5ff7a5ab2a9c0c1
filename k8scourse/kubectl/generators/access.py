"""`kubectl create role`, `clusterrole`, `rolebinding` and `clusterrolebinding`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/create/create_role.go, create_clusterrole.go, create_rolebinding.go,
create_clusterrolebinding.go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.session import Session

Object = dict[str, Any]

_GROUP = "rbac.authorization.k8s.io"
_VERSION = f"{_GROUP}/v1"
_VERBS = (
    *("*", "get", "delete", "list", "create", "update", "patch", "watch", "proxy", "deletecollection"),
    *("use", "bind", "escalate", "impersonate"),
)
_URL_VERBS = ("*", "get", "post", "put", "delete", "patch", "head", "options")
_ROLES = ((_GROUP, "roles"), (_GROUP, "clusterroles"))
_SPECIAL_VERBS = {
    "use": (("policy", "podsecuritypolicies"), ("extensions", "podsecuritypolicies")),
    "bind": _ROLES,
    "escalate": _ROLES,
    "impersonate": (("", "users"), ("", "serviceaccounts"), ("", "groups"), ("authentication.k8s.io", "userextras")),
}
"""Verbs that have a meaning for a few resources only."""


@dataclass(frozen=True, slots=True)
class _Target:
    """A resource of a rule: as the command line wrote it and as the server knows it."""

    written: str
    group: str
    resource: str
    subresource: str
    unknown: KubectlError | None

    @property
    def text(self) -> str:
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


def role(session: Session, name: str) -> Object:
    """The Role with one rule for each API group."""
    verbs, targets = _verbs(session), _targets(session)
    if not verbs:
        raise KubectlError("at least one verb must be specified")
    _warn_of_odd_verbs(session, verbs)
    if not targets:
        raise KubectlError("at least one resource must be specified")
    _check(targets, verbs)
    return {
        "apiVersion": _VERSION,
        "kind": "Role",
        "metadata": {"name": name},
        "rules": _rules(targets, verbs, _unique(session.flag("resource-name"))),
    }


def cluster_role(session: Session, name: str) -> Object:
    """The ClusterRole of rules for resources and URLs, or of other roles by label."""
    obj: Object = {"apiVersion": _VERSION, "kind": "ClusterRole", "metadata": {"name": name}}
    verbs, targets, urls = _verbs(session), _targets(session), _unique(session.flag("non-resource-url"))
    aggregated = _aggregation(session.flag("aggregation-rule"))
    resource_names = _unique(session.flag("resource-name"))
    if aggregated:
        if urls or verbs or targets or resource_names:
            raise KubectlError(
                "aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames"
            )
        selectors = [{"matchLabels": aggregated}]
        return {**obj, "aggregationRule": {"clusterRoleSelectors": selectors}, "rules": None}
    if not verbs:
        raise KubectlError("at least one verb must be specified")
    if not targets and not urls:
        raise KubectlError("one of resource or nonResourceURL must be specified")
    if targets:
        _warn_of_odd_verbs(session, verbs)
        _check(targets, verbs)
    _check_urls(urls, verbs)
    rules = _rules(targets, verbs, resource_names)
    return {**obj, "rules": [*rules, {"nonResourceURLs": urls, "verbs": verbs}] if urls else rules}


def _verbs(session: Session) -> list[str]:
    verbs = session.flag("verb")
    return ["*"] if "*" in verbs else _unique(verbs)


def _unique(words: list[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _aggregation(texts: list[str]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            raise KubectlError(f"malformed pair, expect string=string: {text}")
        labels[key.strip()] = value.strip()
    return labels


def _targets(session: Session) -> list[_Target]:
    targets: list[_Target] = []
    for text in session.flag("resource"):
        word, _, subresource = text.partition("/")
        target = _target(session, word, subresource)
        if text == "*":
            return [target]
        targets.append(target)
    return targets


def _target(session: Session, word: str, subresource: str) -> _Target:
    resource, _, group = word.partition(".")
    if resource in ("", "*"):
        return _Target(resource, group, resource, subresource, None)
    try:
        found = session.discovery.lookup(session.api, lambda mapper: mapper.strictly(word))
    except KubectlError as error:
        return _Target(resource, group, resource, subresource, error)
    return _Target(resource, found.group, found.plural, subresource, None)


def _warn_of_odd_verbs(session: Session, verbs: list[str]) -> None:
    for verb in verbs:
        if verb not in _VERBS:
            session.terminal.warn(f"'{verb}' is not a standard resource verb")


def _check(targets: list[_Target], verbs: list[str]) -> None:
    for target in targets:
        if not target.written:
            raise KubectlError("resource must be specified if apiGroup/subresource specified")
        if target.written == "*":
            return
        known = target.unknown is None
        for verb in verbs:
            if verb not in _SPECIAL_VERBS:
                continue
            if (target.group, target.resource) not in _SPECIAL_VERBS[verb]:
                raise KubectlError(f"can not perform '{verb}' on '{target.resource}' in group '{target.group}'")
            known = True
        if not known and target.unknown is not None:
            raise target.unknown


def _check_urls(urls: list[str], verbs: list[str]) -> None:
    if not urls:
        return
    for verb in verbs:
        if verb not in _URL_VERBS:
            raise KubectlError(f"invalid verb: '{verb}' for nonResourceURL")
    for url in urls:
        if url == "*":
            continue
        if not url.startswith("/"):
            raise KubectlError("nonResourceURL should start with /")
        if "*" in url[:-1]:
            raise KubectlError("nonResourceURL only supports wildcard matches when '*' is at the end")


def _rules(targets: list[_Target], verbs: list[str], resource_names: list[str]) -> list[Object]:
    by_group: dict[str, list[str]] = {}
    for target in targets:
        by_group.setdefault(target.group, []).append(target.text)
    named = {"resourceNames": resource_names} if resource_names else {}
    return [
        {"apiGroups": [group], **named, "resources": _unique(by_group[group]), "verbs": verbs}
        for group in sorted(by_group)
    ]


def role_binding(session: Session, name: str) -> Object:
    """The RoleBinding to a role or a cluster role."""
    cluster, local = session.flag("clusterrole"), session.flag("role")
    if bool(cluster) == bool(local):
        raise KubectlError("exactly one of clusterrole or role must be specified")
    return _binding(session, "RoleBinding", name, "Role" if local else "ClusterRole", local or cluster)


def cluster_role_binding(session: Session, name: str) -> Object:
    """The ClusterRoleBinding."""
    return _binding(session, "ClusterRoleBinding", name, "ClusterRole", session.flag("clusterrole"))


def _binding(session: Session, kind: str, name: str, role_kind: str, role_name: str) -> Object:
    subjects: list[Object] = [
        {"apiGroup": _GROUP, "kind": word, "name": each}
        for flag, word in (("user", "User"), ("group", "Group"))
        for each in session.flag(flag)
    ]
    for account in session.flag("serviceaccount"):
        parts = account.split(":")
        if len(parts) != 2 or not all(parts):
            raise KubectlError("serviceaccount must be <namespace>:<name>")
        subjects.append({"kind": "ServiceAccount", "name": parts[1], "namespace": parts[0]})
    obj: Object = {
        "apiVersion": _VERSION,
        "kind": kind,
        "metadata": {"name": name},
        "roleRef": {"apiGroup": _GROUP, "kind": role_kind, "name": role_name},
    }
    return {**obj, "subjects": subjects} if subjects else obj
