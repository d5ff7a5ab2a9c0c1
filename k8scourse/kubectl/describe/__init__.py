"""What `kubectl describe` writes, one module for each kind.

Kubernetes: staging/src/k8s.io/kubectl/pkg/describe/describe.go describerMap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from k8scourse.kubectl.describe import (
    config_map,
    daemon_set,
    deployment,
    generic,
    namespace,
    node,
    pod,
    pod_disruption_budget,
    priority_class,
    replica_set,
    service_account,
)
from k8scourse.kubectl.describe.common import Subject
from k8scourse.kubectl.describe.writer import Page
from k8scourse.kubectl.errors import NotSimulated

__all__ = ["Subject", "describe"]

_DESCRIBERS: Mapping[tuple[str, str], Callable[[Subject, Page], None]] = {
    ("", "ConfigMap"): config_map.describe,
    ("", "Namespace"): namespace.describe,
    ("", "Node"): node.describe,
    ("", "Pod"): pod.describe,
    ("", "ServiceAccount"): service_account.describe,
    ("apps", "DaemonSet"): daemon_set.describe,
    ("apps", "Deployment"): deployment.describe,
    ("apps", "ReplicaSet"): replica_set.describe,
    ("policy", "PodDisruptionBudget"): pod_disruption_budget.describe,
    ("scheduling.k8s.io", "PriorityClass"): priority_class.describe,
}

_NOT_YET = frozenset(
    {
        *(("", kind) for kind in ("Endpoints", "LimitRange", "PersistentVolume", "PersistentVolumeClaim")),
        *(("", kind) for kind in ("ReplicationController", "ResourceQuota", "Secret", "Service")),
        ("apps", "StatefulSet"),
        ("autoscaling", "HorizontalPodAutoscaler"),
        *(("batch", kind) for kind in ("CronJob", "Job")),
        ("certificates.k8s.io", "CertificateSigningRequest"),
        ("discovery.k8s.io", "EndpointSlice"),
        *(
            ("networking.k8s.io", kind)
            for kind in ("Ingress", "IngressClass", "IPAddress", "NetworkPolicy", "ServiceCIDR")
        ),
        *(("rbac.authorization.k8s.io", kind) for kind in ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")),
        *(("storage.k8s.io", kind) for kind in ("CSINode", "StorageClass", "VolumeAttributesClass")),
    }
)
"""Kinds that have a page of their own in the real program."""


def describe(subject: Subject) -> str:
    """The page of *subject*. Raises ApiError, or NotSimulated for a kind whose page is not written yet."""
    key = (subject.resource.group, subject.resource.kind)
    if key in _NOT_YET:
        raise NotSimulated(f"`kubectl describe {subject.resource.singular or subject.resource.kind.lower()}`")
    page = Page()
    _DESCRIBERS.get(key, generic.describe)(subject, page)
    return page.text
