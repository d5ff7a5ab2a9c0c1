"""The (deprecated) restriction of a pod to the secrets that its service account names.

Source: kubernetes plugin/pkg/admission/serviceaccount/admission.go limitSecretReferences.
"""

from collections.abc import Iterator, Mapping
from typing import Any

ENFORCE_ANNOTATION = "kubernetes.io/enforce-mountable-secrets"
_CONTAINERS = (("initContainers", "init container"), ("containers", "container"))


def secret_fault(spec: Mapping[str, Any], account: Mapping[str, Any], *, is_ephemeral: bool) -> str | None:
    """Return the sentence about the first secret of *spec* that *account* does not list, or None."""
    allowed = {secret.get("name") for secret in account.get("secrets") or ()}
    name = account["metadata"]["name"]
    for who, secret in _references(spec, is_ephemeral=is_ephemeral):
        if secret not in allowed:
            return (
                f'{who} secret.secretName="{secret}" is not allowed because service account {name} '
                "does not reference that secret"
            )
    return None if is_ephemeral else _pull_secret_fault(spec, account)


def _references(spec: Mapping[str, Any], *, is_ephemeral: bool) -> Iterator[tuple[str, str]]:
    if not is_ephemeral:
        for volume in spec.get("volumes") or ():
            if volume.get("secret") is not None:
                yield "volume with", volume["secret"].get("secretName") or ""
    for kind, title in (("ephemeralContainers", "ephemeral container"),) if is_ephemeral else _CONTAINERS:
        for container in spec.get(kind) or ():
            who = f"{title} {container.get('name', '')}"
            for variable in container.get("env") or ():
                reference = (variable.get("valueFrom") or {}).get("secretKeyRef")
                if reference is not None:
                    yield f"{who} with envVar {variable.get('name', '')} referencing", reference.get("name") or ""
            for source in container.get("envFrom") or ():
                if source.get("secretRef") is not None:
                    yield f"{who} with envFrom referencing", source["secretRef"].get("name") or ""


def _pull_secret_fault(spec: Mapping[str, Any], account: Mapping[str, Any]) -> str | None:
    allowed = {secret.get("name") for secret in account.get("imagePullSecrets") or ()}
    for index, secret in enumerate(spec.get("imagePullSecrets") or ()):
        if secret.get("name") not in allowed:
            return (
                f'imagePullSecrets[{index}].name="{secret.get("name")}" is not allowed because service account '
                f"{account['metadata']['name']} does not reference that imagePullSecret"
            )
    return None
