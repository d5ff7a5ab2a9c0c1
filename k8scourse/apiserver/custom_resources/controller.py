"""What kube-apiserver does about CustomResourceDefinitions once they are stored: names, serving, and their end.

It accepts names that are free, establishes and serves the resource, and deletes the objects before the definition goes.
Nothing of it is remembered here: the definitions in the store say it all, and a fork reads them there.

Sources: staging/src/k8s.io/apiextensions-apiserver/pkg/controller/{status/naming_controller,establish/
establishing_controller,finalizer/crd_finalizer}.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.custom_resources.versions import CustomVersion, resources_of, version_of
from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.apiserver.request import PROTOBUF, Request, resource_path
from k8scourse.machinery.timestamps import format_time

if TYPE_CHECKING:
    from k8scourse.apiserver.server import APIServer

Object = dict[str, Any]

DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"
FINALIZER = "customresourcecleanup.apiextensions.k8s.io"
USER, GROUPS = "system:apiserver", ("system:masters", "system:authenticated")


class CustomResources:
    """The custom resources of one API server; a component of its engine."""

    name = "apiextensions-apiserver"

    def __init__(self, server: APIServer) -> None:
        self._server = server
        self._versions: dict[ResourceInfo, tuple[Object, CustomVersion | None]] = {}
        server.engine.components[self.name] = self
        server.storage.listeners.append(self)

    def version(self, resource: ResourceInfo) -> CustomVersion | None:
        """What is known of a custom resource; None for built-in ones."""
        if not resource.columns:
            return None
        definition = self._server.storage.get(DEFINITIONS, "", resource.group_resource)
        if definition is None:
            return None
        known = self._versions.get(resource)
        if known is None or known[0] is not definition["spec"]:
            known = self._versions[resource] = (definition["spec"], version_of(definition, resource))
        return known[1]

    def changed(self, group_resource: str, old: Object | None, new: Object | None) -> None:
        """A write to the store; definitions are looked at afterwards."""
        if group_resource == DEFINITIONS:
            found = new or old or {}
            self._server.engine.call_soon(self.name, "sync", found["metadata"]["name"])
        elif new is None and old is not None and "." in group_resource:
            definition = self._server.storage.get(DEFINITIONS, "", group_resource)
            if definition is not None and "deletionTimestamp" in definition["metadata"]:
                self._server.engine.call_soon(self.name, "sync", group_resource)

    def sync(self, name: str) -> None:
        """Do what is to be done next about the definition *name*."""
        definition = self._server.storage.get(DEFINITIONS, "", name)
        plural, _, group = name.partition(".")
        if definition is None:
            self._server.registry.unregister(group, plural)
            for other in self._of_group(group):
                self._accept_names(other)
        elif "deletionTimestamp" in definition["metadata"]:
            self._finish(definition)
        elif not self._accept_names(definition):
            self._serve(definition)

    def _of_group(self, group: str) -> list[Object]:
        found = self._server.storage.list(DEFINITIONS)
        return [definition for definition in found if definition["spec"]["group"] == group]

    # names

    def _accept_names(self, definition: Object) -> bool:
        """Accept the names that are free; whether that changed the definition's status."""
        found: Object = dict(definition.get("status") or {})
        wanted, accepted = definition["spec"]["names"], dict(found.get("acceptedNames") or {})
        taken, kinds = self._taken(definition)
        now = self._server.engine.now
        reason, text = "NoConflicts", "no conflicts found"
        for name, words in (("plural", taken), ("singular", taken), ("kind", kinds), ("listKind", kinds)):
            if wanted.get(name) != accepted.get(name) and wanted.get(name) in words:
                reason, text = f"{name[0].upper()}{name[1:]}Conflict", f'"{wanted[name]}" is already in use'
            else:
                accepted[name] = wanted.get(name)
            if name == "singular":
                used = [word for word in wanted.get("shortNames") or () if word in taken]
                if used:
                    texts = [f'"{word}" is already in use' for word in used]
                    reason, text = "ShortNamesConflict", texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
                else:
                    accepted["shortNames"] = wanted.get("shortNames")
        accepted["categories"] = wanted.get("categories")
        found["acceptedNames"] = {name: value for name, value in accepted.items() if value}
        is_free = reason == "NoConflicts"
        conditions = with_condition(found.get("conditions"), now, "NamesAccepted", is_free, reason, text)
        if _status_of(conditions, "Established") != "True":
            if is_free:
                established = (True, "InitialNamesAccepted", "the initial names have been accepted")
            else:
                established = (False, "NotAccepted", "not all names are accepted")
            conditions = with_condition(conditions, now, "Established", *established)
        found["conditions"] = conditions
        if found == definition.get("status"):
            return False
        self._write_status(definition, found)
        return True

    def _taken(self, definition: Object) -> tuple[set[str], set[str]]:
        resources: set[str] = set()
        kinds: set[str] = set()
        for other in self._of_group(definition["spec"]["group"]):
            if other["metadata"]["name"] != definition["metadata"]["name"]:
                names = (other.get("status") or {}).get("acceptedNames") or {}
                resources.update([names.get("plural", ""), names.get("singular", ""), *names.get("shortNames", ())])
                kinds.update([names.get("kind", ""), names.get("listKind", "")])
        return resources - {""}, kinds - {""}

    # serving

    def _serve(self, definition: Object) -> None:
        """Serve the versions of an established definition, and no others."""
        if _status_of((definition.get("status") or {}).get("conditions"), "Established") != "True":
            return
        registry = self._server.registry
        names = definition["status"]["acceptedNames"]
        wanted = resources_of(definition)
        group, plural = definition["spec"]["group"], names["plural"]
        served = [info for info in registry if (info.group, info.plural) == (group, plural)]
        if {info.group_version: info for info in served} != {info.group_version: info for info in wanted}:
            registry.unregister(group, plural)
            for resource in wanted:
                registry.register(resource)

    # the end

    def _finish(self, definition: Object) -> None:
        """Delete the objects of a terminating definition; let it go once none is left."""
        metadata = definition["metadata"]
        if FINALIZER not in (metadata.get("finalizers") or ()):
            return
        storage, group_resource = self._server.storage, metadata["name"]
        objects = storage.list(group_resource)
        found: Object = dict(definition.get("status") or {})
        text = "CustomResource deletion is in progress"
        found["conditions"] = with_condition(
            found.get("conditions"), self._server.engine.now, "Terminating", True, "InstanceDeletionInProgress", text
        )
        if objects and found != definition.get("status"):
            self._write_status(definition, found)
            return
        resources = [one for one in self._server.registry if one.group_resource == group_resource]
        for obj in objects:
            if "deletionTimestamp" not in obj["metadata"] and resources:
                self._send("DELETE", resources[0], obj)
        if storage.list(group_resource):
            return
        finalizers = [one for one in metadata["finalizers"] if one != FINALIZER]
        current = storage.get(DEFINITIONS, "", group_resource)
        if current is not None:
            changed = {**current, "metadata": {**current["metadata"], "finalizers": finalizers}}
            self._send("PUT", self._definitions, changed, body=changed)

    # requests

    @property
    def _definitions(self) -> ResourceInfo:
        return self._server.registry.resource("apiextensions.k8s.io/v1", "customresourcedefinitions")

    def _write_status(self, definition: Object, found: Object) -> None:
        changed = {**definition, "status": found}
        self._send("PUT", self._definitions, changed, subresource="status", body=changed)

    def _send(
        self, method: str, resource: ResourceInfo, obj: Object, *, subresource: str = "", body: Object | None = None
    ) -> None:
        """One request of the server to itself; a refusal means that something else is to be done first."""
        namespace, name = obj["metadata"].get("namespace", ""), obj["metadata"]["name"]
        path = resource_path(resource.group, resource.version, resource.plural, namespace, name, subresource)
        request = Request(method, path, body=body, content_type=PROTOBUF, user=USER, groups=GROUPS)
        self._server.handle(request)


def _status_of(conditions: list[Object] | None, kind: str) -> str:
    return next((one["status"] for one in conditions or () if one["type"] == kind), "")


def with_condition(
    before: list[Object] | None, now: int, kind: str, holds: bool, reason: str, text: str
) -> list[Object]:
    """The conditions with one more, or with a changed one; its time stays while its status does."""
    since = format_time(now)
    condition = {"type": kind, "status": "True" if holds else "False", "reason": reason, "message": text}
    conditions = list(before or ())
    for index, one in enumerate(conditions):
        if one["type"] == kind:
            if one["status"] == condition["status"]:
                since = one["lastTransitionTime"]
            conditions[index] = {**condition, "lastTransitionTime": since}
            return conditions
    return [*conditions, {**condition, "lastTransitionTime": since}]
