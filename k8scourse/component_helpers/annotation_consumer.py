"""What it means to read an annotation: one program, one key, and the values that it understands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Literal

ANY = "any"
TEMPLATE = "PodTemplate"
"""Stands among kinds for the metadata of a pod template, which the pods get."""

Role = Literal["reads", "writes", "ignores"]
"""reads: the value changes what the reader does; writes: the program keeps its own notes there; ignores: no longer
read by anybody."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """One program and one key, or all keys that begin with a text (then *key* ends in ``*``)."""

    key: str
    reader: str
    """The program; for keys that are ignored the one that read them once."""
    effect: str
    kinds: tuple[str, ...] = (ANY,)
    values: str = ""
    """Which values it understands, in words; "" for any text."""
    understands: Callable[[str], bool] | None = None
    """Whether it understands a value; None where every text will do."""
    simulated: bool = True
    """Whether the simulated cluster has this reader."""
    role: Role = "reads"

    def means(self, key: str) -> bool:
        """Whether *key* is one of this consumer's."""
        return key.startswith(self.key[:-1]) if self.key.endswith("*") else key == self.key


def is_int32(value: str) -> bool:
    """A 32-bit integer without plus sign and leading zeros (kubernetes: pkg/apis/core/helper/helpers.go)."""
    return bool(re.fullmatch(r"0|-?[1-9][0-9]*", value)) and -(2**31) <= int(value) < 2**31


def is_true(value: str) -> bool:
    """Exactly "true"; readers of this sort take every other text as no."""
    return value == "true"


def is_boolean(value: str) -> bool:
    """ "true" or "false"."""
    return value in ("true", "false")


def is_go_boolean(value: str) -> bool:
    """What Go's strconv.ParseBool takes."""
    return value in ("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False")


def is_cidr_list(value: str) -> bool:
    """Network ranges with commas between them."""
    try:
        return all("/" in part and ip_network(part.strip(), strict=False) for part in value.split(","))
    except ValueError:
        return False
