"""Time zones by their IANA names, refused as Go refuses them (time.LoadLocation)."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import lru_cache

_NOT_A_ZONE = ("posix", "posixrules", "right", "zone.tab", "zone1970.tab", "leapseconds", "tzdata.zi", "localtime")


class TimeZoneError(ValueError):
    """A name is no time zone; the message is Go's."""


@lru_cache(maxsize=256)
def load_time_zone(name: str) -> tzinfo:
    """The zone called *name*; the empty name is UTC, and Local is UTC too, as on nodes. Raises TimeZoneError."""
    if name in ("", "UTC", "Local"):
        return UTC
    if name.startswith(("/", "\\")) or ".." in name:
        raise TimeZoneError("time: invalid location name")
    if name.split("/")[0] in _NOT_A_ZONE:
        raise TimeZoneError(f"unknown time zone {name}")
    from zoneinfo import ZoneInfo  # late: it reads the configuration of the interpreter

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise TimeZoneError(f"unknown time zone {name}") from error
