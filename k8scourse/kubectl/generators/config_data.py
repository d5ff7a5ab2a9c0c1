"""`kubectl create configmap` and `kubectl create secret`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/create/create_configmap.go, create_secret.go, create_secret_docker.go,
create_secret_tls.go.
"""

from __future__ import annotations

import base64
from typing import Any

from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.generators import data_sources
from k8scourse.kubectl.generators.name_hash import hashed
from k8scourse.kubectl.session import Session
from k8scourse.machinery import names
from k8scourse.machinery.go_format import Struct, go_json, go_quote

Object = dict[str, Any]

_DOCKER_KEY = ".dockerconfigjson"
_DOCKER_FLAGS = ("docker-username", "docker-password", "docker-server")


def config_map(session: Session, name: str) -> Object:
    """The ConfigMap of the flags."""
    data: dict[str, str] = {}
    binary: dict[str, str] = {}

    def add(key: str, value: bytes) -> None:
        _check_config_key(name, key, data, binary)
        try:
            data[key] = value.decode()
        except UnicodeDecodeError:
            binary[key] = base64.b64encode(value).decode()

    data_sources.collect(session, "config", add)
    obj: Object = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}
    if data:
        obj["data"] = data
    if binary:
        obj["binaryData"] = binary
    return hashed(obj) if session.flag("append-hash") else obj


def _check_config_key(name: str, key: str, data: dict[str, str], binary: dict[str, str]) -> None:
    faults = names.is_config_map_key(key)
    if faults:
        raise KubectlError(f"{go_quote(key)} is not a valid key name for a ConfigMap: {','.join(faults)}")
    for field, values in (("Data", data), ("BinaryData", binary)):
        if key in values:
            raise KubectlError(
                f"cannot add key {go_quote(key)}, another key by that name already exists in {field} for ConfigMap "
                f"{go_quote(name)}"
            )


def generic_secret(session: Session, name: str) -> Object:
    """The Secret of literals and files."""
    data: dict[str, str] = {}
    data_sources.collect(session, "secret", lambda key, value: _add(data, key, value))
    return _secret(session, name, session.flag("type"), data)


def docker_registry_secret(session: Session, name: str) -> Object:
    """The Secret with which images are pulled."""
    data: dict[str, str] = {}
    sources = [each if "=" in each else f"{_DOCKER_KEY}={each}" for each in session.flag("from-file")]
    if not sources and not all(session.flag(flag) for flag in _DOCKER_FLAGS):
        raise KubectlError(
            "either --from-file or the combination of --docker-username, --docker-password and --docker-server is "
            "required"
        )
    if sources:
        data_sources.from_files(session, sources, lambda key, value: _add(data, key, value))
    else:
        _add(data, _DOCKER_KEY, _docker_config(session).encode())
    return _secret(session, name, "kubernetes.io/dockerconfigjson", data)


def _docker_config(session: Session) -> str:
    user, password = session.flag("docker-username"), session.flag("docker-password")
    entry = {"username": user, "password": password, "email": session.flag("docker-email")}
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    fields = Struct({**{key: value for key, value in entry.items() if value}, "auth": auth})
    return go_json({"auths": {session.flag("docker-server"): fields}})


def tls_secret(session: Session, name: str) -> Object:
    """The Secret of a certificate and its key; only the form of the two files is checked."""
    certificate, key = session.flag("cert"), session.flag("key")
    if not certificate or not key:
        raise KubectlError("key and cert must be specified")
    data: dict[str, str] = {}
    for path, field, word in ((certificate, "tls.crt", "certificate"), (key, "tls.key", "key")):
        content = _read_pem(session, path)
        if b"-----BEGIN " not in content:
            raise KubectlError(f"tls: failed to find any PEM data in {word} input")
        _add(data, field, content)
    return _secret(session, name, "kubernetes.io/tls", data)


def _read_pem(session: Session, path: str) -> bytes:
    try:
        return session.files.read_bytes(path)
    except KubectlError as error:
        raise KubectlError(f"Cannot read file {path}, open {path}: no such file or directory") from error


def _add(data: dict[str, str], key: str, value: bytes) -> None:
    faults = names.is_config_map_key(key)
    if faults:
        raise KubectlError(f"{go_quote(key)} is not valid key name for a Secret {';'.join(faults)}")
    if key in data:
        raise KubectlError(f"cannot add key {key}, another key by that name already exists")
    data[key] = base64.b64encode(value).decode()


def _secret(session: Session, name: str, kind: str, data: dict[str, str]) -> Object:
    obj: Object = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}}
    if data:
        obj["data"] = data
    if kind:
        obj["type"] = kind
    return hashed(obj) if session.flag("append-hash") else obj
