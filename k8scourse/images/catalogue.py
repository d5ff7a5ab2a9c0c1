"""Well-known images: their size, the port on which they listen, and what they print."""

from __future__ import annotations

from collections.abc import Mapping

from k8scourse.images.commands import Ending
from k8scourse.images.image import Image, Ports

_INDEX = frozenset({"/", "/index.html"})
_MB = 1_000_000


def _server(*ports: int, size: int, http: bool = False, pages: frozenset[str] | None = None, log: str = "") -> Image:
    listens: Ports = frozenset(ports)
    return Image(size=size * _MB, listens=listens, http=http, pages=pages, sigterm_code=0, log=log)


def _shell(size: int) -> Image:
    """A shell without a terminal reads the end of its input and ends with code 0."""
    return Image(ending=Ending(0), size=size, cmd=("sh",), listens=frozenset())


CATALOGUE: Mapping[str, Image] = {
    "busybox": _shell(2_223_000),
    "alpine": _shell(3_800_000),
    "debian": _shell(49_000_000),
    "ubuntu": _shell(30_000_000),
    "hello-world": Image(ending=Ending(0), size=10_000, listens=frozenset(), log="\nHello from Docker!\n"),
    "registry.k8s.io/pause": Image(size=320_000, listens=frozenset(), sigterm_code=0),
    "nginx": _server(
        80,
        size=59,
        http=True,
        pages=_INDEX,
        log="/docker-entrypoint.sh: Configuration complete; ready for start up\n",
    ),
    "nginxinc/nginx-unprivileged": _server(8080, size=59, http=True, pages=_INDEX),
    "httpd": _server(80, size=58, http=True, pages=_INDEX),
    "caddy": _server(80, 443, size=20, http=True),
    "redis": _server(6379, size=52),
    "memcached": _server(11211, size=32),
    "postgres": _server(5432, size=153),
    "mysql": _server(3306, size=230),
    "mariadb": _server(3306, size=118),
    "mongo": _server(27017, size=280),
    "rabbitmq": _server(5672, size=110),
    "hashicorp/http-echo": _server(5678, size=4, http=True),
    "registry.k8s.io/echoserver": _server(8080, size=44, http=True),
    "gcr.io/google-samples/hello-app": _server(8080, size=13, http=True),
    "gcr.io/google-samples/kubernetes-bootcamp": _server(8080, size=84, http=True),
}
"""Images by repository, without docker.io/library/."""
