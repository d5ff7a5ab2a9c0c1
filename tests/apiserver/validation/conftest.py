"""Objects that pass validation, to be made wrong in one place."""

from collections.abc import Callable
from typing import Any

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.machinery.field import FieldError

Object = dict[str, Any]
PodMaker = Callable[..., Object]
Texts = Callable[[list[FieldError]], list[str]]


@pytest.fixture
def make_pod() -> PodMaker:
    """A defaulted pod with the given fields of its spec and (as ``container``) of its only container."""

    def make(container: Object | None = None, metadata: Object | None = None, **spec: Any) -> Object:
        pod: Object = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": "p",
                "namespace": "default",
                "uid": "1",
                "resourceVersion": "1",
                "creationTimestamp": "2026-01-01T00:00:00Z",
                **(metadata or {}),
            },
            "spec": {
                "serviceAccountName": "default",
                "containers": [{"name": "c", "image": "nginx:1.27", **(container or {})}],
                **spec,
            },
        }
        default_object("", "Pod", pod)
        return pod

    return make


@pytest.fixture
def texts() -> Texts:
    """Turn field errors into their texts."""
    return lambda errors: [str(error) for error in errors]
