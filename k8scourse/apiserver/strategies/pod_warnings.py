"""What the API server accepts in a pod but warns about.

Source: kubernetes pkg/api/pod/warnings.go, pkg/api/node/util.go.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from k8scourse.apiserver.strategies.path_overlaps import overlap_warnings
from k8scourse.apiserver.strategies.profile_annotations import container_profile_warnings, pod_profile_warnings
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.names import is_label_value
from k8scourse.machinery.quantity import parse_quantity

DNS_LABEL_ADVICE = (
    "metadata.name: this is used in {use}, which can result in surprising behavior; "
    "a DNS label is recommended: {faults}"
)
_DEPRECATED_LABELS = {
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}
_DEPRECATED_ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
    "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
    "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
}
_DEPRECATED_VOLUMES = {
    "photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
    "gitRepo": "deprecated in v1.11, and disabled by default in v1.33+",
    "scaleIO": "deprecated in v1.16, non-functional in v1.22+",
    "flocker": "deprecated in v1.22, non-functional in v1.25+",
    "storageos": "deprecated in v1.22, non-functional in v1.25+",
    "quobyte": "deprecated in v1.22, non-functional in v1.25+",
    "glusterfs": "deprecated in v1.25, non-functional in v1.26+",
    "cephfs": "deprecated in v1.28, non-functional in v1.31+",
    "rbd": "deprecated in v1.28, non-functional in v1.31+",
}
_VOLUME_PATHS = {"storageos": "storageOS"}
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_NULL_SELECTOR = "a null labelSelector results in matching no pod"
_BYTES = ("memory", "ephemeral-storage")

Spec = Mapping[str, Any]


def pod_warnings(prefix: str, spec: Spec, metadata: Mapping[str, Any]) -> list[str]:
    """Return the warnings for a pod (*prefix* "") or a template (*prefix* "spec.template.")."""
    path = f"{prefix}spec"
    annotations = metadata.get("annotations") or {}
    return [
        *_scheduling_warnings(spec, path),
        *_annotation_warnings(annotations, prefix),
        *_volume_warnings(spec.get("volumes") or (), path),
        *overlap_warnings(spec.get("volumes") or ()),
        *_list_warnings(spec, path),
        *pod_profile_warnings(spec, annotations, prefix),
        *_container_warnings(spec, path, annotations, prefix),
        *_port_warnings(spec, path),
        *_port_name_warnings(spec, path),
        *_late_warnings(spec, path),
    ]


def _scheduling_warnings(spec: Spec, path: str) -> Iterator[str]:
    for label in spec.get("nodeSelector") or ():
        if label in _DEPRECATED_LABELS:
            yield f"{path}.nodeSelector[{label}]: {_DEPRECATED_LABELS[label]}"
    node = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    where = f"{path}.affinity.nodeAffinity"
    for index, term in enumerate((node.get(_REQUIRED) or {}).get("nodeSelectorTerms") or ()):
        yield from _term_warnings(term, f"{where}.{_REQUIRED}.nodeSelectorTerms[{index}]", check_values=False)
    for index, term in enumerate(node.get(_PREFERRED) or ()):
        preference = term.get("preference") or {}
        yield from _term_warnings(preference, f"{where}.{_PREFERRED}[{index}].preference", check_values=True)
    for index, constraint in enumerate(spec.get("topologySpreadConstraints") or ()):
        where = f"{path}.topologySpreadConstraints[{index}]"
        key = constraint.get("topologyKey")
        if key in _DEPRECATED_LABELS:
            yield f"{where}.topologyKey: {key} is {_DEPRECATED_LABELS[key]}"
        if constraint.get("labelSelector") is None:
            yield f"{where}.labelSelector: {_NULL_SELECTOR}"


def _term_warnings(term: Mapping[str, Any], path: str, *, check_values: bool) -> Iterator[str]:
    for index, expression in enumerate(term.get("matchExpressions") or ()):
        where, key = f"{path}.matchExpressions[{index}]", expression.get("key")
        if key in _DEPRECATED_LABELS:
            yield f"{where}.key: {key} is {_DEPRECATED_LABELS[key]}"
        if check_values:
            for number, value in enumerate(expression.get("values") or ()):
                for message in is_label_value(value):
                    yield f"{where}.values[{number}]: {value} is invalid, {message}"


def _annotation_warnings(annotations: Mapping[str, str], prefix: str) -> Iterator[str]:
    for name, message in _DEPRECATED_ANNOTATIONS.items():
        if name in annotations:
            yield f"{prefix}metadata.annotations[{name}]: {message}"


def _volume_warnings(volumes: Sequence[Mapping[str, Any]], path: str) -> Iterator[str]:
    for index, volume in enumerate(volumes):
        for kind in volume:
            if kind in _DEPRECATED_VOLUMES and volume[kind] is not None:
                yield f"{path}.volumes[{index}].{_VOLUME_PATHS.get(kind, kind)}: {_DEPRECATED_VOLUMES[kind]}"


def _list_warnings(spec: Spec, path: str) -> Iterator[str]:
    for field, name in (("hostAliases", "ip"), ("imagePullSecrets", "name")):
        seen: set[str] = set()
        for index, item in enumerate(spec.get(field) or ()):
            value = item.get(name) or ""
            if value in seen:
                yield f"{path}.{field}[{index}].{name}: duplicate {name} {go_quote(value)}"
            seen.add(value)
    for index, item in enumerate(spec.get("imagePullSecrets") or ()):
        if not item.get("name"):
            yield f'{path}.imagePullSecrets[{index}].name: invalid empty name ""'
    yield from _fraction_warnings(spec.get("overhead") or {}, f"{path}.overhead", _BYTES)


def _fraction_warnings(amounts: Mapping[str, Any], path: str, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if name in amounts:
            amount = parse_quantity(amounts[name])
            if amount.milli_value() % 1000:
                text = f"fractional byte value {go_quote(str(amount))} is invalid, must be an integer"
                yield f"{path}[{name}]: {text}"


def _containers(spec: Spec, path: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(spec.get(kind) or ()):
            yield container, f"{path}.{kind}[{index}]"


def _container_warnings(spec: Spec, path: str, annotations: Mapping[str, str], prefix: str) -> Iterator[str]:
    for container, where in _containers(spec, path):
        if annotations:
            yield from container_profile_warnings(container, spec, annotations, prefix)
        resources = container.get("resources") or {}
        for name in _BYTES if resources else ():
            for kind in ("limits", "requests"):
                yield from _fraction_warnings(resources.get(kind) or {}, f"{where}.resources.{kind}", (name,))
        yield from _variable_warnings(container.get("env") or (), where)


def _variable_warnings(variables: Sequence[Mapping[str, Any]], path: str) -> Iterator[str]:
    """Warn of a variable given twice, unless the later one extends the earlier by ``$(NAME)``."""
    seen: set[str] = set()
    for index, variable in enumerate(variables):
        name, value = variable.get("name") or "", variable.get("value") or ""
        reference = f"$({name})"
        extends = variable.get("valueFrom") is None and value != reference and reference in value
        if name in seen and not extends:
            text = f"hides previous definition of {go_quote(name)}, which may be dropped when using apply"
            yield f"{path}.env[{index}]: {text}"
        seen.add(name)


def _port_warnings(spec: Spec, path: str) -> Iterator[str]:
    """Warn of ports defined twice, and of those that differ in their host part only."""
    known: dict[tuple[Any, Any], list[tuple[str, Mapping[str, Any]]]] = {}
    for container, where in _containers(spec, path):
        for index, port in enumerate(container.get("ports") or ()):
            item = f"{where}.ports[{index}]"
            if port.get("hostIP") and not port.get("hostPort"):
                yield f"{item}: hostIP set without hostPort: {_go_port(port)}"
            others = known.setdefault((port.get("containerPort"), port.get("protocol")), [])
            for other, other_port in others:
                conflict = _port_conflict(port, other_port)
                if conflict:
                    yield f"{item}: {conflict} port definition with {other}"
            others.append((item, port))


def _port_conflict(port: Mapping[str, Any], other: Mapping[str, Any]) -> str | None:
    ips = port.get("hostIP") or "", other.get("hostIP") or ""
    ports = port.get("hostPort") or 0, other.get("hostPort") or 0
    if ips[0] == ips[1] and ports[0] == ports[1]:
        return "duplicate"
    if not ports[0] or not ports[1]:
        return "overlapping"
    return "dangerously ambiguous" if ports[0] == ports[1] and (not ips[0]) != (not ips[1]) else None


def _go_port(port: Mapping[str, Any]) -> str:
    """Return a port as Go's ``%+v`` prints it."""
    return (
        f"{{Name:{port.get('name') or ''} HostPort:{port.get('hostPort') or 0} "
        f"ContainerPort:{port.get('containerPort') or 0} Protocol:{port.get('protocol') or ''} "
        f"HostIP:{port.get('hostIP') or ''}}}"
    )


def _port_name_warnings(spec: Spec, path: str) -> Iterator[str]:
    known: dict[str, str] = {}
    for container, where in _containers(spec, path):
        for index, port in enumerate(container.get("ports") or ()):
            name, item = port.get("name"), f"{where}.ports[{index}]"
            if not name:
                continue
            first = known.setdefault(name, item)
            if first != item:
                text = f"services and probes that select ports by name will use {first}"
                yield f"{item}: duplicate port name {go_quote(name)} with {first}, {text}"


def _late_warnings(spec: Spec, path: str) -> Iterator[str]:
    if (spec.get("terminationGracePeriodSeconds") or 0) < 0:
        text = "must be >= 0; negative values are invalid and will be treated as 1"
        yield f"{path}.terminationGracePeriodSeconds: {text}"
    for kind in ("podAffinity", "podAntiAffinity"):
        affinity = (spec.get("affinity") or {}).get(kind) or {}
        where = f"{path}.affinity.{kind}"
        for index, term in enumerate(affinity.get(_REQUIRED) or ()):
            if term.get("labelSelector") is None:
                yield f"{where}.{_REQUIRED}[{index}].labelSelector: {_NULL_SELECTOR}"
        for index, term in enumerate(affinity.get(_PREFERRED) or ()):
            if (term.get("podAffinityTerm") or {}).get("labelSelector") is None:
                yield f"{where}.{_PREFERRED}[{index}].podAffinityTerm.labelSelector: {_NULL_SELECTOR}"
