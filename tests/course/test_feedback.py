"""Feedback: the same facts as text and as HTML, with nothing of the answer taken for markup."""

from __future__ import annotations

from html.parser import HTMLParser

from k8scourse.course.result import CheckResult, Problem, Result


def result(*checks: CheckResult, problem: Problem | None = None, notes: tuple[Problem, ...] = ()) -> Result:
    return Result("taints/x", "abc", "1", "0.1.0", checks, problem, notes)


RIGHT = CheckResult("lands", "right", 3, "It lands.")
WRONG = CheckResult(
    "stays",
    "wrong",
    2,
    "It leaves.",
    "exists: {kind: Pod}",
    "there is no Pod p",
    "evicted\n  by n1",
    "",
    7,
    "A myth.",
    "- key: a",
)
WAITING = CheckResult("later", "waiting", 1, "Not seen.")


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_text_names_the_first_thing_that_fails() -> None:
    assert str(result(RIGHT, WRONG, WAITING)) == (
        "taints/x: 3 of 6 points\n"
        "  ✔ 3/3 lands: It lands.\n"
        "  ✘ 0/2 stays: It leaves.\n"
        "  ○ 0/1 later: not yet judged.\n"
        "\n"
        "First thing to fix: stays\n"
        "  look at:  line 8 (`- key: a`)\n"
        "  expected: exists: {kind: Pod}\n"
        "  found:    there is no Pod p\n"
        "  why:      evicted\n"
        "              by n1\n"
        "  think of: A myth."
    )


def test_a_problem_is_told_instead_of_checks() -> None:
    problem = Problem("unreadable", "mapping values", "node", 3, "quote it")
    assert str(result(WAITING, problem=problem)) == (
        "taints/x: 0 of 1 points\nThe answer cannot be read, line 4 of part node:\n  mapping values (quote it)"
    )


def test_what_to_do_follows_a_problem_of_several_lines() -> None:
    problem = Problem("refused", "a\nb", "", 3, "quote it", "- key a")
    assert str(result(WAITING, problem=problem)).endswith(
        "The API server refuses the answer, line 4 (`- key a`):\n  a\n  b\n  (quote it)"
    )


def test_a_prediction_is_told_beside_what_happened() -> None:
    check = CheckResult("a", "wrong", 1, "No.", "It stays.", "it is on n1", labels=("you predicted", "it happened"))
    assert str(result(check)).endswith("  you predicted: It stays.\n  it happened:   it is on n1")
    assert "you predicted</th>" in result(check)._repr_html_()


def test_notes_follow_the_checks() -> None:
    notes = (Problem("refused", "error: a\nmore", "", 2), Problem("missing", "this part has no answer yet", "pod"))
    assert str(result(RIGHT, notes=notes)).endswith(
        "A command failed, line 3:\n  error: a\n  more\n\nA part is missing, part pod:\n  this part has no answer yet"
    )


def test_the_html_is_well_formed_and_says_verdicts_in_words() -> None:
    html = result(RIGHT, WRONG, WAITING)._repr_html_()
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    assert html.startswith('<section role="status" aria-label="taints/x: 3 of 6 points">')
    for words in (
        "<strong>right</strong>, 3 of 3",
        "<strong>wrong</strong>, 0 of 2",
        "<strong>not yet judged</strong>",
    ):
        assert words in html
    assert '<th scope="row"' in html and "<caption>" in html


def test_nothing_of_an_answer_becomes_markup() -> None:
    evil = "<script>alert(1)</script>\"'&"
    check = CheckResult("a", "wrong", 1, evil, evil, evil, evil, evil, 1, evil)
    for shown in (
        result(check, notes=(Problem("refused", evil, evil, 1, evil),))._repr_html_(),
        result(check, problem=Problem("refused", evil, evil, 1, evil))._repr_html_(),
    ):
        assert "<script" not in shown
        assert "&lt;script&gt;" in shown


def test_results_show_as_their_feedback_in_a_notebook() -> None:
    class Printer:
        shown = ""

        def text(self, words: str) -> None:
            self.shown += words

    printer = Printer()
    found = result(RIGHT)
    found._repr_pretty_(printer, False)
    assert printer.shown == str(found)
