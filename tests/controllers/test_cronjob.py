"""CronJobs on a whole cluster (kubernetes: pkg/controller/cronjob/{cronjob_controllerv2,utils}_test.go)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.cluster import Cluster
from k8scourse.controllers import cronjob_rules as rules
from k8scourse.machinery.cron import parse_schedule
from k8scourse.machinery.timestamps import format_time, parse_time

Object = dict[str, Any]
IMAGES: dict[str, Object] = {"done": {"exits": 0}, "fails": {"exits": 1}, "runs": {}}
START = parse_time("2026-01-01T00:00:00Z")


def cron_job(schedule: str = "*/5 * * * *", image: str = "done", **spec: Any) -> Object:
    pod = {"restartPolicy": "Never", "containers": [{"name": "c", "image": image}]}
    template = {"metadata": {"labels": {"from": "cron"}}, "spec": {"backoffLimit": 0, "template": {"spec": pod}}}
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "tick"},
        "spec": {"schedule": schedule, "jobTemplate": template, **spec},
    }


def start(clock: str = "2026-01-01T00:00:00Z") -> Cluster:
    return Cluster.from_world({"nodes": 1, "images": IMAGES, "clock": clock})


@pytest.fixture
def cluster() -> Cluster:
    return start()


def names(cluster: Cluster) -> list[str]:
    return sorted(item["metadata"]["name"] for item in cluster.list("jobs"))


def status(cluster: Cluster) -> Object:
    return cluster.get("cronjob", "tick")["status"]


def told(cluster: Cluster, reason: str) -> list[str]:
    return [event["message"] for event in cluster.events() if event["reason"] == reason]


def change(cluster: Cluster, **spec: Any) -> None:
    cluster.patch("cronjob", "tick", {"spec": spec}, type="merge")


def test_a_job_starts_when_it_is_due_and_is_named_after_its_minute(cluster: Cluster):
    cluster.create(cron_job())
    cluster.run("4m59s")
    assert names(cluster) == []
    cluster.run("1s")
    assert names(cluster) == [f"tick-{START // 10**9 // 60 + 5}"]
    (job,) = cluster.list("jobs")
    assert job["metadata"]["labels"]["from"] == "cron"
    annotation = job["metadata"]["annotations"]["batch.kubernetes.io/cronjob-scheduled-timestamp"]
    assert annotation == "2026-01-01T00:05:00Z"
    assert job["metadata"]["ownerReferences"][0]["kind"] == "CronJob"
    assert status(cluster) == {"lastScheduleTime": "2026-01-01T00:05:00Z", "lastSuccessfulTime": "2026-01-01T00:05:00Z"}
    (name,) = names(cluster)
    assert told(cluster, "SawCompletedJob") == [f"Saw completed job: {name}, condition: Complete"]
    assert f"Created job {name}" in told(cluster, "SuccessfulCreate")


def test_a_running_job_is_listed_as_active(cluster: Cluster):
    cluster.create(cron_job(image="runs"))
    cluster.run("5m")
    (reference,) = status(cluster)["active"]
    assert (reference["kind"], reference["name"]) == ("Job", names(cluster)[0])


def test_the_schedule_is_read_in_the_time_zone():
    cluster = start("2026-07-01T06:59:00Z")
    cluster.create(cron_job("0 9 * * *", timeZone="Europe/Madrid"))
    cluster.run("1m")
    (job,) = cluster.list("jobs")
    annotation = job["metadata"]["annotations"]["batch.kubernetes.io/cronjob-scheduled-timestamp"]
    assert annotation == "2026-07-01T09:00:00+02:00"


@pytest.mark.parametrize(("policy", "active", "jobs"), [("Allow", 3, 3), ("Forbid", 1, 1), ("Replace", 1, 1)])
def test_the_concurrency_policy_decides_about_the_next_job(cluster: Cluster, policy: str, active: int, jobs: int):
    cluster.create(cron_job(image="runs", concurrencyPolicy=policy))
    cluster.run("5m")
    first = names(cluster)
    cluster.run("10m")
    assert (len(status(cluster)["active"]), len(names(cluster))) == (active, jobs)
    assert (names(cluster)[0] == first[0]) == (policy != "Replace")
    if policy == "Forbid":
        assert told(cluster, "JobAlreadyActive") == [
            "Not starting job because prior execution is running and concurrency policy is Forbid"
        ]


def test_a_forbidden_run_is_made_up_for_once_the_last_has_ended(cluster: Cluster):
    cluster.create(cron_job(image="runs", concurrencyPolicy="Forbid"))
    cluster.run("11m")
    (first,) = names(cluster)
    cluster.delete("job", first, propagationPolicy="Background")
    assert names(cluster) == [f"tick-{START // 10**9 // 60 + 10}"]
    assert told(cluster, "MissingJob") == [f"Active job went missing: {first}"]


def test_a_starting_deadline_forgets_runs_that_are_late(cluster: Cluster):
    cluster.create(cron_job(image="runs", concurrencyPolicy="Forbid", startingDeadlineSeconds=30))
    cluster.run("11m")
    (first,) = names(cluster)
    cluster.delete("job", first, propagationPolicy="Background")
    assert names(cluster) == []


def test_a_suspended_cron_job_starts_nothing_and_catches_up_once(cluster: Cluster):
    cluster.create(cron_job(suspend=True))
    cluster.run("1h")
    assert names(cluster) == []
    change(cluster, suspend=False)
    assert names(cluster) == [f"tick-{START // 10**9 // 60 + 60}"]


def test_many_missed_runs_are_told_of(cluster: Cluster):
    cluster.create(cron_job("* * * * *", suspend=True))
    cluster.run("3h")
    change(cluster, suspend=False)
    assert told(cluster, "TooManyMissedTimes") == [
        "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew"
    ]
    assert names(cluster) == [f"tick-{START // 10**9 // 60 + 180}"]


@pytest.mark.parametrize(("image", "kept"), [("done", 3), ("fails", 1)])
def test_only_the_last_jobs_are_kept(cluster: Cluster, image: str, kept: int):
    cluster.create(cron_job(image=image))
    cluster.run("30m")
    minute = START // 10**9 // 60
    assert names(cluster) == [f"tick-{minute + 30 - 5 * back}" for back in reversed(range(kept))]
    assert f"Deleted job tick-{minute + 5}" in told(cluster, "SuccessfulDelete")


def test_another_schedule_counts_from_the_last_run(cluster: Cluster):
    cluster.create(cron_job("0 0 1 6 *"))
    cluster.run("10s")
    change(cluster, schedule="* * * * *")
    cluster.run("50s")
    assert len(names(cluster)) == 1


def test_a_schedule_that_never_comes_is_told_of(cluster: Cluster):
    cluster.create(cron_job("0 0 31 2 *"))
    cluster.run("1m")
    assert told(cluster, "InvalidSchedule") == [
        "invalid schedule: 0 0 31 2 * : time difference between two schedules is less than 1 second"
    ]


def test_a_job_that_somebody_made_of_it_is_unexpected(cluster: Cluster):
    cluster.create(cron_job("0 0 1 6 *", image="runs"))
    owner = cluster.get("cronjob", "tick")
    reference = {"apiVersion": "batch/v1", "kind": "CronJob", "name": "tick", "uid": owner["metadata"]["uid"]}
    metadata = {"name": "manual", "ownerReferences": [{**reference, "controller": True}]}
    template = owner["spec"]["jobTemplate"]["spec"]
    cluster.create({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template})
    assert told(cluster, "UnexpectedJob") == ["Saw a job that the controller did not create or forgot: manual"]
    assert "active" not in status(cluster)


def test_deleting_it_deletes_its_jobs(cluster: Cluster):
    cluster.create(cron_job(image="runs"))
    cluster.run("10m")
    cluster.delete("cronjob", "tick")
    assert (names(cluster), cluster.list("pods")) == ([], [])


def due(schedule: str, last: str, now: str, deadline: int | None = None) -> rules.Due:
    spec = {} if deadline is None else {"startingDeadlineSeconds": deadline}
    owner: Object = {"metadata": {"creationTimestamp": last}, "spec": spec}
    timetable = rules.Timetable(parse_schedule(schedule), None)
    return rules.last_due(owner, timetable, parse_time(now), deadline=True)


@pytest.mark.parametrize(
    ("schedule", "last", "now", "deadline", "expected"),
    [
        ("0 * * * *", "2026-01-01T10:00:00Z", "2026-01-01T10:30:00Z", None, None),
        ("0 * * * *", "2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z", None, "2026-01-01T11:00:00Z"),
        ("0 * * * *", "2026-01-01T10:00:00Z", "2026-01-01T15:30:00Z", None, "2026-01-01T15:00:00Z"),
        ("30 6-16/4 * * 1-5", "2026-01-02T10:31:00Z", "2026-01-05T07:00:00Z", None, "2026-01-05T06:30:00Z"),
        ("@every 1h", "2026-01-01T10:00:30Z", "2026-01-01T15:30:00Z", None, "2026-01-01T15:00:30Z"),
        ("0 * * * *", "2026-01-01T10:00:00Z", "2026-01-01T15:30:00Z", 60, None),
        ("0 * * * *", "2026-01-01T10:00:00Z", "2026-01-01T15:00:30Z", 60, "2026-01-01T15:00:00Z"),
    ],
)
def test_the_last_time_that_was_due_is_found(
    schedule: str, last: str, now: str, deadline: int | None, expected: str | None
):
    """TestMostRecentScheduleTime, TestNextScheduleTime."""
    found = due(schedule, last, now, deadline).time
    assert (None if found is None else format_time(found)) == expected


def test_more_than_a_hundred_missed_runs_are_too_many():
    assert rules.is_far_behind(due("* * * * *", "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z"))
    assert not rules.is_far_behind(due("* * * * *", "2026-01-01T00:00:00Z", "2026-01-01T01:40:00Z"))


SPECS = st.fixed_dictionaries(
    {"schedule": st.sampled_from(["* * * * *", "*/2 * * * *", "@every 90s", "1-3 * * * *"])},
    optional={
        "concurrencyPolicy": st.sampled_from(["Allow", "Forbid", "Replace"]),
        "startingDeadlineSeconds": st.integers(1, 200),
        "successfulJobsHistoryLimit": st.integers(0, 2),
        "suspend": st.booleans(),
    },
)
IMAGE = st.sampled_from(sorted(IMAGES))


def everything(cluster: Cluster) -> str:
    return json.dumps([cluster.list(kind) for kind in ("cronjobs", "jobs", "pods", "events")])


@settings(deadline=None, max_examples=15)
@given(IMAGE, st.lists(SPECS, min_size=1, max_size=3), st.integers(1, 200))
def test_a_fork_in_the_middle_goes_the_same_way(image: str, specs: list[Object], seconds: int):
    cluster = start()
    cluster.create(cron_job(image=image))
    for spec in specs:
        change(cluster, **spec)
        cluster.run(f"{seconds}s")
        twin = cluster.fork()
        for side in (cluster, twin):
            side.run("3m")
        assert everything(twin) == everything(cluster)


@settings(deadline=None, max_examples=15)
@given(IMAGE, st.lists(SPECS, min_size=1, max_size=3), st.lists(st.integers(1, 100), min_size=1, max_size=3))
def test_time_may_pass_in_any_portions(image: str, specs: list[Object], portions: list[int]):
    def story(times: list[int]) -> str:
        cluster = start()
        cluster.create(cron_job(image=image))
        for spec in specs:
            change(cluster, **spec)
            for seconds in times:
                cluster.run(f"{seconds}s")
        return everything(cluster)

    assert story(portions) == story([sum(portions)])


@settings(deadline=None, max_examples=15)
@given(IMAGE, SPECS)
def test_jobs_and_history_keep_to_their_limits(image: str, spec: Object):
    cluster = start()
    cluster.create(cron_job(image=image, **spec))
    for _ in range(8):
        cluster.run("50s")
        over = [job for job in cluster.list("jobs") if "completionTime" in job["status"]]
        assert len(over) <= spec.get("successfulJobsHistoryLimit", 3)
        if spec.get("concurrencyPolicy", "Allow") != "Allow":
            assert len(status(cluster).get("active", [])) <= 1
