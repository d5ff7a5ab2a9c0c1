"""The annotation in which --record keeps the command line.

Kubernetes: staging/src/k8s.io/cli-runtime/pkg/genericclioptions/record_flags.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.session import Session

ANNOTATION = "kubernetes.io/change-cause"

Object = dict[str, Any]


def recorded(session: Session, obj: Object) -> Object:
    """*obj* with the command line as its change cause, if --record says so; otherwise as it is."""
    if not session.flag("record"):
        return obj
    metadata = obj["metadata"]
    annotations = {**(metadata.get("annotations") or {}), ANNOTATION: command_text(session)}
    return {**obj, "metadata": {**metadata, "annotations": annotations}}


def command_text(session: Session) -> str:
    """The command line with its words first and its flags behind, each with its value."""
    flags = (f"--{name}={value}" for name, value in session.arguments.texts)
    return " ".join((session.command, *session.words, *flags))
