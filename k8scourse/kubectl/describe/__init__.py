"""What `kubectl describe` writes, one module for each kind.

Kubernetes: staging/src/k8s.io/kubectl/pkg/describe/describe.go describerMap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from k8scourse.kubectl.describe import (
    access,
    config_map,
    daemon_set,
    deployment,
    endpoints,
    generic,
    horizontal_pod_autoscaler,
    ingress,
    job,
    limits,
    namespace,
    node,
    pod,
    pod_disruption_budget,
    priority_class,
    replica_set,
    replication_controller,
    secret,
    service,
    service_account,
    stateful_set,
)
from k8scourse.kubectl.describe.common import Subject
from k8scourse.kubectl.describe.writer import Page
from k8scourse.kubectl.errors import NotSimulated

__all__ = ["Subject", "describe"]

_RBAC = "rbac.authorization.k8s.io"
_DESCRIBERS: Mapping[tuple[str, str], Callable[[Subject, Page], None]] = {
    ("", "ConfigMap"): config_map.describe,
    ("", "Endpoints"): endpoints.describe_endpoints,
    ("", "LimitRange"): limits.describe_limit_range,
    ("", "Namespace"): namespace.describe,
    ("", "Node"): node.describe,
    ("", "Pod"): pod.describe,
    ("", "ReplicationController"): replication_controller.describe,
    ("", "ResourceQuota"): limits.describe_quota,
    ("", "Secret"): secret.describe,
    ("", "Service"): service.describe,
    ("", "ServiceAccount"): service_account.describe,
    ("apps", "DaemonSet"): daemon_set.describe,
    ("apps", "Deployment"): deployment.describe,
    ("apps", "ReplicaSet"): replica_set.describe,
    ("apps", "StatefulSet"): stateful_set.describe,
    ("autoscaling", "HorizontalPodAutoscaler"): horizontal_pod_autoscaler.describe,
    ("batch", "CronJob"): job.describe_cron_job,
    ("batch", "Job"): job.describe_job,
    ("discovery.k8s.io", "EndpointSlice"): endpoints.describe_slice,
    ("networking.k8s.io", "Ingress"): ingress.describe,
    ("networking.k8s.io", "IngressClass"): ingress.describe_class,
    ("policy", "PodDisruptionBudget"): pod_disruption_budget.describe,
    (_RBAC, "ClusterRole"): access.describe_role,
    (_RBAC, "ClusterRoleBinding"): access.describe_binding,
    (_RBAC, "Role"): access.describe_role,
    (_RBAC, "RoleBinding"): access.describe_binding,
    ("scheduling.k8s.io", "PriorityClass"): priority_class.describe,
}

_NOT_YET = frozenset(
    {
        *(("", kind) for kind in ("PersistentVolume", "PersistentVolumeClaim")),
        ("certificates.k8s.io", "CertificateSigningRequest"),
        *(("networking.k8s.io", kind) for kind in ("IPAddress", "NetworkPolicy", "ServiceCIDR")),
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
