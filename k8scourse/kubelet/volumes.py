"""The files that volumes put into containers, and volumes that can't be set up.

Sources: pkg/volume/{configmap,secret,downwardapi,projected}, pkg/kubelet/kubelet_pods.go makeMounts
"""

from __future__ import annotations

from typing import Any

from k8scourse.client.informers import Informers
from k8scourse.kubelet import messages
from k8scourse.kubelet.environment import field_value, resource_value
from k8scourse.kubelet.runtime import ContainerRuntime, PodRuntime
from k8scourse.kubelet.sources import (
    SECRETS,
    WORDS,
    as_container_sees,
    as_volumes_see,
    files_of,
    used_by_volume,
)

Object = dict[str, Any]


def missing_for_volumes(pod: Object, informers: Informers) -> str | None:
    """The sentence of a FailedMount event about the first volume whose source or key is missing, or None."""
    namespace = pod["metadata"]["namespace"]
    for volume in pod["spec"].get("volumes") or ():
        if "configMap" not in volume and "secret" not in volume and "projected" not in volume:
            continue
        for (resource, name), part in used_by_volume(volume):
            if part.get("optional"):
                continue
            source = informers.get(resource, name, namespace)
            reason = None
            if source is None:
                reason = messages.NOT_FOUND.format(word=WORDS[resource], name=name)
            elif part.get("items"):
                reason = _missing_key(resource, source, part)
            if reason is not None:
                return messages.FAILED_MOUNT.format(volume=volume["name"], reason=reason)
    return None


def _missing_key(resource: str, source: Object, part: Object) -> str | None:
    known = {**(source.get("data") or {}), **(source.get("binaryData") or {})}
    text = messages.NO_SUCH_SECRET_KEY if resource == SECRETS else messages.NO_SUCH_KEY
    missing = next((item["key"] for item in part["items"] if item["key"] not in known), None)
    return text.format(key=missing) if missing is not None else None


def mounted_files(
    pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime, informers: Informers
) -> dict[str, str]:
    """The files of ConfigMaps, Secrets and the downward API in a container: path -> content.

    Through a subPath a container sees what was there when it started; other mounts follow the volume.
    """
    volumes = {volume["name"]: volume for volume in pod["spec"].get("volumes") or ()}
    found: dict[str, str] = {}
    for mount in container.get("volumeMounts") or ():
        volume = volumes.get(mount["name"])
        if volume is None:
            continue
        at, only = mount["mountPath"].rstrip("/"), mount.get("subPath", "")
        content = volume_files(pod, container, volume, runtime, informers, state if only else None)
        if only in content:
            found[at] = content[only]
        elif only:
            inside = {path: text for path, text in content.items() if path.startswith(f"{only}/")}
            found.update({f"{at}/{path[len(only) + 1 :]}": text for path, text in inside.items()})
        else:
            found.update({f"{at}/{path}": text for path, text in content.items()})
    return found


def volume_files(
    pod: Object,
    container: Object,
    volume: Object,
    runtime: PodRuntime,
    informers: Informers,
    state: ContainerRuntime | None = None,
) -> dict[str, str]:
    """The files of a volume; with *state* as they were when that container started."""
    namespace = pod["metadata"]["namespace"]
    found: dict[str, str] = {}
    for (resource, name), part in used_by_volume(volume):
        if state is not None and state.pinned:
            source = as_container_sees(resource, name, namespace, informers, state)
        else:
            source = as_volumes_see(resource, name, namespace, informers, runtime)
        if source is not None:
            found.update(_shown(files_of(resource, source), part))
    parts = [volume, *((volume.get("projected") or {}).get("sources") or ())]
    for item in (item for part in parts for item in (part.get("downwardAPI") or {}).get("items") or ()):
        if item.get("fieldRef"):
            found[item["path"]] = field_value(item["fieldRef"]["fieldPath"], pod, runtime, informers)
        elif item.get("resourceFieldRef"):
            node = informers.get("nodes", runtime.node)
            found[item["path"]] = resource_value(item["resourceFieldRef"], pod, container, node)
    return found


def _shown(files: dict[str, str], part: Object) -> dict[str, str]:
    if not part.get("items"):
        return files
    return {item["path"]: files[item["key"]] for item in part["items"] if item["key"] in files}
