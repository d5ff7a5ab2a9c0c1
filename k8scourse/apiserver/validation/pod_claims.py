"""Validation of the devices a pod claims, and of variables that read files of its volumes.

Source: kubernetes pkg/apis/core/validation/validation.go validatePodResourceClaims, validateFileKeyRefVolumes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.internal_values import internal_value
from k8scourse.apiserver.validation.support import Errors, check
from k8scourse.machinery.field import duplicate, invalid, not_found, required
from k8scourse.machinery.names import is_dns1123_label, is_dns1123_subdomain

_SOURCES = ("resourceClaimName", "resourceClaimTemplateName")


def check_pod_claims(errors: Errors, claims: Sequence[Mapping[str, Any]], path: str) -> None:
    """Check spec.resourceClaims: unique names, each with exactly one source."""
    seen: set[str] = set()
    for index, claim in enumerate(claims):
        item, name = f"{path}[{index}]", claim.get("name") or ""
        if not name:
            errors.append(required(f"{item}.name"))
        elif name in seen:
            errors.append(duplicate(f"{item}.name", name))
        else:
            check(errors, f"{item}.name", name, is_dns1123_label)
            seen.add(name)
        given = [source for source in _SOURCES if claim.get(source) is not None]
        if len(given) > 1:
            text = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
            errors.append(invalid(item, internal_value("PodResourceClaim", claim), text))
        if not given:
            text = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
            errors.append(invalid(item, internal_value("PodResourceClaim", claim), text))
        for source in given:
            check(errors, f"{item}.{source}", claim[source], is_dns1123_subdomain)


def check_file_key_volumes(errors: Errors, spec: Mapping[str, Any], path: str) -> None:
    """Check that variables read from files name an emptyDir of the pod."""
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(spec.get(kind) or ()):
            for number, variable in enumerate(container.get("env") or ()):
                reference = (variable.get("valueFrom") or {}).get("fileKeyRef")
                if reference is not None:
                    where = f"{path}.{kind}[{index}].env[{number}].valueFrom.fileKeyRef.volumeName"
                    _check_volume(errors, spec, reference.get("volumeName") or "", where)


def _check_volume(errors: Errors, spec: Mapping[str, Any], name: str, path: str) -> None:
    volume = next((volume for volume in spec.get("volumes") or () if volume.get("name") == name), None)
    if volume is None:
        errors.append(not_found(path, name))
    elif volume.get("emptyDir") is None:
        errors.append(invalid(path, name, "referenced volume must be of type emptyDir"))
