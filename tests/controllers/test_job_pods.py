"""What Jobs read from pods (kubernetes: pkg/controller/job/{backoff_utils,indexed_job_utils}_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.controllers import job_pods
from k8scourse.controllers.job_pods import SECOND
from k8scourse.controllers.job_view import Failures, next_failures
from k8scourse.machinery.timestamps import parse_time

Object = dict[str, Any]
NOW = parse_time("2026-01-01T00:00:00Z")


def pod(name: str = "p", end: int | None = None, phase: str = "Running", **metadata: Any) -> Object:
    status: Object = {"phase": phase}
    if end is not None:
        status["containerStatuses"] = [
            {"name": "c", "state": {"terminated": {"finishedAt": f"2026-01-01T00:00:{end:02}Z"}}}
        ]
    created = {"creationTimestamp": "2026-01-01T00:00:00Z"}
    return {"metadata": {"name": name, **created, **metadata}, "spec": {"nodeName": "n"}, "status": status}


@pytest.mark.parametrize(
    ("failures", "elapsed", "expected"),
    [(0, 0, 0), (1, 0, 10), (1, 4, 6), (1, 10, 0), (2, 0, 20), (3, 0, 40), (6, 0, 320), (7, 0, 600), (99, 100, 500)],
)
def test_the_wait_doubles_up_to_ten_minutes(failures: int, elapsed: int, expected: int):
    """TestGetRemainingBackoffTime."""
    last = NOW - elapsed * SECOND
    assert job_pods.remaining_backoff(failures, last, NOW) == expected * SECOND


def test_a_success_ends_a_row_of_failures():
    """TestNewBackoffRecord."""
    before = Failures(3, NOW)
    assert next_failures(before, [], []) == before
    assert next_failures(before, [], [pod(end=5), pod(end=4)]) == Failures(5, NOW + 5 * SECOND)
    assert next_failures(before, [pod(end=5)], []) == Failures(0, None)
    assert next_failures(before, [pod(end=5)], [pod(end=4), pod(end=6), pod(end=5)]) == Failures(1, NOW + 6 * SECOND)


def test_the_end_of_a_pod_is_told_by_its_containers_or_conditions_or_deletion():
    """TestGetFinishedTime."""
    assert job_pods.finished_at(pod(end=7)) == NOW + 7 * SECOND
    unready = pod()
    unready["status"]["conditions"] = [
        {"type": "Ready", "status": "False", "lastTransitionTime": "2026-01-01T00:00:09Z"}
    ]
    assert job_pods.finished_at(unready) == NOW + 9 * SECOND
    going = pod(deletionTimestamp="2026-01-01T00:00:40Z", deletionGracePeriodSeconds=30)
    assert job_pods.finished_at(going) == NOW + 10 * SECOND
    assert job_pods.finished_at(pod()) == NOW


def indexed(name: str, index: str | None, phase: str = "Running") -> Object:
    annotations = {} if index is None else {job_pods.COMPLETION_INDEX: index}
    return pod(name, phase=phase, annotations=annotations)


def test_pods_with_wrong_or_repeated_indexes_go_first():
    """TestAppendDuplicatedIndexPodsForRemoval."""
    job = {"spec": {"completionMode": "Indexed", "completions": 3}}
    active = [
        indexed("a", "0"),
        indexed("b", "0", "Pending"),
        indexed("c", "3"),
        indexed("d", None),
        indexed("e", "x"),
        indexed("f", "2"),
    ]
    assert [one["metadata"]["name"] for one in job_pods.surplus(job, active, 0)] == ["c", "d", "e", "b"]
    assert len(job_pods.surplus(job, active, 5)) == 5


def test_pods_that_got_least_far_go_first():
    job: Object = {"spec": {}}
    active = [pod("runs"), pod("waits", phase="Pending")]
    assert [one["metadata"]["name"] for one in job_pods.surplus(job, active, 1)] == ["waits"]


@pytest.mark.parametrize(
    ("name", "index", "expected"),
    [("j", 3, "j-3-"), ("x" * 80, 12, "x" * 54 + "-12-"), ("x" * 55, 0, "x" * 55 + "-0-")],
)
def test_names_of_indexed_pods_are_cut_to_fit(name: str, index: int, expected: str):
    """TestPodGenerateNameWithIndex."""
    assert job_pods.index_prefix(name, index) == expected


def test_a_variable_that_is_there_already_is_kept():
    """TestAddCompletionIndexEnvVariables."""
    own = {"name": "JOB_COMPLETION_INDEX", "value": "7"}
    spec = {"containers": [{"name": "a", "env": [own]}, {"name": "b"}]}
    job = {"spec": {"completionMode": "Indexed", "completions": 1, "template": {"spec": spec}}}
    first, second = job_pods.tracked_template(job)["spec"]["containers"]
    assert first["env"] == [own]
    assert second["env"][0]["valueFrom"]["fieldRef"]["fieldPath"] == (
        "metadata.labels['batch.kubernetes.io/job-completion-index']"
    )


def test_a_going_pod_counts_as_failed_unless_the_job_waits_for_its_end():
    """TestIsPodFailed."""
    going = pod(deletionTimestamp="2026-01-01T00:00:40Z")
    assert job_pods.is_failed(going, {"spec": {"podReplacementPolicy": "TerminatingOrFailed"}})
    assert not job_pods.is_failed(going, {"spec": {"podReplacementPolicy": "Failed"}})
    assert not job_pods.is_failed(pod(phase="Succeeded", deletionTimestamp="x"), {"spec": {}})
