"""`kubectl describe secret`. Kubernetes: kubectl/pkg/describe/describe.go describeSecret."""

from __future__ import annotations

import base64

from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import Subject
from k8scourse.kubectl.describe.writer import Page


def describe(subject: Subject, page: Page) -> None:
    """Write the secret's page: the sizes of its values, never the values, but for the token of a service account."""
    metadata, obj = subject.metadata, subject.obj
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata["namespace"])
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    page.write(0, f"\nType:\t{obj.get('type', '')}\n")
    page.write(0, "\nData\n====\n")
    data = obj.get("data") or {}
    for key in sorted(data):
        value = base64.b64decode(data[key] or "")
        token = key == "token" and obj.get("type") == "kubernetes.io/service-account-token"
        page.field(key, value.decode("utf-8", "replace") if token else f"{len(value)} bytes")
