"""`kubectl create job` and `kubectl create cronjob`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/create/create_job.go, create_cronjob.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.pod_templates import go_type
from k8scourse.kubectl.resource_builder import Builder
from k8scourse.kubectl.session import Session

Object = dict[str, Any]


def job(session: Session, name: str) -> Object:
    """The Job that runs --image, or the one that a CronJob would make."""
    image, source, command = session.flag("image"), session.flag("from"), session.words[1:]
    if bool(image) == bool(source):
        raise KubectlError("either --image or --from must be specified")
    if command and source:
        raise KubectlError("cannot specify --from and command")
    if image:
        spec = {"template": _template(name, image, command, "Never")}
        return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": spec, "status": {}}
    return _from_cron_job(session, name, source)


def _from_cron_job(session: Session, name: str, source: str) -> Object:
    infos, errors = Builder(session, words=[source], flatten=True, latest=True).do().infos()
    raise_all(errors)
    if len(infos) != 1:
        raise KubectlError("from must be an existing cronjob")
    found = infos[0].obj or {}
    if (found["apiVersion"], found["kind"]) != ("batch/v1", "CronJob"):
        raise KubectlError(f"unknown object type {go_type(found)}")
    template = found["spec"]["jobTemplate"]
    metadata = template.get("metadata") or {}
    owner = {
        "apiVersion": "batch/v1",
        "controller": True,
        "kind": "CronJob",
        "name": found["metadata"]["name"],
        "uid": found["metadata"]["uid"],
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": name,
            "annotations": {"cronjob.kubernetes.io/instantiate": "manual", **(metadata.get("annotations") or {})},
            **({"labels": metadata["labels"]} if metadata.get("labels") else {}),
            "ownerReferences": [owner],
        },
        "spec": template.get("spec") or {},
        "status": {},
    }


def cron_job(session: Session, name: str) -> Object:
    """The CronJob that runs --image by --schedule."""
    restart = session.flag("restart") or "OnFailure"
    template = _template(name, session.flag("image"), session.words[1:], restart)
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": name},
        "spec": {
            "jobTemplate": {"metadata": {"name": name}, "spec": {"template": template}},
            "schedule": session.flag("schedule"),
        },
        "status": {},
    }


def _template(name: str, image: str, command: list[str], restart: str) -> Object:
    container: Object = {"name": name, "image": image, "resources": {}}
    if command:
        container["command"] = command
    return {"metadata": {}, "spec": {"containers": [container], "restartPolicy": restart}}
