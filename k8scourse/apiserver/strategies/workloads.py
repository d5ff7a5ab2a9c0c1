"""The strategies of Deployment, ReplicaSet, DaemonSet and ReplicationController.

Source: kubernetes pkg/registry/apps/{deployment,replicaset,daemonset}/strategy.go,
pkg/registry/core/replicationcontroller/strategy.go. DaemonSets keep their hidden templateGeneration in an annotation:
pkg/apis/apps/v1/conversion.go.
"""

from collections.abc import Callable, Mapping
from typing import Any

from k8scourse.apiserver.strategies.pod import drop_disabled_fields
from k8scourse.apiserver.strategies.pod_warnings import DNS_LABEL_ADVICE, pod_warnings
from k8scourse.apiserver.strategies.strategy import Strategy, keep, object_fields
from k8scourse.apiserver.validation.apps import (
    validate_daemon_set,
    validate_daemon_set_update,
    validate_deployment,
    validate_deployment_update,
    validate_replica_set,
    validate_replica_set_update,
)
from k8scourse.apiserver.validation.apps_status import (
    validate_daemon_set_status_update,
    validate_deployment_status_update,
    validate_replica_set_status_update,
)
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.replication_controller import (
    validate_replication_controller,
    validate_replication_controller_status_update,
    validate_replication_controller_update,
)
from k8scourse.machinery.go_format import go_value
from k8scourse.machinery.names import is_dns1123_label

TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"
_DAEMON_SET_STATUS = ("currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady")

Object = dict[str, Any]


def _creator(**status: int) -> Callable[[Object], None]:
    """Return a preparation that gives a new object generation 1 and the empty status as the API shows it."""

    def prepare(workload: Object) -> None:
        workload["status"] = dict(status)
        workload["metadata"]["generation"] = 1
        if workload["spec"].get("template"):  # a ReplicationController may lack it, which validation reports
            drop_disabled_fields(workload["spec"]["template"]["spec"])

    return prepare


def _bump(new: Object, old: Object) -> None:
    new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1


def _prepare_deployment_update(new: Object, old: Object) -> None:
    """Keep the status; annotations count for the generation as well (they carry the revision's cause)."""
    keep(new, old, "status")
    annotations = new["metadata"].get("annotations"), old["metadata"].get("annotations")
    if not semantic_equal(new["spec"], old["spec"]) or not semantic_equal(*annotations):
        _bump(new, old)


def _prepare_replica_set_update(new: Object, old: Object) -> None:
    keep(new, old, "status")
    if not semantic_equal(new["spec"], old["spec"]):
        _bump(new, old)


def _prepare_daemon_set(daemon_set: Object) -> None:
    _creator(**dict.fromkeys(_DAEMON_SET_STATUS, 0))(daemon_set)
    annotations = daemon_set["metadata"].get("annotations") or {}
    given = annotations.get(TEMPLATE_GENERATION, "")
    if not given.isdecimal() or int(given) < 1:
        _set_template_generation(daemon_set, 1)


def _prepare_daemon_set_update(new: Object, old: Object) -> None:
    keep(new, old, "status")
    generation = int((old["metadata"].get("annotations") or {}).get(TEMPLATE_GENERATION, "1"))
    is_other_template = not semantic_equal(new["spec"].get("template"), old["spec"].get("template"))
    _set_template_generation(new, generation + is_other_template)
    if is_other_template or not semantic_equal(new["spec"], old["spec"]):
        _bump(new, old)


def _set_template_generation(daemon_set: Object, generation: int) -> None:
    metadata = daemon_set["metadata"]
    metadata["annotations"] = {**(metadata.get("annotations") or {}), TEMPLATE_GENERATION: str(generation)}


def _prepare_deployment_status(new: Object, old: Object) -> None:
    keep(new, old, "spec")
    keep(new["metadata"], old["metadata"], "labels")


def _warnings(workload: Object) -> list[str]:
    faults = is_dns1123_label(workload["metadata"].get("name") or "")
    advice = DNS_LABEL_ADVICE.format(use="Pod names and hostnames", faults=go_value(list(faults)))
    return [*([advice] if faults else []), *_template_warnings(workload)]


def _template_warnings(workload: Object) -> list[str]:
    template = workload["spec"]["template"]
    return pod_warnings("spec.template.", template["spec"], template.get("metadata") or {})


def _warnings_on_update(new: Object, old: Object) -> list[str]:
    same = new["metadata"].get("generation") == old["metadata"].get("generation")
    return [] if same else _template_warnings(new)


def _replica_set_fields(replica_set: Mapping[str, Any]) -> dict[str, str]:
    replicas = (replica_set.get("status") or {}).get("replicas") or 0
    return {**object_fields(replica_set), "status.replicas": str(replicas)}


DEPLOYMENT = Strategy(
    prepare_for_create=_creator(),
    prepare_for_update=_prepare_deployment_update,
    prepare_for_status_update=_prepare_deployment_status,
    validate=validate_deployment,
    validate_update=validate_deployment_update,
    validate_status_update=validate_deployment_status_update,
    warnings_on_create=_warnings,
    warnings_on_update=_warnings_on_update,
    has_status=True,
)

REPLICA_SET = Strategy(
    prepare_for_create=_creator(replicas=0),
    prepare_for_update=_prepare_replica_set_update,
    validate=validate_replica_set,
    validate_update=validate_replica_set_update,
    validate_status_update=validate_replica_set_status_update,
    warnings_on_create=_warnings,
    warnings_on_update=_warnings_on_update,
    selectable_fields=_replica_set_fields,
    has_status=True,
)

DAEMON_SET = Strategy(
    prepare_for_create=_prepare_daemon_set,
    prepare_for_update=_prepare_daemon_set_update,
    validate=validate_daemon_set,
    validate_update=validate_daemon_set_update,
    validate_status_update=validate_daemon_set_status_update,
    warnings_on_create=_template_warnings,
    warnings_on_update=_warnings_on_update,
    has_status=True,
)

REPLICATION_CONTROLLER = Strategy(
    prepare_for_create=_creator(replicas=0),
    prepare_for_update=_prepare_replica_set_update,
    validate=validate_replication_controller,
    validate_update=validate_replication_controller_update,
    validate_status_update=validate_replication_controller_status_update,
    warnings_on_create=_warnings,
    warnings_on_update=_warnings_on_update,
    selectable_fields=_replica_set_fields,
    has_status=True,
    default_propagation="Orphan",
)
