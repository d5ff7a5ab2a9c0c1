"""The world of a scenario on a simulated Cluster: the only module of the language that knows one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl

from k8scourse.apiserver.kinds import ResourceInfo, UnknownResource
from k8scourse.apiserver.request import JSON, SUPERUSER, SUPERUSER_GROUPS, Request, Response, resource_path
from k8scourse.apiserver.strategies import stored_only
from k8scourse.apiserver.watch import BOOKMARK_PERIOD, Watch
from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.timestamps import format_time
from k8scourse.networking import dns
from k8scourse.networking.ingress_routing import find_backend
from k8scourse.networking.objects import INGRESSES
from k8scourse.networking.url import parse_url
from k8scourse.scenario.answer import Answer
from k8scourse.scenario.values import show
from k8scourse.scenario.words import NoMeaning, NotSimulated
from k8scourse.scenario.world import Resolved, UnknownKind

if TYPE_CHECKING:
    from k8scourse.kubectl import Output

AUTHENTICATED = "system:authenticated"
_GONE = 410
_UNSIMULATED = "is not simulated"
_INTERNAL = frozenset({"controllerrevisions.apps"})
"""Kinds that controllers write for themselves; they have no rules beyond being stored."""


class ClusterWorld:
    """A Cluster behind the interface of scenario.world.World."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._only_stored = frozenset(info.group_resource for info in stored_only(cluster.registry)) - _INTERNAL
        self._writes = _Writes(cluster)
        cluster.listen(self._writes)

    @classmethod
    def from_world(cls, world: Mapping[str, Any]) -> ClusterWorld:
        """A fresh cluster in the world that a scenario describes; raises NotSimulated for what it cannot have yet."""
        try:
            return cls(Cluster.from_world(world))
        except ApiError as error:
            _refuse_unsimulated(error.status)
            raise

    def fork(self) -> Self:
        """An independent world with the same state, history and future."""
        twin = type(self)(self.cluster.fork())
        twin._writes.take_over(self._writes)
        return twin

    @property
    def now(self) -> int:
        return self.cluster.now

    def settle(self) -> None:
        self.cluster.settle()
        self._refuse_only_stored(*self._writes.resources)

    def _refuse_only_stored(self, *group_resources: str) -> None:
        """What would be found about such objects says nothing about Kubernetes, so the scenario ends here."""
        found = [name for name in group_resources if name in self._only_stored]
        if found:
            raise NotSimulated(f"{', '.join(found)} (objects of this kind are only stored)")

    def run(self, duration: int) -> None:
        self.cluster.run(duration)

    def give(self, obj: Mapping[str, Any]) -> Answer:
        try:
            stored = self.cluster.given(obj)
        except ApiError as error:
            _refuse_unsimulated(error.status)
            return Answer(ok=False, code=error.code, body=error.status, status=error.status)
        return Answer(ok=True, code=201, body=stored)

    def kubectl(
        self, command: str, *, stdin: str | None = None, user: str | None = None, groups: Sequence[str] = ()
    ) -> Answer:
        name, members = _identity(user, groups)
        output = self._run_kubectl(command, stdin, name, members)
        if output.exit_code and _UNSIMULATED in output.stderr:
            raise NotSimulated(_missing(output.stderr.strip().removeprefix("error: ")))
        _refuse_unsimulated(output.status)
        # A command that succeeds may have met refusals on its way, as apply does for an object that is not there.
        status = output.status if output.exit_code else None
        return Answer(
            ok=output.exit_code == 0,
            code=(status or {}).get("code"),
            body=output.object,
            status=status,
            warnings=output.warnings,
            stdout=output.stdout,
            stderr=output.stderr,
            exit_code=output.exit_code,
        )

    def _run_kubectl(self, command: str, stdin: str | None, user: str, groups: tuple[str, ...]) -> Output:
        return self.cluster.kubectl(command, stdin, user=user, groups=groups)

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
        response = self._send(method, url, body=body, content_type=content_type or JSON, user=user, groups=groups)
        status = response.body if not response.ok and isinstance(response.body, dict) else None
        return Answer(ok=response.ok, code=response.code, body=response.body, status=status, warnings=response.warnings)

    def watch(self, url: str, duration: int, *, user: str | None = None, groups: Sequence[str] = ()) -> Answer:
        response = self._send("GET", url, user=user, groups=groups)
        if isinstance(response.body, Watch):
            events = self._read(response.body, duration)
            return Answer(ok=True, code=response.code, events=events, warnings=response.warnings)
        self.run(duration)
        if response.code == _GONE:
            return Answer(ok=True, code=200, events=({"type": "ERROR", "object": response.body},))
        if not response.ok:
            return Answer(ok=False, code=response.code, body=response.body, status=response.body)
        raise NotSimulated(f"a watch of {url}")

    def _read(self, stream: Watch, duration: int) -> tuple[Any, ...]:
        """What comes within *duration*, or until the stream ends; bookmarks come as they are due."""
        left = min(duration, stream.timeout) if stream.timeout else duration
        unread = duration - left
        events: list[Any] = []
        while left:
            step = min(left, BOOKMARK_PERIOD)
            self.run(step)
            events += stream.poll()
            left -= step
        self.run(unread)
        return tuple(events)

    def _send(
        self,
        method: str,
        url: str,
        *,
        body: Any = None,
        content_type: str = JSON,
        user: str | None = None,
        groups: Sequence[str] = (),
    ) -> Response:
        path, _, query = url.partition("?")
        name, members = _identity(user, groups)
        parameters = dict(parse_qsl(query, keep_blank_values=True))
        request = Request(
            method, path, parameters, body, content_type=content_type, user=name, groups=members, managed_fields=True
        )
        response = self.cluster.handle(request)
        if not response.ok:
            _refuse_unsimulated(response.body)
        return response

    def url(
        self,
        kind: str,
        api_version: str | None = None,
        *,
        namespace: str | None = None,
        name: str | None = None,
        subresource: str | None = None,
    ) -> str:
        resource = self._resource(kind, api_version)
        self._refuse_only_stored(resource.group_resource)
        return resource_path(
            resource.group,
            resource.version,
            resource.plural,
            (namespace or "") if resource.namespaced else "",
            name or "",
            subresource or "",
        )

    def resource_word(self, kind: str, api_version: str | None = None) -> str:
        resource = self._resource(kind, api_version)
        return f"{resource.plural}.{resource.version}.{resource.group}" if resource.group else resource.plural

    def _resource(self, kind: str, api_version: str | None) -> ResourceInfo:
        """The kind in the version that is named, else in the preferred version of the first group that has it."""
        try:
            if api_version is not None:
                return self.cluster.registry.kind(api_version, kind)
            return next(resource for resource in self.cluster.registry if resource.kind == kind)
        except UnknownResource as error:
            raise UnknownKind(str(error)) from error
        except StopIteration as error:
            raise UnknownKind(f'no kind "{kind}" is served') from error

    def argv(self, pod: Mapping[str, Any], container: str) -> list[str]:
        kubelet: Any = self.cluster.component("kubelet")
        return kubelet.queries.argv(pod, container)

    def replicas(self, kind: str, namespace: str, name: str, api_version: str | None = None) -> list[tuple[int, int]]:
        resource = self._resource(kind, api_version)
        return self._writes.replicas(resource.group_resource, namespace if resource.namespaced else "", name)

    def score(self, pod: str, namespace: str, node: str, plugin: str) -> int | None:
        try:
            scheduling = self.cluster.scheduling(pod, namespace=namespace)
        except LookupError as error:
            raise NoMeaning(str(error)) from error
        return scheduling.scores.get(node, {}).get(plugin)

    def route(self, url: str) -> str | None:
        wanted = parse_url(url)
        found = find_backend(self.cluster.informers.list(INGRESSES), wanted.host, wanted.path)
        return found.service if found is not None else None

    def resolve(self, namespace: str, host: str) -> Resolved:
        found = dns.resolve(self.cluster.informers, host, dns.namespace_resolver(namespace))
        services = [record.service[0] for record in found.tried if record.service is not None]
        return Resolved(found.addresses, found.alias, services[-1] if services else "")

    def why(self, kind: str, namespace: str, name: str) -> str:
        resource = self._resource(kind, None)
        decisions = self.cluster.journal.about((kind, namespace if resource.namespaced else "", name))
        lines = []
        for decision in decisions[-5:]:
            reason = ", ".join(filter(None, (decision.rule, decision.field)))
            detail = f": {show(decision.detail, 600)}" if decision.detail is not None else ""
            lines.append(f"{format_time(decision.time)} {decision.component}: {decision.verdict} ({reason}){detail}")
        return "\n".join(lines)


def _refuse_unsimulated(status: Any) -> None:
    """Raises NotSimulated for a Status that says so, whoever met it; expectations are never judged by it."""
    if isinstance(status, dict) and status.get("reason") == "NotSimulated":
        raise NotSimulated(_missing(str(status.get("message", ""))))


def _missing(message: str) -> str:
    """What a sentence such as "world.raft is not simulated" is about."""
    return message.removesuffix(" yet").removesuffix(f" {_UNSIMULATED}")


def _identity(user: str | None, groups: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Who acts: the superuser, or *user* in exactly these groups and system:authenticated."""
    if user is None:
        return SUPERUSER, SUPERUSER_GROUPS
    return user, (*groups, *(() if AUTHENTICATED in groups else (AUTHENTICATED,)))


class _Writes:
    """Hears of every write: remembers which resources were written, and the values of spec.replicas."""

    def __init__(self, cluster: Cluster) -> None:
        self.resources: dict[str, None] = {}
        self._cluster = cluster
        self._replicas: dict[tuple[str, str, str], list[tuple[int, int]]] = {}

    def take_over(self, other: _Writes) -> None:
        """Know what *other* knows."""
        self._replicas = {key: list(values) for key, values in other._replicas.items()}
        self.resources = dict(other.resources)

    def replicas(self, group_resource: str, namespace: str, name: str) -> list[tuple[int, int]]:
        """When spec.replicas of an object was written, and with which value."""
        return self._replicas.get((group_resource, namespace, name), [])

    def changed(self, group_resource: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> None:
        """A write to the store (apiserver.storage.Listener)."""
        if new is None:
            return
        self.resources[group_resource] = None
        replicas = (new.get("spec") or {}).get("replicas")
        if isinstance(replicas, int):
            metadata = new["metadata"]
            key = (group_resource, metadata.get("namespace", ""), metadata["name"])
            self._replicas.setdefault(key, []).append((self._cluster.now, replicas))
