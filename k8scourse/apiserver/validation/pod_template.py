"""Validation of the pod template of a workload.

Source: kubernetes pkg/apis/core/validation/validation.go ValidatePodTemplateSpec.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.label_selector import check_labels
from k8scourse.apiserver.validation.object_meta import check_annotations
from k8scourse.apiserver.validation.pod import check_pod_annotations, check_pod_spec
from k8scourse.apiserver.validation.support import Errors
from k8scourse.machinery.field import forbidden


def check_pod_template(errors: Errors, template: Mapping[str, Any], path: str) -> None:
    """Check labels, annotations and spec of a template."""
    metadata, spec = template.get("metadata") or {}, template["spec"]
    if metadata.get("labels"):
        check_labels(errors, metadata["labels"], f"{path}.labels")
    if metadata.get("annotations"):
        check_annotations(errors, metadata["annotations"], f"{path}.annotations")
        check_pod_annotations(errors, metadata["annotations"], spec, f"{path}.annotations")
    check_pod_spec(errors, spec, f"{path}.spec")
    if spec.get("ephemeralContainers"):
        errors.append(forbidden(f"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template"))
