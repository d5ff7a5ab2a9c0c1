"""Strategies: how each kind behaves when it is created, updated and deleted."""

from collections.abc import Mapping
from types import MappingProxyType

from k8scourse.apiserver.kinds import Registry, ResourceInfo
from k8scourse.apiserver.strategies.autoscaling import HORIZONTAL_POD_AUTOSCALER
from k8scourse.apiserver.strategies.batch import CRON_JOB, JOB
from k8scourse.apiserver.strategies.core import CONFIG_MAP, EVENT, NAMESPACE, NODE, SERVICE_ACCOUNT
from k8scourse.apiserver.strategies.custom_resource_definition import CUSTOM_RESOURCE_DEFINITION
from k8scourse.apiserver.strategies.endpoints import ENDPOINT_SLICE, ENDPOINTS
from k8scourse.apiserver.strategies.generic import generic_strategy
from k8scourse.apiserver.strategies.ingress import INGRESS, INGRESS_CLASS
from k8scourse.apiserver.strategies.network_policy import NETWORK_POLICY
from k8scourse.apiserver.strategies.others import LEASE, POD_DISRUPTION_BUDGET, PRIORITY_CLASS
from k8scourse.apiserver.strategies.pod import POD
from k8scourse.apiserver.strategies.quota import LIMIT_RANGE, RESOURCE_QUOTA
from k8scourse.apiserver.strategies.rbac import CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING
from k8scourse.apiserver.strategies.secret import SECRET
from k8scourse.apiserver.strategies.service import SERVICE
from k8scourse.apiserver.strategies.stateful_set import CONTROLLER_REVISION, STATEFUL_SET
from k8scourse.apiserver.strategies.storage import PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, STORAGE_CLASS
from k8scourse.apiserver.strategies.strategy import Strategy, Subresource
from k8scourse.apiserver.strategies.workloads import DAEMON_SET, DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER

__all__ = ["SIMULATED", "Strategy", "Subresource", "stored_only", "strategy_for"]

_STRATEGIES: Mapping[tuple[str, str], Strategy] = MappingProxyType(
    {
        ("", "ConfigMap"): CONFIG_MAP,
        ("", "Endpoints"): ENDPOINTS,
        ("", "Event"): EVENT,
        ("", "LimitRange"): LIMIT_RANGE,
        ("", "Namespace"): NAMESPACE,
        ("", "Node"): NODE,
        ("", "PersistentVolume"): PERSISTENT_VOLUME,
        ("", "PersistentVolumeClaim"): PERSISTENT_VOLUME_CLAIM,
        ("", "Pod"): POD,
        ("", "ReplicationController"): REPLICATION_CONTROLLER,
        ("", "ResourceQuota"): RESOURCE_QUOTA,
        ("", "Secret"): SECRET,
        ("", "Service"): SERVICE,
        ("", "ServiceAccount"): SERVICE_ACCOUNT,
        ("apiextensions.k8s.io", "CustomResourceDefinition"): CUSTOM_RESOURCE_DEFINITION,
        ("apps", "ControllerRevision"): CONTROLLER_REVISION,
        ("apps", "DaemonSet"): DAEMON_SET,
        ("apps", "Deployment"): DEPLOYMENT,
        ("apps", "ReplicaSet"): REPLICA_SET,
        ("apps", "StatefulSet"): STATEFUL_SET,
        ("autoscaling", "HorizontalPodAutoscaler"): HORIZONTAL_POD_AUTOSCALER,
        ("batch", "CronJob"): CRON_JOB,
        ("batch", "Job"): JOB,
        ("coordination.k8s.io", "Lease"): LEASE,
        ("discovery.k8s.io", "EndpointSlice"): ENDPOINT_SLICE,
        ("events.k8s.io", "Event"): EVENT,
        ("networking.k8s.io", "Ingress"): INGRESS,
        ("networking.k8s.io", "IngressClass"): INGRESS_CLASS,
        ("networking.k8s.io", "NetworkPolicy"): NETWORK_POLICY,
        ("policy", "PodDisruptionBudget"): POD_DISRUPTION_BUDGET,
        ("rbac.authorization.k8s.io", "ClusterRole"): CLUSTER_ROLE,
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"): CLUSTER_ROLE_BINDING,
        ("rbac.authorization.k8s.io", "Role"): ROLE,
        ("rbac.authorization.k8s.io", "RoleBinding"): ROLE_BINDING,
        ("scheduling.k8s.io", "PriorityClass"): PRIORITY_CLASS,
        ("storage.k8s.io", "StorageClass"): STORAGE_CLASS,
    }
)

SIMULATED: frozenset[tuple[str, str]] = frozenset(_STRATEGIES)
"""The (group, kind) pairs whose own rules are simulated."""

_generic: dict[tuple[str, str, bool, bool], Strategy] = {}


def strategy_for(resource: ResourceInfo) -> Strategy:
    """Return the strategy of a resource's kind; kinds that are only stored get a generic one."""
    own = _STRATEGIES.get((resource.group, resource.kind))
    if own is not None:
        return own
    traits = (resource.group, resource.kind, resource.namespaced, "status" in resource.subresources)
    if traits not in _generic:
        _generic[traits] = generic_strategy(resource)
    return _generic[traits]


def stored_only(registry: Registry) -> list[ResourceInfo]:
    """Return the resources of *registry* that are stored and validated by their metadata only."""
    return [
        resource for resource in registry if not resource.columns and (resource.group, resource.kind) not in SIMULATED
    ]
