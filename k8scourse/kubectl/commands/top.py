"""`kubectl top`: there is no Metrics API in this cluster.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/top.
"""

from __future__ import annotations

from k8scourse.kubectl.errors import KubectlError, NotSimulated
from k8scourse.kubectl.session import Session
from k8scourse.machinery.labels import SelectorError, parse_selector

_GROUP = "metrics.k8s.io"


def run(session: Session) -> None:
    """Refuse for want of metrics, after the checks that come first. Raises KubectlError."""
    pods = session.command.endswith("pod")
    usage = "pod [NAME | -l label]" if pods else "node [NAME | -l label]"
    if len(session.words) > 1:
        raise session.usage(usage)
    if session.flag("sort-by") not in ("", "cpu", "memory"):
        raise KubectlError("--sort-by accepts only cpu or memory")
    if session.words and (session.flag("selector") or session.flag("field-selector")):
        raise KubectlError(f"only one of NAME or {'selector' if pods else '--selector'} can be provided")
    try:
        parse_selector(session.flag("selector"))
    except SelectorError as error:
        raise KubectlError(str(error)) from error
    if not any(group.name == _GROUP for group in session.mapper.groups):
        raise KubectlError("Metrics API not available")
    raise NotSimulated(f"`{session.command}`")
