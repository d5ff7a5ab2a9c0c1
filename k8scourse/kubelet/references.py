"""Config maps and secrets that a container needs and that are not there.

Source: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, pkg/volume/{configmap,secret}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from k8scourse.client.informers import Informers

Object = dict[str, Any]


def missing_for_environment(container: Object, namespace: str, informers: Informers) -> str | None:
    """The kubelet's sentence about the first missing source of environment variables, or None."""
    for resource, word, reference, key in _sources(container):
        if reference.get("optional"):
            continue
        source = informers.get(resource, reference["name"], namespace)
        if source is None:
            return f'{word} "{reference["name"]}" not found'
        if key and key not in {**(source.get("data") or {}), **(source.get("binaryData") or {})}:
            return f"couldn't find key {key} in {word.title().replace('map', 'Map')} {namespace}/{reference['name']}"
    return None


def _sources(container: Object) -> Iterator[tuple[str, str, Object, str]]:
    for source in container.get("envFrom") or ():
        if source.get("configMapRef"):
            yield "configmaps", "configmap", source["configMapRef"], ""
        if source.get("secretRef"):
            yield "secrets", "secret", source["secretRef"], ""
    for variable in container.get("env") or ():
        origin = variable.get("valueFrom") or {}
        if origin.get("configMapKeyRef"):
            yield "configmaps", "configmap", origin["configMapKeyRef"], origin["configMapKeyRef"]["key"]
        if origin.get("secretKeyRef"):
            yield "secrets", "secret", origin["secretKeyRef"], origin["secretKeyRef"]["key"]


def missing_for_volumes(pod: Object, informers: Informers) -> str | None:
    """The sentence of a FailedMount event about the first volume whose source is missing, or None."""
    namespace = pod["metadata"]["namespace"]
    for volume in pod["spec"].get("volumes") or ():
        for resource, word, name, optional in _volume_sources(volume):
            if not optional and informers.get(resource, name, namespace) is None:
                return f'MountVolume.SetUp failed for volume "{volume["name"]}" : {word} "{name}" not found'
    return None


def _volume_sources(volume: Object) -> Iterator[tuple[str, str, str, bool]]:
    if "configMap" in volume:
        yield "configmaps", "configmap", volume["configMap"]["name"], volume["configMap"].get("optional", False)
    if "secret" in volume:
        yield "secrets", "secret", volume["secret"]["secretName"], volume["secret"].get("optional", False)
