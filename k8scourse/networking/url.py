"""Where a simulated request wants to go."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_PROTOCOLS = {"http": "TCP", "https": "TCP", "tcp": "TCP", "udp": "UDP"}


@dataclass(frozen=True, slots=True)
class Url:
    """Where a request wants to go."""

    text: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def protocol(self) -> str:
        """TCP or UDP."""
        return _PROTOCOLS[self.scheme]

    @property
    def is_http(self) -> bool:
        """Whether an HTTP server is asked."""
        return self.scheme in _PORTS


def parse_url(text: str) -> Url:
    """Read ``http://web.team:8080/cart`` or ``web/cart`` (http); raises ValueError for what is no such URL."""
    parts = urlsplit(text if "://" in text else f"http://{text}")
    if parts.scheme not in _PROTOCOLS or not parts.hostname:
        raise ValueError(f"{text!r} is no URL; write {', '.join(_PROTOCOLS)}://HOST[:PORT][/PATH]")
    port = parts.port or _PORTS.get(parts.scheme)
    if port is None:
        raise ValueError(f"{text!r} needs a port")
    return Url(text, parts.scheme, parts.hostname, port, parts.path or "/")
