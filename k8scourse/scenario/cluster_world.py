"""The world of a scenario on a simulated Cluster: the only module of the language that knows one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from k8scourse.apiserver.kinds import ResourceInfo, UnknownResource
from k8scourse.apiserver.request import JSON, SUPERUSER, SUPERUSER_GROUPS, Request, Response, resource_path
from k8scourse.apiserver.watch import Watch
from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.timestamps import format_time
from k8scourse.scenario.answer import Answer
from k8scourse.scenario.fidelity import only_stored
from k8scourse.scenario.values import show
from k8scourse.scenario.words import NotSimulated
from k8scourse.scenario.world import UnknownKind

AUTHENTICATED = "system:authenticated"
_GONE = 410
_UNSIMULATED = "is not simulated"


class ClusterWorld:
    """A Cluster behind the interface of scenario.world.World."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._writes = _Writes(cluster)

    @classmethod
    def from_world(cls, world: Mapping[str, Any]) -> ClusterWorld:
        """A fresh cluster in the world that a scenario describes; ApiError NotSimulated, ValueError as Cluster."""
        return cls(Cluster.from_world(world))

    @property
    def now(self) -> int:
        return self.cluster.now

    def settle(self) -> None:
        self.cluster.settle()
        if self._writes.only_stored:
            raise NotSimulated(f"{', '.join(self._writes.only_stored)} (objects of this kind are only stored)")

    def run(self, duration: int) -> None:
        self.cluster.run(duration)

    def give(self, obj: Mapping[str, Any]) -> Answer:
        try:
            stored = self.cluster.given(obj)
        except ApiError as error:
            return Answer(ok=False, code=error.code, body=error.status, status=error.status)
        return Answer(ok=True, code=201, body=stored)

    def kubectl(
        self, command: str, *, stdin: str | None = None, user: str | None = None, groups: Sequence[str] = ()
    ) -> Answer:
        name, members = _identity(user, groups)
        output = self.cluster.kubectl(command, stdin, user=name, groups=members)
        if output.exit_code and _UNSIMULATED in output.stderr:
            raise NotSimulated(f"kubectl {command}: {output.stderr.strip()}")
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
        self.run(duration)
        if response.code == _GONE:
            return Answer(ok=True, code=200, events=({"type": "ERROR", "object": response.body},))
        if not response.ok:
            return Answer(ok=False, code=response.code, body=response.body, status=response.body)
        if not isinstance(response.body, Watch):
            raise NotSimulated(f"a watch of {url}")
        return Answer(ok=True, code=response.code, events=tuple(response.body.poll()), warnings=response.warnings)

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
        return self.cluster.handle(
            Request(method, path, parameters, body, content_type=content_type, user=name, groups=members)
        )

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
        if only_stored(resource.group_resource):
            raise NotSimulated(f"{resource.group_resource} (objects of this kind are only stored)")
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

    def replicas(self, kind: str, namespace: str, name: str, api_version: str | None = None) -> list[tuple[int, int]]:
        resource = self._resource(kind, api_version)
        return self._writes.replicas(resource.group_resource, namespace if resource.namespaced else "", name)

    def score(self, pod: str, namespace: str, node: str, plugin: str) -> int | None:
        scheduling = self.cluster.scheduling(pod, namespace=namespace)
        return scheduling.scores.get(node, {}).get(plugin)

    def why(self, kind: str, namespace: str, name: str) -> str:
        resource = self._resource(kind, None)
        decisions = self.cluster.journal.about((kind, namespace if resource.namespaced else "", name))
        lines = []
        for decision in decisions[-5:]:
            reason = ", ".join(filter(None, (decision.rule, decision.field)))
            detail = f": {show(decision.detail, 300)}" if decision.detail is not None else ""
            lines.append(f"{format_time(decision.time)} {decision.component}: {decision.verdict} ({reason}){detail}")
        return "\n".join(lines)


def _identity(user: str | None, groups: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Who acts: the superuser, or *user* in exactly these groups and system:authenticated."""
    if user is None:
        return SUPERUSER, SUPERUSER_GROUPS
    return user, (*groups, *(() if AUTHENTICATED in groups else (AUTHENTICATED,)))


class _Writes:
    """Hears of every write: remembers the values of spec.replicas, and which kinds were written but are only stored."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._replicas: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
        self.only_stored: list[str] = []
        cluster.listen(self)

    def replicas(self, group_resource: str, namespace: str, name: str) -> list[tuple[int, int]]:
        """When spec.replicas of an object was written, and with which value."""
        return self._replicas.get((group_resource, namespace, name), [])

    def changed(self, group_resource: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> None:
        """A write to the store (apiserver.storage.Listener)."""
        if new is None:
            return
        if only_stored(group_resource) and group_resource not in self.only_stored:
            self.only_stored.append(group_resource)
        replicas = (new.get("spec") or {}).get("replicas")
        if isinstance(replicas, int):
            metadata = new["metadata"]
            key = (group_resource, metadata.get("namespace", ""), metadata["name"])
            self._replicas.setdefault(key, []).append((self._cluster.now, replicas))
