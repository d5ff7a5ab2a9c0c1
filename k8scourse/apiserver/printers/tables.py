"""Server-side printing: objects as a meta.k8s.io/v1 Table, the columns of `kubectl get`.

Kubernetes: pkg/printers/internalversion/printers.go AddHandlers (columns), apiserver/pkg/endpoints/handlers/response.go
asTable (rows). The server always sends every column; kubectl leaves those of priority 1 to `-o wide`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from k8scourse.apiserver.printers import access, core, network, pods, policy, scaling, volumes, workloads
from k8scourse.apiserver.printers.custom import CustomPrinter
from k8scourse.machinery import status

Row = Callable[[Mapping[str, Any], int], list[Any]]

_INTEGERS = frozenset({"Desired", "Current", "Available", "Allowed Disruptions", "Value", "Active"})
_WIDE_MARK = "*"


class KindOfResource(Protocol):
    """What a table needs to know of a resource."""

    @property
    def group(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Printer:
    """The columns of one kind (`*` marks those of `-o wide`) and the function that makes its cells."""

    columns: tuple[str, ...]
    row: Row

    def definitions(self) -> list[dict[str, Any]]:
        """The columnDefinitions of the Table."""
        return [_definition(column) for column in self.columns]


def _definition(column: str) -> dict[str, Any]:
    name = column.removesuffix(_WIDE_MARK)
    kind = "date" if name == "Created At" else "integer" if name in _INTEGERS else "string"
    return {
        "name": name,
        "type": kind,
        "format": "name" if name == "Name" else "",
        "description": "",
        "priority": int(column.endswith(_WIDE_MARK)),
    }


def _printer(columns: str, row: Row) -> Printer:
    return Printer(tuple(columns.split("|")), row)


_CONTAINERS = "Containers*|Images*|Selector*"
_REPLICAS = f"Name|Desired|Current|Ready|Age|{_CONTAINERS}"

_BINDING = "Name|Role|Age|Users*|Groups*|ServiceAccounts*"

PRINTERS: Mapping[tuple[str, str], Printer] = {
    ("", "Pod"): _printer("Name|Ready|Status|Restarts|Age|IP*|Node*|Nominated Node*|Readiness Gates*", pods.pod_row),
    ("", "Node"): _printer(
        "Name|Status|Roles|Age|Version|Internal-IP*|External-IP*|OS-Image*|Kernel-Version*|Container-Runtime*",
        core.node_row,
    ),
    ("", "Namespace"): _printer("Name|Status|Age", core.namespace_row),
    ("", "Event"): _printer(
        "Last Seen|Type|Reason|Object|Subobject*|Source*|Message|First Seen*|Count*|Name*", core.event_row
    ),
    ("", "ConfigMap"): _printer("Name|Data|Age", core.config_map_row),
    ("", "Secret"): _printer("Name|Type|Data|Age", core.secret_row),
    ("", "Service"): _printer("Name|Type|Cluster-IP|External-IP|Port(s)|Age|Selector*", core.service_row),
    ("", "ServiceAccount"): _printer("Name|Age", core.name_and_age_row),
    ("", "ResourceQuota"): _printer("Name|Request|Limit|Age", core.resource_quota_row),
    ("", "PodTemplate"): _printer("Name|Containers|Images|Pod Labels", core.pod_template_row),
    ("", "ReplicationController"): _printer(_REPLICAS, workloads.replication_controller_row),
    ("apps", "ReplicaSet"): _printer(_REPLICAS, workloads.replica_set_row),
    ("apps", "Deployment"): _printer(f"Name|Ready|Up-to-date|Available|Age|{_CONTAINERS}", workloads.deployment_row),
    ("apps", "StatefulSet"): _printer("Name|Ready|Age|Containers*|Images*", workloads.stateful_set_row),
    ("apps", "DaemonSet"): _printer(
        f"Name|Desired|Current|Ready|Up-to-date|Available|Node Selector|Age|{_CONTAINERS}", workloads.daemon_set_row
    ),
    ("apps", "ControllerRevision"): _printer("Name|Controller|Revision|Age", workloads.controller_revision_row),
    ("batch", "Job"): _printer(f"Name|Status|Completions|Duration|Age|{_CONTAINERS}", workloads.job_row),
    ("batch", "CronJob"): _printer(
        f"Name|Schedule|Timezone|Suspend|Active|Last Schedule|Age|{_CONTAINERS}", workloads.cron_job_row
    ),
    ("policy", "PodDisruptionBudget"): _printer(
        "Name|Min Available|Max Unavailable|Allowed Disruptions|Age", policy.pod_disruption_budget_row
    ),
    ("scheduling.k8s.io", "PriorityClass"): _printer(
        "Name|Value|Global-Default|Age|PreemptionPolicy*", policy.priority_class_row
    ),
    ("coordination.k8s.io", "Lease"): _printer("Name|Holder|Age", policy.lease_row),
    ("", "Endpoints"): _printer("Name|Endpoints|Age", network.endpoints_row),
    ("discovery.k8s.io", "EndpointSlice"): _printer("Name|AddressType|Ports|Endpoints|Age", network.endpoint_slice_row),
    ("networking.k8s.io", "Ingress"): _printer("Name|Class|Hosts|Address|Ports|Age", network.ingress_row),
    ("networking.k8s.io", "IngressClass"): _printer("Name|Controller|Parameters|Age", network.ingress_class_row),
    ("networking.k8s.io", "NetworkPolicy"): _printer("Name|Pod-Selector|Age", network.network_policy_row),
    ("", "PersistentVolume"): _printer(
        "Name|Capacity|Access Modes|Reclaim Policy|Status|Claim|StorageClass|VolumeAttributesClass|Reason|Age|"
        "VolumeMode*",
        volumes.volume_row,
    ),
    ("", "PersistentVolumeClaim"): _printer(
        "Name|Status|Volume|Capacity|Access Modes|StorageClass|VolumeAttributesClass|Age|VolumeMode*",
        volumes.claim_row,
    ),
    ("storage.k8s.io", "StorageClass"): _printer(
        "Name|Provisioner|ReclaimPolicy|VolumeBindingMode|AllowVolumeExpansion|Age", volumes.storage_class_row
    ),
    ("autoscaling", "HorizontalPodAutoscaler"): _printer(
        "Name|Reference|Targets|MinPods|MaxPods|Replicas|Age", scaling.autoscaler_row
    ),
    ("rbac.authorization.k8s.io", "RoleBinding"): _printer(_BINDING, access.binding_row),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): _printer(_BINDING, access.binding_row),
}
PRINTERS = {**PRINTERS, ("events.k8s.io", "Event"): PRINTERS[("", "Event")]}

_BUILT_IN_DEFAULT = _printer("Name|Created At", core.name_and_creation_row)
_CUSTOM_DEFAULT = _printer("Name|Age", core.name_and_age_row)


def printer_for(resource: KindOfResource) -> Printer | CustomPrinter:
    """The printer of *resource*: its own, else NAME CREATED-AT for built-in kinds and NAME AGE for custom resources."""
    columns = getattr(resource, "columns", ())
    if columns:
        return CustomPrinter(columns)
    own = PRINTERS.get((resource.group, resource.kind))
    if own is not None:
        return own
    custom = "." in resource.group and not resource.group.endswith(".k8s.io")
    return _CUSTOM_DEFAULT if custom else _BUILT_IN_DEFAULT


def table(
    resource: KindOfResource,
    objects: Iterable[Mapping[str, Any]],
    now: int,
    *,
    list_metadata: Mapping[str, Any] | None = None,
    include_object: str = "Metadata",
    headers: bool = True,
) -> dict[str, Any]:
    """*objects* of one *resource* as a meta.k8s.io/v1 Table.

    *now* (ns since the epoch) is the instant that ages refer to. *list_metadata* is the metadata of the list (or of the
    single object): its resourceVersion, continue and remainingItemCount are copied. *include_object* is the query
    parameter includeObject: None, Metadata or Object. *headers* False leaves out the columns (later events of a watch).

    Raises ApiError (BadRequest) for another *include_object*.
    """
    if include_object not in ("", "None", "Metadata", "Object"):
        raise status.bad_request(f'unrecognized includeObject value: "{include_object}"')
    printer = printer_for(resource)
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": _list_metadata(list_metadata or {}),
        "columnDefinitions": printer.definitions() if headers else [],
        "rows": [_row(resource, printer, obj, now, include_object or "Metadata") for obj in objects],
    }


def _list_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("resourceVersion", "continue", "remainingItemCount")
    return {name: metadata[name] for name in kept if metadata.get(name)}


def _row(
    resource: KindOfResource, printer: Printer | CustomPrinter, obj: Mapping[str, Any], now: int, include_object: str
) -> dict[str, Any]:
    row: dict[str, Any] = {"cells": printer.row(obj, now)}
    if (resource.group, resource.kind) == ("", "Pod") and (conditions := pods.pod_row_conditions(obj)):
        row["conditions"] = conditions
    row["object"] = _embedded(obj, include_object)
    return row


def _embedded(obj: Mapping[str, Any], include_object: str) -> Any:
    if include_object == "None":
        return None
    if include_object == "Object":
        return obj
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": obj["metadata"]}
