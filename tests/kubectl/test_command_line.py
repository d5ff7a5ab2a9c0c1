"""Flags as pflag reads them (github.com/spf13/pflag flag_test.go), commands as cobra finds them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.kubectl.command_line import (
    HelpRequested,
    Parser,
    find_command,
    flag_table,
    split,
    suggestions,
)
from k8scourse.kubectl.command_table import COMMANDS, REAL_COMMANDS, flags_of
from k8scourse.kubectl.errors import FlagError, KubectlError

FLAGS = flag_table(
    "all/A:bool wait:bool=true name/n:string=x count/c:int=-1 timeout:duration=30s files/f:slice env:array "
    "dry-run:string=none[unchanged]"
)
SECOND = 1_000_000_000


def parse(*words: str):
    return Parser("kubectl x", FLAGS).parse(words)


def test_defaults_come_from_the_table() -> None:
    arguments = parse()
    assert arguments.values == {
        "all": False,
        "wait": True,
        "name": "x",
        "count": -1,
        "timeout": 30 * SECOND,
        "files": [],
        "env": [],
        "dry-run": "none",
    }
    assert not arguments.given


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (["--name", "v"], "name", "v"),
        (["--name=v"], "name", "v"),
        (["--name="], "name", ""),
        (["-n", "v"], "name", "v"),
        (["-nv"], "name", "v"),
        (["-n=v"], "name", "v"),
        (["-An", "v"], "name", "v"),
        (["-Anv"], "name", "v"),
        (["--name", "--all"], "name", "--all"),
        (["--all"], "all", True),
        (["--all=false"], "all", False),
        (["--wait=f"], "wait", False),
        (["-A=true"], "all", True),
        (["--count=0x10"], "count", 16),
        (["--count=010"], "count", 8),
        (["--count", "-5"], "count", -5),
        (["--timeout=1m30s"], "timeout", 90 * SECOND),
        (["-f", "a,b", "-f", "c"], "files", ["a", "b", "c"]),
        (["-f", '"a,b",c'], "files", ["a,b", "c"]),
        (["--env", "A=1,2", "--env=B"], "env", ["A=1,2", "B"]),
        (["--dry-run"], "dry-run", "unchanged"),
        (["--dry-run=server"], "dry-run", "server"),
    ],
)
def test_a_flag_is_read_in_every_spelling(words: list[str], name: str, value: object) -> None:
    arguments = parse(*words)
    assert arguments[name] == value
    assert arguments.changed(name)
    assert arguments.words == []


def test_flags_and_words_mix_until_a_double_dash() -> None:
    arguments = parse("a", "--all", "b", "--dry-run", "c", "--", "--wait", "-x")
    assert arguments.words == ["a", "b", "c", "--wait", "-x"]
    assert arguments.words_before_dash == 3
    assert parse("a").words_before_dash == -1


def test_a_lone_dash_is_a_word() -> None:
    assert parse("-f", "-", "-").words == ["-"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--foo"], "unknown flag: --foo"),
        (["--foo=1"], "unknown flag: --foo"),
        (["-z"], "unknown shorthand flag: 'z' in -z"),
        (["-Az"], "unknown shorthand flag: 'z' in -z"),
        (["--name"], "flag needs an argument: --name"),
        (["-n"], "flag needs an argument: 'n' in -n"),
        (["-An"], "flag needs an argument: 'n' in -n"),
        (["---x"], "bad flag syntax: ---x"),
        (["--=x"], "bad flag syntax: --=x"),
        (
            ["--all=yes"],
            'invalid argument "yes" for "-A, --all" flag: strconv.ParseBool: parsing "yes": invalid syntax',
        ),
        (["--count=x"], 'invalid argument "x" for "-c, --count" flag: strconv.ParseInt: parsing "x": invalid syntax'),
        (["--timeout=5"], 'invalid argument "5" for "--timeout" flag: time: invalid duration "5"'),
    ],
)
def test_a_bad_flag_is_named_in_pflags_words(words: list[str], message: str) -> None:
    with pytest.raises(FlagError) as caught:
        parse(*words)
    assert caught.value.message == f"{message}\nSee 'kubectl x --help' for usage."


def test_help_is_asked_for_by_two_flags() -> None:
    for word in ("-h", "--help"):
        with pytest.raises(HelpRequested):
            parse("a", word)


@pytest.mark.parametrize(
    ("line", "command", "rest"),
    [
        ("get pods", "get", ["pods"]),
        ("-n dev get pods", "get", ["-n", "dev", "pods"]),
        ("--namespace dev get", "get", ["--namespace", "dev"]),
        ("--namespace=dev get", "get", ["--namespace=dev"]),
        ("-ndev get", "get", ["-ndev"]),
        ("-l a=b get", "get", ["-l", "a=b"]),
        ("--disable-compression get", "get", ["--disable-compression"]),
        ("", None, []),
        ("-n dev", None, ["-n", "dev"]),
        ("-- get", None, ["--", "get"]),
    ],
)
def test_the_command_is_the_first_word_that_belongs_to_no_flag(line: str, command: str, rest: list[str]) -> None:
    assert find_command(line.split(), flags_of("")) == (command, rest)


def test_words_are_split_as_a_posix_shell_does() -> None:
    assert split("get pods -l 'a in (b, c)' \"x y\" a\\ b # not a comment") == [
        *("get", "pods", "-l", "a in (b, c)", "x y", "a b", "#", "not", "a", "comment")
    ]
    with pytest.raises(KubectlError):
        split("get 'pods")


@pytest.mark.parametrize(("typed", "close"), [("gett", ["set", "get"]), ("foo", ["top"]), ("xyzzy", []), ("ap", None)])
def test_similar_commands_are_suggested(typed: str, close: list[str] | None) -> None:
    found = suggestions(typed, REAL_COMMANDS)
    assert found == close if close is not None else "apply" in found and "api-resources" in found


def test_every_simulated_command_is_a_real_one() -> None:
    assert {command.split()[0] for command in COMMANDS} <= set(REAL_COMMANDS)
    for command in COMMANDS:
        shorts = [flag.short for flag in flags_of(command).values() if flag.short]
        assert len(shorts) == len(set(shorts)), command


@given(st.lists(st.text(alphabet="-=nAf,x1 ", max_size=5), max_size=6))
def test_any_words_are_read_or_refused(words: list[str]) -> None:
    try:
        parse(*words)
    except FlagError as error:
        assert error.message.endswith("See 'kubectl x --help' for usage.")
