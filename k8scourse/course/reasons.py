"""Why a check failed, as far as the cluster knows: the explanation of the pod that it is about, in a few lines.

The search for the smallest edit is left out: it would often be the solution.
"""

from __future__ import annotations

from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError
from k8scourse.views.explain_pod import explain_pod
from k8scourse.views.explanation import BAD, Explanation

_LAST_STEPS = 2


def why_pod(cluster: Cluster, namespace: str, name: str) -> str:
    """Why a pod is where it is, or is gone; "" when it never was."""
    reference = ("Pod", namespace, name)
    decisions = cluster.journal.about(reference)
    try:
        pod = cluster.get("pods", name, namespace=namespace)
    except ApiError:
        pod = None
    if pod is None and not decisions:
        return ""
    return _brief(explain_pod(cluster, pod, reference, decisions, edits=False))


def why_waiting(cluster: Cluster) -> str:
    """Why the first of the pods that wait for a node does so; "" when none waits."""
    for pod in cluster.informers.list("pods"):
        if not pod["spec"].get("nodeName") and not pod["metadata"].get("deletionTimestamp"):
            return why_pod(cluster, pod["metadata"]["namespace"], pod["metadata"]["name"])
    return ""


def _brief(explanation: Explanation) -> str:
    """The headline; for what went wrong the details behind the last decisions, too."""
    lines = [explanation.headline]
    if explanation.tone == BAD:
        lines += [f"  {detail}" for step in explanation.steps[-_LAST_STEPS:] for detail in step.details]
    return "\n".join(lines)
