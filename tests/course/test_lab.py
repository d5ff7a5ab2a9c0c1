import json
import os
from pathlib import Path

import pytest

from k8scourse.course import lab
from k8scourse.course.content import content_dir
from k8scourse.course.lab import fill, lab_command


def test_the_lab_opens_on_the_first_chapter(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    for name in ("03-taints-and-tolerations.ipynb", "00-start.ipynb"):
        (tmp_path / "notebooks" / name).touch()
    assert "--LabApp.default_url=/lab/tree/notebooks/00-start.ipynb" in lab_command(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are user ids on Unix only")
@pytest.mark.parametrize(("uid", "allowed"), [(0, True), (1000, False)])
def test_root_is_allowed_only_for_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uid: int, allowed: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    assert ("--allow-root" in lab_command(tmp_path)) is allowed


def test_the_checkout_has_its_chapters() -> None:
    assert content_dir("notebooks").is_dir()


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of one chapter and one exercise."""
    folder = tmp_path / "course"
    for name in ("notebooks/00-start.ipynb", "exercises/taints/gpu/gpu.ipynb"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text("{}", encoding="utf-8")
    for name in ("exercise.yaml", "solution.yaml"):
        (folder / "exercises" / "taints" / "gpu" / name).write_text("secret", encoding="utf-8")
    monkeypatch.setattr(lab, "content_dir", lambda name: folder / name)
    return folder


def test_the_working_folder_holds_chapters_and_exercises_but_no_solution(course: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    assert fill(work) == []
    found = {path.relative_to(work).as_posix() for path in work.rglob("*.*") if path.is_file()}
    assert found - {"notebooks/.k8scourse.json", "exercises/.k8scourse.json"} == {
        "notebooks/00-start.ipynb",
        "exercises/taints/gpu/gpu.ipynb",
    }


def test_the_lab_says_which_files_keep_the_learners_changes(course: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    fill(work)
    for folder in (work, course):
        (folder / "notebooks" / "00-start.ipynb").write_text(
            json.dumps({"metadata": {"changed": str(folder)}}), encoding="utf-8"
        )
    assert fill(work) == [
        f"{work}/notebooks/00-start.ipynb keeps your changes; "
        f"the course's own version is {course}/notebooks/00-start.ipynb"
    ]
