"""metadata.managedFields: how the managers of an object are written down in it, and read from it.

Source: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/managedfields.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver.managed_fields.field_sets import decoded
from k8scourse.apiserver.managed_fields.managers import APPLY, UPDATE, Managers, Share, Writer
from k8scourse.machinery.timestamps import format_time, parse_time

Object = dict[str, Any]

_SECOND = 1_000_000_000


def encode(managers: Managers) -> list[Object]:
    """The entries, applies first, each sort from old to new."""
    order = sorted(
        managers.items(),
        key=lambda item: (
            item[0].operation,
            item[1].time // _SECOND,
            item[0].manager,
            item[1].api_version,
            item[0].subresource,
        ),
    )
    return [_entry(writer, share) for writer, share in order]


def _entry(writer: Writer, share: Share) -> Object:
    entry: Object = {
        "manager": writer.manager,
        "operation": writer.operation,
        "apiVersion": share.api_version,
        "time": format_time(share.time),
        "fieldsType": "FieldsV1",
        "fieldsV1": share.fields.encoded(),
    }
    if not share.time:  # an apply that changed nothing, by a manager who was none before
        del entry["time"]
    if writer.subresource:
        entry["subresource"] = writer.subresource
    return entry


def decode(entries: Any) -> Managers:
    """The managers that *entries* describe; raises ValueError with upstream's text."""
    managers: dict[Writer, Share] = {}
    for index, entry in enumerate(entries):
        if entry.get("operation") not in (APPLY, UPDATE):
            raise ValueError("operation must be `Apply` or `Update`")
        version = entry.get("apiVersion") or ""
        if not version:
            raise ValueError("apiVersion must not be empty")
        kind = entry.get("fieldsType") or ""
        if kind != "FieldsV1":
            problem = f"invalid fieldsType {kind!r}" if kind else "missing fieldsType"
            raise ValueError(f"{problem} in managed fields entry {index}")
        writer = Writer(entry.get("manager") or "", entry["operation"], version, entry.get("subresource") or "")
        time = parse_time(entry["time"]) if entry.get("time") else 0
        managers[writer.identity] = Share(decoded(entry.get("fieldsV1") or {}), version, time)
    return managers


def is_reset(entries: Any) -> bool:
    """Whether a writer asks to forget all managers: an empty list, or one empty entry (isResetManagedFields)."""
    return entries == [] or entries == [{}]
