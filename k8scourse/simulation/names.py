"""Names and uids that look random and are the same in every run.

Each comes from a hash of (seed, purpose, namespace, kind, base name, counter), never from one shared stream: a change
in one place does not rename what is made elsewhere.
"""

from __future__ import annotations

from hashlib import blake2b

ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
"""No vowels and no look-alikes, as in Kubernetes' generated names (apimachinery/pkg/util/rand)."""


class Names:
    """Seeded source of generated name suffixes and uids."""

    __slots__ = ("_counters", "_seed")

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._counters: dict[tuple[str, str, str, str], int] = {}

    @property
    def seed(self) -> int:
        """What every name is derived from."""
        return self._seed

    def number(self, purpose: str, namespace: str, kind: str, base: str) -> int:
        """How often this was asked before: 0, 1, 2, ..."""
        key = (purpose, namespace, kind, base)
        counter = self._counters.get(key, 0)
        self._counters[key] = counter + 1
        return counter

    def _digest(self, purpose: str, namespace: str, kind: str, base: str) -> bytes:
        counter = self.number(purpose, namespace, kind, base)
        text = f"{self._seed}\0{purpose}\0{namespace}\0{kind}\0{base}\0{counter}"
        return blake2b(text.encode(), digest_size=16).digest()

    def suffix(self, purpose: str, namespace: str, kind: str, base: str, length: int = 5) -> str:
        """The next suffix of *length* letters for names made from *base* (at most 16 letters)."""
        digest = self._digest(purpose, namespace, kind, base)
        return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:length])

    def below(self, limit: int, purpose: str, namespace: str, kind: str, base: str) -> int:
        """The next number from 0 to *limit* - 1."""
        return int.from_bytes(self._digest(purpose, namespace, kind, base)[:8], "big") % limit

    def uid(self, namespace: str, kind: str, name: str) -> str:
        """A uid in the form of a random UUID (RFC 9562, version 4); a recreated object gets another one."""
        digest = bytearray(self._digest("uid", namespace, kind, name))
        digest[6] = digest[6] & 0x0F | 0x40
        digest[8] = digest[8] & 0x3F | 0x80
        text = digest.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def fork(self) -> Names:
        """A source that continues with the same names."""
        twin = Names(self._seed)
        twin._counters = self._counters.copy()
        return twin
