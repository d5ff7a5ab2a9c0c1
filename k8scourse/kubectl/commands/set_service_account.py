"""`kubectl set serviceaccount`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/set/set_serviceaccount.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl import changes
from k8scourse.kubectl.change_cause import recorded
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.pod_templates import with_pod_spec
from k8scourse.kubectl.session import Session

Object = dict[str, Any]


def run(session: Session) -> None:
    """Let pods run as another service account. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("kustomize")
    if session.flag("local") and session.dry_run() == "server":
        raise KubectlError(changes.LOCAL_AND_SERVER)
    if not session.words:
        raise KubectlError("serviceaccount is required")
    name = session.words[-1]
    infos = changes.find(session, [] if session.flag("local") else session.words[:-1])

    def change(obj: Object) -> Object:
        return recorded(session, with_pod_spec(obj, lambda spec: {**spec, "serviceAccountName": name}))

    failure = "failed to patch ServiceAccountName"
    raise_all(changes.patch_each(session, infos, change, "serviceaccount updated", failure, patch_same=True))
