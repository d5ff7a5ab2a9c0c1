"""Jobs on a whole cluster (kubernetes: pkg/controller/job/job_controller_test.go)."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.cluster import Cluster
from k8scourse.machinery.timestamps import parse_time

Object = dict[str, Any]
IMAGES: dict[str, Object] = {
    "done": {"exits": 0},
    "fails": {"exits": 1},
    "fails42": {"exits": 42},
    "runs": {},
    "slow": {"ignores_sigterm": True},
}


def job(image: str = "done", name: str = "j", restart: str = "Never", **spec: Any) -> Object:
    pod = {"restartPolicy": restart, "containers": [{"name": "c", "image": image}]}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name},
        "spec": {"template": {"spec": pod}, **spec},
    }


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.from_world({"nodes": 2, "images": IMAGES})


def status(cluster: Cluster, name: str = "j") -> Object:
    return cluster.get("job", name)["status"]


def conditions(cluster: Cluster) -> list[tuple[str, str, str]]:
    return [(item["type"], item["status"], item["reason"]) for item in status(cluster).get("conditions", [])]


def message(cluster: Cluster, kind: str) -> str:
    (found,) = [item["message"] for item in status(cluster)["conditions"] if item["type"] == kind]
    return found


def told(cluster: Cluster, reason: str) -> list[str]:
    return [event["message"] for event in cluster.events() if event["reason"] == reason]


def pods(cluster: Cluster, phase: str | None = None) -> list[Object]:
    return [pod for pod in cluster.list("pods") if phase is None or pod["status"]["phase"] == phase]


def indexes(cluster: Cluster, phase: str | None = None) -> list[int]:
    name = "batch.kubernetes.io/job-completion-index"
    return sorted(int(pod["metadata"]["annotations"][name]) for pod in pods(cluster, phase))


def finish(cluster: Cluster, name: str, phase: str = "Succeeded", code: int = 0) -> None:
    """Let a pod end."""
    terminated = {"exitCode": code, "reason": "Completed" if code == 0 else "Error"}
    container = {**cluster.get("pod", name)["status"]["containerStatuses"][0], "state": {"terminated": terminated}}
    patch = {"status": {"phase": phase, "containerStatuses": [container]}}
    cluster.patch("pod", name, patch, subresource="status", type="merge")


def test_a_job_is_complete_when_its_pod_has_succeeded(cluster: Cluster):
    cluster.create(job())
    assert status(cluster)["succeeded"] == 1
    assert conditions(cluster) == [
        ("SuccessCriteriaMet", "True", "CompletionsReached"),
        ("Complete", "True", "CompletionsReached"),
    ]
    assert message(cluster, "Complete") == "Reached expected number of succeeded pods"
    assert status(cluster)["completionTime"] == status(cluster)["startTime"] == "2026-01-01T00:00:00Z"
    assert status(cluster)["uncountedTerminatedPods"] == {}
    assert told(cluster, "Completed") == ["Job completed"]


def test_pods_are_held_by_a_finalizer_until_they_are_counted(cluster: Cluster):
    cluster.create(job("runs"))
    (pod,) = pods(cluster)
    assert pod["metadata"]["finalizers"] == ["batch.kubernetes.io/job-tracking"]
    finish(cluster, pod["metadata"]["name"])
    (pod,) = pods(cluster)
    assert "finalizers" not in pod["metadata"]


def test_no_more_pods_run_than_parallelism_and_completions_want(cluster: Cluster):
    cluster.create(job("runs", parallelism=2, completions=3))
    assert status(cluster)["active"] == 2
    finish(cluster, pods(cluster)[0]["metadata"]["name"])
    assert (status(cluster)["active"], status(cluster)["succeeded"]) == (2, 1)
    finish(cluster, pods(cluster, "Running")[0]["metadata"]["name"])
    assert (status(cluster)["active"], status(cluster)["succeeded"]) == (1, 2)


def test_a_work_queue_is_complete_when_one_succeeded_and_all_ended(cluster: Cluster):
    cluster.create(job("runs", parallelism=3))
    first, second, third = [pod["metadata"]["name"] for pod in pods(cluster)]
    finish(cluster, first)
    assert status(cluster)["active"] == 2 and len(pods(cluster)) == 3
    finish(cluster, second)
    finish(cluster, third)
    assert conditions(cluster)[-1][0] == "Complete"


def test_less_parallelism_deletes_pods_without_counting_them_as_failed(cluster: Cluster):
    cluster.create(job("runs", parallelism=3, completions=5))
    cluster.patch("job", "j", {"spec": {"parallelism": 1}})
    assert (len(pods(cluster)), status(cluster)["active"]) == (1, 1)
    assert "failed" not in status(cluster)
    assert len(told(cluster, "SuccessfulDelete")) == 2


def test_failed_pods_are_replaced_after_10_20_40_seconds(cluster: Cluster):
    cluster.create(job("fails", backoffLimit=3))
    found: list[int] = []
    for second in range(75):
        if len(pods(cluster)) > len(found):
            found.append(second)
        cluster.run("1s")
    assert found == [0, 10, 30, 70]
    assert conditions(cluster) == [
        ("FailureTarget", "True", "BackoffLimitExceeded"),
        ("Failed", "True", "BackoffLimitExceeded"),
    ]
    assert told(cluster, "BackoffLimitExceeded") == ["Job has reached the specified backoff limit"]
    assert status(cluster)["failed"] == 4


def test_the_waits_grow_to_ten_minutes(cluster: Cluster):
    cluster.create(job("fails", backoffLimit=8))
    cluster.run("1h")
    times = sorted(parse_time(pod["metadata"]["creationTimestamp"]) // 10**9 for pod in pods(cluster))
    assert [after - before for before, after in pairwise(times)] == [10, 20, 40, 80, 160, 320, 600, 600]


def test_restarts_of_containers_count_for_on_failure(cluster: Cluster):
    cluster.create(job("fails", restart="OnFailure", backoffLimit=2))
    cluster.run("1m")
    assert conditions(cluster)[-1] == ("Failed", "True", "BackoffLimitExceeded")
    assert pods(cluster) == []


def test_a_deadline_ends_the_job_and_its_pods(cluster: Cluster):
    cluster.create(job("runs", activeDeadlineSeconds=20))
    cluster.run("19s")
    assert status(cluster)["active"] == 1
    cluster.run("1s")
    assert [entry[0] for entry in conditions(cluster)] == ["FailureTarget", "Failed"]
    assert message(cluster, "Failed") == "Job was active longer than specified deadline"
    assert pods(cluster) == []


def test_a_job_has_failed_only_when_its_last_pod_has_ended(cluster: Cluster):
    cluster.create(job("slow", activeDeadlineSeconds=5))
    cluster.run("6s")
    assert [entry[0] for entry in conditions(cluster)] == ["FailureTarget"]
    assert status(cluster)["terminating"] == 1
    cluster.run("31s")
    assert [entry[0] for entry in conditions(cluster)] == ["FailureTarget", "Failed"]
    assert status(cluster)["terminating"] == 0


def test_a_suspended_job_has_no_pods_and_no_start(cluster: Cluster):
    cluster.create(job("runs", suspend=True, activeDeadlineSeconds=30))
    assert pods(cluster) == [] and "startTime" not in status(cluster)
    assert conditions(cluster) == [("Suspended", "True", "JobSuspended")]
    cluster.run("1h")
    cluster.patch("job", "j", {"spec": {"suspend": False}})
    assert conditions(cluster) == [("Suspended", "False", "JobResumed")]
    assert status(cluster)["startTime"] == "2026-01-01T01:00:00Z"
    cluster.run("20s")
    cluster.patch("job", "j", {"spec": {"suspend": True}})
    assert pods(cluster) == [] and "startTime" not in status(cluster) and "failed" not in status(cluster)
    cluster.patch("job", "j", {"spec": {"suspend": False}})
    cluster.run("29s")
    assert status(cluster)["active"] == 1
    assert told(cluster, "Suspended") == ["Job suspended"] and told(cluster, "Resumed") == ["Job resumed"]


def test_each_index_has_a_pod_with_its_number(cluster: Cluster):
    cluster.create(job("runs", completions=3, parallelism=3, completionMode="Indexed"))
    assert indexes(cluster) == [0, 1, 2]
    pod = pods(cluster)[1]
    assert pod["metadata"]["name"].startswith("j-1-") and pod["spec"]["hostname"] == "j-1"
    assert pod["metadata"]["labels"]["batch.kubernetes.io/job-completion-index"] == "1"
    (variable,) = pod["spec"]["containers"][0]["env"]
    assert variable["name"] == "JOB_COMPLETION_INDEX"


def test_completed_indexes_are_written_as_ranges(cluster: Cluster):
    cluster.create(job("runs", completions=6, parallelism=6, completionMode="Indexed"))
    names = [pod["metadata"]["name"] for pod in pods(cluster)]
    for index in (0, 1, 2, 5):
        finish(cluster, names[index])
    assert status(cluster)["completedIndexes"] == "0-2,5"
    assert status(cluster)["succeeded"] == 4


def test_a_failed_index_is_tried_again(cluster: Cluster):
    cluster.create(job("runs", completions=2, parallelism=2, completionMode="Indexed"))
    finish(cluster, pods(cluster)[1]["metadata"]["name"], "Failed", 1)
    assert indexes(cluster, "Running") == [0]
    cluster.run("10s")
    assert indexes(cluster, "Running") == [0, 1]


def test_an_index_fails_alone_with_a_limit_per_index(cluster: Cluster):
    spec = {"completions": 2, "parallelism": 2, "completionMode": "Indexed", "backoffLimitPerIndex": 1}
    cluster.create(job("fails", **spec))
    cluster.run("1s")
    assert indexes(cluster, "Failed") == [0, 1]
    held = [pod["metadata"].get("finalizers") for pod in pods(cluster)]
    assert held == [["batch.kubernetes.io/job-tracking"]] * 2
    cluster.run("10s")
    assert status(cluster)["failedIndexes"] == "0,1"
    counts = [pod["metadata"]["annotations"]["batch.kubernetes.io/job-index-failure-count"] for pod in pods(cluster)]
    assert sorted(counts) == ["0", "0", "1", "1"]
    assert conditions(cluster)[-1] == ("Failed", "True", "FailedIndexes")
    assert message(cluster, "Failed") == "Job has failed indexes"


def test_too_many_failed_indexes_end_the_job(cluster: Cluster):
    spec = {"completions": 4, "parallelism": 4, "completionMode": "Indexed"}
    cluster.create(job("runs", backoffLimitPerIndex=0, maxFailedIndexes=1, **spec))
    names = [pod["metadata"]["name"] for pod in pods(cluster)]
    finish(cluster, names[0], "Failed", 1)
    assert status(cluster)["failedIndexes"] == "0"
    finish(cluster, names[3], "Failed", 1)
    assert conditions(cluster)[-1] == ("Failed", "True", "MaxFailedIndexesExceeded")
    assert status(cluster)["failedIndexes"] == "0,3"


def exit_code_policy(action: str, *codes: int) -> Object:
    return {"rules": [{"action": action, "onExitCodes": {"operator": "In", "values": list(codes)}}]}


def test_a_policy_fails_the_job_at_once(cluster: Cluster):
    cluster.create(job("fails42", podFailurePolicy=exit_code_policy("FailJob", 42)))
    (pod,) = pods(cluster)
    assert conditions(cluster) == [
        ("FailureTarget", "True", "PodFailurePolicy"),
        ("Failed", "True", "PodFailurePolicy"),
    ]
    assert message(cluster, "Failed") == (
        f"Container c for pod default/{pod['metadata']['name']} failed with exit code 42 "
        "matching FailJob rule at index 0"
    )


def test_a_policy_lets_failures_pass(cluster: Cluster):
    cluster.create(job("fails42", podFailurePolicy=exit_code_policy("Ignore", 42), backoffLimit=0))
    cluster.run("1m")
    assert "failed" not in status(cluster) and conditions(cluster) == []
    assert len(pods(cluster)) > 2


def test_a_policy_counts_what_no_rule_matches(cluster: Cluster):
    cluster.create(job("fails", podFailurePolicy=exit_code_policy("Ignore", 42), backoffLimit=0))
    assert conditions(cluster)[-1] == ("Failed", "True", "BackoffLimitExceeded")


def test_a_success_policy_ends_the_job_early(cluster: Cluster):
    spec = {"completions": 3, "parallelism": 3, "completionMode": "Indexed"}
    cluster.create(job("runs", successPolicy={"rules": [{"succeededIndexes": "0"}]}, **spec))
    finish(cluster, pods(cluster)[0]["metadata"]["name"])
    assert conditions(cluster) == [
        ("SuccessCriteriaMet", "True", "SuccessPolicy"),
        ("Complete", "True", "SuccessPolicy"),
    ]
    assert message(cluster, "Complete") == "Matched rules at index 0"
    assert (len(pods(cluster)), status(cluster)["succeeded"]) == (1, 1)
    assert "failed" not in status(cluster)


def test_replacements_wait_for_the_end_of_what_they_replace():
    """podReplacementPolicy."""
    for policy, expected in (("TerminatingOrFailed", 2), ("Failed", 1)):
        cluster = Cluster.from_world({"nodes": 1, "images": IMAGES})
        cluster.create(job("slow", podReplacementPolicy=policy))
        cluster.delete("pod", pods(cluster)[0]["metadata"]["name"])
        cluster.run("11s")
        assert len(pods(cluster)) == expected, policy
        cluster.run("1m")
        assert status(cluster)["active"] == 1


def test_a_deleted_job_leaves_orphans_without_finalizers(cluster: Cluster):
    cluster.create(job("runs"))
    cluster.delete("job", "j", propagationPolicy="Orphan")
    (pod,) = pods(cluster)
    assert "finalizers" not in pod["metadata"] and "ownerReferences" not in pod["metadata"]


@pytest.mark.parametrize("policy", ["Background", "Foreground"])
def test_a_deleted_job_takes_its_pods_along(cluster: Cluster, policy: str):
    cluster.create(job("runs"))
    cluster.delete("job", "j", propagationPolicy=policy)
    assert pods(cluster) == [] and cluster.list("jobs") == []


def test_a_job_that_is_over_is_deleted_after_its_time_to_live(cluster: Cluster):
    cluster.create(job(ttlSecondsAfterFinished=30))
    cluster.run("29s")
    assert len(cluster.list("jobs")) == 1
    cluster.run("1s")
    assert cluster.list("jobs") == [] and pods(cluster) == []


def test_the_time_to_live_may_be_set_afterwards(cluster: Cluster):
    cluster.create(job())
    cluster.run("1m")
    cluster.patch("job", "j", {"spec": {"ttlSecondsAfterFinished": 10}})
    assert cluster.list("jobs") == []


def test_a_job_of_another_controller_is_left_alone(cluster: Cluster):
    cluster.create(job(managedBy="example.com/queue"))
    assert pods(cluster) == []


def test_a_refused_pod_is_tried_again(cluster: Cluster):
    refused = job()
    refused["spec"]["template"]["spec"]["serviceAccountName"] = "nobody"
    cluster.create(refused)
    assert all(text.startswith('Error creating: pods "j-') for text in told(cluster, "FailedCreate"))
    cluster.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "nobody"}})
    cluster.run("20m")
    assert status(cluster)["succeeded"] == 1


SPECS = st.fixed_dictionaries(
    {
        "parallelism": st.integers(0, 3),
        "completions": st.integers(1, 4),
        "backoffLimit": st.integers(0, 3),
    },
    optional={
        "completionMode": st.just("Indexed"),
        "activeDeadlineSeconds": st.integers(5, 60),
        "podReplacementPolicy": st.sampled_from(["Failed", "TerminatingOrFailed"]),
        "ttlSecondsAfterFinished": st.integers(0, 30),
    },
)
CHANGES = st.lists(
    st.one_of(
        st.fixed_dictionaries({"parallelism": st.integers(0, 3)}),
        st.fixed_dictionaries({"suspend": st.booleans()}),
        st.just({}),
    ),
    max_size=3,
)
IMAGE = st.sampled_from(sorted(IMAGES))


def change(cluster: Cluster, spec: Object) -> None:
    """Change the Job if it is still there; an empty change lets a pod go."""
    if spec and cluster.list("jobs"):
        cluster.patch("job", "j", {"spec": spec})
    elif not spec and pods(cluster):
        cluster.delete("pod", pods(cluster)[0]["metadata"]["name"])


def everything(cluster: Cluster) -> str:
    return json.dumps([cluster.list(kind) for kind in ("jobs", "pods", "events")])


@settings(deadline=None, max_examples=25)
@given(IMAGE, SPECS, CHANGES, st.integers(0, 45))
def test_a_fork_in_the_middle_goes_the_same_way(image: str, spec: Object, changes: list[Object], seconds: int):
    cluster = Cluster.from_world({"nodes": 1, "images": IMAGES})
    cluster.create(job(image, **spec))
    for one in changes:
        change(cluster, one)
        cluster.run(f"{seconds}s")
        twin = cluster.fork()
        for side in (cluster, twin):
            side.run("40s")
        assert everything(twin) == everything(cluster)


@settings(deadline=None, max_examples=25)
@given(IMAGE, SPECS, CHANGES, st.lists(st.integers(1, 30), min_size=1, max_size=3))
def test_time_may_pass_in_any_portions(image: str, spec: Object, changes: list[Object], portions: list[int]):
    def story(times: list[int]) -> str:
        cluster = Cluster.from_world({"nodes": 1, "images": IMAGES})
        cluster.create(job(image, **spec))
        for one in changes:
            change(cluster, one)
            for seconds in times:
                cluster.run(f"{seconds}s")
        return everything(cluster)

    assert story(portions) == story([sum(portions)])


@settings(deadline=None, max_examples=25)
@given(IMAGE, SPECS, CHANGES)
def test_counts_and_limits_hold_at_every_step(image: str, spec: Object, changes: list[Object]):
    cluster = Cluster.from_world({"nodes": 1, "images": IMAGES})
    most = max([spec["parallelism"], *(one.get("parallelism", 0) for one in changes)])
    with cluster.paused():
        cluster.create(job(image, **spec))
        for one in [*changes, {}]:
            while cluster.step() is not None:
                running = [
                    pod
                    for pod in pods(cluster)
                    if "deletionTimestamp" not in pod["metadata"]
                    and pod["status"]["phase"] not in ("Succeeded", "Failed")
                ]
                assert len(running) <= most
                for found in cluster.list("jobs"):
                    counts = found.get("status", {})
                    assert counts.get("succeeded", 0) <= spec["completions"]
                    assert counts.get("active", 0) <= most
            change(cluster, one)
    cluster.run("10m")
    assert not [pod for pod in pods(cluster, "Succeeded") if pod["metadata"].get("finalizers")]
