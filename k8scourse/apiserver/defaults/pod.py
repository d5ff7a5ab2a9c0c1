"""Defaults of pods and pod templates, set in place on an object that is not stored yet.

Source: kubernetes pkg/apis/core/v1/defaults.go and zz_generated.defaults.go; the pairs of old and current names come
from pkg/apis/core/v1/conversion.go.
"""

from typing import Any

from k8scourse.apiserver.defaults.resources import default_resource_list
from k8scourse.apiserver.defaults.volumes import default_volumes
from k8scourse.component_helpers.pod_requests import aggregate_container_limits, aggregate_container_requests
from k8scourse.component_helpers.resource_names import is_huge_page, is_overcommit_allowed, is_pod_level
from k8scourse.images.reference import default_pull_policy

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("postStart", "preStop")
_HOST_FLAGS = ("hostNetwork", "hostPID", "hostIPC")


def default_pod(pod: dict[str, Any]) -> None:
    """Fill the fields of a Pod that a manifest may leave out."""
    spec = pod.setdefault("spec", {})
    default_pod_spec(spec)
    for container in spec.get("containers") or ():
        _request_what_is_limited(container)
    for container in spec.get("initContainers") or ():
        _request_what_is_limited(container)
    if spec.get("resources"):
        _default_pod_level_limits(pod)
        _default_pod_level_requests(pod)
    if spec.get("enableServiceLinks") is None:
        spec["enableServiceLinks"] = True
    if spec.get("hostNetwork"):
        _default_host_ports(spec)
    status = pod.get("status")
    if status:
        _default_status(status)


def default_pod_template(template: dict[str, Any]) -> None:
    """Fill the fields of a pod template; requests, service links and host ports wait for the pods made from it."""
    if template.get("metadata") is None:
        template["metadata"] = {}
    default_pod_spec(template.setdefault("spec", {}))


def default_pod_spec(spec: dict[str, Any]) -> None:
    """Fill what pods and templates share."""
    if not spec.get("dnsPolicy"):
        spec["dnsPolicy"] = "ClusterFirst"
    if not spec.get("restartPolicy"):
        spec["restartPolicy"] = "Always"
    if spec.get("securityContext") is None:
        spec["securityContext"] = {}
    if spec.get("terminationGracePeriodSeconds") is None:
        spec["terminationGracePeriodSeconds"] = 30
    if not spec.get("schedulerName"):
        spec["schedulerName"] = "default-scheduler"
    _join_old_names(spec)
    if spec.get("volumes"):
        default_volumes(spec["volumes"])
    for kind in ("containers", "initContainers", "ephemeralContainers"):
        for container in spec.get(kind) or ():
            default_container(container)
    if spec.get("overhead"):
        default_resource_list(spec["overhead"])
    if spec.get("resources"):
        _default_resources(spec["resources"])


def _join_old_names(spec: dict[str, Any]) -> None:
    """Keep serviceAccount, the old name of serviceAccountName, equal to it; flags that are off are not kept."""
    service_account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if service_account:
        spec["serviceAccountName"] = spec["serviceAccount"] = service_account
    for flag in _HOST_FLAGS:
        if spec.get(flag) is False:
            del spec[flag]


def default_container(container: dict[str, Any]) -> None:
    """Fill the fields of one container (init and ephemeral containers too)."""
    if not container.get("imagePullPolicy"):
        container["imagePullPolicy"] = default_pull_policy(container.get("image") or "")
    if not container.get("terminationMessagePath"):
        container["terminationMessagePath"] = "/dev/termination-log"
    if not container.get("terminationMessagePolicy"):
        container["terminationMessagePolicy"] = "File"
    resources = container.get("resources")
    if resources:
        _default_resources(resources)
    elif resources is None:
        container["resources"] = {}
    for port in container.get("ports") or ():
        if not port.get("protocol"):
            port["protocol"] = "TCP"
    for variable in container.get("env") or ():
        if variable.get("valueFrom"):
            _default_source(variable["valueFrom"])
    for name in _PROBES:
        if container.get(name) is not None:
            _default_probe(container[name])
    lifecycle = container.get("lifecycle")
    if lifecycle:
        for hook in _HOOKS:
            _default_http_get((lifecycle.get(hook) or {}).get("httpGet"))


def _default_resources(resources: dict[str, Any]) -> None:
    for kind in ("limits", "requests"):
        if resources.get(kind):
            default_resource_list(resources[kind])


def _default_source(source: dict[str, Any]) -> None:
    field_ref = source.get("fieldRef")
    if field_ref is not None and not field_ref.get("apiVersion"):
        field_ref["apiVersion"] = "v1"
    file_key = source.get("fileKeyRef")
    if file_key is not None and file_key.get("optional") is None:
        file_key["optional"] = False
    resource_ref = source.get("resourceFieldRef")
    if resource_ref is not None and resource_ref.get("divisor") is None:
        resource_ref["divisor"] = "0"


def _default_probe(probe: dict[str, Any]) -> None:
    for field, value in (
        ("timeoutSeconds", 1),
        ("periodSeconds", 10),
        ("successThreshold", 1),
        ("failureThreshold", 3),
    ):
        if not probe.get(field):
            probe[field] = value
    _default_http_get(probe.get("httpGet"))
    grpc = probe.get("grpc")
    if grpc is not None and grpc.get("service") is None:
        grpc["service"] = ""


def _default_http_get(action: dict[str, Any] | None) -> None:
    if action is not None:
        if not action.get("path"):
            action["path"] = "/"
        if not action.get("scheme"):
            action["scheme"] = "HTTP"


def _request_what_is_limited(container: dict[str, Any]) -> None:
    limits = container["resources"].get("limits")
    if limits is None:
        return
    requests = container["resources"].get("requests")
    if requests is None:
        requests = container["resources"]["requests"] = {}
    for name, amount in limits.items():
        requests.setdefault(name, amount)


def _default_pod_level_limits(pod: dict[str, Any]) -> None:
    """Take the pod's limit of huge pages from its containers, where neither a request nor a limit is given."""
    resources = pod["spec"]["resources"]
    if not resources.get("limits") and not resources.get("requests"):
        return
    limits = dict(resources.get("limits") or {})
    for name, amount in aggregate_container_limits(pod).items():
        if is_huge_page(name) and name not in (resources.get("requests") or {}):
            limits.setdefault(name, str(amount))
    if limits:
        resources["limits"] = limits


def _default_pod_level_requests(pod: dict[str, Any]) -> None:
    """Take the pod's requests from its containers, else from its own limits; only if it has limits."""
    resources = pod["spec"]["resources"]
    if not resources.get("limits"):
        return
    requests = dict(resources.get("requests") or {})
    for name, amount in aggregate_container_requests(pod).items():
        if is_pod_level(name) and is_overcommit_allowed(name):
            requests.setdefault(name, str(amount))
    for name, amount in resources["limits"].items():
        if is_pod_level(name):
            requests.setdefault(name, amount)
    if requests:
        resources["requests"] = requests


def _default_host_ports(spec: dict[str, Any]) -> None:
    for kind in ("containers", "initContainers"):
        for container in spec.get(kind) or ():
            for port in container.get("ports") or ():
                if not port.get("hostPort"):
                    port["hostPort"] = port.get("containerPort", 0)


def _default_status(status: dict[str, Any]) -> None:
    for kind in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"):
        for container in status.get(kind) or ():
            if container.get("allocatedResources"):
                default_resource_list(container["allocatedResources"])
            if container.get("resources"):
                _default_resources(container["resources"])
