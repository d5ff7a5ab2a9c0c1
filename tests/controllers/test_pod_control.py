"""Creating pods from templates (kubernetes: pkg/controller/controller_utils_test.go, replica_set_test.go)."""

from __future__ import annotations

import pytest

from k8scourse.controllers.pod_control import pod_from_template, pod_prefix, slow_start
from k8scourse.machinery.status import internal_error


def test_a_pod_takes_over_labels_annotations_and_finalizers_of_the_template():
    template = {
        "metadata": {"name": "ignored", "labels": {"a": "b"}, "annotations": {"c": "d"}, "finalizers": ["x.io/y"]},
        "spec": {"containers": []},
    }
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "rs", "uid": "1"}}
    pod = pod_from_template(template, owner)
    assert pod["spec"] == {"containers": []}
    assert {name: pod["metadata"][name] for name in ("generateName", "labels", "annotations", "finalizers")} == {
        "generateName": "rs-",
        "labels": {"a": "b"},
        "annotations": {"c": "d"},
        "finalizers": ["x.io/y"],
    }
    assert "name" not in pod["metadata"]
    assert pod["metadata"]["ownerReferences"][0]["controller"] is True


def test_a_name_too_long_for_a_dash_is_the_prefix_itself():
    assert pod_prefix("web") == "web-"
    assert pod_prefix("a" * 254) == "a" * 254


@pytest.mark.parametrize(
    ("count", "fails_from", "tried", "done"),
    [(0, 0, 0, 0), (10, 99, 10, 10), (10, 0, 1, 0), (10, 2, 3, 2), (10, 4, 7, 4), (10, 8, 10, 8)],
)
def test_batches_double_until_one_has_a_failure(count: int, fails_from: int, tried: int, done: int):
    """TestSlowStartBatch: of the batches 1, 2, 4, ... the one with the first failure is the last."""
    attempts: list[int] = []

    def create(index: int) -> None:
        attempts.append(index)
        if index >= fails_from:
            raise internal_error("quota")

    successes, error = slow_start(count, create)
    assert attempts == list(range(tried))
    assert successes == done
    assert (error is not None) == (tried > done)
