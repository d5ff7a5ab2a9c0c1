"""Words of a shell script: quoting, and what variables and command substitutions in them stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

PLAIN, DOUBLE, SINGLE = "plain", "double", "single"

_OPERATORS = ("&&", "||", ";;", ">>", "2>&1", "1>&2", ">&2", ">&1", "2>", ">", ";", "|", "&", "(", ")", "<", "\n")
DUPLICATIONS = ("2>&1", "1>&2", ">&2", ">&1")
"""Redirections between output and errors, which go to the same place here."""
_VARIABLE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-([^}]*))?\})")


class UnknownScript(ValueError):
    """A script that is not understood here."""


class Part(NamedTuple):
    """A piece of a word with the way it is quoted."""

    text: str
    quoting: str


class Token(NamedTuple):
    """A word, or an operator such as && or a line break."""

    operator: str
    parts: tuple[Part, ...] = ()

    @property
    def keyword(self) -> str:
        """The word if nothing of it is quoted; empty else."""
        return self.parts[0].text if len(self.parts) == 1 and self.parts[0].quoting == PLAIN else ""


def tokens(text: str) -> list[Token]:
    """Split a script; raises UnknownScript for a quote or parenthesis without end."""
    found: list[Token] = []
    parts: list[Part] = []
    position = 0
    while position < len(text):
        character = text[position]
        operator = next((mark for mark in _OPERATORS if text.startswith(mark, position)), "")
        if operator[:1].isdigit() and parts:
            operator = ""
        if character in " \t" or operator or (character == "#" and not parts):
            if parts:
                found.append(Token("", tuple(parts)))
                parts = []
            if operator:
                found.append(Token(operator))
            position = _end_of_line(text, position) if character == "#" else position + max(len(operator), 1)
            continue
        part, position = _part(text, position)
        parts.append(part)
    if parts:
        found.append(Token("", tuple(parts)))
    return [Token(token.operator, _merged(token.parts)) for token in found]


def _end_of_line(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _part(text: str, position: int) -> tuple[Part, int]:
    character = text[position]
    if character == "'":
        end = _find(text, "'", position + 1)
        return Part(text[position + 1 : end], SINGLE), end + 1
    if character == '"':
        end = position + 1
        while end < len(text) and text[end] != '"':
            end = _closing(text, end) if text.startswith("$(", end) else end + (2 if text[end] == "\\" else 1)
        if end >= len(text):
            raise UnknownScript(text)
        return Part(re.sub(r'\\(["\\`])', r"\1", text[position + 1 : end]), DOUBLE), end + 1
    if character == "\\":
        return Part(text[position + 1 : position + 2], SINGLE), position + 2
    if character == "`":
        raise UnknownScript(text)
    if text.startswith("$(", position):
        end = _closing(text, position)
        return Part(text[position:end], PLAIN), end
    return Part(character, PLAIN), position + 1


def _find(text: str, mark: str, position: int) -> int:
    end = text.find(mark, position)
    if end < 0:
        raise UnknownScript(text)
    return end


def _closing(text: str, position: int) -> int:
    """Where the $( at *position* ends, after its parenthesis."""
    depth = 0
    for end in range(position + 1, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return end + 1
    raise UnknownScript(text)


def _merged(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    merged: list[Part] = []
    for part in parts:
        if merged and merged[-1].quoting == part.quoting:
            merged[-1] = Part(merged[-1].text + part.text, part.quoting)
        else:
            merged.append(part)
    return tuple(merged)


def expand(word: tuple[Part, ...], variables: Mapping[str, str], output_of: Callable[[str], str]) -> list[str]:
    """The arguments that *word* becomes; *output_of* runs what stands in $(...)."""
    fields = [""]
    quoted = False
    for text, quoting in word:
        if quoting == SINGLE:
            fields[-1] += text
        elif quoting == DOUBLE:
            fields[-1] += _substitute(text, variables, output_of)
        else:
            pieces = re.split(r"[ \t\n]+", _substitute(text, variables, output_of))
            fields[-1] += pieces[0]
            fields.extend(pieces[1:])
        quoted = quoted or quoting != PLAIN
    return fields if quoted else [field for field in fields if field]


def _substitute(text: str, variables: Mapping[str, str], output_of: Callable[[str], str]) -> str:
    result, position = "", 0
    while position < len(text):
        match = _VARIABLE.match(text, position)
        if text.startswith("$(", position):
            end = _closing(text, position)
            result += output_of(text[position + 2 : end - 1]).rstrip("\n")
            position = end
        elif match:
            name = match[1] or match[2]
            result += variables.get(name) or match[3] or ""
            position = match.end()
        else:
            result += text[position]
            position += 1
    return result
