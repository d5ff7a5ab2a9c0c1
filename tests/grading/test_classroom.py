"""A whole class with everything hostile in it: each costs its own grade only, in any order and with any workers."""

import argparse
import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from k8scourse.course.roster import Learner
from k8scourse.grading import command
from k8scourse.grading.classroom import entries_of, grade_class
from k8scourse.grading.grader import Entry
from k8scourse.grading.grades import LearnerGrades
from k8scourse.grading.journal import Journal
from k8scourse.grading.submissions import Submission, find_submissions
from k8scourse.grading.workers import Workers
from tests.grading.classes import BROKEN, HOSTILE_ANSWERS, PLACE_ID, hostile_class, write
from tests.grading.test_grader import grader

SIGNS = dict.fromkeys(("gradebook.db", "class.csv", "answers.csv", "grades.jsonl", "journal.jsonl"))


def run(submissions: Path, out: Path, root: Path, *words: str) -> str:
    """`k8scourse grade`; gives what it prints."""
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    printed = io.StringIO()
    args = parser.parse_args(["grade", str(submissions), "--out", str(out), *words])
    assert command.main(args, root=root, out=printed) == 0
    return printed.getvalue()


class Graded:
    """A hostile class that was graded once."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.root, self.submissions, self.out = root, folder / "submissions", folder / "grades"
        self.earned = hostile_class(self.submissions, root)
        self.printed = run(self.submissions, self.out, root, "--jobs", "1")

    @property
    def records(self) -> dict[str, LearnerGrades]:
        lines = (self.out / "grades.jsonl").read_text("utf-8").splitlines()
        return {item.learner: item for item in map(LearnerGrades.from_dict, map(json.loads, lines))}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Graded:
    return Graded(tmp_path_factory.mktemp("class"), root)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_the_good_ones_get_their_points_among_all_the_others(graded) -> None:
    found = {name: record.earned for name, record in graded.records.items() if record.earned}
    assert found == graded.earned


def test_each_broken_notebook_has_its_reason(graded) -> None:
    for kind, (_, expected) in BROKEN.items():
        record = graded.records[f"broken-{kind}"]
        assert any(expected in trouble.reason for trouble in record.troubles), kind
        assert any(expected in grade.reason for grade in record.grades), kind


def test_each_hostile_answer_has_its_reason(graded) -> None:
    for kind in HOSTILE_ANSWERS:
        grade = graded.records[f"hostile-{kind}"].grades[0]
        assert (grade.status, grade.earned) == ("graded", 0), kind
        assert grade.reason, kind


@pytest.mark.parametrize(
    ("learner", "expected"),
    [
        ("nothing", "the folder holds no notebook"),
        ("foreign", "has no %%answer cell"),
        ("metadata", "has damaged metadata: they are no map"),
        ("damaged", "damaged metadata"),
        ("linked", "is a link"),
        ("folder-link", "is a link"),
        ("pipe", "is no ordinary file"),
        ("=1+1", "there is no such exercise"),
        ("cells", "does not say which exercise"),
    ],
)
def test_each_mishap_is_named(graded, learner: str, expected: str) -> None:
    assert any(expected in trouble.reason for trouble in graded.records[learner].troubles)


def test_an_outdated_answer_is_open(graded) -> None:
    grade = graded.records["outdated"].grades[0]
    assert (grade.status, grade.earned) == ("other version", None)
    assert next(row for row in rows(graded.out / "class.csv") if row["learner"] == "outdated")[PLACE_ID] == ""


def test_one_worker_or_two_resumed_or_not_give_the_same_bytes(graded, tmp_path) -> None:
    two = run(graded.submissions, tmp_path / "two", graded.root, "--jobs", "2")
    assert two.replace(str(tmp_path / "two"), "") == graded.printed.replace(str(graded.out), "")
    journal = tmp_path / "two" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[: journal.stat().st_size // 2])
    run(graded.submissions, tmp_path / "two", graded.root, "--jobs", "2", "--resume")
    for path in sorted(graded.out.rglob("*")):
        if path.suffix in (".csv", ".json", ".html") or path.name == "grades.jsonl":
            assert (tmp_path / "two" / path.relative_to(graded.out)).read_bytes() == path.read_bytes(), path


class Counting:
    """Grades in process and remembers whom."""

    def __init__(self, root: Path) -> None:
        self.grader = grader(root)
        self.seen: list[str] = []

    def key(self, entry: Entry) -> str:
        return self.grader.key(entry)

    def grade(self, entry: Entry, _: object) -> LearnerGrades:
        self.seen.append(entry.learner.id)
        return LearnerGrades(entry.learner.id, ())


def test_resuming_grades_only_what_is_missing_or_has_changed(tmp_path, root) -> None:
    for name in "abcd":
        write(tmp_path / "s" / f"{name}.ipynb", {"cells": []})

    def go() -> list[str]:
        counting, journal = Counting(root), Journal(tmp_path / "journal", resume=True)
        entries = entries_of(find_submissions(tmp_path / "s"), None)
        done = [entry.learner.id for entry in grade_class(counting, entries, journal, Workers(1), 1)]  # type: ignore[arg-type]
        journal.close()
        assert sorted(done) == list("abcd")
        return counting.seen

    assert go() == list("abcd")
    assert go() == []
    write(tmp_path / "s" / "c.ipynb", {"cells": [], "metadata": {}})
    assert go() == ["c"]


def test_an_interrupted_grading_keeps_what_is_done(tmp_path, root) -> None:
    for name in "abcdef":
        write(tmp_path / "s" / f"{name}.ipynb", {"cells": []})
    counting, journal = Counting(root), Journal(tmp_path / "journal", resume=False)
    entries = entries_of(find_submissions(tmp_path / "s"), None)
    working = grade_class(counting, entries, journal, Workers(1), 1)  # type: ignore[arg-type]
    first = [next(working), next(working)]
    working.close()
    journal.close()
    again = Journal(tmp_path / "journal", resume=True)
    assert all(again.has(entry.learner.id, counting.key(entry)) for entry in first)
    again.close()


def test_the_roster_says_who_belongs_to_the_class(tmp_path) -> None:
    submissions = [Submission(name, (), tmp_path) for name in ("ada", "eve")]
    entries = entries_of(submissions, [Learner("ada"), Learner("bob")])
    assert [(entry.learner.id, entry.on_roster, entry.submission is not None) for entry in entries] == [
        ("ada", True, True),
        ("bob", True, False),
        ("eve", False, True),
    ]


def test_a_roster_brings_names_missing_learners_and_variants(tmp_path, graded) -> None:
    (tmp_path / "roster.csv").write_text('learner,name\nada,"=HYPERLINK(""evil"")"\nbob,<script>x</script>\n', "utf-8")
    (tmp_path / "secret").write_text("a secret that is long enough", "utf-8")
    words = ["--roster", str(tmp_path / "roster.csv"), "--secret-file", str(tmp_path / "secret"), "--jobs", "1"]
    run(graded.submissions, tmp_path / "out", graded.root, *words)
    found = {row["learner"]: row for row in rows(tmp_path / "out" / "class.csv")}
    assert found["ada"]["name"] == '\'=HYPERLINK("evil")'
    assert (found["bob"]["earned"], found["bob"]["troubles"]) == ("0", "nothing was handed in")
    assert found["zoe"]["troubles"] == "is not on the roster; nothing was graded"
    page = (tmp_path / "out" / "reports" / "bob.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page


# the files


def test_no_cell_of_a_csv_file_is_a_formula_and_every_row_is_whole(graded) -> None:
    for name in ("class.csv", "answers.csv"):
        found = rows(graded.out / name)
        assert found
        for row in found:
            assert None not in row and None not in row.values()
            assert not any(value.lstrip().startswith(("=", "+", "-", "@")) for value in row.values())
    data = (graded.out / "class.csv").read_bytes()
    assert data.count(b"\r\n") == len(graded.records) + 1
    assert b"\x1b" not in data


def test_the_gradebook_has_a_row_per_learner_and_exercise(graded) -> None:
    database = sqlite3.connect(graded.out / "gradebook.db")
    count = database.execute("select count(*), sum(earned), sum(earned is null) from grades").fetchone()
    expected = [grade for record in graded.records.values() for grade in record.grades]
    open_grades = sum(grade.earned is None for grade in expected)
    assert count == (len(expected), sum(graded.earned.values()), open_grades)
    verdict = "select verdict, earned from checks where learner = 'ada' and exercise = ? and id = 'place'"
    assert database.execute(verdict, [PLACE_ID]).fetchall() == [("right", 2)]
    assert database.execute("select count(*) from learners").fetchone() == (len(graded.records),)
    database.close()


def test_grading_again_replaces_and_doubles_nothing(graded, tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/book.db"
    counts = []
    for number in range(2):
        run(graded.submissions, tmp_path / str(number), graded.root, "--gradebook", url, "--jobs", "1")
        database = sqlite3.connect(tmp_path / "book.db")
        counts.append(
            [database.execute(f"select count(*) from {t}").fetchone() for t in ("learners", "grades", "checks")]
        )
        database.close()
    assert counts[0] == counts[1]


def test_every_report_has_a_name_of_its_own_inside_the_folder(graded) -> None:
    pages = sorted(path.name for path in (graded.out / "reports").iterdir())
    assert len(pages) == 2 * len(graded.records)
    assert len({name.lower() for name in pages}) == len(pages)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9._-]*\.(html|json)", name) for name in pages)


class Reader(HTMLParser):
    """Notes what a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        values = dict(attrs)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values["href"] or ""] if "href" in values else []
        assert not any(name.startswith("on") for name in values)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_reports_run_nothing_load_nothing_and_are_well_formed(graded) -> None:
    for path in (graded.out / "reports").glob("*.html"):
        text = path.read_text("utf-8")
        reader = Reader()
        reader.feed(text)
        assert reader.open == []
        assert not {"script", "img", "link", "iframe", "object", "form"} & set(reader.tags)
        assert "\x1b" not in text and "\x00" not in text
        assert "url(" not in text and "@import" not in text
        assert {link.removeprefix("#") for link in reader.links} <= set(reader.ids)
        assert reader.tags.count("h1") == 1
        assert reader.tags.count("caption") == reader.tags.count("table")
        assert 'lang="en"' in text


def test_the_table_shows_points_and_reasons_and_no_markup_of_learners(graded) -> None:
    assert "3 of 4" in graded.printed
    assert "<b>bold" in graded.printed
    assert "\x1b" not in graded.printed
    assert f"{len(graded.records)} learners, 2 exercises; digest " in graded.printed


def test_the_answers_file_says_by_what_each_was_judged(graded) -> None:
    row = next(row for row in rows(graded.out / "answers.csv") if row["learner"] == "ada")
    assert (row["exercise"], row["variant"], row["earned"], row["points"]) == (PLACE_ID, "self-study", "3", "3")
    assert row["notebook"] == "ada/work/x.ipynb"


def test_nothing_half_written_stays(graded) -> None:
    assert not list(graded.out.rglob("*.part"))
    assert {path.name for path in graded.out.iterdir()} == {*SIGNS, "reports"}


def test_the_order_of_work_changes_no_grade(graded, tmp_path) -> None:
    entries = entries_of(find_submissions(graded.submissions), None)
    journal = Journal(tmp_path / "journal", resume=False)
    backwards = [entry for entry in reversed(entries) if entry.learner.id != "broken-huge"]
    for _ in grade_class(grader(graded.root), backwards, journal, Workers(2), 2):
        pass
    found = {record.learner: record for record in journal.read([entry.learner.id for entry in backwards])}
    journal.close()
    assert found == {name: record for name, record in graded.records.items() if name != "broken-huge"}


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_hash_seed_of_python_changes_no_byte(graded, tmp_path, seed: str) -> None:
    code = (
        "import argparse, pathlib, sys; from k8scourse.grading import command\n"
        "parser = argparse.ArgumentParser(); command.add_parser(parser.add_subparsers())\n"
        "sys.exit(command.main(parser.parse_args(sys.argv[2:]), root=pathlib.Path(sys.argv[1])))"
    )
    words = ["grade", str(graded.submissions), "--out", str(tmp_path), "--jobs", "1"]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    subprocess.run(
        [sys.executable, "-c", code, str(graded.root), *words], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    assert (tmp_path / "grades.jsonl").read_bytes() == (graded.out / "grades.jsonl").read_bytes()
