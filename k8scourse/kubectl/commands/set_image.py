"""`kubectl set image`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/set/set_image.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl import changes
from k8scourse.kubectl.change_cause import recorded
from k8scourse.kubectl.commands.metadata import resources_and_pairs
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.pod_templates import with_containers, with_pod_spec
from k8scourse.kubectl.session import Session
from k8scourse.machinery.go_format import go_quote

Object = dict[str, Any]


def run(session: Session) -> None:
    """Give containers other images. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("kustomize")
    session.dry_run()
    resources, pairs = resources_and_pairs(session.words, "image")
    images = _images(pairs)
    infos = changes.find(session, resources)
    _validate(session, resources, images)
    missing: list[Exception] = []

    def change(obj: Object) -> Object:
        return recorded(session, with_pod_spec(obj, lambda spec: _with_images(spec, images, missing)))

    failure = "failed to patch image update to pod template:"
    errors = changes.patch_each(session, infos, change, "image updated", failure)
    raise_all([*missing, *errors])


def _images(pairs: list[str]) -> dict[str, str]:
    invalid = [pair for pair in pairs if "=" not in pair]
    if invalid:
        raise KubectlError(f"invalid image format: {', '.join(invalid)}")
    return dict(pair.split("=", 1) for pair in pairs)


def _validate(session: Session, resources: list[str], images: dict[str, str]) -> None:
    errors: list[Exception] = []
    if session.flag("all") and session.flag("selector"):
        errors.append(KubectlError(changes.ALL_AND_SELECTOR))
    if not resources and not session.flag("filename"):
        errors.append(KubectlError(changes.NO_RESOURCES))
    if not images:
        errors.append(KubectlError("at least one image update is required"))
    elif len(images) > 1 and "*" in images:
        errors.append(
            KubectlError(
                "all containers are already specified by *, but saw more than one container_name=container_image pairs"
            )
        )
    if session.flag("local") and session.dry_run() == "server":
        errors.append(KubectlError(changes.LOCAL_AND_SERVER))
    raise_all(errors)


def _with_images(spec: Object, images: dict[str, str], missing: list[Exception]) -> Object:
    for name, image in images.items():
        spec, count = with_containers(
            spec, lambda other, name=name: name in ("*", other), lambda each, image=image: {**each, "image": image}
        )
        if not count:
            missing.append(KubectlError(f"error: unable to find container named {go_quote(name)}"))
    return spec
