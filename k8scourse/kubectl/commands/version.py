"""`kubectl version`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/version/version.go.
"""

from __future__ import annotations

from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.printers.objects import indented_json
from k8scourse.kubectl.session import Session
from k8scourse.machinery.yaml import dump_yaml

_CLIENT = {"major": "1", "minor": "36", "gitVersion": "v1.36.2"}
_KUSTOMIZE = "v5.8.1"


def run(session: Session) -> None:
    """Print the versions of client and server. Raises KubectlError or ApiError."""
    if session.words:
        raise KubectlError(f"extra arguments: [{' '.join(session.words)}]")
    output = session.flag("output")
    if output not in ("", "json", "yaml"):
        raise KubectlError("--output must be 'yaml' or 'json'")
    versions: dict[str, object] = {"clientVersion": _CLIENT, "kustomizeVersion": _KUSTOMIZE}
    if not session.flag("client"):
        versions["serverVersion"] = session.api.call("GET", "/version")
    if output:
        session.terminal.out(dump_yaml(versions) if output == "yaml" else indented_json(versions) + "\n")
        return
    session.terminal.line(f"Client Version: {_CLIENT['gitVersion']}")
    session.terminal.line(f"Kustomize Version: {_KUSTOMIZE}")
    server = versions.get("serverVersion")
    if isinstance(server, dict):
        session.terminal.line(f"Server Version: {server['gitVersion']}")
