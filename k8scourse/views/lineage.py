"""From a pod to the manifest that somebody wrote: its controllers, and the template's place in the last of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.kinds import UnknownResource
from k8scourse.component_helpers.taints import NOT_READY, UNREACHABLE
from k8scourse.machinery.fieldpath import MISSING, Path, get_path
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.yaml import Document
from k8scourse.origins import Place, Reference

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Object = dict[str, Any]

TEMPLATES: Mapping[str, Path] = {
    "DaemonSet": ("spec", "template"),
    "Deployment": ("spec", "template"),
    "Job": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "Pod": (),
}
"""Where the pod stands in objects of each kind."""


_COMPUTED = ("priority", "preemptionPolicy")
"""Fields that admission plugin Priority works out of priorityClassName."""


def reference(obj: Mapping[str, Any]) -> Reference:
    """(kind, namespace, name) of an object."""
    metadata = obj["metadata"]
    return obj["kind"], metadata.get("namespace", ""), metadata["name"]


def title(ref: Reference) -> str:
    """A reference as people read it: ``pod default/web``, ``node n1``."""
    kind, namespace, name = ref
    return f"{kind.lower() if kind in ('Pod', 'Node') else kind} {namespace}/{name}".replace(" /", " ")


def lineage(cluster: Cluster, obj: Object) -> list[Object]:
    """*obj* and its controllers that still exist, the outermost last."""
    found = [obj]
    while True:
        owners = found[-1]["metadata"].get("ownerReferences") or ()
        owner = next((one for one in owners if one.get("controller")), None)
        parent = owner and _owner(cluster, owner, found[-1]["metadata"].get("namespace", ""))
        if not parent:
            return found
        found.append(parent)


def _owner(cluster: Cluster, owner: Mapping[str, Any], namespace: str) -> Object | None:
    try:
        resource = cluster.registry.kind(owner["apiVersion"], owner["kind"])
        found = cluster.get(resource.group_resource, owner["name"], namespace=namespace)
    except (ApiError, UnknownResource):
        return None
    return found if found["metadata"].get("uid") == owner["uid"] else None


def place(cluster: Cluster, family: Sequence[Object], path: Path) -> Place | None:
    """Where the value at *path* of a pod stands in the manifest that its *family* comes from; None without manifest.

    What is not there has the place of the nearest field around it.
    """
    root = family[-1]
    document = cluster.origins.document(reference(root))
    if document is None:
        return None
    return place_in(document, (*TEMPLATES.get(root["kind"], ()), *path))


def place_in(document: Document, path: Path) -> Place:
    """Where the value at *path* stands in *document*, or the nearest field around it."""
    position = document.positions.value(path) or document.positions.nearest(path)
    return Place(document.source, position.line, position.column)


def as_written(cluster: Cluster, family: Sequence[Object]) -> Object:
    """The pod of *family* as its manifest has it, named like the pod; without one, as the API server keeps it.

    A DaemonSet's pod is always the stored one: the controller adds the node's name and tolerations to the template.
    """
    pod, root = family[0], family[-1]
    document = cluster.origins.document(reference(root))
    prefix = TEMPLATES.get(root["kind"], ())
    written = get_path(document.value, prefix) if document is not None else MISSING
    if root["kind"] == "DaemonSet" or not isinstance(written, dict) or not _is_source(written, pod):
        written = without_additions(pod)
    metadata = {name: pod["metadata"][name] for name in ("name", "namespace")}
    for name in ("labels", "annotations"):
        if (written.get("metadata") or {}).get(name):
            metadata[name] = written["metadata"][name]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": written.get("spec") or {}}


def without_additions(pod: Object) -> Object:
    """*pod* without what the API server adds to every pod and would add again: default tolerations and priority."""
    own = [one for one in pod["spec"].get("tolerations") or () if not is_default_toleration(one)]
    spec = {name: value for name, value in pod["spec"].items() if name not in ("tolerations", *_COMPUTED)}
    return {**pod, "spec": {**spec, "tolerations": own} if own else spec}


def is_default_toleration(toleration: Object) -> bool:
    """Whether the API server itself adds this toleration to pods that do not say otherwise."""
    return toleration.get("key") in (NOT_READY, UNREACHABLE) and toleration.get("tolerationSeconds") == 300


def _is_source(written: Object, pod: Object) -> bool:
    """Whether the pod still has what the manifest says about nodes; it may have been changed in other ways since."""
    mine, stored = written.get("spec") or {}, pod["spec"]
    tolerations = stored.get("tolerations") or []
    return (mine.get("nodeSelector") or None) == (stored.get("nodeSelector") or None) and all(
        toleration in tolerations for toleration in mine.get("tolerations") or ()
    )
