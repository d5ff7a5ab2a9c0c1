"""Reading shell scripts: simple commands with redirections, while, until, for and if.

What is not understood, such as pipes, functions and case, raises UnknownScript.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from k8scourse.images.shell_words import DUPLICATIONS, Token, UnknownScript, tokens


@dataclass(slots=True)
class Simple:
    """A command with its arguments, or their words."""

    argv: list[str] = field(default_factory=list)
    words: list[Token] = field(default_factory=list)
    target: Token | None = None
    append: bool = False
    silent: bool = False


@dataclass(slots=True)
class Compound:
    """while, until, if or for."""

    keyword: str
    condition: list[object]
    body: list[object]
    otherwise: list[object] = field(default_factory=list)
    variable: str = ""
    words: list[Token] = field(default_factory=list)


def parse(text: str) -> list[object]:
    """The commands of a script with the operators between them; raises UnknownScript."""
    reader = _Reader(tokens(text))
    found = reader.commands(())
    if reader.position < len(reader.tokens):
        raise UnknownScript(text)
    return found


class _Reader:
    def __init__(self, all_tokens: list[Token]) -> None:
        self.tokens = all_tokens
        self.position = 0

    def commands(self, until: tuple[str, ...]) -> list[object]:
        found: list[object] = []
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            if token.operator in (";", "\n"):
                self.position += 1
                found.append(";")
            elif token.operator in ("&&", "||"):
                self.position += 1
                found.append(token.operator)
            elif token.keyword in until:
                return found
            else:
                found.append(self.command(token))
        if until:
            raise UnknownScript("unexpected end")
        return found

    def command(self, token: Token) -> object:
        keyword = token.keyword
        if keyword in ("while", "until"):
            condition = self.block("do")
            return Compound(keyword, condition, self.block("done", closes=True))
        if keyword == "if":
            condition = self.block("then")
            body = self.block("else", "fi")
            otherwise = self.block("fi") if self.tokens[self.position].keyword == "else" else []
            self.position += 1
            return Compound(keyword, condition, body, otherwise)
        if keyword == "for":
            return self.counted()
        if keyword in ("case", "function", "{", "do", "done", "then", "fi", "else", "elif", "trap"):
            raise UnknownScript(keyword)
        return self.simple()

    def block(self, *ends: str, closes: bool = False) -> list[object]:
        self.position += 1
        found = self.commands(ends)
        if closes:
            self.position += 1
        return found

    def counted(self) -> Compound:
        variable = self.tokens[self.position + 1].keyword if self.position + 2 < len(self.tokens) else ""
        if not variable or self.tokens[self.position + 2].keyword != "in":
            raise UnknownScript("for")
        self.position += 3
        words: list[Token] = []
        while self.position < len(self.tokens) and not self.tokens[self.position].operator:
            words.append(self.tokens[self.position])
            self.position += 1
        self.commands(("do",))
        return Compound("for", [], self.block("done", closes=True), variable=variable, words=words)

    def simple(self) -> Simple:
        found = Simple()
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            if token.operator in (";", "\n", "&&", "||"):
                break
            self.position += 1
            if token.operator in (">", ">>", "2>"):
                if self.position >= len(self.tokens):
                    raise UnknownScript("redirection")
                if token.operator != "2>":
                    found.target, found.append = self.tokens[self.position], token.operator == ">>"
                self.position += 1
            elif token.operator in DUPLICATIONS:
                continue
            elif token.operator:
                raise UnknownScript(token.operator)
            else:
                found.words.append(token)
        return found
