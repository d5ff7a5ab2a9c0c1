"""Worker processes: killed when they take too long or die, and replaced."""

import os
import threading
import time

import pytest

from k8scourse.grading.judging import Reply, Task, checking, perform, reading
from k8scourse.grading.workers import (
    MOST_MEMORY,
    TookTooLong,
    Worker,
    WorkerCannotStart,
    WorkerDied,
    Workers,
    WorkersClosed,
)
from tests.grading.classes import answer, notebook, place, right_pod, write


def act(task: Task) -> Reply:
    """What the worker of these tests does."""
    if task["do"] == "hang":
        while True:
            time.sleep(60)
    if task["do"] == "die":
        os._exit(1)
    if task["do"] == "eat":
        return {"eaten": len(bytes(MOST_MEMORY * 2))}
    return {"pid": os.getpid()}


@pytest.fixture(scope="module")
def worker():
    found = Worker(perform=act)
    yield found
    found.close()


def test_one_process_does_many_tasks(worker) -> None:
    pids = {worker.call({"do": "pid"})["pid"] for _ in range(3)}
    assert len(pids) == 1
    assert pids != {os.getpid()}


def test_a_task_that_takes_too_long_is_killed_and_the_worker_replaced(worker) -> None:
    before = worker.call({"do": "pid"})["pid"]
    worker.seconds = 0.2
    with pytest.raises(TookTooLong, match=r"0\.2 seconds"):
        worker.call({"do": "hang"})
    worker.seconds = 30.0
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    assert worker.call({"do": "pid"})["pid"] != before


def test_a_worker_that_dies_is_replaced(worker) -> None:
    with pytest.raises(WorkerDied):
        worker.call({"do": "die"})
    assert worker.call({"do": "pid"})["pid"]


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="only Linux limits the address space")
def test_a_worker_has_no_more_memory_than_it_may(worker) -> None:
    with pytest.raises(WorkerDied):
        worker.call({"do": "eat"})


class Unstartable:
    """Something that no other process can read."""

    def __reduce__(self) -> tuple:
        return (os._exit, (3,))

    def __call__(self, task: Task) -> Reply:
        return {}


def test_workers_that_never_start_are_nobodys_bad_grade() -> None:
    with pytest.raises(WorkerCannotStart, match="exit code 3"):
        Worker(perform=Unstartable()).call({"do": "pid"})


def test_an_interruption_ends_a_call_in_another_thread() -> None:
    workers = Workers(1, perform=act)
    caught: list[BaseException] = []
    begun = threading.Event()

    def work() -> None:
        with workers.borrow() as worker:
            worker.call({"do": "pid"})
            begun.set()
            try:
                worker.call({"do": "hang"})
            except WorkersClosed as error:
                caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait(30)
    workers.interrupt()
    thread.join(30)
    workers.close()
    assert len(caught) == 1


def test_a_defect_while_checking_becomes_a_reply(root, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("k8scourse.grading.judging.check_answer", broken)
    reply = perform(checking(place(root), "s", {}, 100))
    assert reply["trouble"].startswith("a defect of k8scourse: ZeroDivisionError (")


def test_running_out_of_memory_becomes_a_reply(root, monkeypatch) -> None:
    def hungry(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("k8scourse.grading.judging.check_answer", hungry)
    assert perform(checking(place(root), "s", {}, 100)) == {"trouble": "needs more memory than one answer may have"}


def test_the_budget_of_steps_decides_before_any_clock(root) -> None:
    exercise = place(root)
    task = checking(exercise, "s", {"": right_pod(exercise, "s")}, 20)
    assert perform(task)["result"]["problem"]["trouble"] == "too long"
    assert perform(task) == perform(task)


def test_an_exercise_that_changes_meanwhile_is_not_judged_by_the_wrong_rules(root) -> None:
    task = {**checking(place(root), "s", {}, 100), "version": "other"}
    assert "RuntimeError" in perform(task)["trouble"]


def test_names_that_are_no_text_reach_the_worker(tmp_path) -> None:
    path = write(tmp_path / os.fsdecode(b"\xff.ipynb"), notebook(answer("a/b", "x")))
    assert perform(reading(path))["answers"] == {"a/b": {"": "x"}}
