"""What counts as handed in, and what is passed over."""

import os
from pathlib import Path

import pytest

from k8scourse.grading.notebooks import UnreadableNotebook
from k8scourse.grading.submissions import MOST_NOTEBOOKS, find_submissions, fingerprint, read_file


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}", "utf-8")
    return path


def found(folder: Path, **options) -> dict[str, list[str]]:
    return {item.learner: [item.shown(path) for path in item.notebooks] for item in find_submissions(folder, **options)}


def test_folders_and_single_notebooks_belong_to_their_learner(tmp_path) -> None:
    for name in ("ada/a.ipynb", "ada/deep/er/b.ipynb", "ada/notes.txt", "bob.ipynb", "readme.txt", "ada.ipynb"):
        touch(tmp_path / name)
    assert found(tmp_path) == {"ada": ["ada/a.ipynb", "ada/deep/er/b.ipynb", "ada.ipynb"], "bob": ["bob.ipynb"]}


def test_checkpoints_hidden_folders_and_the_grades_are_left_out(tmp_path) -> None:
    for name in ("ada/.ipynb_checkpoints/a.ipynb", ".git/x.ipynb", "grades/x.ipynb"):
        touch(tmp_path / name)
    assert found(tmp_path, leave_out=tmp_path / "grades") == {"ada": []}


def test_links_are_never_followed(tmp_path) -> None:
    outside = touch(tmp_path / "outside" / "secret.ipynb")
    top = tmp_path / "top"
    (top / "ada").mkdir(parents=True)
    (top / "ada" / "a.ipynb").symlink_to(outside)
    (top / "ada" / "folder").symlink_to(outside.parent)
    (top / "bob").symlink_to(outside.parent)
    (top / "cyd.ipynb").symlink_to(outside)
    submissions = find_submissions(top)
    assert [item.learner for item in submissions] == ["ada", "bob", "cyd"]
    for item in submissions:
        assert item.notebooks == ()
        assert all("is a link" in trouble.reason for trouble in item.troubles)
    with pytest.raises(UnreadableNotebook):
        read_file(top / "cyd.ipynb")


def test_pipes_and_folders_named_like_notebooks_are_no_notebooks(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe.ipynb")
    with pytest.raises(UnreadableNotebook, match="is no ordinary file"):
        read_file(tmp_path / "pipe.ipynb")
    touch(tmp_path / "folder.ipynb" / "a.ipynb")
    assert found(tmp_path)["folder.ipynb"] == ["folder.ipynb/a.ipynb"]


def test_too_many_notebooks_and_very_deep_folders_end_somewhere(tmp_path) -> None:
    for number in range(MOST_NOTEBOOKS + 3):
        touch(tmp_path / "ada" / f"{number:04}.ipynb")
    touch(tmp_path / "bob" / Path(*["d"] * 200) / "x.ipynb")
    ada, bob = find_submissions(tmp_path)
    assert len(ada.notebooks) == MOST_NOTEBOOKS
    assert len(ada.troubles) == 3
    assert len(bob.notebooks) == 1


def test_names_that_are_no_text_or_move_the_cursor_become_readable(tmp_path) -> None:
    touch(tmp_path / "\x1b[2J.ipynb")
    (tmp_path / os.fsdecode(b"\xff\xfe")).mkdir()
    touch(tmp_path / "Zoe\u0308.ipynb")
    assert list(found(tmp_path)) == ["Zo\u00eb", "\\u{1b}[2J", "\\u{dcff}\\u{dcfe}"]


def test_a_fingerprint_changes_with_the_content_and_never_fails(tmp_path) -> None:
    path = touch(tmp_path / "a.ipynb")
    before = fingerprint(path)
    path.write_text("[]", "utf-8")
    assert fingerprint(path) != before
    assert fingerprint(tmp_path / "nothing").startswith("cannot be read")
