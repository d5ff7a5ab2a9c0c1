"""`kubectl taint`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/taint/taint.go and utils.go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from k8scourse.apiserver.request import STRATEGIC_MERGE_PATCH
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery import names
from k8scourse.machinery.go_format import go_quote

_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


@dataclass(frozen=True, slots=True)
class Taint:
    """A taint as the command line writes it."""

    key: str
    value: str = ""
    effect: str = ""

    def __str__(self) -> str:
        if not self.effect:
            return f"{self.key}={self.value}:" if self.value else self.key
        return f"{self.key}={self.value}:{self.effect}" if self.value else f"{self.key}:{self.effect}"

    def matches(self, other: dict[str, Any]) -> bool:
        """Whether key and effect are equal; values do not count."""
        return (self.key, self.effect) == (other["key"], other.get("effect", ""))

    def as_json(self) -> dict[str, str]:
        """The taint as the API writes it."""
        return {"key": self.key, **({"value": self.value} if self.value else {}), "effect": self.effect}


@dataclass(frozen=True, slots=True)
class Changes:
    """The taints to add and to remove."""

    added: list[Taint]
    removed: list[Taint]


def run(session: Session) -> None:
    """Change the taints of nodes. Raises KubectlError, ApiError or Several."""
    session.dry_run()
    session.field_validation()
    resources, changes = _read_words(session)
    _validate(session, resources, changes)
    selector, select_all = session.flag("selector"), session.flag("all")
    by_name = not select_all and not selector
    result = Builder(
        session,
        names_of=("node", resources[1:]) if by_name else None,
        types=[] if by_name else ["node"],
        label_selector=selector,
        select_all=select_all,
        flatten=True,
        latest=True,
    ).do()
    result.visit(lambda info: _update(session, info, changes))


def _read_words(session: Session) -> tuple[list[str], Changes]:
    resources: list[str] = []
    specs: list[str] = []
    for word in session.words:
        if "=" in word or ":" in word or word.endswith("-"):
            specs.append(word)
        elif specs:
            raise KubectlError(f"all resources must be specified before taint changes: {word}")
        else:
            resources.append(word)
    if not resources:
        raise KubectlError("one or more resources must be specified as <resource> <name>")
    if not specs:
        raise KubectlError("at least one taint update is required")
    try:
        return resources, parse_taints(specs)
    except KubectlError as error:
        raise session.usage(error.message) from error


def parse_taints(specs: list[str]) -> Changes:
    """The changes that `key=value:effect`, `key:effect` and `key-`, `key:effect-` ask for. Raises KubectlError."""
    changes = Changes([], [])
    for spec in specs:
        if spec.endswith("-"):
            taint = _parse(spec[:-1])
            changes.removed.append(Taint(taint.key, "", taint.effect))
            continue
        taint = _parse(spec)
        if not taint.effect:
            raise KubectlError(f"invalid taint spec: {spec}")
        if any((taint.key, taint.effect) == (other.key, other.effect) for other in changes.added):
            struct = f"{{{taint.key} {taint.value} {taint.effect} <nil>}}"
            raise KubectlError(f"duplicated taints with the same key and effect: {struct}")
        changes.added.append(taint)
    return changes


def _parse(spec: str) -> Taint:
    key, value, effect = spec, "", ""
    parts = spec.split(":")
    if len(parts) > 2:
        raise KubectlError(f"invalid taint spec: {spec}")
    if len(parts) == 2:
        key, effect = parts
        if effect not in _EFFECTS:
            raise KubectlError(f"invalid taint effect: {effect}, unsupported taint effect")
        pair = key.split("=")
        if len(pair) > 2:
            raise KubectlError(f"invalid taint spec: {spec}")
        key, value = pair[0], pair[1] if len(pair) == 2 else ""
        faults = names.is_label_value(value)
        if faults:
            raise KubectlError(f"invalid taint spec: {spec}, {'; '.join(faults)}")
    faults = names.is_qualified_name(key)
    if faults:
        raise KubectlError(f"invalid taint spec: {spec}, {'; '.join(faults)}")
    return Taint(key, value, effect)


def _validate(session: Session, resources: list[str], changes: Changes) -> None:
    word = resources[0].lower()
    if session.discovery.lookup(session.api, lambda mapper: mapper.strictly(word)).kind != "Node":
        raise KubectlError(f"invalid resource type {word}, only node types are supported")
    conflicts = [
        f"{removed.key}={removed.effect}"
        for added in changes.added
        for removed in changes.removed
        if added.key == removed.key and removed.effect in ("", added.effect)
    ]
    if conflicts:
        listed = ", ".join(conflicts)
        raise KubectlError(f"can not both modify and remove the following taint(s) in the same command: {listed}")
    if session.flag("all") and session.flag("selector"):
        raise KubectlError("setting 'all' parameter with a non empty selector is prohibited")
    if not session.flag("all") and not session.flag("selector") and len(resources) < 2:
        raise KubectlError("at least one resource name must be specified since 'all' parameter is not set")


def _update(session: Session, info: Info, changes: Changes) -> None:
    node, overwrite = info.obj or {}, session.flag("overwrite")
    old: list[dict[str, Any]] = (node.get("spec") or {}).get("taints") or []
    if not overwrite:
        taken = [taint.key for taint in changes.added for other in old if taint.matches(other)]
        if taken:
            raise KubectlError(
                f"node {info.name} already has {','.join(taken)} taint(s) with same effect(s) and --overwrite is false"
            )
    operation, taints = reorganize(old, changes, overwrite=overwrite)
    changed = {**node, "spec": {**(node.get("spec") or {}), "taints": taints}}
    if session.dry_run() != "client":
        changed = session.api.patch(
            info.resource,
            "",
            info.name,
            _patch(old, taints),
            STRATEGIC_MERGE_PATCH,
            dryRun=session.server_dry_run(),
            fieldManager=session.flag("field-manager"),
            fieldValidation=session.field_validation(),
        )
    result_printer(session, marks_dry_run=False)(changed, operation)


def _patch(old: list[dict[str, Any]], taints: list[dict[str, Any]]) -> dict[str, Any]:
    """The strategic merge patch; spec.taints has no merge key, so it is replaced as a whole."""
    if old == taints:
        return {}
    return {"spec": {"taints": taints or None}}


def reorganize(old: list[dict[str, Any]], changes: Changes, *, overwrite: bool) -> tuple[str, list[dict[str, Any]]]:
    """The word for what happened, and the new list: added taints first, then the old ones that stay.

    Raises KubectlError for a taint to remove that is not there. `added` compares lengths only, as upstream does.
    """
    taints = [taint.as_json() for taint in changes.added]
    taints.extend(other for other in old if not any(taint.matches(other) for taint in changes.added))
    added = len(taints) != len(old)
    removed, errors = False, []
    for gone in changes.removed:
        kept = [other for other in taints if not (gone.matches(other) if gone.effect else other["key"] == gone.key)]
        removed = len(kept) != len(taints)
        taints = kept
        if not removed:
            errors.append(KubectlError(f"taint {go_quote(str(gone))} not found"))
    raise_all(errors)
    if (added and removed) or overwrite:
        return "modified", taints
    return ("tainted" if added else "untainted"), taints
