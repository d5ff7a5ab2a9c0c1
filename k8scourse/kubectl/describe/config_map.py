"""`kubectl describe configmap`. Kubernetes: kubectl/pkg/describe/describe.go ConfigMapDescriber."""

from __future__ import annotations

from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import Subject
from k8scourse.kubectl.describe.writer import Page


def describe(subject: Subject, page: Page) -> None:
    """Write the config map's page."""
    metadata, obj = subject.metadata, subject.obj
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata["namespace"])
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    page.write(0, "\nData\n====\n")
    data = obj.get("data") or {}
    for key in sorted(data):
        page.write(0, f"{key}:\n----\n{data[key]}\n\n")
    page.write(0, "\nBinaryData\n====\n")
    binary = obj.get("binaryData") or {}
    for key in sorted(binary):
        page.line(0, f"{key}: {_decoded_length(binary[key])} bytes")
    page.line(0, "")
    common.events(page, common.search_events(subject, kind="ConfigMap"), subject.now)


def _decoded_length(base64_text: str) -> int:
    text = base64_text.rstrip("=")
    return len(text) * 3 // 4
