"""`kubectl set env`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/set/set_env.go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from k8scourse.kubectl import changes, environment
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.pod_templates import matches_wildcard, with_containers, with_pod_spec
from k8scourse.kubectl.session import Session
from k8scourse.machinery.go_format import go_quote

Object = dict[str, Any]

_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_]")
_SOURCES = {"Secret": "secretKeyRef", "ConfigMap": "configMapKeyRef"}


@dataclass(frozen=True, slots=True)
class _Change:
    variables: list[Object]
    removed: list[str]


def run(session: Session) -> None:
    """Set, remove or list environment variables. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("kustomize")
    if session.flag("all") and session.flag("selector"):
        raise KubectlError(changes.ALL_AND_SELECTOR)
    resources, words = environment.split_words(session.words)
    session.dry_run()
    _validate(session, resources)
    variables, removed = environment.parse([*session.flag("env"), *words], session.stdin)
    variables += _from_resource(session)
    variables = [{**each, "name": session.flag("prefix") + each["name"]} for each in variables]
    infos = changes.find(session, resources)
    change = _Change(variables, removed)
    if session.flag("list"):
        for info in infos:
            _tell(session, info.obj or {}, change)
        return
    failure = "failed to patch env update to pod template:"
    mutate = _mutation(session, change)
    errors = changes.patch_each(session, infos, mutate, "env updated", failure)
    raise_all(errors)


def _validate(session: Session, resources: list[str]) -> None:
    if session.flag("local") and session.dry_run() == "server":
        raise KubectlError(changes.LOCAL_AND_SERVER)
    if not session.flag("filename") and not resources:
        raise KubectlError(changes.NO_RESOURCES)
    if session.flag("list") and session.flag("output"):
        raise KubectlError("--list and --output may not be specified together")
    if session.flag("keys") and not session.flag("from"):
        raise KubectlError("when specifying --keys, a configmap or secret must be provided with --from")


def _from_resource(session: Session) -> list[Object]:
    """A variable for each key of what --from names."""
    if not session.flag("from"):
        return []
    wanted, variables = session.flag("keys"), []
    for info in changes.find(session, [session.flag("from")]):
        obj = info.obj or {}
        field = _SOURCES.get(obj["kind"]) if obj["apiVersion"] == "v1" else None
        if field is None:
            raise KubectlError("unsupported resource specified in --from")
        for key in sorted(obj.get("data") or {}):
            if not wanted or key in wanted:
                source = {field: {"key": key, "name": info.name}}
                variables.append({"name": _variable_name(session, key), "valueFrom": source})
    return variables


def _variable_name(session: Session, key: str) -> str:
    name = _NOT_IN_NAMES.sub("_", key).upper()
    if name != key:
        session.terminal.warn(f"key {key} transferred to {name}")
    return name


def _mutation(session: Session, change: _Change) -> changes.Mutate:
    pattern = session.flag("containers")

    def mutate(obj: Object) -> Object:
        def update(spec: Object) -> Object:
            changed, count = with_containers(
                spec, lambda name: matches_wildcard(name, pattern), lambda each: _with_variables(session, each, change)
            )
            if not count:
                _warn_of_none(session, obj)
            return changed

        return with_pod_spec(obj, update)

    return mutate


def _warn_of_none(session: Session, obj: Object) -> None:
    subject = f"{obj['kind']}/{obj['metadata']['name']}"
    session.terminal.warn(f"{subject} does not have any containers matching {go_quote(session.flag('containers'))}")


def _with_variables(session: Session, container: Object, change: _Change) -> Object:
    present = container.get("env") or []
    if not session.flag("overwrite"):
        _check_overwrites(present, change.variables)
    variables = environment.updated(present, change.variables, change.removed)
    kept = {field: value for field, value in container.items() if field != "env"}
    return {**container, "env": variables} if variables else kept


def _check_overwrites(present: list[Object], variables: list[Object]) -> None:
    values = {each["name"]: each.get("value", "") for each in reversed(present)}
    for variable in variables:
        name = variable["name"]
        if name in values and values[name] != variable.get("value", ""):
            raise KubectlError(f"'{name}' already has a value ({values[name]}), and --overwrite is false")


def _tell(session: Session, obj: Object, change: _Change) -> None:
    """Print the variables of the matching containers; what goes wrong is passed over, as upstream does."""
    pattern = session.flag("containers")
    title = f"# {obj['kind']} {obj['metadata']['name']}, container "

    def tell(container: Object) -> Object:
        changed = _with_variables(session, container, change)
        session.terminal.line(title + changed["name"])
        errors: dict[str, list[str]] = {}
        for variable in changed.get("env") or []:
            session.terminal.line(_line(session, variable, obj, changed, errors))
        for text in sorted(f"error retrieving reference for {', '.join(sorted(errors[e]))}: {e}" for e in errors):
            session.terminal.err(text + "\n")
        return changed

    def update(spec: Object) -> Object:
        changed, count = with_containers(spec, lambda name: matches_wildcard(name, pattern), tell)
        if not count:
            _warn_of_none(session, obj)
        return changed

    try:
        with_pod_spec(obj, update)
    except KubectlError:
        return


def _line(session: Session, variable: Object, obj: Object, container: Object, errors: dict[str, list[str]]) -> str:
    name, source = variable["name"], variable.get("valueFrom")
    if source is None:
        return f"{name}={variable.get('value', '')}"
    if session.flag("resolve"):
        try:
            return f"{name}={environment.resolve(session, source, obj, container)}"
        except KubectlError as error:
            errors.setdefault(error.message, []).append(name)
    return f"# {name} from {environment.reference_text(source)}"
