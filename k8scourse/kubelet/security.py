"""Whether a container may run as the user that its pod and its image ask for.

Source: pkg/kubelet/kuberuntime/security_context_others.go verifyRunAsNonRoot
"""

from __future__ import annotations

from typing import Any

from k8scourse.images.image import Image
from k8scourse.kubelet import messages
from k8scourse.kubelet.tools import full_name

Object = dict[str, Any]


def root_refused(pod: Object, container: Object, image: Image) -> str | None:
    """The kubelet's sentence about a container that must not run as root and would (or might), or None."""
    of_pod, own = pod["spec"].get("securityContext"), container.get("securityContext")
    if not of_pod and not own:
        return None
    context = {**(of_pod or {}), **(own or {})}
    if not context.get("runAsNonRoot"):
        return None
    names = {"pod": full_name(pod), "container": container["name"]}
    if context.get("runAsUser") is not None:
        return messages.ROOT_USER.format(**names) if context["runAsUser"] == 0 else None
    user = image.user.partition(":")[0]
    if user and not user.isdigit():
        return messages.NAMED_USER.format(user=user, **names)
    return messages.ROOT_IMAGE.format(**names) if int(user or 0) == 0 else None


def process_user(pod: Object, container: Object, image: Image) -> Object:
    """The user that a container's first process runs as (status.containerStatuses[].user)."""
    context = {**(pod["spec"].get("securityContext") or {}), **(container.get("securityContext") or {})}
    user, _, group = image.user.partition(":")
    uid = context.get("runAsUser", int(user) if user.isdigit() else 0)
    gid = context.get("runAsGroup", int(group) if group.isdigit() else 0)
    groups = sorted(
        {gid, *(context.get("supplementalGroups") or ()), *([context["fsGroup"]] if "fsGroup" in context else ())}
    )
    return {"linux": {"uid": uid, "gid": gid, "supplementalGroups": groups}}
