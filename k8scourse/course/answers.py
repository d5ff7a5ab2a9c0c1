"""Reads a learner's answer as data: a manifest, kubectl lines, or choices. Nothing of it is ever executed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from k8scourse.course.blame import line_without_colon
from k8scourse.course.exercise import Check, Part
from k8scourse.course.result import Problem
from k8scourse.machinery.yaml import Document, ManifestError, read_documents
from k8scourse.manifests import items_of
from k8scourse.scenario.faults import one_of, suggest

LONGEST = 64 * 1024
"""The most characters that an answer may have; manifests of exercises have some hundreds."""

MOST_LINES = 100
"""The most kubectl lines of an answer."""

OPEN = "_"
"""What stands for an option that is not chosen yet."""

DRAIN_TIMEOUT = "10m"
"""How long an answer's `kubectl drain` waits that sets no --timeout; on a real cluster it would wait forever."""

_PUNCTUATION = "();<>|&`"
"""What means something to a shell, unless it is quoted."""

_WAITING = ("drain",)


class Unreadable(Exception):
    """The answer is not what the exercise asks for; ``problem`` says what, where and what to do about it."""

    def __init__(self, part: str, text: str, line: int | None = None, remedy: str = "") -> None:
        super().__init__(text)
        self.problem = Problem("unreadable", text, part, line, remedy)


@dataclass(frozen=True, slots=True)
class Command:
    """One kubectl command of an answer, and the line on which it begins."""

    line: int
    words: tuple[str, ...]
    stdin: str | None = None

    @property
    def text(self) -> str:
        """The command as a shell takes it."""
        return shlex.join(self.words)


def is_empty(text: str) -> bool:
    """Whether an answer holds nothing but blank lines and comments."""
    return all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines())


def commands_of(part: Part, text: str) -> list[Command]:
    """What kubectl has to do for the answer *text* to *part*: one apply, or its lines. Raises Unreadable."""
    _refuse_long(part, text)
    if part.kind == "manifest":
        documents_of(part, text)
        return [Command(1, ("apply", "-f", "-"), text)]
    if part.kind == "kubectl":
        return list(_lines(part, text))
    raise Unreadable(part.name, f"answers of kind {part.kind} are not simulated yet")


def _refuse_long(part: Part, text: str) -> None:
    if len(text) > LONGEST:
        raise Unreadable(part.name, f"the answer has {len(text)} characters; at most {LONGEST} are read")


# manifests


def documents_of(part: Part, text: str) -> list[Document]:
    """The documents of a manifest, each with objects of the kinds that *part* takes. Raises Unreadable."""
    try:
        documents = read_documents(text, "answer")
    except ManifestError as error:
        colon = line_without_colon(text, error.line, error.message)
        if colon is not None:
            line, remedy = colon
            raise Unreadable(part.name, error.message, line, remedy) from error
        where = f"column {error.column}: " if error.column > 1 else ""
        raise Unreadable(part.name, f"{where}{error.message}", error.line, error.remedy) from error
    if not documents:
        raise Unreadable(part.name, "the answer has no object", 1, "write a manifest")
    for document in documents:
        for obj in items_of(document.value):
            _refuse_foreign(part, document, obj)
    return documents


def _refuse_foreign(part: Part, document: Document, obj: Any) -> None:
    line = document.positions.nearest(("kind",)).line
    if not isinstance(obj, Mapping):
        raise Unreadable(part.name, "this is no object", document.line, "write fields as `name: value`")
    if part.kinds and obj.get("kind") not in part.kinds:
        kind = obj.get("kind", "object without a kind")
        remedy = f"write {one_of([_with_article(kind) for kind in part.kinds])}"
        raise Unreadable(part.name, f"{_with_article(str(kind))} is not part of this answer", line, remedy)


def _with_article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeio' else 'a'} {noun}"


# kubectl lines


def _lines(part: Part, text: str) -> Iterator[Command]:
    joined = list(_joined(text))
    if len(joined) > MOST_LINES:
        raise Unreadable(part.name, f"the answer has {len(joined)} commands; at most {MOST_LINES} are read")
    for line, command in joined:
        yield Command(line, tuple(_words(part, line, command)))


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """The commands of a text with the line on which each begins; a backslash at the end continues a line."""
    begun, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not parts and (not stripped or stripped.startswith("#")):
            continue
        begun = begun if parts else number
        if stripped.endswith("\\"):
            parts.append(stripped[:-1])
            continue
        yield begun, " ".join([*parts, stripped])
        parts = []
    if parts:
        yield begun, " ".join(parts)


def _words(part: Part, line: int, command: str) -> list[str]:
    reader = shlex.shlex(command.removeprefix("$ "), posix=True, punctuation_chars=_PUNCTUATION)
    reader.whitespace_split = True
    try:
        words = list(reader)
    except ValueError as error:
        raise Unreadable(part.name, f"{str(error).lower()}: {command}", line, "close the quotation mark") from error
    for word in words:
        if not set(word) - set(_PUNCTUATION):
            problem = f"{word} belongs to a shell, and no shell reads this answer"
            raise Unreadable(part.name, problem, line, "write one kubectl command per line")
    if words[:1] == ["kubectl"]:
        words = words[1:]
    if not words:
        raise Unreadable(part.name, "kubectl needs a command", line, "write one command per line")
    if part.verbs and words[0] not in part.verbs:
        raise Unreadable(
            part.name, f"kubectl {words[0]} is not part of this answer; {suggest(words[0], part.verbs)}", line
        )
    if words[0] in _WAITING and not any(word.startswith("--timeout") for word in words):
        words.append(f"--timeout={DRAIN_TIMEOUT}")
    return words


# choices


def choices_of(part: Part, text: str, questions: tuple[Check, ...]) -> tuple[dict[str, str], dict[str, int]]:
    """The option chosen for each question, and the line of each choice. Raises Unreadable.

    An answer to one question may be the option alone; else it is a map from questions to options.
    """
    _refuse_long(part, text)
    try:
        documents = read_documents(text, "answer")
    except ManifestError as error:
        line, remedy = line_without_colon(text, error.line, error.message) or (error.line, error.remedy)
        raise Unreadable(part.name, error.message, line, remedy) from error
    if not documents:
        return {}, {}
    document = documents[0]
    value = document.value
    if not isinstance(value, Mapping) and len(questions) == 1:
        value = {questions[0].id: value}
    if not isinstance(value, Mapping):
        example = f"{questions[0].id}: {questions[0].options[0].name}"
        raise Unreadable(part.name, "this is no choice", document.line, f"write a line such as `{example}`")
    chosen, lines = dict[str, str](), dict[str, int]()
    known = {question.id: [option.name for option in question.options] for question in questions}
    for name, option in value.items():
        line = document.positions.nearest((name,)).line
        if name not in known:
            raise Unreadable(part.name, f'there is no question "{name}"; {suggest(str(name), known)}', line)
        if option is None or option == OPEN:
            continue
        if _option_name(option) not in known[name]:
            problem = f'"{_option_name(option)}" is no option of {name}'
            raise Unreadable(part.name, problem, line, f"choose {one_of(known[name])}")
        chosen[name], lines[name] = _option_name(option), line
    return chosen, lines


def _option_name(value: Any) -> str:
    """An option as the learner wrote it; a single letter such as y or n reads as a boolean in YAML."""
    if isinstance(value, bool):
        return "y" if value else "n"
    return str(value)
