"""Worker processes: each does one task after another, is killed when a task takes too long, and is then replaced.

The wall clock here is only the backstop; what decides about points is the budget of simulated steps. Tasks and replies
travel as JSON: nothing that comes from a worker is ever unpickled.
"""

from __future__ import annotations

import json
import multiprocessing
import queue
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Protocol

from k8scourse.grading.judging import Reply, Task, perform

SECONDS = 30.0
"""How long one task may take on the wall clock. The slowest answers of the course take a tenth of a second."""

MOST_MEMORY = 2 * 1024**3
"""Bytes of address space of a worker, where the system can limit it."""

_STARTING = 60.0
"""How many seconds a process may take to start."""

_READY = b"ready"

Perform = Callable[[Task], Reply]


class TookTooLong(Exception):
    """The task was stopped on the wall clock."""


class WorkerDied(Exception):
    """The worker ended in the middle of the task, as a process does whose memory the system takes back."""


class WorkerCannotStart(Exception):
    """No worker process can be started: nothing can be graded here."""


class WorkersClosed(Exception):
    """The workers were closed, because the user interrupted the grading."""


class Performer(Protocol):
    """What does a task: a worker process, or a plain call in tests."""

    def call(self, task: Task) -> Reply:
        """The reply to *task*. Raises TookTooLong, WorkerDied, WorkerCannotStart, WorkersClosed."""
        ...


class Worker:
    """One worker process, started at the first task and again whenever it was killed."""

    def __init__(self, seconds: float = SECONDS, *, perform: Perform = perform) -> None:
        self.seconds = seconds
        self._perform = perform
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._closed = False

    def call(self, task: Task) -> Reply:
        """The reply of the process. Raises TookTooLong, WorkerDied, WorkerCannotStart, WorkersClosed."""
        connection = self._started()
        try:
            connection.send_bytes(json.dumps(task).encode())
            if not connection.poll(self.seconds):
                raise TookTooLong(f"{self.seconds:g} seconds")
            return json.loads(connection.recv_bytes())
        except (EOFError, OSError) as error:
            self._kill()
            if self._closed:
                raise WorkersClosed from error
            raise WorkerDied from error
        except TookTooLong:
            self._kill()
            raise

    def interrupt(self) -> None:
        """End the process, whatever it does: a call in another thread that waits for it raises WorkersClosed."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process and give back what it held. No other thread may wait for it."""
        self._closed = True
        self._kill()

    def _started(self) -> Connection:
        if self._closed:
            raise WorkersClosed
        if self._connection is None:
            self._connection, self._process = _start(self._perform)
        return self._connection

    def _kill(self) -> None:
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if process is not None:
            process.kill()
            process.join()
        if connection is not None:
            connection.close()


def _start(perform: Perform) -> tuple[Connection, BaseProcess]:
    # A fresh interpreter: forking a process that has threads is not safe, and macOS does not do it at all.
    context = multiprocessing.get_context("spawn")
    own, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, perform), daemon=True)
    process.start()
    theirs.close()
    if _is_ready(own):
        return own, process
    process.kill()
    process.join()
    own.close()
    raise WorkerCannotStart(f"worker processes do not start (exit code {process.exitcode})")


def _is_ready(connection: Connection) -> bool:
    try:
        return connection.poll(_STARTING) and connection.recv_bytes() == _READY
    except (EOFError, OSError):
        return False


def _serve(connection: Connection, perform: Perform) -> None:
    """The life of a worker process: one reply per task, until its owner hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the owner, who ends this process
    _limit_memory()
    connection.send_bytes(_READY)
    while True:
        try:
            task = json.loads(connection.recv_bytes())
        except EOFError:
            return
        connection.send_bytes(json.dumps(perform(task)).encode())


def _limit_memory() -> None:
    if sys.platform != "linux":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = MOST_MEMORY if most == resource.RLIM_INFINITY else min(MOST_MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))


class Workers:
    """Some workers, of which each thread borrows one."""

    def __init__(self, count: int, seconds: float = SECONDS, *, perform: Perform = perform) -> None:
        self._all = [Worker(seconds, perform=perform) for _ in range(count)]
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in self._all:
            self._idle.put(worker)

    @contextmanager
    def borrow(self) -> Iterator[Worker]:
        """A worker that nobody else uses meanwhile."""
        worker = self._idle.get()
        try:
            yield worker
        finally:
            self._idle.put(worker)

    def interrupt(self) -> None:
        """End all processes, whatever they do."""
        for worker in self._all:
            worker.interrupt()

    def close(self) -> None:
        """End all processes, when nobody uses them any more."""
        for worker in self._all:
            worker.close()
