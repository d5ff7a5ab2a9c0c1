"""Which volume a claim gets: the rules of binding without side effects.

Source: staging/src/k8s.io/component-helpers/storage/volume/{helpers,pv_helpers}.go,
pkg/controller/volume/persistentvolume/{index,pv_controller}.go
"""

from __future__ import annotations

from collections.abc import Iterable

from k8scourse.client.informers import Object
from k8scourse.machinery.labels import selector_from
from k8scourse.machinery.quantity import Quantity, parse_quantity

CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class"
_MODES = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")


def class_of(obj: Object) -> str:
    """The storage class of a claim or a volume; an annotation goes before the field."""
    annotated = (obj["metadata"].get("annotations") or {}).get(CLASS_ANNOTATION)
    return annotated if annotated is not None else obj["spec"].get("storageClassName") or ""


def requested(claim: Object) -> Quantity:
    """How much storage a claim asks for."""
    return parse_quantity(((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage", "0"))


def capacity(volume: Object) -> Quantity:
    """How much storage a volume has."""
    return parse_quantity((volume["spec"].get("capacity") or {}).get("storage", "0"))


def is_for(volume: Object, claim: Object) -> bool:
    """Whether a volume is reserved for a claim, or bound to it."""
    reference, metadata = volume["spec"].get("claimRef"), claim["metadata"]
    if reference is None:
        return False
    if (reference.get("namespace"), reference.get("name")) != (metadata["namespace"], metadata["name"]):
        return False
    return not reference.get("uid") or reference["uid"] == metadata["uid"]


def mismatch(volume: Object, claim: Object) -> str | None:
    """Why a volume that a claim asks for by name does not suit it; None if it does."""
    if "deletionTimestamp" in volume["metadata"]:
        return f'the volume is marked for deletion "{volume["metadata"]["name"]}"'
    if capacity(volume).value() < requested(claim).value():
        return "requested PV is too small"
    if class_of(volume) != class_of(claim):
        return "storageClassName does not match"
    if not _same_attributes(volume, claim):
        return "volumeAttributesClassName does not match"
    if not same_mode(volume, claim):
        return "incompatible volumeMode"
    if not _modes(claim) <= _modes(volume):
        return "incompatible accessMode"
    return None


def best_match(claim: Object, volumes: Iterable[Object], *, delayed: bool) -> Object | None:
    """The volume to bind: that reserved for the claim, else the smallest with the fewest access modes.

    *delayed*: the scheduler is to choose (WaitForFirstConsumer), only a reserved volume counts.
    """
    by_modes: dict[tuple[str, ...], list[Object]] = {}
    for volume in sorted(volumes, key=lambda one: one["metadata"]["name"]):
        if _modes(claim) <= _modes(volume):
            by_modes.setdefault(tuple(mode for mode in _MODES if mode in _modes(volume)), []).append(volume)
    for modes in sorted(by_modes, key=len):
        suitable = [volume for volume in by_modes[modes] if _suits(volume, claim)]
        own = next((volume for volume in suitable if is_for(volume, claim)), None)
        if own is not None:
            return own
        free = [] if delayed else [volume for volume in suitable if _is_free(volume, claim)]
        if free:
            return min(free, key=capacity)
    return None


def same_mode(volume: Object, claim: Object) -> bool:
    """Whether both are file systems or both are blocks."""
    modes = (one["spec"].get("volumeMode") or "Filesystem" for one in (volume, claim))
    return len(set(modes)) == 1


def _suits(volume: Object, claim: Object) -> bool:
    if volume["spec"].get("claimRef") is not None and not is_for(volume, claim):
        return False
    return (
        capacity(volume) >= requested(claim)
        and same_mode(volume, claim)
        and _same_attributes(volume, claim)
        and "deletionTimestamp" not in volume["metadata"]
    )


def _is_free(volume: Object, claim: Object) -> bool:
    selector = claim["spec"].get("selector")
    if (volume.get("status") or {}).get("phase") != "Available" or class_of(volume) != class_of(claim):
        return False
    return selector is None or selector_from(selector).matches(volume["metadata"].get("labels"))


def _same_attributes(volume: Object, claim: Object) -> bool:
    first, second = (one["spec"].get("volumeAttributesClassName") or "" for one in (volume, claim))
    return first == second


def _modes(obj: Object) -> set[str]:
    return set(obj["spec"].get("accessModes") or ())
