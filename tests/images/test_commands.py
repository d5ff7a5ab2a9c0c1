"""How well-known commands end, and that everything else runs on."""

import pytest

from k8scourse.images.commands import Ending, ending_of

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("argv", "ending"),
    [
        (["sleep", "5"], Ending(0, 5 * SECOND)),
        (["/bin/sleep", "1m"], Ending(0, 60 * SECOND)),
        (["sleep", "infinity"], None),
        (["true"], Ending(0)),
        (["false"], Ending(1)),
        (["echo", "hello"], Ending(0)),
        (["sh", "-c", "echo start; sleep 3; exit 2"], Ending(2, 3 * SECOND)),
        (["sh", "-c", "exit 1; sleep 5"], Ending(1)),
        (["/bin/sh", "-c", "sleep 2 && echo done"], Ending(0, 2 * SECOND)),
        (["sh", "-c", "while true; do sleep 1; done"], None),
        (["sh"], Ending(0)),
        (["nginx", "-g", "daemon off;"], None),
    ],
)
def test_commands(argv: list[str], ending: Ending | None):
    assert ending_of(argv) == ending
