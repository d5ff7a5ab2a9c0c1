"""How benchmarks measure and print: each figure with its goal and its ratio to a reference in the same run."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure."""

    name: str
    seconds: float
    goal: float
    reference: str
    reference_seconds: float

    def line(self) -> str:
        """The figure as a line of the report."""
        verdict = "ok  " if self.seconds <= self.goal else "MISS"
        ratio = self.seconds / self.reference_seconds if self.reference_seconds else float("inf")
        return (
            f"{verdict} {self.name:<52} {duration(self.seconds):>9}  goal {duration(self.goal):>9}  "
            f"{ratio:8.2f} x {self.reference} ({duration(self.reference_seconds)})"
        )


def duration(seconds: float) -> str:
    """Seconds as people read them."""
    return f"{seconds * 1000:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"


def best_of(times: int, work: Callable[[], object]) -> float:
    """The CPU seconds of the cheapest of *times* runs of *work*: what other programs do does not count."""
    found: list[float] = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def program(code: str, times: int = 5) -> float:
    """The shortest time that a fresh Python takes to run *code*, in seconds."""
    found: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        found.append(time.perf_counter() - start)
    return min(found)


def report(figures: list[Figure]) -> int:
    """Print the figures; 1 if one misses its goal."""
    for figure in figures:
        print(figure.line())
    return int(any(figure.seconds > figure.goal for figure in figures))
