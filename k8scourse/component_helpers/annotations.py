"""Annotations: their syntax, their size, and who reads them.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go (ValidateAnnotations,
TotalAnnotationSizeLimitB); for the readers see `annotation_consumers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from k8scourse.component_helpers.annotation_consumer import ANY, TEMPLATE, Consumer
from k8scourse.component_helpers.annotation_consumers import CONSUMERS, LABELS
from k8scourse.machinery.names import is_qualified_name

SIZE_LIMIT = 256 * 1024
"""Bytes of all keys and values of an object together."""
_NEAR = 0.85


def key_faults(key: str) -> list[str]:
    """What the API server says against *key*, which it reads in lower case; nothing for a good one."""
    return is_qualified_name(key.lower())


def size_of(annotations: Mapping[str, str]) -> int:
    """The bytes that count against SIZE_LIMIT."""
    return sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items())


def known(key: str) -> tuple[Consumer, ...]:
    """The consumers of *key*, on whatever kind."""
    return tuple(consumer for consumer in CONSUMERS if consumer.means(key))


def consumers_of(key: str, kind: str) -> tuple[Consumer, ...]:
    """The consumers of *key* on objects of *kind*; TEMPLATE stands for a pod template, whose pods get the key."""
    kinds = {ANY, kind, "Pod"} if kind == TEMPLATE else {ANY, kind}
    return tuple(consumer for consumer in known(key) if kinds.intersection(consumer.kinds))


def label_note(key: str) -> str:
    """What *key* is when it means something as a label only; "" otherwise."""
    return next((note for start, note in LABELS.items() if key.startswith(start)), "")


def nearest(key: str) -> str:
    """A known key that *key* is probably a misspelling of; "" when there is none or the key is known."""
    if known(key):
        return ""
    keys = [consumer.key for consumer in CONSUMERS if "*" not in consumer.key]
    return next(iter(get_close_matches(key, keys, n=1, cutoff=_NEAR)), "")
