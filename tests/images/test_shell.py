"""What processes print and write over time, and which scripts are understood."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.images.commands import Answer, answer, ending_of, history
from k8scourse.images.programs import Machine

SECOND = 1_000_000_000


def machine() -> Machine:
    return Machine({"A": "one two", "B": ""}, {"/etc/x": "text\n"}, "host", 0)


def prints(script: str) -> str | None:
    found = answer(["sh", "-c", script], machine())
    return found.output if found is not None else None


@pytest.mark.parametrize(
    ("script", "output"),
    [
        ("echo $A", "one two\n"),
        ("echo '$A' \"$A\" ${B:-none} $C", "$A one two none\n"),
        ("echo -n a; echo -e 'b\\nc'", "ab\nc\n"),
        ("cat /etc/x", "text\n"),
        ("echo a > /tmp/f; echo b >> /tmp/f; cat /tmp/f", "a\nb\n"),
        ("echo hidden > /dev/null; echo seen >&2 || true", "seen\n"),
        ("false && echo no || echo yes", "yes\n"),
        ("true || echo no; echo yes", "yes\n"),
        ("if [ -f /etc/x ]; then echo there; else echo missing; fi", "there\n"),
        ("if test -f /no; then echo there; else echo missing; fi", "missing\n"),
        ("for i in 1 2 3; do echo $i; done", "1\n2\n3\n"),
        ("while [ ! -f /tmp/ok ]; do touch /tmp/ok; echo once; done", "once\n"),
        ("X=5; echo $X$(hostname)", "5host\n"),
        ("printf 'a%s\\n' b", "ab\n"),
        ("# a comment\necho x # more", "x\n"),
        ("exec echo last; echo never", "last\n"),
        ("while true; do echo x; sleep 1; done", None),
        ("unknown-program", None),
        ("echo a | wc -l", None),
    ],
)
def test_scripts(script: str, output: str | None):
    assert prints(script) == output


def test_a_loop_prints_as_long_as_it_is_watched():
    argv = ["sh", "-c", "while true; do echo x; sleep 5; done"]
    found = history(argv, machine(), 11 * SECOND)
    assert found.lines == [(0, "x\n"), (5 * SECOND, "x\n"), (10 * SECOND, "x\n")]
    assert ending_of(argv) is None


def test_files_come_and_go():
    argv = ["sh", "-c", "touch /a; sleep 3; rm /a; sleep 3; echo b > /b; sleep 9"]
    at = {seconds: history(argv, Machine(), seconds * SECOND) for seconds in (0, 2, 3, 6)}
    assert [sorted(at[seconds].files) for seconds in at] == [["/a"], ["/a"], [], ["/b"]]
    assert [at[seconds].next_change for seconds in at] == [3 * SECOND, 3 * SECOND, 6 * SECOND, None]


def test_an_answer_has_the_code_and_the_time_that_the_command_takes():
    assert answer(["sh", "-c", "sleep 2; echo x; exit 3"], machine()) == Answer(3, "x\n", 2 * SECOND)


def test_the_clock_runs_while_a_script_does():
    assert prints("date +%s; sleep 65; date +%s") == "0\n65\n"
    assert prints("sleep 65; echo $(date)") == "Thu Jan 1 00:01:05 UTC 1970\n"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="echo sleep true while do done if then fi ;&|$()'\"\\\n{}<>=1#x", max_size=40))
def test_any_script_is_understood_or_runs_on(script: str):
    ending_of(["sh", "-c", script])
    history(["sh", "-c", script], machine(), 10 * SECOND)
