"""What was asked for last, under the digest of what it depends on. Safe to use from several threads."""

from __future__ import annotations

import threading
from collections import OrderedDict

SIZE = 4096
"""How many texts are kept; the one that was not asked for longest goes first."""


class Recent:
    """Texts by key, never more than some number of them: memory does not grow with the class."""

    def __init__(self, size: int = SIZE) -> None:
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._size = size
        self._lock = threading.Lock()

    def get(self, key: str) -> str | None:
        """The text under *key*, or None."""
        with self._lock:
            if key in self._texts:
                self._texts.move_to_end(key)
            return self._texts.get(key)

    def put(self, key: str, text: str) -> None:
        """Keep *text* under *key*."""
        with self._lock:
            self._texts[key] = text
            self._texts.move_to_end(key)
            if len(self._texts) > self._size:
                self._texts.popitem(last=False)
