"""`kubectl set subject`: who a role binding binds.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/set/set_subject.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl import changes
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.resource_builder import Info
from k8scourse.kubectl.session import Session

Object = dict[str, Any]

_GROUP = "rbac.authorization.k8s.io"
_BINDINGS = ("RoleBinding", "ClusterRoleBinding")


def run(session: Session) -> None:
    """Add users, groups and service accounts to bindings. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("kustomize")
    session.dry_run()
    infos = changes.find(session, session.words)
    _validate(session, infos)
    subjects = _subjects(session)

    def change(obj: Object) -> Object | None:
        if obj["kind"] not in _BINDINGS:
            raise KubectlError("setting subjects is only supported for RoleBinding/ClusterRoleBinding")
        present = obj.get("subjects") or []
        added = [subject for subject in subjects if subject not in present]
        return {**obj, "subjects": [*present, *added]} if added else None

    raise_all(
        changes.patch_each(session, infos, change, "subjects updated", "failed to patch subjects to rolebinding:")
    )


def _validate(session: Session, infos: list[Info]) -> None:
    if session.flag("local") and session.dry_run() == "server":
        raise KubectlError(changes.LOCAL_AND_SERVER)
    if session.flag("all") and session.flag("selector"):
        raise KubectlError(changes.ALL_AND_SELECTOR)
    if not any(session.flag(name) for name in ("user", "group", "serviceaccount")):
        raise KubectlError("you must specify at least one value of user, group or serviceaccount")
    for account in session.flag("serviceaccount"):
        parts = account.split(":")
        if len(parts) != 2 or not parts[1]:
            raise KubectlError("serviceaccount must be <namespace>:<name>")
        if not parts[0] and any(info.resource.kind == "ClusterRoleBinding" for info in infos):
            raise KubectlError("serviceaccount must be <namespace>:<name>, namespace must be specified")


def _subjects(session: Session) -> list[Object]:
    subjects: list[Object] = []
    for flag, kind in (("user", "User"), ("group", "Group")):
        subjects.extend({"apiGroup": _GROUP, "kind": kind, "name": name} for name in sorted(set(session.flag(flag))))
    for account in sorted(set(session.flag("serviceaccount"))):
        namespace, _, name = account.partition(":")
        subjects.append({"kind": "ServiceAccount", "name": name, "namespace": namespace or session.namespace})
    return subjects
