"""Labels as one text: `a=b,c=d`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/generate/generate.go ParseLabels, pkg/polymorphichelpers MakeLabels.
"""

from __future__ import annotations

from collections.abc import Mapping

from k8scourse.kubectl.errors import KubectlError


def parse_labels(text: str) -> dict[str, str]:
    """The labels of `a=b,c=d`; none for an empty text. Raises KubectlError."""
    labels: dict[str, str] = {}
    for part in text.split(",") if text else []:
        pieces = part.split("=")
        if len(pieces) != 2:
            raise KubectlError(f"unexpected label spec: {part}")
        if not pieces[0]:
            raise KubectlError("unexpected empty label key")
        labels[pieces[0]] = pieces[1]
    return labels


def label_text(labels: Mapping[str, str] | None) -> str:
    """*labels* as `a=b,c=d`, sorted."""
    return ",".join(f"{key}={labels[key]}" for key in sorted(labels)) if labels else ""
