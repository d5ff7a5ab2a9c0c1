"""The gradebook: a database with the class's grades, by default an SQLite file; any that SQLAlchemy knows will do.

Grading again replaces the grades of the exercises that were graded; others stay. One transaction holds it all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    bindparam,
    create_engine,
)
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from k8scourse.course.exercise import Exercise
from k8scourse.grading.exports import People
from k8scourse.grading.grades import LearnerGrades
from k8scourse.grading.plain import canonical_json, printable

_ID = 255
_BATCH = 200

METADATA = MetaData()
LEARNERS = Table(
    "learners",
    METADATA,
    Column("id", String(_ID), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
)
EXERCISES = Table(
    "exercises",
    METADATA,
    Column("id", String(_ID), primary_key=True),
    Column("title", Text, nullable=False),
    Column("version", String(64), nullable=False),
    Column("points", Integer, nullable=False),
)
GRADES = Table(
    "grades",
    METADATA,
    Column("learner", String(_ID), ForeignKey("learners.id"), primary_key=True),
    Column("exercise", String(_ID), ForeignKey("exercises.id"), primary_key=True),
    Column("version", String(64), nullable=False),
    Column("variant", String(_ID), nullable=False),
    Column("simulator", String(64)),
    Column("status", String(32), nullable=False),
    Column("earned", Integer),
    Column("points", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Column("notebook", Text, nullable=False),
    Column("result", Text),
)
CHECKS = Table(
    "checks",
    METADATA,
    Column("learner", String(_ID), primary_key=True),
    Column("exercise", String(_ID), primary_key=True),
    Column("id", String(_ID), primary_key=True),
    Column("verdict", String(32), nullable=False),
    Column("earned", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("misconception", Text, nullable=False),
)

Row = dict[str, Any]


class GradebookFailed(Exception):
    """The database cannot be used; the text says why in one line."""


class Gradebook:
    """A database with the tables of this module; made when they are missing."""

    def __init__(self, url: str) -> None:
        """Open the database at *url*, such as sqlite:///grades.db. Raises GradebookFailed."""
        try:
            self._engine = _engine(url)
            METADATA.create_all(self._engine)
        except (SQLAlchemyError, ModuleNotFoundError, ValueError) as error:
            raise GradebookFailed(f"gradebook: {_first_line(error)}") from error

    def write(self, records: Iterable[LearnerGrades], people: People, exercises: Sequence[Exercise]) -> None:
        """Replace what the database has on *exercises* and the learners of *records*. Raises GradebookFailed."""
        try:
            with self._engine.begin() as connection:
                _replace(connection, EXERCISES, [_exercise_row(exercise) for exercise in exercises])
                for batch in _batches(records):
                    _write_batch(connection, batch, people)
        except SQLAlchemyError as error:
            raise GradebookFailed(f"gradebook: {_first_line(error)}") from error

    def close(self) -> None:
        """Give back the database's connections."""
        self._engine.dispose()


def _engine(url: str) -> Engine:
    try:
        return create_engine(url)
    except NoSuchModuleError as error:
        raise ValueError(_first_line(error)) from error
    except ArgumentError as error:
        raise ValueError(f"{url!a} is no database URL; expected one such as sqlite:///grades.db") from error


def _first_line(error: Exception) -> str:
    origin = getattr(error, "orig", None) or error
    return str(origin).strip().partition("\n")[0]


def _batches(records: Iterable[LearnerGrades]) -> Iterator[list[LearnerGrades]]:
    left = iter(records)
    while batch := list(islice(left, _BATCH)):
        yield batch


def _write_batch(connection: Connection, batch: Sequence[LearnerGrades], people: People) -> None:
    names = [people[record.learner] for record in batch]
    grades = [row for record in batch for row in _grade_rows(record)]
    checks = [row for record in batch for row in _check_rows(record)]
    learners = [{"id": item.id, "name": printable(item.name), "email": printable(item.email)} for item in names]
    _replace(connection, LEARNERS, learners)
    _replace(connection, GRADES, grades)
    _delete(connection, CHECKS, grades, ("learner", "exercise"))
    _insert(connection, CHECKS, checks)


def _exercise_row(exercise: Exercise) -> Row:
    return {"id": exercise.id, "title": exercise.title, "version": exercise.version, "points": exercise.points}


def _grade_rows(record: LearnerGrades) -> Iterator[Row]:
    for grade in record.grades:
        yield {
            "learner": record.learner,
            "exercise": grade.exercise,
            "version": grade.version,
            "variant": grade.variant,
            "simulator": (grade.result or {}).get("simulator"),
            "status": grade.status,
            "earned": grade.earned,
            "points": grade.points,
            "reason": printable(grade.reason),
            "remark": printable(grade.remark),
            "notebook": grade.notebook,
            "result": canonical_json(grade.result) if grade.result else None,
        }


def _check_rows(record: LearnerGrades) -> Iterator[Row]:
    for grade in record.grades:
        for check in (grade.result or {}).get("checks", ()):
            facts = {key: check[key] for key in ("id", "verdict", "earned", "points", "misconception")}
            yield {"learner": record.learner, "exercise": grade.exercise, **facts}


def _replace(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Update the rows that exist and insert the others: no row that another one refers to ever goes."""
    keys = [column.name for column in table.primary_key]
    known = _known(connection, table, keys, rows)
    old = [row for row in rows if tuple(row[key] for key in keys) in known]
    if old:
        found = and_(*(table.c[key] == bindparam(f"key_{key}") for key in keys))
        values = {name: bindparam(f"to_{name}") for name in rows[0] if name not in keys}
        named = [
            {**{f"to_{name}": row[name] for name in values}, **{f"key_{key}": row[key] for key in keys}} for row in old
        ]
        connection.execute(table.update().where(found).values(values), named)
    _insert(connection, table, [row for row in rows if tuple(row[key] for key in keys) not in known])


def _known(connection: Connection, table: Table, keys: Sequence[str], rows: Sequence[Row]) -> set[tuple[Any, ...]]:
    columns = [table.c[key] for key in keys]
    wanted = sorted({row[keys[0]] for row in rows})
    query = table.select().with_only_columns(*columns).where(columns[0].in_(wanted))
    return {tuple(row) for row in connection.execute(query)}


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(table.insert(), rows)


def _delete(connection: Connection, table: Table, rows: Sequence[Row], keys: Sequence[str]) -> None:
    if rows:
        found = and_(*(table.c[key] == bindparam(f"key_{key}") for key in keys))
        connection.execute(table.delete().where(found), [{f"key_{key}": row[key] for key in keys} for row in rows])
