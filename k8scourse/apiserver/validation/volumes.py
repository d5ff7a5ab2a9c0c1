"""Validation of the volumes of a pod.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateVolumes, validateVolumeSource and following.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.environment import (
    VOLUME_FIELD_PATHS,
    check_field_selector,
    check_resource_selector,
)
from k8scourse.apiserver.validation.paths import check_local_path, check_mode, check_no_backsteps
from k8scourse.apiserver.validation.support import Errors, check, check_choice
from k8scourse.apiserver.validation.volume_claims import check_claim_template
from k8scourse.apiserver.validation.volume_plugins import PLUGIN_SOURCES, SOURCE_ORDER
from k8scourse.machinery.field import duplicate, forbidden, invalid, required
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.names import is_dns1123_label, is_dns1123_subdomain
from k8scourse.machinery.quantity import parse_quantity

PULL_POLICIES = ("Always", "IfNotPresent", "Never")
# Paths that upstream writes differently from the field's name.
_SECOND_SOURCE_PATHS = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}
_HOST_PATH_TYPES = (
    "",
    "BlockDevice",
    "CharDevice",
    "Directory",
    "DirectoryOrCreate",
    "File",
    "FileOrCreate",
    "Socket",
)

Volume = Mapping[str, Any]
SourceCheck = Callable[[Errors, Mapping[str, Any], str], None]


def check_volumes(errors: Errors, volumes: Sequence[Volume], pod_name: str, path: str) -> dict[str, Volume]:
    """Check the volumes of a pod and return those without fault by name (mounts may refer to them only).

    *pod_name* is "" in templates; ephemeral volumes take the names of their claims from it.
    """
    valid: dict[str, Volume] = {}
    created = {f"{pod_name}-{volume.get('name')}" for volume in volumes if pod_name and volume.get("ephemeral")}
    for index, volume in enumerate(volumes):
        item, name, before = f"{path}[{index}]", volume.get("name") or "", len(errors)
        _check_source(errors, volume, pod_name, item)
        if not name:
            errors.append(required(f"{item}.name"))
        else:
            check(errors, f"{item}.name", name, is_dns1123_label)
        if name in valid:
            errors.append(duplicate(f"{item}.name", name))
        if len(errors) == before:
            valid[name] = volume
        claim = (volume.get("persistentVolumeClaim") or {}).get("claimName")
        if claim in created:
            text = "must not reference a PVC that gets created for an ephemeral volume"
            errors.append(invalid(f"{item}.persistentVolumeClaim.claimName", claim, text))
    return valid


def _check_source(errors: Errors, volume: Volume, pod_name: str, path: str) -> None:
    """Check that a volume has exactly one source, and the first one given."""
    given = [kind for kind in SOURCE_ORDER if volume.get(kind) is not None]
    if not given:
        errors.append(required(path, "must specify a volume type"))
        return
    first = given[0]
    inspect = _SOURCES.get(first) or PLUGIN_SOURCES.get(first)
    if inspect is not None:
        inspect(errors, volume[first], f"{path}.{first}")
    if first == "ephemeral" and pod_name and volume.get("name"):
        claim = f"{pod_name}-{volume['name']}"
        for message in is_dns1123_subdomain(claim):
            errors.append(invalid(f"{path}.name", volume["name"], f"PVC name {go_quote(claim)}: {message}"))
    for kind in given[1:]:
        shown = _SECOND_SOURCE_PATHS.get(kind, kind)
        errors.append(forbidden(f"{path}.{shown}", "may not specify more than 1 volume type"))


def _check_empty_dir(errors: Errors, source: Mapping[str, Any], path: str) -> None:
    limit = source.get("sizeLimit")
    if limit is not None and parse_quantity(limit).milli_value() < 0:
        errors.append(forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity"))


def check_host_path(errors: Errors, source: Mapping[str, Any], path: str) -> None:
    """Check a path on the node and what is to be there."""
    if not source.get("path"):
        errors.append(required(f"{path}.path"))
        return
    check_no_backsteps(errors, source["path"], f"{path}.path")
    if source.get("type"):
        check_choice(errors, f"{path}.type", source["type"], _HOST_PATH_TYPES)


def _check_claim(errors: Errors, source: Mapping[str, Any], path: str) -> None:
    if not source.get("claimName"):
        errors.append(required(f"{path}.claimName"))


def _check_config_map(errors: Errors, source: Mapping[str, Any], path: str) -> None:
    _check_files(errors, source, "name", path)


def _check_secret(errors: Errors, source: Mapping[str, Any], path: str) -> None:
    _check_files(errors, source, "secretName", path)


def _check_files(errors: Errors, source: Mapping[str, Any], name_field: str, path: str) -> None:
    if not source.get(name_field):
        errors.append(required(f"{path}.{name_field}"))
    check_mode(errors, source.get("defaultMode"), f"{path}.defaultMode")
    for index, item in enumerate(source.get("items") or ()):
        _check_key_to_path(errors, item, f"{path}.items[{index}]")


def _check_key_to_path(errors: Errors, item: Mapping[str, Any], path: str) -> None:
    for field in ("key", "path"):
        if not item.get(field):
            errors.append(required(f"{path}.{field}"))
    check_local_path(errors, item.get("path") or "", f"{path}.path")
    check_mode(errors, item.get("mode"), f"{path}.mode")


def _check_downward_api(errors: Errors, source: Mapping[str, Any], path: str) -> None:
    check_mode(errors, source.get("defaultMode"), f"{path}.defaultMode")
    for item in source.get("items") or ():
        _check_downward_file(errors, item, path)


def _check_downward_file(errors: Errors, item: Mapping[str, Any], path: str) -> None:
    """Check one file of the downward API; upstream reports on the source, without the item's index."""
    if not item.get("path"):
        errors.append(required(f"{path}.path"))
    check_local_path(errors, item.get("path") or "", f"{path}.path")
    field_ref, resource_ref = item.get("fieldRef"), item.get("resourceFieldRef")
    if field_ref is not None:
        check_field_selector(errors, field_ref, VOLUME_FIELD_PATHS, f"{path}.fieldRef")
        if resource_ref is not None:
            text = "fieldRef and resourceFieldRef can not be specified simultaneously"
            errors.append(invalid(path, "resource", text))
    elif resource_ref is not None:
        check_resource_selector(errors, resource_ref, f"{path}.resourceFieldRef", in_volume=True)
    else:
        errors.append(required(path, "one of fieldRef and resourceFieldRef is required"))
    check_mode(errors, item.get("mode"), f"{path}.mode")


def _check_projected(errors: Errors, source: Mapping[str, Any], path: str) -> None:
    check_mode(errors, source.get("defaultMode"), f"{path}.defaultMode")
    taken: set[str] = set()
    for index, projection in enumerate(source.get("sources") or ()):
        item = f"{path}.sources[{index}]"
        present = [kind for kind in _PROJECTIONS if projection.get(kind) is not None]
        for kind in present:
            _PROJECTIONS[kind](errors, projection[kind], taken, f"{item}.{kind}", path)
        if len(present) > 1:
            errors.append(forbidden(item, "may not specify more than 1 volume type per source"))


def _take(errors: Errors, taken: set[str], target: str, shown: str, path: str) -> None:
    """Note that a projected file takes a path; two files must not take the same."""
    if target and target in taken:
        errors.append(invalid(path, shown, "conflicting duplicate paths"))
    taken.add(target)


def _project_keys(errors: Errors, source: Mapping[str, Any], taken: set[str], path: str, outer: str) -> None:
    if not source.get("name"):
        errors.append(required(f"{path}.name"))
    for index, item in enumerate(source.get("items") or ()):
        _check_key_to_path(errors, item, f"{path}.items[{index}]")
        _take(errors, taken, item.get("path") or "", source.get("name") or "", outer)


def _project_downward(errors: Errors, source: Mapping[str, Any], taken: set[str], path: str, outer: str) -> None:
    for item in source.get("items") or ():
        _check_downward_file(errors, item, path)
        _take(errors, taken, item.get("path") or "", item.get("path") or "", outer)


def _project_token(errors: Errors, source: Mapping[str, Any], taken: set[str], path: str, outer: str) -> None:
    """Check a projected token; its path takes no part in the check for conflicts (as upstream)."""
    seconds = source.get("expirationSeconds") or 0
    if seconds < 600:
        text = "may not specify a duration less than 10 minutes"
        errors.append(invalid(f"{path}.expirationSeconds", seconds, text))
    if seconds > 1 << 32:
        text = "may not specify a duration larger than 2^32 seconds"
        errors.append(invalid(f"{path}.expirationSeconds", seconds, text))
    if not source.get("path"):
        errors.append(required(f"{outer}.path"))
    else:
        check_local_path(errors, source["path"], f"{outer}.path")


def _check_image(errors: Errors, source: Mapping[str, Any], path: str) -> None:
    if not source.get("reference"):
        errors.append(required(f"{path}.reference"))
    check_choice(errors, f"{path}.pullPolicy", source.get("pullPolicy"), PULL_POLICIES)


def _check_ephemeral(errors: Errors, source: Mapping[str, Any], path: str) -> None:
    template = source.get("volumeClaimTemplate")
    if template is None:
        errors.append(required(f"{path}.volumeClaimTemplate"))
    else:
        check_claim_template(errors, template, f"{path}.volumeClaimTemplate")


_PROJECTIONS: dict[str, Callable[[Errors, Mapping[str, Any], set[str], str, str], None]] = {
    "secret": _project_keys,
    "configMap": _project_keys,
    "downwardAPI": _project_downward,
    "serviceAccountToken": _project_token,
}

_SOURCES: dict[str, SourceCheck] = {
    "emptyDir": _check_empty_dir,
    "hostPath": check_host_path,
    "secret": _check_secret,
    "configMap": _check_config_map,
    "persistentVolumeClaim": _check_claim,
    "downwardAPI": _check_downward_api,
    "projected": _check_projected,
    "ephemeral": _check_ephemeral,
    "image": _check_image,
}
