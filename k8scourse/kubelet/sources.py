"""ConfigMaps and Secrets that containers and volumes of a pod use, as the pod sees them.

Environments and subPath files keep what was there when their container started. Volumes follow a change when the
kubelet next syncs the pod. Nothing is copied for that: whoever must still see an old version has it pinned.
Sources: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, pkg/volume/{configmap,secret}, pkg/kubelet/kubelet.go
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any

from k8scourse.client.informers import Informers
from k8scourse.kubelet.runtime import ContainerRuntime, PodRuntime, SourceKey

Object = dict[str, Any]
Pins = Mapping[SourceKey, Object]

CONFIG_MAPS, SECRETS = "configmaps", "secrets"
KINDS: Mapping[str, str] = {CONFIG_MAPS: "ConfigMap", SECRETS: "Secret"}
WORDS: Mapping[str, str] = {CONFIG_MAPS: "configmap", SECRETS: "secret"}


def as_container_sees(
    resource: str, name: str, namespace: str, informers: Informers, state: ContainerRuntime
) -> Object | None:
    """The ConfigMap or Secret as it was when the container started (or is now, before that)."""
    pinned = state.pinned.get((resource, name)) if state.pinned else None
    return pinned if pinned is not None else informers.get(resource, name, namespace)


def as_volumes_see(
    resource: str, name: str, namespace: str, informers: Informers, runtime: PodRuntime
) -> Object | None:
    """The ConfigMap or Secret as the pod's volumes have it."""
    pinned = runtime.pinned.get((resource, name))
    return pinned if pinned is not None else informers.get(resource, name, namespace)


def texts_of(resource: str, source: Object) -> dict[str, str]:
    """The values of a ConfigMap's or a Secret's keys as text."""
    if resource == SECRETS:
        return {key: b64decode(value).decode("utf-8", "replace") for key, value in (source.get("data") or {}).items()}
    return dict(source.get("data") or {})


def files_of(resource: str, source: Object) -> dict[str, str]:
    """What a volume shows of it: also the binary values of a ConfigMap."""
    found = texts_of(resource, source)
    for key, value in (source.get("binaryData") or {}).items():
        found[key] = b64decode(value).decode("utf-8", "replace")
    return found


def used_by_environment(container: Object) -> Iterator[SourceKey]:
    """The ConfigMaps and Secrets of a container's environment variables."""
    for source in container.get("envFrom") or ():
        for field, resource in (("configMapRef", CONFIG_MAPS), ("secretRef", SECRETS)):
            if source.get(field):
                yield resource, source[field].get("name", "")
    for variable in container.get("env") or ():
        origin = variable.get("valueFrom")
        for field, resource in (("configMapKeyRef", CONFIG_MAPS), ("secretKeyRef", SECRETS)) if origin else ():
            if origin.get(field):
                yield resource, origin[field].get("name", "")


def used_by_volume(volume: Object) -> Iterator[tuple[SourceKey, Object]]:
    """The ConfigMaps and Secrets of a volume, each with the part of the volume that says how it is shown."""
    if "configMap" in volume:
        yield (CONFIG_MAPS, volume["configMap"].get("name", "")), volume["configMap"]
    if "secret" in volume:
        yield (SECRETS, volume["secret"].get("secretName", "")), volume["secret"]
    for part in (volume.get("projected") or {}).get("sources") or ():
        if "configMap" in part:
            yield (CONFIG_MAPS, part["configMap"].get("name", "")), part["configMap"]
        if "secret" in part:
            yield (SECRETS, part["secret"].get("name", "")), part["secret"]


def volumes_with(pod: Object, key: SourceKey) -> list[str]:
    """The names of the pod's volumes that show the ConfigMap or Secret *key*."""
    volumes = pod["spec"].get("volumes") or ()
    return [volume["name"] for volume in volumes if any(used == key for used, _ in used_by_volume(volume))]
