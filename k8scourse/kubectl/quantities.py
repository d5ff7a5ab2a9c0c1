"""Resource lists written on the command line.

Kubernetes: staging/src/k8s.io/kubectl/pkg/generate/versioned/run.go populateResourceListV1.
"""

from __future__ import annotations

from k8scourse.kubectl.errors import KubectlError
from k8scourse.machinery import quantity


def resource_list(text: str) -> dict[str, str]:
    """`cpu=100m,memory=1Gi` as a resource list with canonical quantities. Raises KubectlError."""
    amounts: dict[str, str] = {}
    for part in text.split(","):
        pieces = part.split("=")
        if len(pieces) != 2:
            raise KubectlError(f"Invalid argument syntax {part}, expected <resource>=<value>")
        try:
            amounts[pieces[0]] = quantity.canonical(pieces[1])
        except quantity.QuantityError as error:
            raise KubectlError(str(error)) from error
    return amounts
