"""One learner's report as an HTML page of its own: no script, nothing loaded, every text of the learner escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from k8scourse.course.exercise import Exercise
from k8scourse.course.feedback import place
from k8scourse.course.roster import Learner
from k8scourse.grading.grades import Grade, LearnerGrades
from k8scourse.grading.html import Html, document, element
from k8scourse.grading.submissions import Trouble

_SIGNS = {"right": "✔", "wrong": "✘", "waiting": "○", "unanswered": "○"}
_WORDS = {"right": "right", "wrong": "wrong", "waiting": "not yet judged", "unanswered": "no answer"}
_ROWS = (("why", "Why"), ("misconception", "Think of"))


def report(record: LearnerGrades, person: Learner, exercises: Mapping[str, Exercise]) -> str:
    """The page for *record*; *exercises* gives the titles."""
    named = person.name or person.id
    return document(
        f"{named}: {record.earned} of {record.points} points",
        _style(),
        element("h1", named),
        element("p", person.id, class_="facts") if person.name else None,
        element("p", element("strong", f"{record.earned} of {record.points} points"), _open(record)),
        _overview(record.grades, exercises),
        _troubles(record.troubles),
        [_section(grade, exercises) for grade in record.grades if grade.status != "missing"],
    )


@cache
def _style() -> str:
    return resources.files("k8scourse.grading").joinpath("report.css").read_text("utf-8")


def _open(record: LearnerGrades) -> str:
    count = len(record.open)
    if not count:
        return ""
    return f"; {count} {'answer is' if count == 1 else 'answers are'} not in it yet, because nobody has judged them"


# the overview


def _overview(grades: Sequence[Grade], exercises: Mapping[str, Exercise]) -> Html:
    rows = [
        element(
            "tr",
            element("th", _link(grade, exercises), scope="row"),
            element("td", _status(grade), class_="short"),
            element("td", _points(grade), class_="number"),
            element("td", grade.reason),
        )
        for grade in grades
    ]
    header = [element("th", text, scope="col") for text in ("Exercise", "Status", "Points", "First thing to look at")]
    caption = element("caption", "All exercises")
    return element("table", caption, element("thead", element("tr", header)), element("tbody", rows))


def _link(grade: Grade, exercises: Mapping[str, Exercise]) -> Html | str:
    title = _title(grade, exercises)
    return title if grade.status == "missing" else element("a", title, href=f"#{_anchor(grade)}")


def _anchor(grade: Grade) -> str:
    return grade.exercise.replace("/", "-")


def _title(grade: Grade, exercises: Mapping[str, Exercise]) -> str:
    exercise = exercises.get(grade.exercise)
    return exercise.title if exercise else grade.exercise


def _status(grade: Grade) -> Html:
    if grade.earned is None:
        return element("span", f"○ {grade.status}", class_="open")
    if grade.status == "missing":
        return element("span", "○ missing", class_="wrong")
    if grade.earned == grade.points:
        return element("span", "✔ complete", class_="right")
    return element("span", "◐ partly right" if grade.earned else "✘ not right", class_="wrong")


def _points(grade: Grade) -> str:
    return f"{'–' if grade.earned is None else grade.earned} of {grade.points}"


def _troubles(troubles: Sequence[Trouble]) -> Html | None:
    if not troubles:
        return None
    items = [
        element("li", element("code", trouble.file) if trouble.file else None, f" {trouble.reason}")
        for trouble in troubles
    ]
    return element(
        "section",
        element("h2", "What could not be used", id="troubles"),
        element("ul", items),
        aria_labelledby="troubles",
    )


# one exercise


def _section(grade: Grade, exercises: Mapping[str, Exercise]) -> Html:
    anchor = _anchor(grade)
    return element(
        "section",
        element("h2", _title(grade, exercises), id=anchor),
        element("p", _status(grade), f", {_points(grade)} points"),
        element("p", grade.reason) if grade.result is None and grade.reason else None,
        element("p", grade.remark) if grade.remark else None,
        list(_judged(grade.result)) if grade.result else None,
        element("p", _facts(grade), class_="facts"),
        aria_labelledby=anchor,
    )


def _facts(grade: Grade) -> str:
    simulator = f", k8scourse {grade.result['simulator']}" if grade.result else ""
    return f"{grade.notebook}: {grade.exercise}, version {grade.version}, variant {grade.variant}{simulator}"


def _judged(result: Mapping[str, Any]) -> Iterator[Html]:
    for problem in [*filter(None, [result["problem"]]), *result["notes"]]:
        yield _problem(problem)
    if result["problem"]:
        return
    header = [element("th", text, scope="col") for text in ("Check", "Verdict", "Points", "Feedback")]
    rows = [_check(check) for check in result["checks"]]
    caption = element("caption", "What was checked")
    yield element("table", caption, element("thead", element("tr", header)), element("tbody", rows))
    wrong = next((check for check in result["checks"] if check["verdict"] == "wrong"), None)
    if wrong is not None:
        yield _first_thing(wrong)


def _problem(problem: Mapping[str, Any]) -> Html:
    where = _place(problem)
    return element(
        "div",
        element("p", element("strong", f"{problem['trouble'].capitalize()}{', ' if where else ''}{where}")),
        element("pre", problem["text"]),
        element("p", problem["remedy"]) if problem["remedy"] else None,
    )


def _place(item: Mapping[str, Any]) -> str:
    return "" if item["line"] is None else place(item["part"], item["line"], item.get("quoted", ""))


def _check(check: Mapping[str, Any]) -> Html:
    verdict = check["verdict"]
    word = element("span", f"{_SIGNS[verdict]} {_WORDS[verdict]}", class_="right" if verdict == "right" else "wrong")
    return element(
        "tr",
        element("th", element("code", check["id"]), scope="row"),
        element("td", word, class_="short"),
        element("td", f"{check['earned']} of {check['points']}", class_="number"),
        element("td", check["sentence"] if verdict in ("right", "wrong") else ""),
    )


def _first_thing(check: Mapping[str, Any]) -> Html:
    labels = [label.capitalize() for label in check.get("labels", ("expected", "found"))]
    shown = [("Look at", _place(check)), *zip(labels, (check["expected"], check["found"]), strict=True)]
    shown += [(label, check[key]) for key, label in _ROWS]
    rows = [
        element("tr", element("th", label, scope="row", class_="label"), element("td", _shown(text.rstrip())))
        for label, text in shown
        if text
    ]
    return element(
        "table", element("caption", "First thing to fix: ", element("code", check["id"])), element("tbody", rows)
    )


def _shown(text: str) -> Html | str:
    """What has lines or columns of its own keeps them."""
    return element("pre", text) if "\n" in text or "  " in text else text
