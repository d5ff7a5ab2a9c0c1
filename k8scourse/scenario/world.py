"""The world in which a scenario runs: all that the runner asks of a cluster, behind one door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from k8scourse.scenario.answer import Answer


class UnknownKind(ValueError):
    """The cluster serves no such kind."""


class Resolved(NamedTuple):
    """What DNS answers: addresses, the alias that the name is of, and the namespace of the Service that was found."""

    addresses: tuple[str, ...]
    alias: str
    service_namespace: str


class World(Protocol):
    """A cluster as scenarios see it. Times are nanoseconds; every call settles before it returns."""

    @property
    def now(self) -> int:
        """The virtual time, since the Unix epoch."""
        ...

    def give(self, obj: Mapping[str, Any]) -> Answer:
        """Creates an object of ``given`` as superuser, or replaces the one that exists; its status is kept."""
        ...

    def kubectl(
        self, command: str, *, stdin: str | None = None, user: str | None = None, groups: Sequence[str] = ()
    ) -> Answer:
        """Runs a kubectl command line, as superuser unless *user* is given."""
        ...

    def request(
        self,
        method: str,
        url: str,
        *,
        body: Any = None,
        content_type: str | None = None,
        user: str | None = None,
        groups: Sequence[str] = (),
    ) -> Answer:
        """Sends one request to the API server; *url* is what follows the server's address."""
        ...

    def watch(self, url: str, duration: int, *, user: str | None = None, groups: Sequence[str] = ()) -> Answer:
        """Reads a watch for *duration*; time passes."""
        ...

    def run(self, duration: int) -> None:
        """Lets time pass."""
        ...

    def settle(self) -> None:
        """Lets everything happen that is ready to happen; no time passes."""
        ...

    def url(
        self,
        kind: str,
        api_version: str | None = None,
        *,
        namespace: str | None = None,
        name: str | None = None,
        subresource: str | None = None,
    ) -> str:
        """The path of a collection, an object or a subresource; *namespace* counts for namespaced kinds only.

        Raises:
            UnknownKind: no such kind is served.
        """
        ...

    def resource_word(self, kind: str, api_version: str | None = None) -> str:
        """The word that makes kubectl take this kind and no other. Raises UnknownKind."""
        ...

    def argv(self, pod: Mapping[str, Any], container: str) -> list[str]:
        """The command line of a container's process; empty for a command of the image's own."""
        ...

    def replicas(self, kind: str, namespace: str, name: str, api_version: str | None = None) -> list[tuple[int, int]]:
        """Every spec.replicas that was written since the object exists: (time, value)."""
        ...

    def score(self, pod: str, namespace: str, node: str, plugin: str) -> int | None:
        """What a scheduler plugin gave a node for a pod, normalised and weighted, when the pod was scheduled."""
        ...

    def route(self, url: str) -> str | None:
        """The Service to which the Ingress objects send a URL; None: to no backend. Raises ValueError for no URL."""
        ...

    def resolve(self, namespace: str, host: str) -> Resolved:
        """What a pod of *namespace* learns when it asks DNS for *host*."""
        ...

    def why(self, kind: str, namespace: str, name: str) -> str:
        """The decisions about an object, as far as they are known; "" when none is."""
        ...
