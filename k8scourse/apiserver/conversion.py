"""What objects lose and gain between the versioned form of a request and the stored one.

kube-apiserver decodes and defaults a versioned object, then converts it to an internal one and back before it is
stored. For current versions the two are alike but for the few fields here.

Source: pkg/apis/core/v1/conversion.go, pkg/apis/apps/v1/conversion.go.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

Object = dict[str, Any]
Converter = Callable[[Object], None]

# Annotations of clients older than init containers.
_INIT_CONTAINER_ANNOTATIONS = frozenset(
    f"pod.{stage}.kubernetes.io/{name}"
    for stage in ("alpha", "beta")
    for name in ("init-containers", "init-container-statuses")
)


def convert(obj: Object, group: str, kind: str) -> None:
    """Brings a decoded and defaulted object into its stored form, in place; *obj* must be private to the caller."""
    converter = _CONVERTERS.get((group, kind))
    if converter is not None:
        converter(obj)


def _pod(obj: Object) -> None:
    _pod_template(obj)
    spec = obj.get("spec", {})
    # For a Pod only: templates keep a negative value, and their Pods get 1.
    if spec.get("terminationGracePeriodSeconds", 0) < 0:
        spec["terminationGracePeriodSeconds"] = 1
    _first_and_list(obj.get("status", {}), "podIP", "podIPs", lambda ip: {"ip": ip}, lambda entry: entry.get("ip", ""))


def _pod_template(template: Object | None) -> None:
    if template is not None:
        _drop_init_container_annotations(template)
        if "spec" in template:
            _old_names(template["spec"])


def _drop_init_container_annotations(obj: Object) -> None:
    annotations = obj.get("metadata", {}).get("annotations", {})
    if _INIT_CONTAINER_ANNOTATIONS.intersection(annotations):
        kept = {key: value for key, value in annotations.items() if key not in _INIT_CONTAINER_ANNOTATIONS}
        del obj["metadata"]["annotations"]
        if kept:
            obj["metadata"]["annotations"] = kept


def _old_names(spec: Object) -> None:
    """serviceAccount is the old name of serviceAccountName; the old name follows the new one."""
    name = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if name:
        spec["serviceAccountName"] = spec["serviceAccount"] = name
    # The internal form keeps the host namespaces there, so the object appears with them.
    spec.setdefault("securityContext", {})


def _first_and_list(
    holder: Object, one: str, many: str, wrap: Callable[[str], Any], unwrap: Callable[[Any], str]
) -> None:
    """A single field and its list form: the single one decides the list where they differ, the list fills it else."""
    value, entries = holder.get(one, ""), holder.get(many) or []
    if value and (not entries or unwrap(entries[0]) != value):
        holder[many] = [wrap(value)]
    elif entries:
        holder[one] = unwrap(entries[0])


def _node(obj: Object) -> None:
    _first_and_list(obj.get("spec", {}), "podCIDR", "podCIDRs", str, str)


def _secret(obj: Object) -> None:
    """stringData is written over data and never stored."""
    texts = obj.pop("stringData", None)
    if texts:
        data = dict(obj.get("data") or {})
        data.update((key, base64.b64encode(text.encode()).decode()) for key, text in texts.items())
        obj["data"] = {key: data[key] for key in sorted(data)}


def _workload(obj: Object) -> None:
    _pod_template(obj["spec"].get("template"))


def _cron_job(obj: Object) -> None:
    _pod_template(obj["spec"]["jobTemplate"]["spec"].get("template"))


def _template_object(obj: Object) -> None:
    _pod_template(obj.get("template"))


def _stateful_set(obj: Object) -> None:
    _workload(obj)
    claims = obj["spec"].get("volumeClaimTemplates")
    if claims:
        type_meta = {"kind": "PersistentVolumeClaim", "apiVersion": "v1"}
        obj["spec"]["volumeClaimTemplates"] = [{**type_meta, **claim, **type_meta} for claim in claims]


_CONVERTERS: Mapping[tuple[str, str], Converter] = {
    ("", "Node"): _node,
    ("", "Pod"): _pod,
    ("", "PodTemplate"): _template_object,
    ("", "ReplicationController"): _workload,
    ("", "Secret"): _secret,
    ("apps", "DaemonSet"): _workload,
    ("apps", "Deployment"): _workload,
    ("apps", "ReplicaSet"): _workload,
    ("apps", "StatefulSet"): _stateful_set,
    ("batch", "CronJob"): _cron_job,
    ("batch", "Job"): _workload,
}
