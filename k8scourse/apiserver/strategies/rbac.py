"""The strategies of Roles, ClusterRoles and their bindings, which a PUT may also create.

Source: kubernetes pkg/registry/rbac/{role,clusterrole,rolebinding,clusterrolebinding}/strategy.go.
"""

from k8scourse.apiserver.strategies.strategy import Strategy, cluster_object_fields
from k8scourse.apiserver.validation.object_meta import validate_object_meta_update
from k8scourse.apiserver.validation.rbac import (
    validate_cluster_role,
    validate_cluster_role_binding,
    validate_cluster_role_binding_update,
    validate_cluster_role_update,
    validate_role,
    validate_role_binding,
    validate_role_binding_update,
    validate_role_update,
)

ROLE = Strategy(
    validate=validate_role,
    validate_update=validate_role_update,
    validate_status_update=validate_object_meta_update,
    allow_create_on_update=True,
)

CLUSTER_ROLE = Strategy(
    validate=validate_cluster_role,
    validate_update=validate_cluster_role_update,
    validate_status_update=validate_object_meta_update,
    selectable_fields=cluster_object_fields,
    allow_create_on_update=True,
)

ROLE_BINDING = Strategy(
    validate=validate_role_binding,
    validate_update=validate_role_binding_update,
    validate_status_update=validate_object_meta_update,
    allow_create_on_update=True,
)

CLUSTER_ROLE_BINDING = Strategy(
    validate=validate_cluster_role_binding,
    validate_update=validate_cluster_role_binding_update,
    validate_status_update=validate_object_meta_update,
    selectable_fields=cluster_object_fields,
    allow_create_on_update=True,
)
