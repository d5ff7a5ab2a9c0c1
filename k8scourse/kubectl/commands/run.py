"""`kubectl run`: one pod from flags.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/run/run.go and pkg/generate/versioned/run.go (BasicPod).
"""

from __future__ import annotations

import re
from typing import Any

from k8scourse.kubectl import last_applied
from k8scourse.kubectl.change_cause import recorded
from k8scourse.kubectl.commands.metadata import parse_pairs
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.overrides import overridden
from k8scourse.kubectl.plain_labels import parse_labels
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.session import Session
from k8scourse.machinery.go_format import go_quote

Object = dict[str, Any]

_NAME = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?"
_TAG = r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
_DIGEST = r"(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?"
_IMAGE = re.compile(rf"(?:{_HOST}/)?{_NAME}(?:/{_NAME})*{_TAG}{_DIGEST}")
"""An image reference (github.com/distribution/reference)."""
_PULL_POLICIES = ("", "Always", "IfNotPresent", "Never")
_POLICIES = ("Always", "OnFailure", "Never")


def run(session: Session) -> None:
    """Create a pod that runs --image. Raises KubectlError or ApiError."""
    if not session.changed("image"):
        raise KubectlError('required flag(s) "image" not set')
    session.refuse_flags("attach", "rm", "stdin", "tty", "filename", "kustomize")
    if not session.words or session.arguments.words_before_dash == 0:
        raise session.usage("NAME is required for run")
    image = session.flag("image")
    if not image:
        raise KubectlError("--image is required")
    if not _IMAGE.fullmatch(image):
        raise KubectlError(f"Invalid image name {go_quote(image)}: invalid reference format")
    if session.flag("expose") and not session.flag("port"):
        raise session.usage("--port must be set when exposing a service")
    if session.flag("restart") not in _POLICIES:
        raise session.usage(f"invalid restart policy: {session.flag('restart')}")
    if session.flag("image-pull-policy") not in _PULL_POLICIES:
        raise session.usage(f"invalid image pull policy: {session.flag('image-pull-policy')}")
    show = result_printer(session)
    pod = _create(session, overridden(session, _pod(session)))
    if session.flag("expose"):
        show(_create(session, _service(session)), "created")
        if session.flag("output") == "yaml":
            session.terminal.line("---")
    show(pod, "created")


def _create(session: Session, obj: Object) -> Object:
    obj = recorded(session, obj)
    if session.dry_run() == "client":
        return obj
    return session.api.create(
        session.resource_of("v1", obj["kind"]),
        session.namespace,
        last_applied.updated(obj, create=session.flag("save-config")),
        dryRun=session.server_dry_run(),
        fieldManager=session.flag("field-manager"),
    )


def _service(session: Session) -> Object:
    """The Service that --expose makes beside the pod."""
    name, labels, port = session.words[0], parse_labels(session.flag("labels")), int(session.flag("port"))
    metadata: Object = {"name": name, **({"labels": labels} if labels else {})}
    if session.namespace_given:
        metadata["namespace"] = session.namespace
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {
            "ports": [{"port": port, "protocol": "TCP", "targetPort": port}],
            "selector": labels or {"run": name},
        },
        "status": {"loadBalancer": {}},
    }


def _pod(session: Session) -> Object:
    name = session.words[0]
    labels = parse_labels(session.flag("labels")) or {"run": name}
    metadata: Object = {"name": name, "labels": labels}
    annotations = parse_pairs(session.flag("annotations"), "annotations")[0]
    if annotations:
        metadata["annotations"] = annotations
    if session.namespace_given:
        metadata["namespace"] = session.namespace
    spec = {"containers": [_container(session, name)], "restartPolicy": session.flag("restart")}
    spec["dnsPolicy"] = "ClusterFirst"
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec, "status": {}}


def _container(session: Session, name: str) -> Object:
    container: Object = {"name": name, "image": session.flag("image"), "resources": {}}
    words = session.words[1:]
    if words:
        container["command" if session.flag("command") else "args"] = words
    if session.flag("port"):
        if not session.flag("port").isdigit():
            raise KubectlError(f"strconv.Atoi: parsing {go_quote(session.flag('port'))}: invalid syntax")
        container["ports"] = [{"containerPort": int(session.flag("port"))}]
    if session.flag("env"):
        container["env"] = [_variable(text) for text in session.flag("env")]
    if session.flag("image-pull-policy"):
        container["imagePullPolicy"] = session.flag("image-pull-policy")
    if session.flag("privileged"):
        container["securityContext"] = {"privileged": True}
    return container


def _variable(text: str) -> Object:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise KubectlError(f"invalid env: {text}")
    return {"name": name, "value": value} if value else {"name": name}
