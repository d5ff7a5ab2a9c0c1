"""PodSecurity: pods keep to the Pod Security Standard that the labels of their namespace ask for.

Source: kubernetes staging/src/k8s.io/pod-security-admission/admission/admission.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.admission.attributes import CREATE, UPDATE, Attributes
from k8scourse.apiserver.admission.pod_security_policy import (
    PRIVILEGED,
    Policy,
    Standard,
    details,
    is_stricter,
    policy_of,
    reasons,
)
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.status import internal_error, invalid

AUDIT_PREFIX = "pod-security.kubernetes.io/"
MAX_PODS = 3000  # looked at when a namespace gets a stricter standard
_IGNORED = frozenset({"exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status"})
_WITH_TEMPLATE = frozenset(
    {
        "podtemplates",
        "replicationcontrollers",
        "replicasets.apps",
        "deployments.apps",
        "statefulsets.apps",
        "daemonsets.apps",
        "jobs.batch",
        "cronjobs.batch",
    }
)

Object = Mapping[str, Any]


class PodSecurity:
    """Refuses (enforce), warns of (warn) and takes down (audit) pods that violate the standards of their namespace."""

    name = "PodSecurity"

    def validate(self, attributes: Attributes) -> None:
        """Raise ApiError 403 for a pod that violates the enforced standard, 422 for labels that can't be read."""
        if attributes.object is None or attributes.operation not in (CREATE, UPDATE):
            return
        resource = attributes.resource.group_resource
        if resource == "namespaces":
            _validate_namespace(attributes)
        elif resource == "pods":
            _validate_pod(attributes, attributes.object)
        elif resource in _WITH_TEMPLATE and not attributes.subresource:
            template = _template(attributes.object)
            if template is not None:
                policy = _policy(attributes)
                _warn_and_audit(attributes, policy, template.get("metadata") or {}, template.get("spec") or {})


def _template(obj: Object) -> Object | None:
    if obj.get("template") is not None:  # a PodTemplate
        return obj["template"]
    spec = obj.get("spec") or {}
    if spec.get("jobTemplate") is not None:
        spec = spec["jobTemplate"].get("spec") or {}
    return spec.get("template")


def _policy(attributes: Attributes) -> Policy:
    namespace = attributes.reader.get("namespaces", "", attributes.namespace)
    if namespace is None:
        raise internal_error(f"failed to lookup namespace {go_quote(attributes.namespace)}")
    policy, errors = policy_of(namespace["metadata"].get("labels"))
    if errors:
        text = ", ".join(map(str, errors))
        attributes.audit[AUDIT_PREFIX + "error"] = f"Failed to parse policy: {text}"
    return policy


def _validate_pod(attributes: Attributes, pod: Object) -> None:
    if attributes.subresource in _IGNORED:
        return
    if attributes.operation == UPDATE and not _is_significant(pod, attributes.old_object or {}):
        return
    policy, spec = _policy(attributes), pod["spec"]
    if policy == Policy():
        return
    attributes.audit[AUDIT_PREFIX + "enforce-policy"] = str(policy.enforce)
    found = policy.enforce.violations(pod["metadata"], spec)
    if found:
        _audit(attributes, policy.audit, pod["metadata"], spec)
        raise attributes.forbidden(f"violates PodSecurity {go_quote(str(policy.enforce))}: {details(found)}")
    _warn_and_audit(attributes, policy, pod["metadata"], spec)


def _is_significant(new: Object, old: Object) -> bool:
    """Whether images changed or containers came: nothing else of a stored pod matters here."""
    spec, before = new["spec"], old.get("spec") or {}
    for kind in ("containers", "initContainers"):
        ours, theirs = spec.get(kind) or [], before.get(kind) or []
        if [item.get("image") for item in ours] != [item.get("image") for item in theirs]:
            return True
    known = {item.get("name"): item.get("image") for item in before.get("ephemeralContainers") or ()}
    return any(
        item.get("name") not in known or known[item.get("name")] != item.get("image")
        for item in spec.get("ephemeralContainers") or ()
    )


def _warn_and_audit(attributes: Attributes, policy: Policy, metadata: Object, spec: Object) -> None:
    _audit(attributes, policy.audit, metadata, spec)
    found = policy.warn.violations(metadata, spec)
    if found:
        attributes.warnings.append(_would_violate(policy.warn, details(found)))


def _audit(attributes: Attributes, standard: Standard, metadata: Object, spec: Object) -> None:
    found = standard.violations(metadata, spec)
    if found:
        attributes.audit[AUDIT_PREFIX + "audit-violations"] = _would_violate(standard, details(found))


def _would_violate(standard: Standard, text: str) -> str:
    return f"would violate PodSecurity {go_quote(str(standard))}: {text}"


def _validate_namespace(attributes: Attributes) -> None:
    """Check the labels; a stricter standard warns of the pods that are there already and violate it."""
    if attributes.subresource or attributes.object is None:
        return
    policy, errors = policy_of(attributes.object["metadata"].get("labels"))
    if attributes.operation == CREATE:
        if errors:
            raise invalid("Namespace", attributes.name, errors)
        return
    before, old_errors = policy_of(((attributes.old_object or {}).get("metadata") or {}).get("labels"))
    if errors and errors != old_errors:
        raise invalid("Namespace", attributes.name, errors)
    new, old = policy.enforce, before.enforce
    if new == old or new.level == PRIVILEGED:
        return
    if new.version != old.version or is_stricter(new.level, old.level):
        _warn_of_pods(attributes, attributes.object["metadata"]["name"], new)


def _warn_of_pods(attributes: Attributes, namespace: str, standard: Standard) -> None:
    pods = _prioritized(list(attributes.reader.list("pods", namespace)))
    by_reason: dict[str, list[str]] = {}
    for pod in pods[:MAX_PODS]:
        found = standard.violations(pod["metadata"], pod["spec"])
        if found:
            by_reason.setdefault(reasons(found), []).append(pod["metadata"]["name"])
    if len(pods) > MAX_PODS:
        text = f"only checked against the first {MAX_PODS} of {len(pods)} existing pods"
        attributes.warnings.append(f"new PodSecurity enforce level {text}")
    if by_reason:
        level = go_quote(str(standard))
        text = f"existing pods in namespace {go_quote(namespace)} violate the new PodSecurity enforce level {level}"
        attributes.warnings.append(text)
    attributes.warnings.extend(sorted(f"{_pods_text(names)}: {reason}" for reason, names in by_reason.items()))


def _prioritized(pods: list[Object]) -> list[Object]:
    """Return one pod of each controller before the others that it made."""
    first: list[Object] = []
    others: list[Object] = []
    seen: set[str] = set()
    for pod in pods:
        owners = pod["metadata"].get("ownerReferences") or ()
        uid = next((owner.get("uid") or "" for owner in owners if owner.get("controller")), None)
        (others if uid is not None and uid in seen else first).append(pod)
        if uid is not None:
            seen.add(uid)
    return first + others


def _pods_text(names: list[str]) -> str:
    count = len(names) - 1
    if not count:
        return names[0]
    return f"{min(names)} (and {count} other {'pod' if count == 1 else 'pods'})"
