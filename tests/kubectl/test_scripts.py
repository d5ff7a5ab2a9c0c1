"""Golden scripts: command lines and what the terminal shows.

A block is a command, input lines, `----`, and the expected text up to a blank line (or between two double `----` where
the text has blank lines). Commands: `kubectl ...` (input is stdin), `file NAME` (input is its content), `run 30s` (time
passes), `later 10s kubectl ...` (queued), `cluster 2` (a whole cluster of two nodes takes the server's place).
`pytest tests/kubectl --rewrite` writes the answers into the scripts; commit them only if you understand every change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from k8scourse.machinery.duration import parse_duration

from .conftest import World

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.txt"))


@dataclass
class Block:
    comments: list[str] = field(default_factory=list)
    command: str = ""
    stdin: list[str] = field(default_factory=list)
    expected: str = ""


def read(text: str) -> list[Block]:
    blocks: list[Block] = []
    lines = text.splitlines()
    block, index = Block(), 0
    while index < len(lines):
        line, index = lines[index], index + 1
        if line == "----":
            index = _read_expected(block, lines, index)
            blocks.append(block)
            block = Block()
        elif not block.command and (not line or line.startswith("#")):
            block.comments.append(line)
        elif not block.command:
            block.command = line
        else:
            block.stdin.append(line)
    return blocks


def _read_expected(block: Block, lines: list[str], start: int) -> int:
    """Fill in the expected text; the index after it."""
    if lines[start : start + 1] == ["----"]:
        end = next(i for i in range(start + 1, len(lines)) if lines[i : i + 2] == ["----", "----"])
        block.expected = "".join(f"{line}\n" for line in lines[start + 1 : end])
        return end + 3
    end = next((i for i in range(start, len(lines)) if not lines[i]), len(lines))
    block.expected = "".join(f"{line}\n" for line in lines[start:end])
    return end + 1


def write(blocks: list[Block]) -> str:
    parts: list[str] = []
    for block in blocks:
        parts.extend(f"{comment}\n" for comment in block.comments)
        parts.append(f"{block.command}\n")
        parts.extend(f"{line}\n" for line in block.stdin)
        marked = "\n\n" in block.expected or block.expected.startswith(("\n", "----\n"))
        parts.append(f"----\n----\n{block.expected}----\n----\n\n" if marked else f"----\n{block.expected}\n")
    return "".join(parts).rstrip("\n") + "\n"


def answer(world: World, block: Block) -> str:
    word, _, rest = block.command.partition(" ")
    stdin = "\n".join(block.stdin)
    match word:
        case "file":
            world.files[rest] = stdin + "\n"
            return ""
        case "run":
            world.clock.run(parse_duration(rest))
            return ""
        case "cluster":
            world.start_cluster(int(rest))
            return ""
        case "later":
            delay, _, line = rest.partition(" kubectl ")
            world.later(parse_duration(delay), line)
            return ""
        case "kubectl":
            output = world.kubectl(rest, stdin if block.stdin else None)
            text = str(output)
            if text and not text.endswith("\n"):
                text += "<no newline>\n"
            text = "".join(line.rstrip() + "\n" for line in text.splitlines())
            return text if output.ok else f"{text}[exit {output.exit_code}]\n"
    raise AssertionError(f"unknown command: {block.command}")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_terminal_shows_what_the_script_says(path: Path, world: World, request: pytest.FixtureRequest) -> None:
    blocks = read(path.read_text(encoding="utf-8"))
    answers = [answer(world, block) for block in blocks]
    if request.config.getoption("--rewrite", default=False):
        for block, text in zip(blocks, answers, strict=True):
            block.expected = text
        path.write_text(write(blocks), encoding="utf-8")
    for block, text in zip(blocks, answers, strict=True):
        assert text == block.expected, block.command


def test_a_script_survives_reading_and_writing() -> None:
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        assert write(read(text)) == text
