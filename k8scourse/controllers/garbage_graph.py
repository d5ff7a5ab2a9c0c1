"""Who owns whom: the graph of owner references that the garbage collector walks.

Sources: pkg/controller/garbagecollector/{graph,graph_builder}.go
"""

from __future__ import annotations

from typing import NamedTuple

from k8scourse.client.informers import Object

FOREGROUND = "foregroundDeletion"
ORPHAN = "orphan"

# Why the collector did something, in the words of the journal.
OWNER_GONE = "the owner is gone"
OWNER_WAITS = "the owner waits for its dependents"
OWNER_WAITS_DEEPLY = "the owner waits for the deletion of its dependents"
ANOTHER_OWNER = "one owner is gone, another one is there"
NOTHING_BLOCKS = "no dependent blocks the deletion any more"
OWNER_LETS_GO = "the owner is deleted with the policy Orphan"
ALL_FREE = "no dependent names the owner any more"


class Changes(NamedTuple):
    """How the owner references of an object have changed."""

    added: list[Object]
    removed: list[Object]
    unblocked: list[Object]
    """References that blocked the deletion of their owner and do so no more; removed ones included."""


def owners_of(obj: Object) -> list[Object]:
    """The owner references of an object."""
    return obj["metadata"].get("ownerReferences") or []


def namespace_of(obj: Object) -> str:
    """The namespace of an object, empty for cluster-scoped ones."""
    return obj["metadata"].get("namespace", "")


def is_being_deleted(obj: Object) -> bool:
    """Whether the deletion of an object has begun."""
    return "deletionTimestamp" in obj["metadata"]


def has_finalizer(obj: Object, finalizer: str) -> bool:
    """Whether an object has this finalizer."""
    return finalizer in (obj["metadata"].get("finalizers") or ())


def policy_of(obj: Object) -> str:
    """The propagation policy that an object's own finalizers ask for."""
    if has_finalizer(obj, ORPHAN):
        return "Orphan"
    return "Foreground" if has_finalizer(obj, FOREGROUND) else "Background"


def waits_for(obj: Object | None, finalizer: str) -> bool:
    """Whether an object is being deleted and waits for what *finalizer* stands for."""
    return obj is not None and is_being_deleted(obj) and has_finalizer(obj, finalizer)


def same_coordinates(reference: Object, owner: Object) -> bool:
    """Whether *reference* calls *owner* by its right kind and name."""
    return (
        reference["name"] == owner["metadata"]["name"]
        and reference["kind"] == owner["kind"]
        and reference["apiVersion"] == owner["apiVersion"]
    )


def blocks(obj: Object, owner: str) -> bool:
    """Whether an object keeps the owner with uid *owner* from vanishing in a foreground deletion."""
    return any(ref["uid"] == owner and ref.get("blockOwnerDeletion") for ref in owners_of(obj))


def reference_changes(old: Object | None, new: Object | None) -> Changes:
    """What has changed about the owner references between *old* and *new* (None: not there)."""
    before = {ref["uid"]: ref for ref in owners_of(old)} if old is not None else {}
    after = {ref["uid"]: ref for ref in owners_of(new)} if new is not None else {}
    return Changes(
        added=[ref for uid, ref in after.items() if uid not in before],
        removed=[ref for uid, ref in before.items() if uid not in after],
        unblocked=[
            ref
            for uid, ref in before.items()
            if ref.get("blockOwnerDeletion") and not after.get(uid, {}).get("blockOwnerDeletion")
        ],
    )


class Graph:
    """Every object by its uid, and the uids of those that name it as owner, in the order in which they came."""

    __slots__ = ("_dependents", "_objects")

    def __init__(self) -> None:
        self._objects: dict[str, Object] = {}
        self._dependents: dict[str, dict[str, None]] = {}

    def get(self, uid: str) -> Object | None:
        """The object with this uid, as it is; None if there is none."""
        return self._objects.get(uid)

    def put(self, obj: Object) -> None:
        """Take over an object's newest state."""
        self._objects[obj["metadata"]["uid"]] = obj

    def remove(self, uid: str) -> None:
        """An object is gone; its dependents stay known until they go or change."""
        self._objects.pop(uid, None)

    def link(self, dependent: str, owner: str) -> None:
        """*dependent* names *owner* as its owner (both uids)."""
        self._dependents.setdefault(owner, {})[dependent] = None

    def unlink(self, dependent: str, owner: str) -> None:
        """*dependent* names *owner* no more."""
        dependents = self._dependents.get(owner)
        if dependents is not None:
            dependents.pop(dependent, None)
            if not dependents:
                del self._dependents[owner]

    def dependents(self, owner: str) -> list[Object]:
        """The objects that name *owner* (a uid)."""
        return [self._objects[uid] for uid in self._dependents.get(owner, ()) if uid in self._objects]

    def fork(self) -> Graph:
        """An independent graph of the same objects."""
        twin = Graph()
        twin._objects = self._objects.copy()
        twin._dependents = {owner: dependents.copy() for owner, dependents in self._dependents.items()}
        return twin
