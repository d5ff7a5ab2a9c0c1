"""Explanations of objects and of manifests: views of the journal, each ending in the reason.

Pods have their own story (explain_pod.py); for a refusal the smallest edit is searched for (smallest_edit.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.kinds import ResourceInfo, UnknownResource
from k8scourse.apiserver.strategies import stored_only
from k8scourse.machinery.status import ApiError, bad_request, not_found
from k8scourse.machinery.yaml import Document, ManifestError, read_documents
from k8scourse.manifests import ENDINGS, Manifest, items_of
from k8scourse.origins import Place
from k8scourse.simulation.journal import Decision
from k8scourse.views.explain_pod import explain_pod
from k8scourse.views.explanation import BAD, GOOD, PLAIN, Explanation, Step
from k8scourse.views.lineage import lineage, place_in, reference, title
from k8scourse.views.manifest_edits import manifest_search
from k8scourse.views.smallest_edit import Search
from k8scourse.views.verdict import verdict

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Object = dict[str, Any]

_MOST_PODS = 5
TEXT = "<text>"
"""The source of a manifest that is no file."""


def explain(cluster: Cluster, target: Manifest, namespace: str = "default") -> Explanation:
    """Why *target* is as it is: an object ("pod/gpu-pod", "node/n1"), or a manifest that was not applied.

    A manifest (a Path, a text, or data as `Cluster.apply` takes it) is tried on a fork. Raises ApiError 404 for an
    object that never was, ApiError 400 for a kind that is not served, OSError for a file that can't be read.
    """
    if not isinstance(target, str) or "\n" in target or target.endswith(ENDINGS):
        return _explain_manifest(cluster, target)
    kind, _, name = target.rpartition("/")
    try:
        resource = cluster.registry.lookup(kind or "pod")
    except UnknownResource as error:
        raise bad_request(f"{error}; write kind/name, such as pod/web") from None
    return _explain_object(cluster, resource, name, namespace if resource.namespaced else "")


# objects


def _explain_object(cluster: Cluster, resource: ResourceInfo, name: str, namespace: str) -> Explanation:
    try:
        obj = cluster.get(resource.group_resource, name, namespace=namespace)
    except ApiError:
        obj = None
    decisions = cluster.journal.about((resource.kind, namespace, name))
    if obj is None and not decisions:
        raise not_found(resource.group_resource, name)
    if resource.kind == "Pod":
        return explain_pod(cluster, obj, (resource.kind, namespace, name), decisions)
    subject = title((resource.kind, namespace, name))
    if obj is None:
        return Explanation(subject, f"{subject} is gone.", PLAIN, steps=_steps(cluster, decisions))
    if resource in stored_only(cluster.registry):
        text = f"{subject} is stored, and nothing more: this simulator has no {resource.kind} controller yet."
        return Explanation(subject, text, PLAIN, _origin(cluster, obj), _steps(cluster, decisions))
    faults = _faults(obj)
    steps = (*_steps(cluster, decisions), *_pod_steps(cluster, obj))
    headline = f"{subject}: {'; '.join(faults)}." if faults else f"{subject} is as it should be."
    return Explanation(subject, headline, BAD if faults else GOOD, _origin(cluster, obj), steps)


def _origin(cluster: Cluster, obj: Object) -> Place | None:
    return cluster.origins.place(reference(lineage(cluster, obj)[-1]), ())


def _steps(cluster: Cluster, decisions: Sequence[Decision]) -> tuple[Step, ...]:
    start = cluster.world.clock
    return tuple(
        Step(one.time - start, one.component, f"{one.verdict}{f': {one.rule}' if one.rule else ''}", rule=one.rule)
        for one in decisions
    )


_BAD_WHEN_TRUE = ("ReplicaFailure", "MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")


def _faults(obj: Object) -> list[str]:
    """The conditions that say that something is wrong, in the object's own words."""
    faults: list[str] = []
    if (obj.get("spec") or {}).get("unschedulable"):
        faults.append("it is cordoned")
    for condition in (obj.get("status") or {}).get("conditions") or ():
        wrong = condition["status"] == ("True" if condition["type"] in _BAD_WHEN_TRUE else "False")
        if wrong or condition["status"] == "Unknown":
            words = condition.get("message") or condition.get("reason") or "no reason given"
            faults.append(f"{condition['type']} is {condition['status']} ({words.rstrip('.')})")
    return faults


def _pod_steps(cluster: Cluster, owner: Object) -> tuple[Step, ...]:
    """The pods of a workload that do not run, with their own short answers."""
    namespace = owner["metadata"].get("namespace")
    if namespace is None:
        return ()
    uid = owner["metadata"]["uid"]
    waiting = [pod for pod in cluster.list("pods", namespace=namespace)
               if pod["status"].get("phase") not in ("Running", "Succeeded")
               and any(one["metadata"].get("uid") == uid for one in lineage(cluster, pod)[1:])]  # fmt: skip
    elapsed = cluster.now - cluster.world.clock
    shown = [explain_pod(cluster, pod, reference(pod), cluster.journal.about(reference(pod)), edits=False)
             for pod in waiting[:_MOST_PODS]]  # fmt: skip
    details = [one.headline for one in shown]
    if len(waiting) > _MOST_PODS:
        details.append(f"and {len(waiting) - _MOST_PODS} more")
    return (Step(elapsed, "pods that do not run", str(len(waiting)), tuple(details)),) if waiting else ()


# manifests


def _explain_manifest(cluster: Cluster, target: Manifest) -> Explanation:
    text, source = _text(target)
    try:
        entries = [(obj, one) for one in read_documents(text, source) for obj in items_of(one.value)]
    except ManifestError as error:
        place = Place(error.source, error.line, error.column)
        return Explanation(error.source, f"Not a manifest: {error}", BAD, place)
    if not entries:
        return Explanation("manifest", "The manifest holds no object.", PLAIN)
    fork = cluster.fork()
    applied: list[Object] = []
    for obj, document in entries:
        try:
            applied.append(fork.apply(obj))
        except ApiError as error:
            return _refusal(fork, obj, document, error, verdict(cluster, text, source)["diagnostics"])
        fork.origins.add(reference(applied[-1]), fork.revision, document)
    kind, namespace, name = reference(applied[0])
    found = _explain_object(fork, fork.registry.kind(applied[0]["apiVersion"], kind), name, namespace)
    return replace(found, headline=f"The API server would accept it. Then: {found.headline}")


def _text(target: Manifest) -> tuple[str, str]:
    """The text of a manifest and the name of its source; data as JSON, which is YAML, too."""
    if isinstance(target, str) and "\n" not in target and target.endswith(ENDINGS):
        target = Path(target)
    if isinstance(target, Path):
        return target.read_text(encoding="utf-8"), str(target)
    if isinstance(target, str):
        return target, TEXT
    values = target if isinstance(target, list) else [target]
    return "\n---\n".join(json.dumps(value) for value in values), TEXT


def _refusal(
    cluster: Cluster, obj: Any, document: Document, error: ApiError, diagnostics: Sequence[dict[str, Any]]
) -> Explanation:
    whole = obj if isinstance(obj, dict) else {}
    subject = f"{whole.get('kind') or 'object'} {(whole.get('metadata') or {}).get('name') or ''}".strip()
    elapsed = cluster.now - cluster.world.clock
    steps = tuple(
        Step(elapsed, "API server", one["message"], (one["remedy"],) if one["remedy"] else (),
             Place(document.source, one["line"], one["column"]))
        for one in diagnostics
    )  # fmt: skip
    search = manifest_search(cluster, whole) if whole else Search((), 0)
    remedies = tuple(replace(one, place=place_in(document, one.edit.path)) for one in search.remedies)
    headline = f"The API server refuses {subject} ({error.code} {error.reason})."
    return Explanation(
        subject, headline, BAD, Place(document.source, document.line, 1), steps, Search(remedies, search.tried)
    )
