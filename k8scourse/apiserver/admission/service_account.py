"""ServiceAccount: every pod runs as a service account and gets a token mounted.

Source: kubernetes plugin/pkg/admission/serviceaccount/admission.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.admission.attributes import CREATE, Attributes
from k8scourse.apiserver.admission.mountable_secrets import ENFORCE_ANNOTATION, secret_fault
from k8scourse.apiserver.validation.pod import MIRROR_ANNOTATION

DEFAULT_ACCOUNT = "default"
VOLUME_PREFIX = "kube-api-access-"
MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"
TOKEN_SECONDS = 3607
_TRUE = ("1", "t", "T", "true", "TRUE", "True")

Object = dict[str, Any]


class ServiceAccount:
    """Fills in the account, its token volume and its pull secrets."""

    name = "ServiceAccount"

    def admit(self, attributes: Attributes) -> None:
        """Complete a new pod in place; raises ApiError 403 if its account is absent."""
        pod = attributes.object
        if pod is None or attributes.operation != CREATE or not attributes.is_about("pods"):
            return
        if not _is_mirror(pod):
            spec = pod["spec"]
            name = spec.get("serviceAccountName") or DEFAULT_ACCOUNT
            spec["serviceAccountName"] = spec["serviceAccount"] = name
            account = _account(attributes, name)
            if _wants_token(spec, account):
                _mount_token(attributes, pod)
            if not spec.get("imagePullSecrets") and account.get("imagePullSecrets"):
                secrets = account["imagePullSecrets"]
                spec["imagePullSecrets"] = [{"name": secret.get("name") or ""} for secret in secrets]
        self.validate(attributes)

    def validate(self, attributes: Attributes) -> None:
        """Raise ApiError 403 for a pod without account, or with secrets that its account must not mount."""
        pod = attributes.object
        if pod is None or attributes.resource.group_resource != "pods":
            return
        is_ephemeral = attributes.subresource == "ephemeralcontainers"
        if not is_ephemeral and (attributes.operation != CREATE or attributes.subresource):
            return
        if _is_mirror(pod) and not is_ephemeral:
            _check_mirror(attributes, pod)
            return
        name = pod["spec"].get("serviceAccountName")
        if not name:
            pod_name = pod["metadata"].get("name", "")
            raise attributes.forbidden(f"no service account specified for pod {attributes.namespace}/{pod_name}")
        account = _account(attributes, name)
        if (account["metadata"].get("annotations") or {}).get(ENFORCE_ANNOTATION) in _TRUE:
            fault = secret_fault(pod["spec"], account, is_ephemeral=is_ephemeral)
            if fault:
                raise attributes.forbidden(fault)


def _is_mirror(pod: Mapping[str, Any]) -> bool:
    return MIRROR_ANNOTATION in (pod["metadata"].get("annotations") or {})


def _account(attributes: Attributes, name: str) -> Mapping[str, Any]:
    account = attributes.reader.get("serviceaccounts", attributes.namespace, name)
    if account is None:
        where = f"{attributes.namespace}/{name}"
        text = f'error looking up service account {where}: serviceaccount "{name}" not found'
        raise attributes.forbidden(text)
    return account


def _wants_token(spec: Mapping[str, Any], account: Mapping[str, Any]) -> bool:
    """The pod decides about its token, else its account, else it gets one."""
    for holder in (spec, account):
        if holder.get("automountServiceAccountToken") is not None:
            return holder["automountServiceAccountToken"]
    return True


def _mount_token(attributes: Attributes, pod: Object) -> None:
    """Mount a projected token into every container that has nothing at its path yet."""
    spec = pod["spec"]
    volumes = spec.get("volumes") or []
    known = next((v["name"] for v in volumes if v.get("name", "").startswith(VOLUME_PREFIX)), None)
    name = known or VOLUME_PREFIX + _suffix(attributes, pod)
    mount = {"name": name, "readOnly": True, "mountPath": MOUNT_PATH}
    is_needed = False
    for kind in ("initContainers", "containers"):
        for container in spec.get(kind) or ():
            mounts = container.get("volumeMounts") or []
            if all(other.get("mountPath") != MOUNT_PATH for other in mounts):
                container["volumeMounts"] = [*mounts, dict(mount)]
                is_needed = True
    if is_needed and known is None:
        spec["volumes"] = [*volumes, {"name": name, "projected": token_volume()}]


def _suffix(attributes: Attributes, pod: Mapping[str, Any]) -> str:
    metadata = pod["metadata"]
    base = metadata.get("name") or metadata.get("generateName") or ""
    return attributes.names.suffix("serviceaccount-volume", attributes.namespace, "Pod", base)


def token_volume() -> Object:
    """Return the projected volume that holds token, CA bundle and namespace."""
    namespace = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
    return {
        "sources": [
            {"serviceAccountToken": {"expirationSeconds": TOKEN_SECONDS, "path": "token"}},
            {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
            {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": namespace}]}},
        ],
        "defaultMode": 0o644,
    }


def _check_mirror(attributes: Attributes, pod: Mapping[str, Any]) -> None:
    """A mirror pod stands for a static one, which the API server's accounts and secrets do not reach."""
    spec = pod["spec"]
    if spec.get("serviceAccountName"):
        raise attributes.forbidden("a mirror pod may not reference service accounts")
    if _uses_secrets(spec):
        raise attributes.forbidden("a mirror pod may not reference secrets")
    for volume in spec.get("volumes") or ():
        for source in (volume.get("projected") or {}).get("sources") or ():
            if source.get("serviceAccountToken") is not None:
                raise attributes.forbidden("a mirror pod may not use ServiceAccountToken volume projections")


def _uses_secrets(spec: Mapping[str, Any]) -> bool:
    if spec.get("imagePullSecrets"):
        return True
    for volume in spec.get("volumes") or ():
        sources = (volume.get("projected") or {}).get("sources") or ()
        if volume.get("secret") is not None or any(source.get("secret") is not None for source in sources):
            return True
    for kind in ("containers", "initContainers", "ephemeralContainers"):
        for container in spec.get(kind) or ():
            if any(source.get("secretRef") is not None for source in container.get("envFrom") or ()):
                return True
            if any((v.get("valueFrom") or {}).get("secretKeyRef") is not None for v in container.get("env") or ()):
                return True
    return False
