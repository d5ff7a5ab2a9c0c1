"""Environment variables written on the command line, and what they refer to.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/set/env (env_parse.go, env_resolve.go), pkg/cmd/set/helper.go.
"""

from __future__ import annotations

import base64
from typing import Any

from k8scourse.component_helpers.pod_requests import parse_resources
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.session import Session
from k8scourse.machinery import names
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]


def split_words(words: list[str]) -> tuple[list[str], list[str]]:
    """The words that name resources, and those like `A=b` or `A-`. Raises KubectlError for another order."""
    resources: list[str] = []
    variables: list[str] = []
    for word in words:
        if "=" in word[1:] or word.endswith("-"):
            variables.append(word)
        elif variables:
            raise KubectlError(f"all resources must be specified before environment changes: {' '.join(words)}")
        else:
            resources.append(word)
    return resources, variables


def parse(words: list[str], stdin: str | None) -> tuple[list[Object], list[str]]:
    """The variables to set and the names to remove; `-` reads lines from *stdin*. Raises KubectlError."""
    variables: list[Object] = []
    removed: list[str] = []
    given: set[str] = set()
    for word in words:
        name, equals, value = word.partition("=")
        if word == "-":
            variables.extend(_from_lines(stdin or ""))
        elif equals:
            faults = names.is_env_var_name(name)
            if faults:
                raise KubectlError(f"{go_quote(name)} is not a valid key name: {';'.join(faults)}")
            given.add(name)
            variables.append(_variable(name, value))
        elif word.endswith("-"):
            removed.append(word[:-1])
        else:
            raise KubectlError(f"unknown environment variable: {word}")
    if given.intersection(removed):
        raise KubectlError("can not both modify and remove the same environment variable in the same command")
    return variables, removed


def _from_lines(text: str) -> list[Object]:
    lines = (line.partition("#")[0] for line in text.splitlines())
    return [_variable(*line.split("=", 1)) for line in lines if "=" in line]


def _variable(name: str, value: str) -> Object:
    return {"name": name, "value": value} if value else {"name": name}


def updated(present: list[Object], variables: list[Object], removed: list[str]) -> list[Object]:
    """*present* with the first variable of each name in its place, added ones at the end, removed ones gone."""
    covered, result = set(removed), []
    by_name: dict[str, Object] = {}
    for variable in variables:
        by_name.setdefault(variable["name"], variable)
    for variable in present:
        name = variable["name"]
        if name in covered:
            continue
        if name in by_name:
            covered.add(name)
        result.append(by_name.get(name, variable))
    for name, variable in by_name.items():
        if name not in covered:
            result.append(variable)
    return result


def reference_text(source: Object) -> str:
    """What a valueFrom names: `secret s, key k`."""
    for field, word in (("configMapKeyRef", "configmap"), ("secretKeyRef", "secret")):
        if source.get(field) is not None:
            return f"{word} {source[field].get('name', '')}, key {source[field]['key']}"
    if source.get("fieldRef") is not None:
        return f"field path {source['fieldRef']['fieldPath']}"
    if source.get("resourceFieldRef") is not None:
        reference = source["resourceFieldRef"]
        prefix = f"{reference['containerName']}/" if reference.get("containerName") else ""
        return f"resource field {prefix}{reference['resource']}"
    return "invalid valueFrom"


def resolve(session: Session, source: Object, obj: Object, container: Object) -> str:
    """The value that a valueFrom has at present. Raises KubectlError."""
    if source.get("secretKeyRef") is not None:
        return _from_data(session, "Secret", "secret", source["secretKeyRef"])
    if source.get("configMapKeyRef") is not None:
        return _from_data(session, "ConfigMap", "config map", source["configMapKeyRef"])
    if source.get("fieldRef") is not None:
        return _from_metadata(obj["metadata"], source["fieldRef"]["fieldPath"])
    if source.get("resourceFieldRef") is not None:
        return _from_resources(container, source["resourceFieldRef"])
    raise KubectlError("invalid valueFrom")


def _from_data(session: Session, kind: str, word: str, reference: Object) -> str:
    name, key = reference.get("name", ""), reference["key"]
    try:
        found = session.api.get(session.resource_of("v1", kind), session.namespace, name)
    except ApiError as error:
        raise KubectlError(error.message) from error
    data = found.get("data") or {}
    if key not in data:
        raise KubectlError(f"key {key} not found in {word} {name}")
    return base64.b64decode(data[key]).decode("utf-8", "replace") if kind == "Secret" else data[key]


def _from_metadata(metadata: Object, path: str) -> str:
    field, subscripted, key = path.removesuffix("']").partition("['")
    if subscripted and path.endswith("']") and field:
        if field not in ("metadata.annotations", "metadata.labels"):
            raise KubectlError(f"fieldPath {go_quote(path)} does not support subscript")
        faults = names.is_qualified_name(key.lower() if field.endswith("annotations") else key)
        if faults:
            raise KubectlError(f"invalid key subscript in {path}: {';'.join(faults)}")
        return (metadata.get(field.removeprefix("metadata.")) or {}).get(key, "")
    if path in ("metadata.annotations", "metadata.labels"):
        values = metadata.get(path.removeprefix("metadata.")) or {}
        return "\n".join(f"{key}={go_quote(values[key])}" for key in sorted(values))
    if path in ("metadata.name", "metadata.namespace", "metadata.uid"):
        return metadata.get(path.removeprefix("metadata."), "")
    raise KubectlError(f"unsupported fieldPath: {path}")


def _from_resources(container: Object, reference: Object) -> str:
    """The amount in units of the divisor, rounded up."""
    field, _, name = reference["resource"].partition(".")
    standard = name in ("cpu", "memory", "ephemeral-storage") or name.startswith("hugepages-")
    if field not in ("limits", "requests") or not standard:
        raise KubectlError(f"Unsupported container resource : {reference['resource']}")
    amounts = parse_resources({"0": "0", "1": "1", **((container.get("resources") or {}).get(field) or {})})
    divisor = parse_resources({"divisor": reference.get("divisor") or "0"})["divisor"]
    amount, unit = amounts.get(name, amounts["0"]), amounts["1"] if divisor.is_zero() else divisor
    if name == "cpu":
        return str(-(-amount.milli_value() // unit.milli_value()))
    return str(-(-amount.value() // unit.value()))
