"""Defaulting: what the API server writes into an object before anybody else looks at it.

`DEFAULTERS` maps (group, kind) to a function that fills the fields in place; it is called on the request's private
copy, on create and on update alike. A kind without an entry has no defaults here.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from k8scourse.apiserver.defaults.apiextensions import default_definition
from k8scourse.apiserver.defaults.apps import (
    default_daemon_set,
    default_deployment,
    default_replica_set,
    default_replication_controller,
    default_stateful_set,
)
from k8scourse.apiserver.defaults.autoscaling import default_autoscaler
from k8scourse.apiserver.defaults.batch import default_cron_job, default_job
from k8scourse.apiserver.defaults.core import (
    default_event,
    default_limit_range,
    default_namespace,
    default_node,
    default_resource_quota,
    default_secret,
)
from k8scourse.apiserver.defaults.networking import default_ingress, default_ingress_class, default_network_policy
from k8scourse.apiserver.defaults.pod import default_pod
from k8scourse.apiserver.defaults.rbac import default_binding
from k8scourse.apiserver.defaults.scheduling import default_priority_class
from k8scourse.apiserver.defaults.service import default_endpoint_slice, default_endpoints, default_service
from k8scourse.apiserver.defaults.storage import default_claim, default_persistent_volume, default_storage_class

__all__ = ["DEFAULTERS", "default_object"]

Defaulter = Callable[[dict[str, Any]], None]

DEFAULTERS: Mapping[tuple[str, str], Defaulter] = MappingProxyType(
    {
        ("", "Endpoints"): default_endpoints,
        ("", "Event"): default_event,
        ("", "LimitRange"): default_limit_range,
        ("", "Namespace"): default_namespace,
        ("", "Node"): default_node,
        ("", "PersistentVolume"): default_persistent_volume,
        ("", "PersistentVolumeClaim"): default_claim,
        ("", "Pod"): default_pod,
        ("", "ReplicationController"): default_replication_controller,
        ("", "ResourceQuota"): default_resource_quota,
        ("", "Secret"): default_secret,
        ("", "Service"): default_service,
        ("apiextensions.k8s.io", "CustomResourceDefinition"): default_definition,
        ("apps", "DaemonSet"): default_daemon_set,
        ("apps", "Deployment"): default_deployment,
        ("apps", "ReplicaSet"): default_replica_set,
        ("apps", "StatefulSet"): default_stateful_set,
        ("autoscaling", "HorizontalPodAutoscaler"): default_autoscaler,
        ("batch", "CronJob"): default_cron_job,
        ("batch", "Job"): default_job,
        ("discovery.k8s.io", "EndpointSlice"): default_endpoint_slice,
        ("networking.k8s.io", "Ingress"): default_ingress,
        ("networking.k8s.io", "IngressClass"): default_ingress_class,
        ("networking.k8s.io", "NetworkPolicy"): default_network_policy,
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"): default_binding,
        ("rbac.authorization.k8s.io", "RoleBinding"): default_binding,
        ("scheduling.k8s.io", "PriorityClass"): default_priority_class,
        ("storage.k8s.io", "StorageClass"): default_storage_class,
    }
)


def default_object(group: str, kind: str, obj: dict[str, Any]) -> None:
    """Fill the defaults of *obj* in place; nothing happens for a kind without defaults."""
    defaulter = DEFAULTERS.get((group, kind))
    if defaulter is not None:
        defaulter(obj)
