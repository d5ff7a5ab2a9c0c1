"""Priority: a pod's priority is that of its PriorityClass.

Source: kubernetes plugin/pkg/admission/priority/admission.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.admission.attributes import CREATE, UPDATE, Attributes

_CLASSES = "priorityclasses.scheduling.k8s.io"
_NO_CLASS: Mapping[str, Any] = {"metadata": {"name": ""}, "value": 0, "preemptionPolicy": "PreemptLowerPriority"}


class Priority:
    """Resolves priority classes, and keeps the default one single."""

    name = "Priority"

    def admit(self, attributes: Attributes) -> None:
        """Set priority, priorityClassName and preemptionPolicy of a pod in place.

        Raises ApiError 403 for an unknown class and for values that contradict the class.
        """
        pod = attributes.object
        if pod is None or not attributes.is_about("pods"):
            return
        if attributes.operation == CREATE:
            _set_priority(attributes, pod["spec"])
        elif attributes.operation == UPDATE:
            before = (attributes.old_object or {}).get("spec") or {}
            for field in ("priority", "preemptionPolicy"):
                if pod["spec"].get(field) is None and before.get(field) is not None:
                    pod["spec"][field] = before[field]

    def validate(self, attributes: Attributes) -> None:
        """Raise ApiError 403 for a second PriorityClass with globalDefault."""
        new = attributes.object
        if new is None or attributes.operation not in (CREATE, UPDATE) or not attributes.is_about(_CLASSES):
            return
        default = _default_class(attributes) if new.get("globalDefault") else None
        if default is None:
            return
        name = default["metadata"]["name"]
        if attributes.operation == CREATE or name != new["metadata"].get("name"):
            text = f"PriorityClass {name} is already marked as default. Only one default can exist"
            raise attributes.forbidden(text)


def _set_priority(attributes: Attributes, spec: dict[str, Any]) -> None:
    chosen = _resolve(attributes, spec.get("priorityClassName") or "")
    value = chosen.get("value") or 0
    if chosen["metadata"]["name"]:
        spec["priorityClassName"] = chosen["metadata"]["name"]
    given = spec.get("priority")
    if given is not None and given != value:
        raise attributes.forbidden(
            f"the integer value of priority ({given}) must not be provided in pod spec; priority admission controller "
            f"computed {value} from the given PriorityClass name"
        )
    spec["priority"] = value
    policy = chosen.get("preemptionPolicy")
    if policy is None:
        return
    given = spec.get("preemptionPolicy")
    if given is not None and given != policy:
        raise attributes.forbidden(
            f"the string value of PreemptionPolicy ({given}) must not be provided in pod spec; priority admission "
            f"controller computed {policy} from the given PriorityClass name"
        )
    spec["preemptionPolicy"] = policy


def _resolve(attributes: Attributes, name: str) -> Mapping[str, Any]:
    if not name:
        return _default_class(attributes) or _NO_CLASS
    found = attributes.reader.get(_CLASSES, "", name)
    if found is None:
        raise attributes.forbidden(f"no PriorityClass with name {name} was found")
    return found


def _default_class(attributes: Attributes) -> Mapping[str, Any] | None:
    """Return the class with globalDefault; of several (a race) the one with the smallest value."""
    marked = [item for item in attributes.reader.list(_CLASSES) if item.get("globalDefault")]
    return min(marked, key=lambda item: item.get("value") or 0, default=None)
