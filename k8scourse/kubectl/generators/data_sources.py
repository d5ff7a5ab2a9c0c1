"""Keys and values for config maps and secrets: literals, files, folders and environment files.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/create/create_configmap.go, create_secret.go, pkg/util/util.go,
pkg/cmd/util/env_file.go.
"""

from __future__ import annotations

from collections.abc import Callable

from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.session import Session
from k8scourse.machinery import names
from k8scourse.machinery.go_format import go_quote

Add = Callable[[str, bytes], None]


def collect(session: Session, what: str, add: Add) -> None:
    """Call *add* for each key of --from-literal, --from-file and --from-env-file. Raises KubectlError.

    *what* is the word of errors: config or secret.
    """
    if session.flag("from-env-file") and (session.flag("from-file") or session.flag("from-literal")):
        raise KubectlError("from-env-file cannot be combined with from-file or from-literal")
    literals = (from_literals, session.flag("from-literal"))
    files = (from_files, session.flag("from-file"))
    for read, sources in (files, literals) if what == "config" else (literals, files):
        read(session, sources, add)
    for path in session.flag("from-env-file"):
        if session.files.folder(path) is not None:
            raise KubectlError(f"env {what} file cannot be a directory")
        _from_env_file(session, path, add)


def from_literals(session: Session, sources: list[str], add: Add) -> None:
    """Add each `key=value`."""
    for source in sources:
        key, equals, value = source.partition("=")
        if not equals or not key:
            raise KubectlError(f"invalid literal source {source}, expected key=value")
        add(key, value.encode())


def from_files(session: Session, sources: list[str], add: Add) -> None:
    """Add each `[key=]path`; a folder stands for its files."""
    for source in sources:
        key, path = _key_and_path(source)
        inside = session.files.folder(path)
        if inside is None:
            add(key, session.files.read_bytes(path))
            continue
        if "=" in source:
            raise KubectlError("cannot give a key name for a directory path")
        for name, content in inside:
            add(name, content)


def _key_and_path(source: str) -> tuple[str, str]:
    count = source.count("=")
    key, _, path = source.partition("=")
    if count == 0:
        return source.rstrip("/").rpartition("/")[2], source
    if count > 1:
        raise KubectlError("key names or file paths cannot contain '='")
    if not key:
        raise KubectlError(f"key name for file path {path} missing")
    if not path:
        raise KubectlError(f"file path for key name {key} missing")
    return key, path


def _from_env_file(session: Session, path: str, add: Add) -> None:
    content = session.files.read_bytes(path)
    for number, raw in enumerate(content.split(b"\n")):
        try:
            line = raw.decode().removesuffix("\r")
        except UnicodeDecodeError as error:
            text = raw.decode("utf-8", "replace")
            raise KubectlError(f"env file {path} contains invalid utf8 bytes at line {number + 1}: {text}") from error
        line = (line.removeprefix("\ufeff") if number == 0 else line).lstrip()
        if not line or line.startswith("#"):
            continue
        key, _, value = line.partition("=")
        faults = names.is_env_var_name(key)
        if faults:
            raise KubectlError(f"{go_quote(key)} is not a valid key name: {';'.join(faults)}")
        add(key, value.encode())
