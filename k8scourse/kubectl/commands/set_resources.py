"""`kubectl set resources`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/set/set_resources.go, pkg/generate/versioned/run.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl import changes
from k8scourse.kubectl.change_cause import recorded
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.pod_templates import matches_wildcard, with_containers, with_pod_spec
from k8scourse.kubectl.quantities import resource_list
from k8scourse.kubectl.session import Session

Object = dict[str, Any]

_FIELDS = ("limits", "requests")


def run(session: Session) -> None:
    """Set requests and limits of containers. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("kustomize")
    session.dry_run()
    infos = changes.find(session, session.words)
    amounts = _validate(session)
    pattern, missing = session.flag("containers"), []

    def change(obj: Object) -> Object | None:
        found = 0

        def update(spec: Object) -> Object:
            nonlocal found
            changed, found = with_containers(
                spec, lambda name: matches_wildcard(name, pattern), lambda each: _with_amounts(each, amounts)
            )
            return changed

        changed = with_pod_spec(obj, update)
        if not found:
            missing.append(KubectlError(f"error: unable to find container named {pattern}"))
            return None
        return recorded(session, changed)

    failure = "failed to patch resources update to pod template"
    errors = changes.patch_each(session, infos, change, "resource requirements updated", failure)
    raise_all([*missing, *errors])


def _validate(session: Session) -> dict[str, dict[str, str]]:
    if session.flag("local") and session.dry_run() == "server":
        raise KubectlError(changes.LOCAL_AND_SERVER)
    if session.flag("all") and session.flag("selector"):
        raise KubectlError(changes.ALL_AND_SELECTOR)
    if not session.flag("limits") and not session.flag("requests"):
        raise KubectlError("you must specify an update to requests or limits (in the form of --requests/--limits)")
    return {field: resource_list(session.flag(field)) for field in _FIELDS if session.flag(field)}


def _with_amounts(container: Object, amounts: dict[str, dict[str, str]]) -> Object:
    resources = container.get("resources") or {}
    updated = {field: {**(resources.get(field) or {}), **values} for field, values in amounts.items()}
    return {**container, "resources": {**resources, **updated}}
