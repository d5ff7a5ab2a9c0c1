from pathlib import Path

from k8scourse.course.workspace import copy_course


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, name: str) -> str:
    return (folder / f"{name}.ipynb").read_text(encoding="utf-8")


def test_chapters_are_copied_and_a_second_time_nothing_happens(tmp_path: Path) -> None:
    course, work = write(tmp_path / "course", a="1", b="1"), tmp_path / "work"
    assert copy_course(course, work).added == ("a.ipynb", "b.ipynb")
    again = copy_course(course, work)
    assert (again.added, again.updated, again.kept) == ((), (), ())


def test_what_the_learner_changed_is_never_overwritten(tmp_path: Path) -> None:
    course, work = write(tmp_path / "course", a="1"), tmp_path / "work"
    copy_course(course, work)
    write(work, a="mine")
    write(course, a="2")
    assert copy_course(course, work).kept == ("a.ipynb",)
    assert read(work, "a") == "mine"


def test_an_untouched_copy_follows_the_course(tmp_path: Path) -> None:
    course, work = write(tmp_path / "course", a="1"), tmp_path / "work"
    copy_course(course, work)
    write(course, a="2")
    assert copy_course(course, work).updated == ("a.ipynb",)
    assert read(work, "a") == "2"


def test_changes_alone_are_not_worth_a_word(tmp_path: Path) -> None:
    course, work = write(tmp_path / "course", a="1"), tmp_path / "work"
    copy_course(course, work)
    write(work, a="mine")
    assert copy_course(course, work).kept == ()


def test_a_file_of_the_learner_under_a_coming_chapters_name_stays(tmp_path: Path) -> None:
    course, work = write(tmp_path / "course", a="1"), write(tmp_path / "work", a="mine")
    assert copy_course(course, work).kept == ("a.ipynb",)
    assert read(work, "a") == "mine"
