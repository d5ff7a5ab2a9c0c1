"""A whole cluster in one Python variable: wires the rooms and holds no rules of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.bootstrap import bootstrap
from k8scourse.apiserver.event_ttl import EventTTL
from k8scourse.apiserver.kinds import Registry, ResourceInfo, UnknownResource
from k8scourse.apiserver.managed_fields.shapes import Shape
from k8scourse.apiserver.request import (
    JSON,
    SUPERUSER,
    SUPERUSER_GROUPS,
    Request,
    Response,
    resource_path,
)
from k8scourse.apiserver.revision_times import RevisionTimes
from k8scourse.apiserver.schemas import Schemas
from k8scourse.apiserver.server import APIServer
from k8scourse.apiserver.storage import Listener, Storage
from k8scourse.client.component import Component, Context
from k8scourse.client.heartbeats import Heartbeats
from k8scourse.client.informers import Informers
from k8scourse.components import components_of
from k8scourse.etcd.store import Store
from k8scourse.machinery import unstructured
from k8scourse.machinery.duration import DAY, parse_duration
from k8scourse.machinery.status import ApiError, bad_request
from k8scourse.machinery.timestamps import format_time
from k8scourse.machinery.yaml import Document
from k8scourse.manifests import Manifest, ManifestRefused, as_path, as_text, items_of, read_manifest
from k8scourse.origins import Origins, Reference
from k8scourse.past_cluster import PastCluster
from k8scourse.simulation.engine import Engine
from k8scourse.simulation.journal import Journal
from k8scourse.world import World, read_world

if TYPE_CHECKING:
    from k8scourse.kubectl import Kubectl, Output
    from k8scourse.networking.answer import Answer
    from k8scourse.scheduler.replay import Scheduling
    from k8scourse.views.explanation import Explanation
    from k8scourse.views.picture import Picture

Object = dict[str, Any]

DEFAULT_NAMESPACE = "default"


class Cluster:
    """A simulated Kubernetes 1.36 cluster with virtual time.

    The same calls on a cluster of the same seed give the same story, byte for byte. Every method settles before it
    returns: all that is ready happens, timers wait for `run`. Objects that it gives are the stored ones: read them,
    never change them.

    >>> cluster = Cluster(nodes=2)
    >>> cluster
    <Cluster 2026-01-01T00:00:00Z nodes=2 pods=0 seed=0>
    """

    def __init__(
        self, nodes: int | list[Any] = 3, *, seed: int = 0, clock: str | None = None, budget: int | None = None
    ) -> None:
        """A fresh cluster with *nodes* (a number, or a list of names and maps as in scenarios).

        *clock* is the start in RFC 3339 (2026-01-01T00:00:00Z), *budget* limits the simulated steps of its whole life.
        """
        world: dict[str, Any] = {"nodes": nodes}
        if clock is not None:
            world["clock"] = clock
        self._build(read_world(world), seed, budget)

    @classmethod
    def from_world(cls, world: Mapping[str, Any], *, seed: int = 0, budget: int | None = None) -> Cluster:
        """A fresh cluster in *world* (scenario.md, section 3); raises ValueError for what has no meaning there."""
        cluster = cls.__new__(cls)
        cluster._build(read_world(world), seed, budget)
        return cluster

    def _build(self, world: World, seed: int, budget: int | None) -> None:
        self.world = world
        self.origins = Origins()
        self._settling = True
        self._heartbeats = Heartbeats()
        engine = Engine(start=world.clock, seed=seed, budget=budget)
        server = APIServer(engine, Storage(Store()), Registry(), Schemas())
        self._wire(engine, server, Informers())
        self._event_ttl = engine.components[EventTTL.name] = EventTTL(engine, server.storage)
        self._use_times(RevisionTimes(engine))
        components = components_of(self._context, world)
        for component in components:
            engine.components[component.name] = component
            component.start()
        self._informers.connect(engine.components)
        if "kube-apiserver" in world.components:
            bootstrap(server)
        if "kubelet" in world.components:
            for node in world.nodes:
                engine.call_soon("kubelet", "register", node)
        self.settle()

    def _wire(self, engine: Engine, server: APIServer, informers: Informers) -> None:
        self._engine = engine
        self._server = server
        self._informers = informers
        server.storage.listeners.append(informers)
        heartbeats = self._heartbeats
        server.reading["leases.coordination.k8s.io"] = lambda lease: heartbeats.lease_as_read(lease, engine.now)
        self._context = Context(engine, informers, server.handle, self.world.flags, heartbeats, self.world.images)

    def _use_times(self, times: RevisionTimes) -> None:
        self._times = times
        self._server.storage.listeners.append(times)

    # what it is

    def __repr__(self) -> str:
        nodes, pods = len(self._informers.list("nodes")), len(self._informers.list("pods"))
        return f"<Cluster {format_time(self.now)} nodes={nodes} pods={pods} seed={self._engine.names.seed}>"

    @property
    def now(self) -> int:
        """The virtual time in nanoseconds since the Unix epoch."""
        return self._engine.now

    @property
    def revision(self) -> int:
        """The newest revision of the store; every write makes one."""
        return self._server.storage.revision

    def time_of(self, revision: int) -> int:
        """When *revision* was written, in nanoseconds since the Unix epoch; for very old ones the oldest known time."""
        return self._times[revision]

    @property
    def journal(self) -> Journal:
        """The decisions of all components, with their reasons."""
        return self._engine.journal

    @property
    def informers(self) -> Informers:
        """The newest objects by resource, for views; cheaper than `list`."""
        return self._informers

    @property
    def schemas(self) -> Schemas:
        """The structure of every kind."""
        return self._server.schemas

    def shape_of(self, resource: ResourceInfo) -> Shape:
        """What of a resource's objects is managed field by field, and what as one value."""
        return self._server.kind_of(resource).shape

    @property
    def registry(self) -> Registry:
        """The resources that this cluster serves."""
        return self._server.registry

    @property
    def store(self) -> Store:
        """The key-value store under the API server: every object at every kept revision."""
        return self._server.storage.store

    def component(self, name: str) -> Component:
        """A running component by name, e.g. kube-scheduler; raises KeyError if it does not run."""
        return self._engine.components[name]

    @property
    def acting(self) -> str:
        """The component that is at work while a listener hears of a write; empty for requests from outside."""
        return self._engine.running

    # time

    def settle(self) -> None:
        """Let all that is ready happen; no virtual time passes. Does nothing while paused."""
        if self._settling:
            self._engine.settle()

    def run(self, duration: str | int) -> None:
        """Let virtual time pass: *duration* as in "90s", "5m" or "7d12h", or whole nanoseconds.

        Raises DurationError for a text that is no duration.
        """
        if isinstance(duration, str):
            days, mark, rest = duration.partition("d")
            whole = mark and days.isdigit()
            duration = int(days) * DAY + (parse_duration(rest) if rest else 0) if whole else parse_duration(duration)
        self._engine.run(duration)

    def run_until(self, predicate: Callable[[], bool], timeout: int) -> bool:
        """Let virtual time pass until *predicate* holds, at most *timeout* nanoseconds; whether it held.

        It is asked after each instant at which something happened.
        """
        deadline = self.now + timeout
        while True:
            self._engine.settle()
            if predicate():
                return True
            due = self._engine.next_due
            if due is None or due > deadline:
                self._engine.run_until(deadline)
                return predicate()
            self._engine.run_until(due)

    @contextmanager
    def paused(self) -> Iterator[Cluster]:
        """While this lasts nothing settles by itself; `step` does one thing at a time."""
        before, self._settling = self._settling, False
        try:
            yield self
        finally:
            self._settling = before
            self.settle()

    def step(self) -> str | None:
        """Do the next thing that is ready; gives its name, or None when nothing is ready."""
        done = self._engine.step()
        if done is None:
            return None
        component, method, arguments = done
        return f"{component}: {method}({', '.join(str(argument) for argument in arguments)})"

    def fork(self) -> Cluster:
        """An independent cluster with the same state, history and future; the cheap way to ask "what if"."""
        twin = Cluster.__new__(Cluster)
        twin.world = self.world
        twin.origins = self.origins.fork()
        twin._settling = self._settling
        twin._heartbeats = self._heartbeats.fork()
        engine = self._engine.fork()
        server = APIServer(engine, Storage(self.store.fork()), self.registry.fork(), self.schemas)
        server.authorizer = self._server.authorizer
        twin._wire(engine, server, self._informers.fork())
        twin._event_ttl = engine.components[EventTTL.name] = self._event_ttl.fork(engine, server.storage)
        twin._use_times(self._times.fork(engine))
        for name, component in self._engine.components.items():
            if isinstance(component, Component):
                engine.components[name] = component.fork(twin._context)
        twin._informers.connect(engine.components)
        return twin

    def restore(self, before: Cluster) -> None:
        """Go back to the state of *before*, a fork of this cluster; whoever holds this cluster sees the earlier one."""
        self.__dict__ = before.fork().__dict__

    # the one way in

    def handle(self, request: Request) -> Response:
        """Answer an API request and settle; every face of the cluster comes through here."""
        response = self._server.handle(request)
        if request.method != "GET":
            self.settle()
        return response

    def _request(
        self,
        method: str,
        resource: ResourceInfo,
        namespace: str = "",
        name: str = "",
        subresource: str = "",
        *,
        body: Any = None,
        content_type: str = JSON,
        query: Mapping[str, str] | None = None,
        user: str = SUPERUSER,
        groups: tuple[str, ...] = SUPERUSER_GROUPS,
    ) -> Any:
        path = resource_path(
            resource.group,
            resource.version,
            resource.plural,
            namespace if resource.namespaced else "",
            name,
            subresource,
        )
        request = Request(method, path, query or {}, body, content_type, user=user, groups=groups)
        response = self.handle(request)
        if not response.ok:
            raise ApiError(response.body)
        return response.body

    def _resource_of(self, obj: Mapping[str, Any]) -> ResourceInfo:
        for field in ("kind", "apiVersion"):
            if not isinstance(obj.get(field), str) or not obj[field]:
                raise bad_request(f"Object '{field.capitalize()}' is missing in the manifest")
        try:
            return self.registry.kind(obj["apiVersion"], obj["kind"])
        except UnknownResource as error:
            raise bad_request(str(error)) from None

    # writing

    def apply(
        self,
        manifest: Manifest,
        *,
        source: str = "",
        user: str = SUPERUSER,
        groups: tuple[str, ...] = SUPERUSER_GROUPS,
    ) -> Object:
        """Apply the objects of *manifest* (a Path, text, map or list) as `kubectl apply` does; gives the last one.

        *source* is the name by which messages call a text that is no file. Raises ApiError for a refusal (objects
        before it stay applied, as with kubectl), ManifestError for a text that is no manifest, OSError for a file that
        can't be read.
        """
        manifest = as_path(manifest)
        values = [obj for value, _ in read_manifest(manifest) for obj in items_of(value)]
        written: dict[Reference, Object] = {}
        if isinstance(manifest, Path):
            output = self._kubectl(user, groups, written=written).run(["apply", "-f", str(manifest)])
        elif source:
            files = {source: as_text(manifest)}
            output = self._kubectl(user, groups, files, written).run(["apply", "-f", source])
        else:
            program = self._kubectl(user, groups, written=written, places=isinstance(manifest, str))
            output = program.run(["apply", "-f", "-"], as_text(manifest))
        if output.exit_code:
            raise ManifestRefused(output.status or bad_request(output.stderr).status, output.stderr.rstrip("\n"))
        return self._last_of(values, written)

    def _last_of(self, values: list[Object], written: Mapping[Reference, Object]) -> Object:
        """The last object of a manifest as the API server answered it, or as it is if there was nothing to change."""
        kind, metadata = values[-1]["kind"], values[-1]["metadata"]
        namespace = metadata.get("namespace") or DEFAULT_NAMESPACE
        for reference in ((kind, namespace, metadata["name"]), (kind, "", metadata["name"])):
            if reference in written:
                return written[reference]
        return self.get(kind, metadata["name"], namespace=namespace)

    def create(
        self, manifest: Manifest, *, user: str = SUPERUSER, groups: tuple[str, ...] = SUPERUSER_GROUPS
    ) -> Object:
        """Create the objects of *manifest* (a Path, text, map or list), in order; gives the last one.

        Raises ApiError for the first refusal, ManifestError for a text that is no manifest.
        """
        return self._write_all("POST", manifest, user, groups)

    def replace(
        self, manifest: Manifest, *, user: str = SUPERUSER, groups: tuple[str, ...] = SUPERUSER_GROUPS
    ) -> Object:
        """Replace existing objects by those of *manifest*; gives the last one. Raises ApiError or ManifestError."""
        return self._write_all("PUT", manifest, user, groups)

    def _write_all(self, method: str, manifest: Manifest, user: str, groups: tuple[str, ...]) -> Object:
        last: Object = {}
        for value, document in read_manifest(manifest):
            for index, obj in enumerate(items_of(value)):
                resource = self._resource_of(obj)
                namespace = unstructured.text(obj, "namespace") or DEFAULT_NAMESPACE
                name = unstructured.text(obj, "name") if method == "PUT" else ""
                query = {"fieldValidation": "Strict"}
                last = self._request(method, resource, namespace, name, body=obj, query=query, user=user, groups=groups)
                if document is not None:
                    self._remember(last, document, () if obj is value else ("items", index))
        return last

    def _remember(self, obj: Object, document: Document, within: tuple[str | int, ...]) -> None:
        self.origins.add(_reference(obj), self.revision, document, within)

    def patch(
        self,
        kind: str,
        name: str,
        patch: Any,
        *,
        namespace: str = DEFAULT_NAMESPACE,
        type: str = "strategic",
        subresource: str = "",
        user: str = SUPERUSER,
        groups: tuple[str, ...] = SUPERUSER_GROUPS,
    ) -> Object:
        """Patch an object; *type* is strategic, merge or json. Raises ApiError."""
        content_type = (
            f"application/{'json' if type == 'json' else type.replace('strategic', 'strategic-merge')}-patch+json"
        )
        if type == "merge":
            content_type = "application/merge-patch+json"
        return self._request(
            "PATCH",
            self.registry.lookup(kind),
            namespace,
            name,
            subresource,
            body=patch,
            content_type=content_type,
            query={"fieldValidation": "Strict"},
            user=user,
            groups=groups,
        )

    def delete(
        self,
        kind: str,
        name: str,
        *,
        namespace: str = DEFAULT_NAMESPACE,
        user: str = SUPERUSER,
        groups: tuple[str, ...] = SUPERUSER_GROUPS,
        **options: Any,
    ) -> Object:
        """Delete an object; *options* are fields of DeleteOptions, e.g. gracePeriodSeconds=0. Raises ApiError."""
        resource = self.registry.lookup(kind)
        return self._request("DELETE", resource, namespace, name, body=options or None, user=user, groups=groups)

    def given(self, obj: Mapping[str, Any]) -> Object:
        """Put an object of a scenario's `given` in place: created, or replaced if it exists, with its status kept.

        A Pod with a status is held in it and no kubelet touches it; a Node runs pods only if it is Ready.
        """
        resource = self._resource_of(obj)
        namespace, name = unstructured.text(obj, "namespace") or DEFAULT_NAMESPACE, unstructured.text(obj, "name")
        body, status = dict(obj), obj.get("status")
        with self.paused():
            if status and resource.kind == "Pod":
                self._engine.components["kubelet"].hold(namespace, name)
            query = {"fieldValidation": "Strict"}
            try:
                stored = self._request("POST", resource, namespace, body=body, query=query)
            except ApiError as error:
                if error.reason != "AlreadyExists":
                    raise
                stored = self._request("PUT", resource, namespace, name, body=body, query=query)
            if status and "status" in resource.subresources:
                change = {**stored, "status": {**(stored.get("status") or {}), **status}}
                stored = self._request("PUT", resource, namespace, stored["metadata"]["name"], "status", body=change)
        return stored

    # reading

    def get(self, kind: str, name: str, *, namespace: str = DEFAULT_NAMESPACE) -> Object:
        """An object by kind (pod, deploy, nodes, ...) and name; raises ApiError 404."""
        return self._request("GET", self.registry.lookup(kind), namespace, name)

    def list(
        self, kind: str, *, namespace: str | None = DEFAULT_NAMESPACE, selector: str = "", field_selector: str = ""
    ) -> list[Object]:
        """The objects of a kind in *namespace* (None: in all), by label and field selectors as in kubectl."""
        resource = self.registry.lookup(kind)
        query = {"labelSelector": selector, "fieldSelector": field_selector}
        found = self._request("GET", resource, namespace or "", query={k: v for k, v in query.items() if v})
        return [{"apiVersion": resource.group_version, "kind": resource.kind, **item} for item in found["items"]]

    def events(self, *, namespace: str | None = DEFAULT_NAMESPACE) -> list[Object]:
        """The events of *namespace* (None: of all), oldest first."""
        found = self.list("events", namespace=namespace)
        return sorted(found, key=lambda event: int(event["metadata"]["resourceVersion"]))

    def explain(self, target: Manifest, *, namespace: str = DEFAULT_NAMESPACE) -> Explanation:
        """Why an object ("pod/gpu-pod", "node/n1") is as it is: every decision with its reason.

        For what is refused also the manifest's line and the smallest edit that changes it. A manifest (a Path, a text,
        data) that was not applied is tried on a fork. Raises ApiError for an object that never was.
        """
        from k8scourse.views.explain import explain

        return explain(self, target, namespace)

    def request(self, from_: str, url: str, *, attempt: int = 0) -> Answer:
        """Send a simulated request and tell every hop: DNS, Service, endpoint, container, or through an Ingress.

        *from_* is a pod ("web-0" or "team/web-0"), "node/n1", or "outside"; *url* as in http://web.team:8080/cart, also
        tcp:// and udp:// with a port. Connections of another *attempt* (0, 1, 2, ...) may reach another endpoint.
        Nothing changes by it. Raises ApiError for a sender that is not there, ValueError for what is no URL.
        """
        from k8scourse.images.listening import listening_ports
        from k8scourse.networking.request import Tracer

        def listens(container: Mapping[str, Any]) -> Any:
            return listening_ports(container, self.world.images)

        return Tracer(self._informers, listens, from_, url, attempt=attempt).trace()

    def show(self, pod: str = "", *, namespace: str = DEFAULT_NAMESPACE) -> Picture:
        """The cluster map: nodes, taints and pods; with the name of a *pod* also why each node takes it or not."""
        from k8scourse.views.picture import cluster_picture

        return cluster_picture(self, f"{namespace}/{pod}" if pod else "")

    def at(self, revision: int) -> PastCluster:
        """The objects as they were at *revision*, to be read only; raises RevisionCompacted when it is too long ago."""
        return PastCluster(self.registry, self.store.at(revision))

    def kubectl(
        self,
        command: str | list[str],
        stdin: str | None = None,
        *,
        user: str = SUPERUSER,
        groups: tuple[str, ...] = SUPERUSER_GROUPS,
    ) -> Output:
        """Run a kubectl command line (without the word kubectl); never raises, the Output says how it went."""
        return self._kubectl(user, groups).run(command, stdin)

    def _kubectl(
        self,
        user: str,
        groups: tuple[str, ...],
        files: Mapping[str, str] | None = None,
        written: dict[Reference, Object] | None = None,
        *,
        places: bool = True,
    ) -> Kubectl:
        """A kubectl for one user.

        *files* stand for the file system; the API server's answers to writes go into *written*. *places*: whether it
        remembers the lines of what it writes; data that was no text has none.
        """
        from k8scourse.kubectl import Kubectl

        def wrote(obj: Object, document: Document, within: tuple[str | int, ...]) -> None:
            if places:
                self._remember(obj, document, within)
            if written is not None:
                written[_reference(obj)] = obj

        read = None if files is None else files.__getitem__
        return Kubectl(self.handle, self, read, user=user, groups=groups, wrote=wrote)

    def listen(self, listener: Listener) -> None:
        """Have `listener.changed(resource, old, new)` called for every further write; forks do not take it over."""
        self._server.storage.listeners.append(listener)

    def scheduling(self, pod: str, *, namespace: str = DEFAULT_NAMESPACE) -> Scheduling:
        """The last scheduling cycle of a pod, worked out again: verdicts and scores of every plugin on every node.

        Raises LookupError for a pod that the scheduler never looked at, RevisionCompacted when it is too long ago.
        """
        from k8scourse.scheduler.replay import SEEN, replay

        cycles = [
            decision
            for decision in self.journal.about(("Pod", namespace, pod), component="kube-scheduler")
            if decision.verdict in ("Scheduled", "Unschedulable")
        ]
        decision = cycles[-1] if cycles else None
        if decision is None:
            raise LookupError(f"the scheduler has not looked at pod {namespace}/{pod}")
        past = Storage(self.store.at(decision.revision))
        found = past.get("pods", namespace, pod)
        if found is None:
            raise LookupError(f"pod {namespace}/{pod} did not exist at revision {decision.revision}")
        return replay(found, [obj for resource in SEEN for obj in past.list(resource)], decision.revision)

    # nodes

    def stop_kubelet(self, node: str) -> None:
        """Cut a node off: its kubelet reports no more, and its pods go on unseen."""
        self._engine.components["kubelet"].stop(node)
        if "node-lifecycle-controller" in self._engine.components:
            self._engine.call_soon("node-lifecycle-controller", "expect_beat")  # silence makes no write to wake it
        self.settle()

    def start_kubelet(self, node: str) -> None:
        """Let a node's kubelet report again."""
        self._engine.components["kubelet"].resume(node)
        self.settle()


def _reference(obj: Mapping[str, Any]) -> Reference:
    metadata = obj["metadata"]
    return obj["kind"], metadata.get("namespace", ""), metadata["name"]
