"""Notes beside stored objects: who wrote them, from which the managers of their fields are worked out when asked for.

A write leaves a note of a few references: the note before it, the writer, the time, and the object before and after
(at creation its skeleton, see skeletons.py). Objects share what did not change, so a note costs about a hundred bytes
and well under a microsecond; FieldsV1 exists only for who reads it. Notes lie beside the value in the store's records
(`Record.note`), so that forks and the past have the right ones without any work. A chain of more than MAX_CHAIN notes
is worked out and let go, which bounds the versions it keeps alive; applies need the managers and leave a worked-out
note anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from k8scourse.apiserver.managed_fields.field_sets import EMPTY, FieldSet
from k8scourse.apiserver.managed_fields.managers import Managers, Writer, updated
from k8scourse.apiserver.managed_fields.shapes import Shape
from k8scourse.apiserver.managed_fields.skeletons import Skeleton, as_value, skeleton_of
from k8scourse.apiserver.managed_fields.walking import Comparison, compare

Object = dict[str, Any]

MAX_CHAIN = 12


class Kind:
    """What must be known of a kind: its shape, and what an object of it without content is like."""

    __slots__ = ("_zero", "shape")

    def __init__(self, shape: Shape, zero: Callable[[], Mapping[str, Any]]) -> None:
        self.shape = shape
        self._zero = zero

    def empty(self, api_version: str, kind: str) -> Object:
        """An object without content, as an apply finds it that creates the object."""
        return {**self._zero(), "apiVersion": api_version, "kind": kind}


class Note:
    """Who wrote a version of an object."""

    __slots__ = ("_after", "_before", "_ignored", "_managers", "_previous", "_time", "_writer", "length")

    def __init__(
        self,
        writer: Writer | None,
        time: int,
        ignored: FieldSet,
        *,
        previous: Note | None = None,
        before: Object | None = None,
        after: Any = None,
        managers: Managers | None = None,
    ) -> None:
        self._previous = previous
        self._writer = writer
        self._time = time
        self._ignored = ignored
        self._before = before
        self._after = after
        self._managers = managers
        self.length = 1 if previous is None or previous._managers is not None else previous.length + 1

    @classmethod
    def created(cls, writer: Writer, time: int, obj: Object, ignored: FieldSet) -> Note:
        """The note of a creation; *obj* as it is before admission, and may be changed afterwards."""
        return cls(writer, time, ignored, after=skeleton_of(obj))

    @classmethod
    def known(cls, managers: Managers) -> Note:
        """The note of a write that worked the managers out."""
        return cls(None, 0, EMPTY, managers=managers)

    def changed(self, writer: Writer, time: int, before: Object, after: Object, ignored: FieldSet, kind: Kind) -> Note:
        """The note of an update; neither object will be changed."""
        note = Note(writer, time, ignored, previous=self, before=before, after=after)
        if note.length > MAX_CHAIN:
            note.managers(kind)
        return note

    def managers(self, kind: Kind) -> Managers:
        """Who manages which fields; worked out once."""
        pending: list[Note] = []
        note: Note | None = self
        while note is not None and note._managers is None:
            pending.append(note)
            note = note._previous
        managers: Managers = {} if note is None or note._managers is None else note._managers
        for note in reversed(pending):
            managers = note._managers = note._worked_out(managers, kind)
            note._previous = note._before = note._after = None
        return managers

    def _worked_out(self, managers: Managers, kind: Kind) -> Managers:
        if self._writer is None:
            return managers
        if self._before is None:
            change = _creation(kind, self._after)
        elif not managers:
            return managers  # managers of objects without any are not tracked (skipnonapplied.go)
        else:
            change = compare(self._before, self._after, kind.shape)
        return updated(managers, self._writer, self._time, change, self._ignored)


@lru_cache(maxsize=256)
def _creation(kind: Kind, skeleton: Skeleton) -> Comparison:
    obj = as_value(skeleton)
    return compare(kind.empty(obj["apiVersion"], obj["kind"]), obj, kind.shape)
