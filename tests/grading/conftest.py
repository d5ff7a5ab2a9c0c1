from pathlib import Path

import pytest

from k8scourse.grading.judging import Reply, Task, perform
from tests.grading.classes import make_exercises


class InProcess:
    """Does tasks where it stands, and counts them."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def call(self, task: Task) -> Reply:
        self.calls.append(task["do"])
        return perform(task)


@pytest.fixture
def here() -> InProcess:
    return InProcess()


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the two exercises of `classes`."""
    return make_exercises(tmp_path_factory.mktemp("course") / "exercises")


@pytest.fixture(autouse=True)
def no_leftovers() -> None:
    assert not Path("owned-by-an-answer").exists()
