"""kubernetes: pkg/printers/internalversion/printers_test.go TestPrintPod, TestPrintPodwithLayout and friends."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.apiserver.printers.pods import pod_row, pod_row_conditions, pod_status

NOW = 1_767_225_600_000_000_000
CREATED = "2025-12-31T23:58:00Z"


def running(**more: Any) -> dict[str, Any]:
    return {"name": "c", "ready": True, "restartCount": 0, "state": {"running": {}}, **more}


def waiting(reason: str, **more: Any) -> dict[str, Any]:
    return {"name": "c", "ready": False, "restartCount": 0, "state": {"waiting": {"reason": reason}}, **more}


def ended(code: int, reason: str = "", **more: Any) -> dict[str, Any]:
    state = {"terminated": {"exitCode": code, **({"reason": reason} if reason else {}), **more.pop("ended", {})}}
    return {"name": "c", "ready": False, "restartCount": 0, "state": state, **more}


def pod(phase: str = "Running", containers: int = 1, **status: Any) -> dict[str, Any]:
    metadata = {"name": "p", "creationTimestamp": CREATED, **status.pop("metadata", {})}
    spec = {"containers": [{"name": f"c{i}"} for i in range(containers)], **status.pop("spec", {})}
    return {"metadata": metadata, "spec": spec, "status": {"phase": phase, **status}}


READY = {"type": "Ready", "status": "True"}
INITIALIZED = {"type": "Initialized", "status": "True"}


@pytest.mark.parametrize(
    ("subject", "ready", "status", "restarts"),
    [
        (pod("Pending"), "0/1", "Pending", "0"),
        (
            pod(containers=2, containerStatuses=[running(restartCount=3), running(restartCount=3)]),
            "2/2",
            "Running",
            "6",
        ),
        (pod(reason="Evicted", phase="Failed"), "0/1", "Evicted", "0"),
        (pod(containers=2, containerStatuses=[running(), waiting("ErrImagePull")]), "1/2", "ErrImagePull", "0"),
        # The first container's reason is shown, for the list is read from its end.
        (
            pod(containers=2, containerStatuses=[waiting("CrashLoopBackOff"), waiting("ErrImagePull")]),
            "0/2",
            "CrashLoopBackOff",
            "0",
        ),
        (pod(containerStatuses=[ended(1)]), "0/1", "ExitCode:1", "0"),
        (pod(containerStatuses=[ended(137, ended={"signal": 9})]), "0/1", "Signal:9", "0"),
        (pod(containerStatuses=[ended(137, "OOMKilled")]), "0/1", "OOMKilled", "0"),
        (pod("Succeeded", containerStatuses=[ended(0, "Completed")]), "0/1", "Completed", "0"),
        # A completed container beside a running one does not make the pod look completed.
        (
            pod(containers=2, conditions=[READY], containerStatuses=[ended(0, "Completed"), running()]),
            "1/2",
            "Running",
            "0",
        ),
        (pod(containers=2, containerStatuses=[ended(0, "Completed"), running()]), "1/2", "NotReady", "0"),
        (
            pod(containers=2, containerStatuses=[ended(0, "Completed"), ended(1, "Error")]),
            "0/2",
            "Error",
            "0",
        ),
        (
            pod("Pending", conditions=[{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]),
            "0/1",
            "SchedulingGated",
            "0",
        ),
        (pod(metadata={"deletionTimestamp": CREATED}, containerStatuses=[running()]), "1/1", "Terminating", "0"),
        (pod(metadata={"deletionTimestamp": CREATED}, reason="NodeLost"), "0/1", "Unknown", "0"),
        (
            pod("Succeeded", metadata={"deletionTimestamp": CREATED}, containerStatuses=[ended(0, "Completed")]),
            "0/1",
            "Completed",
            "0",
        ),
    ],
)
def test_the_state_of_the_containers_makes_the_status(
    subject: dict[str, Any], ready: str, status: str, restarts: str
) -> None:
    assert pod_row(subject, NOW)[:5] == ["p", ready, status, restarts, "2m"]


def with_init(*statuses: dict[str, Any], count: int = 2, **more: Any) -> dict[str, Any]:
    spec = {"initContainers": [{"name": f"i{n}"} for n in range(count)]}
    return pod("Pending", spec=spec, initContainerStatuses=list(statuses), **more)


@pytest.mark.parametrize(
    ("subject", "status"),
    [
        (with_init({**running(), "name": "i0"}), "Init:0/2"),
        (with_init(ended(0, name="i0"), {**running(), "name": "i1"}), "Init:1/2"),
        (with_init(waiting("CrashLoopBackOff", name="i0")), "Init:CrashLoopBackOff"),
        (with_init(waiting("PodInitializing", name="i0")), "Init:0/2"),
        (with_init(ended(1, name="i0")), "Init:ExitCode:1"),
        (with_init(ended(1, "Error", name="i0")), "Init:Error"),
        (with_init(ended(1, name="i0", ended={"signal": 9})), "Init:Signal:9"),
        (with_init(ended(0, name="i0"), ended(0, name="i1"), containerStatuses=[running()]), "Pending"),
    ],
)
def test_init_containers_that_are_not_done_show_in_the_status(subject: dict[str, Any], status: str) -> None:
    assert pod_status(subject) == status


def test_sidecars_count_as_containers_and_their_restarts_stay() -> None:
    spec = {"initContainers": [{"name": "side", "restartPolicy": "Always"}, {"name": "init"}]}
    side = {**running(restartCount=2), "name": "side", "started": True}
    init = ended(0, name="init", restartCount=5)
    subject = pod(spec=spec, initContainerStatuses=[side, init], containerStatuses=[running(restartCount=1)])
    assert pod_row(subject, NOW)[1:4] == ["2/2", "Running", "3"]


def test_restarts_of_init_containers_count_only_while_they_run() -> None:
    failing = with_init(waiting("CrashLoopBackOff", name="i0", restartCount=4))
    assert pod_row(failing, NOW)[3] == "4"
    done = {**failing["status"], "conditions": [INITIALIZED], "containerStatuses": [running(restartCount=1)]}
    assert pod_row({**failing, "status": done}, NOW)[3] == "1"


def test_the_last_restart_is_dated() -> None:
    last = {"terminated": {"exitCode": 1, "finishedAt": "2025-12-31T23:59:50Z"}}
    older = {"terminated": {"exitCode": 1, "finishedAt": "2025-12-31T23:50:00Z"}}
    statuses = [running(restartCount=2, lastState=older), running(restartCount=1, lastState=last)]
    assert pod_row(pod(containers=2, containerStatuses=statuses), NOW)[3] == "3 (10s ago)"


def test_wide_columns_say_none_where_nothing_is() -> None:
    assert pod_row(pod(), NOW)[5:] == ["<none>"] * 4
    subject = pod(
        spec={"nodeName": "n1", "readinessGates": [{"conditionType": "a"}, {"conditionType": "b"}]},
        podIPs=[{"ip": "10.0.0.1"}, {"ip": "fd00::1"}],
        nominatedNodeName="n2",
        conditions=[{"type": "a", "status": "True"}, {"type": "b", "status": "False"}],
    )
    assert pod_row(subject, NOW)[5:] == ["10.0.0.1", "n1", "n2", "1/2"]


def test_rows_of_pods_that_ended_carry_a_condition() -> None:
    assert pod_row_conditions(pod("Running")) == []
    assert pod_row_conditions(pod("Failed"))[0]["reason"] == "Failed"
