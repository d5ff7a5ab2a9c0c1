"""Answers are data: what is read, what is refused, and with which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from k8scourse.course.answers import (
    DRAIN_TIMEOUT,
    LONGEST,
    MOST_LINES,
    Unreadable,
    choices_of,
    commands_of,
    is_empty,
)
from k8scourse.course.exercise import Check, Option, Part
from k8scourse.course.result import Problem

MANIFEST = Part("", "manifest", kinds=("Pod", "Deployment"))
KUBECTL = Part("", "kubectl", verbs=("taint", "drain", "get", "label"))
CHOICE = Part("", "choice")


def question(name: str, *options: str) -> Check:
    shown = tuple(Option(option, option, "", (), ()) for option in options)
    return Check(name, 1, "r", "w", (), "", (), (), "Which?", shown, ())


def problem(part: Part, text: str) -> Problem:
    with pytest.raises(Unreadable) as caught:
        commands_of(part, text)
    return caught.value.problem


def test_a_manifest_becomes_one_apply() -> None:
    [command] = commands_of(MANIFEST, "kind: Pod\n")
    assert (command.text, command.stdin) == ("apply -f -", "kind: Pod\n")


def test_bad_yaml_is_one_sentence_with_the_line() -> None:
    found = problem(MANIFEST, "kind: Pod\nspec:\n  a: b: c\n")
    assert (found.trouble, found.line) == ("unreadable", 3)
    assert "mapping values are not allowed" in found.text
    assert found.remedy


@pytest.mark.parametrize("kind", ["Node", "ClusterRole", "List2"])
def test_a_kind_that_the_exercise_does_not_ask_for_is_refused(kind: str) -> None:
    """Else an answer could take the taint off the node instead."""
    found = problem(MANIFEST, f"kind: Pod\n---\napiVersion: v1\nkind: {kind}\n")
    assert found.text == f"a {kind} is not part of this answer"
    assert found.line == 4
    assert found.remedy == "write a Pod or a Deployment"


def test_the_items_of_a_list_are_looked_at_too() -> None:
    assert "a Node is not part of this answer" in problem(MANIFEST, "kind: List\nitems:\n- kind: Node\n").text


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_a_manifest_without_an_object_is_refused(text: str) -> None:
    assert problem(MANIFEST, text).text == "the answer has no object"


def test_a_manifest_that_is_no_map_is_refused() -> None:
    assert problem(MANIFEST, "just words\n").text == "this is no object"


def test_kubectl_lines_are_read_one_by_one() -> None:
    text = (
        "# first\nkubectl taint nodes n1 a=b:NoSchedule\n\n$ kubectl get nodes # look\nlabel nodes n1 \\\n  a='b c'\n"
    )
    commands = commands_of(KUBECTL, text)
    assert [(command.line, command.text) for command in commands] == [
        (2, "taint nodes n1 a=b:NoSchedule"),
        (4, "get nodes"),
        (5, "label nodes n1 'a=b c'"),
    ]


def test_a_drain_without_a_timeout_gets_one() -> None:
    """A budget that lets nobody go would make it wait for ever."""
    [command] = commands_of(KUBECTL, "kubectl drain n1")
    assert command.words == ("drain", "n1", f"--timeout={DRAIN_TIMEOUT}")
    [command] = commands_of(KUBECTL, "kubectl drain n1 --timeout=5s")
    assert command.words == ("drain", "n1", "--timeout=5s")


@pytest.mark.parametrize(
    "line", ["get nodes | grep n1", "get nodes > x", "get a && rm b", "get nodes; rm x", "get $(cat x)", "get `ls`"]
)
def test_words_of_a_shell_are_refused(line: str) -> None:
    found = problem(KUBECTL, f"get nodes\n{line}\n")
    assert found.line == 2
    assert "no shell reads this answer" in found.text


def test_words_in_quotation_marks_are_no_words_of_a_shell() -> None:
    [command] = commands_of(KUBECTL, "get pods -l 'a in (b, c)' --field-selector=\"x!=y;z\"")
    assert command.words == ("get", "pods", "-l", "a in (b, c)", "--field-selector=x!=y;z")


def test_a_verb_that_the_exercise_does_not_ask_for_is_refused() -> None:
    assert problem(KUBECTL, "tain nodes n1").text == "kubectl tain is not part of this answer; did you mean taint?"


def test_an_open_quotation_is_refused_with_its_line() -> None:
    found = problem(KUBECTL, "get nodes\nlabel nodes n1 'a=b\n")
    assert (found.line, found.remedy) == (2, "close the quotation mark")


def test_long_answers_are_refused_before_they_are_read() -> None:
    assert "at most" in problem(MANIFEST, "#" * (LONGEST + 1)).text
    assert "at most" in problem(KUBECTL, "get nodes\n" * (MOST_LINES + 1)).text


def test_choices_are_a_map_from_questions_to_options() -> None:
    questions = (question("a", "n1", "n2"), question("b", "y", "n"))
    chosen, lines = choices_of(CHOICE, "# mine\na: n2\nb: y\n", questions)
    assert chosen == {"a": "n2", "b": "y"}
    assert lines == {"a": 2, "b": 3}


def test_one_question_may_be_answered_by_the_option_alone() -> None:
    assert choices_of(CHOICE, "n1\n", (question("a", "n1", "n2"),))[0] == {"a": "n1"}


def test_an_open_option_is_no_choice_yet() -> None:
    assert choices_of(CHOICE, "a: _\nb:\n", (question("a", "x"), question("b", "x")))[0] == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("c: n1", 'there is no question "c"; expected one of aa, bb'),
        ("aa: n3", '"n3" is no option of aa'),
        ("aa: [n1]", "\"['n1']\" is no option of aa"),
        ("just words", "this is no choice"),
    ],
)
def test_a_wrong_choice_is_named(text: str, sentence: str) -> None:
    questions = (question("aa", "n1"), question("bb", "n1"))
    with pytest.raises(Unreadable) as caught:
        choices_of(CHOICE, text, questions)
    assert caught.value.problem.text.replace("aa or bb", "one of aa, bb") == sentence


def test_answers_of_other_kinds_are_not_simulated_yet() -> None:
    assert "not simulated yet" in problem(replace(KUBECTL, kind="dockerfile"), "FROM scratch").text


@pytest.mark.parametrize(("text", "empty"), [("", True), ("  \n# x\n", True), ("a", False)])
def test_blank_lines_and_comments_are_no_answer(text: str, empty: bool) -> None:
    assert is_empty(text) is empty
