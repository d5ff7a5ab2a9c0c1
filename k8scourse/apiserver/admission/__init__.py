"""Admission: plugins that complete or refuse a request between decoding and storing.

Each plugin has a ``name`` and ``admit(attributes)`` (before validation, may change the object in place),
``validate(attributes)`` (after it), or both; they raise ApiError to refuse.
"""

from k8scourse.apiserver.admission.attributes import CONNECT, CREATE, DELETE, UPDATE, Attributes
from k8scourse.apiserver.admission.coverage import NOT_SIMULATED
from k8scourse.apiserver.admission.default_ingress_class import DefaultIngressClass
from k8scourse.apiserver.admission.default_storage_class import DefaultStorageClass
from k8scourse.apiserver.admission.default_toleration_seconds import DefaultTolerationSeconds
from k8scourse.apiserver.admission.limit_ranger import LimitRanger
from k8scourse.apiserver.admission.namespace_lifecycle import NamespaceLifecycle
from k8scourse.apiserver.admission.pod_security import PodSecurity
from k8scourse.apiserver.admission.pod_topology_labels import PodTopologyLabels
from k8scourse.apiserver.admission.priority import Priority
from k8scourse.apiserver.admission.resource_quota import ResourceQuota
from k8scourse.apiserver.admission.service_account import ServiceAccount
from k8scourse.apiserver.admission.storage_object_in_use_protection import StorageObjectInUseProtection
from k8scourse.apiserver.admission.taint_nodes_by_condition import TaintNodesByCondition

__all__ = ["CONNECT", "CREATE", "DEFAULT_PLUGINS", "DELETE", "NOT_SIMULATED", "UPDATE", "Attributes", "Plugin"]

Plugin = (
    NamespaceLifecycle
    | LimitRanger
    | ServiceAccount
    | TaintNodesByCondition
    | PodSecurity
    | Priority
    | DefaultTolerationSeconds
    | StorageObjectInUseProtection
    | DefaultStorageClass
    | DefaultIngressClass
    | PodTopologyLabels
    | ResourceQuota
)

DEFAULT_PLUGINS: tuple[Plugin, ...] = (
    NamespaceLifecycle(),
    LimitRanger(),
    ServiceAccount(),
    TaintNodesByCondition(),
    PodSecurity(),
    Priority(),
    DefaultTolerationSeconds(),
    DefaultStorageClass(),
    StorageObjectInUseProtection(),
    DefaultIngressClass(),
    PodTopologyLabels(),
    ResourceQuota(),
)
"""The simulated plugins of a default API server, in their real order."""
