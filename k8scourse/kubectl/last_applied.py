"""The annotation in which apply keeps the manifest it applied.

Kubernetes: staging/src/k8s.io/kubectl/pkg/util/apply.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.machinery import unstructured
from k8scourse.machinery.go_format import go_json

ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration"

Object = dict[str, Any]


def configuration(obj: Object) -> str:
    """*obj* as the annotation's text: compact JSON without the annotation itself, with a final newline."""
    return go_json(_annotated(obj, None)) + "\n"


def annotated(obj: Object) -> Object:
    """*obj* with the annotation of its own configuration."""
    return _annotated(obj, configuration(obj))


def bare(obj: Object) -> Object:
    """*obj* without the annotation; its map of annotations stays, even if it is empty."""
    return _annotated(obj, None)


def updated(obj: Object, *, create: bool) -> Object:
    """*obj* with a fresh annotation if it has one already, or if *create* says so."""
    return annotated(obj) if create or original(obj) else obj


def original(obj: Object) -> str:
    """The manifest that was applied last; empty when there was none."""
    return unstructured.text_map(obj, "annotations").get(ANNOTATION, "")


def _annotated(obj: Object, text: str | None) -> Object:
    annotations = {key: value for key, value in unstructured.text_map(obj, "annotations").items() if key != ANNOTATION}
    if text is not None:
        annotations[ANNOTATION] = text
    return unstructured.with_metadata(obj, annotations=annotations)
