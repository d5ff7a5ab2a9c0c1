"""`kubectl label` and `kubectl annotate`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/label/label.go, cmd/annotate/annotate.go and cmd/util/helpers.go
(GetResourcesAndPairs, ParsePairs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from k8scourse.apiserver.request import MERGE_PATCH
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery import names
from k8scourse.machinery.go_format import go_quote

_CHANGE_CAUSE = "kubernetes.io/change-cause"
_NO_RESOURCES = "one or more resources must be specified as <resource> <name> or <resource>/<name>"


@dataclass(frozen=True, slots=True)
class Change:
    """What to write and what to remove."""

    field: str
    """labels or annotations."""
    word: str
    """label or annotation."""
    values: dict[str, str]
    removed: list[str]


def run(session: Session) -> None:
    """Change the labels or annotations of what the command line names. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("local", "kustomize")
    is_label = session.command.endswith("label")
    session.dry_run()
    word = "label" if is_label else "annotation"
    resources, pairs = resources_and_pairs(session.words, word)
    change = _parse_labels(pairs) if is_label else _parse_annotations(pairs)
    _validate(session, resources, change)
    result = Builder(
        session,
        words=resources,
        files=session.flag("filename"),
        recursive=session.flag("recursive"),
        label_selector=session.flag("selector"),
        field_selector=session.flag("field-selector"),
        all_namespaces=session.flag("all-namespaces"),
        allow_empty_selector=session.flag("all"),
        flatten=True,
        latest=True,
    ).do()
    if session.flag("resource-version") and not result.single:
        raise KubectlError("--resource-version may only be used with a single resource")
    if session.flag("list"):
        return result.visit(lambda info: _list(session, info, change, single=result.single))
    return result.visit(lambda info: _update(session, info, change))


def _validate(session: Session, resources: list[str], change: Change) -> None:
    if session.flag("list") and session.flag("output"):
        raise KubectlError("--list and --output may not be specified together")
    if session.flag("all") and session.flag("selector"):
        raise KubectlError("cannot set --all and --selector at the same time")
    if session.flag("all") and session.flag("field-selector"):
        raise KubectlError("cannot set --all and --field-selector at the same time")
    if not resources and not session.flag("filename"):
        raise KubectlError(_NO_RESOURCES)
    if not change.values and not change.removed and not session.flag("list"):
        raise KubectlError(f"at least one {change.word} update is required")
    both = [key for key in change.removed if key in change.values]
    if both and change.word == "label":
        raise KubectlError("can not both modify and remove a label in the same command")
    if both:
        raise KubectlError(
            "can not both modify and remove the following annotation(s) in the same command: " + ", ".join(both)
        )


def resources_and_pairs(words: list[str], word: str) -> tuple[list[str], list[str]]:
    """The words that name resources, and those like `key=value` or `key-` (cmdutil.GetResourcesAndPairs)."""
    resources: list[str] = []
    pairs: list[str] = []
    for each in words:
        is_pair = ("=" in each and not each.startswith("=")) or (each.endswith("-") and each != "-")
        if is_pair:
            pairs.append(each)
        elif pairs:
            raise KubectlError(f"all resources must be specified before {word} changes: {each}")
        else:
            resources.append(each)
    return resources, pairs


def _parse_labels(pairs: list[str]) -> Change:
    change = Change("labels", "label", {}, [])
    for pair in pairs:
        if "=" not in pair:
            change.removed.append(pair[:-1])
            continue
        parts = pair.split("=")
        if len(parts) != 2:
            raise KubectlError(f"invalid label spec: {pair}")
        faults = names.is_label_value(parts[1])
        if faults:
            raise KubectlError(f"invalid label value: {go_quote(pair)}: {';'.join(faults)}")
        change.values[parts[0]] = parts[1]
    return change


def _parse_annotations(pairs: list[str]) -> Change:
    values, removed = parse_pairs(pairs, "annotation")
    return Change("annotations", "annotation", values, removed)


def parse_pairs(pairs: list[str], word: str) -> tuple[dict[str, str], list[str]]:
    """The values of `key=value` and the keys of `key-` (cmdutil.ParsePairs). Raises KubectlError."""
    values: dict[str, str] = {}
    removed: list[str] = []
    invalid: list[str] = []
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if equals and key:
            values[key] = value
        elif pair.endswith("-") and pair != "-":
            removed.append(pair[:-1])
        else:
            invalid.append(pair)
    if invalid:
        raise KubectlError(f"invalid {word} format: {', '.join(invalid)}")
    return values, removed


def _update(session: Session, info: Info, change: Change) -> None:
    obj, show = info.obj or {}, result_printer(session)
    current: dict[str, str] = obj["metadata"].get(change.field) or {}
    if not session.flag("overwrite"):
        _check_overwrites(current, change)
    added = [key for key, value in change.values.items() if current.get(key) != value]
    removed = [key for key in change.removed if key in current]
    if change.word == "label":
        for key in change.removed:
            if key not in current:
                session.terminal.line(f"label {go_quote(key)} not found.")
    updated = _changed(obj, change)
    if session.dry_run() != "client" and (added or removed or change.word == "annotation"):
        updated = _send(session, info, change, added, removed)
    return show(updated, _operation(change, added, removed))


def _check_overwrites(current: dict[str, str], change: Change) -> None:
    taken = [
        key
        for key, value in change.values.items()
        if current.get(key, value) != value and not (change.word == "annotation" and key == _CHANGE_CAUSE)
    ]
    if change.word == "label":
        raise_all(
            [KubectlError(f"'{key}' already has a value ({current[key]}), and --overwrite is false") for key in taken]
        )
    if taken:
        listed = "; ".join(f"'{key}' already has a value ({current[key]})" for key in taken)
        raise KubectlError(f"--overwrite is false but found the following declared annotation(s): {listed}")


def _operation(change: Change, added: list[str], removed: list[str]) -> str:
    if change.word == "annotation":
        return "annotated"
    if added and removed:
        return "modified"
    return "labeled" if added else "unlabeled" if removed else "not labeled"


def _changed(obj: dict[str, Any], change: Change) -> dict[str, Any]:
    metadata = obj["metadata"]
    values = {**(metadata.get(change.field) or {}), **change.values}
    for key in change.removed:
        values.pop(key, None)
    return {**obj, "metadata": {**metadata, change.field: values}}


def _send(session: Session, info: Info, change: Change, added: list[str], removed: list[str]) -> dict[str, Any]:
    values: dict[str, str | None] = {key: change.values[key] for key in added}
    values.update(dict.fromkeys(removed))
    patch: dict[str, Any] = {"metadata": {change.field: values}} if values else {}
    if session.flag("resource-version"):
        patch.setdefault("metadata", {})["resourceVersion"] = session.flag("resource-version")
    return session.api.patch(
        info.resource,
        info.namespace,
        info.name,
        patch,
        MERGE_PATCH,
        dryRun=session.server_dry_run(),
        fieldManager=session.flag("field-manager"),
    )


def _list(session: Session, info: Info, change: Change, *, single: bool) -> None:
    values = ((info.obj or {})["metadata"].get(change.field)) or {}
    indent = "" if single else " "
    if not single:
        kind = f"{info.resource.kind}.{info.resource.group}"
        session.terminal.line(f"Listing {change.field} for {kind}/{info.name}:")
    for key in sorted(values):
        session.terminal.line(f"{indent}{key}={values[key]}")
