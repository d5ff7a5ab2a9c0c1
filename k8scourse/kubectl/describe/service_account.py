"""`kubectl describe serviceaccount`. Kubernetes: kubectl/pkg/describe/describe.go describeServiceAccount."""

from __future__ import annotations

from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import NONE, Subject
from k8scourse.kubectl.describe.writer import Page

_HEADER = "Image pull secrets:"


def describe(subject: Subject, page: Page) -> None:
    """Write the service account's page."""
    metadata = subject.metadata
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata["namespace"])
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    secrets = [secret["name"] for secret in subject.obj.get("imagePullSecrets") or []]
    prefix = _HEADER
    for name in secrets or [NONE]:
        page.line(0, f"{prefix}\t{name}")
        prefix = " " * len(_HEADER)
    common.events(page, common.search_events(subject, kind="ServiceAccount"), subject.now)
