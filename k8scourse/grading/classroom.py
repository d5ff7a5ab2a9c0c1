"""Grades a whole class: who belongs to it, and several workers side by side. The order of work changes no grade."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from k8scourse.course.roster import Learner
from k8scourse.grading.grader import Entry, Grader
from k8scourse.grading.grades import LearnerGrades
from k8scourse.grading.journal import Journal
from k8scourse.grading.plain import label
from k8scourse.grading.submissions import Submission
from k8scourse.grading.workers import Workers


def entries_of(submissions: Sequence[Submission], roster: Sequence[Learner] | None) -> list[Entry]:
    """Everybody on the roster and everybody who handed something in, sorted; without a roster, only the latter."""
    by_label = {submission.learner: submission for submission in submissions}
    if roster is None:
        return [Entry(Learner(submission.learner), submission) for submission in submissions]
    entries = [Entry(learner, by_label.pop(label(learner.id), None)) for learner in roster]
    entries += [Entry(Learner(name), submission, on_roster=False) for name, submission in by_label.items()]
    return sorted(entries, key=lambda entry: entry.learner.id)


def grade_class(
    grader: Grader, entries: Sequence[Entry], journal: Journal, workers: Workers, jobs: int
) -> Generator[Entry, None, None]:
    """Grade *entries* with *jobs* workers at a time and write the journal; yields each entry that is done.

    Entries whose grades the journal already has come at once. Closing the iterator early ends the workers.
    """
    waiting: list[tuple[Entry, str]] = []
    for entry in entries:
        key = grader.key(entry)
        if journal.has(entry.learner.id, key):
            yield entry
        else:
            waiting.append((entry, key))
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="grading")
    try:
        yield from _work(grader, waiting, journal, workers, pool, jobs)
    finally:
        workers.interrupt()
        pool.shutdown(cancel_futures=True)
        workers.close()


def _work(
    grader: Grader,
    waiting: Sequence[tuple[Entry, str]],
    journal: Journal,
    workers: Workers,
    pool: ThreadPoolExecutor,
    jobs: int,
) -> Iterator[Entry]:
    def grade(entry: Entry) -> LearnerGrades:
        with workers.borrow() as worker:
            return grader.grade(entry, worker)

    running: dict[Future[LearnerGrades], tuple[Entry, str]] = {}
    left = iter(waiting)
    while True:
        # Only a few at a time, so that finished grades do not pile up in memory.
        while len(running) < 2 * jobs and (following := next(left, None)) is not None:
            running[pool.submit(grade, following[0])] = following
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            entry, key = running.pop(future)
            journal.add(future.result(), key)
            yield entry
