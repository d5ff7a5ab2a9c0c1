"""An append-only log that forks: compared with plain lists."""

from hypothesis import given
from hypothesis import strategies as st

from k8scourse.simulation.shared_log import SharedLog

OPERATIONS = st.lists(st.tuples(st.sampled_from(["append", "fork"]), st.integers(0, 5)), max_size=40)


@given(OPERATIONS)
def test_forks_behave_as_copied_lists(operations: list[tuple[str, int]]):
    logs: list[tuple[SharedLog[int], list[int]]] = [(SharedLog(), [])]
    for number, (operation, choice) in enumerate(operations):
        log, plain = logs[choice % len(logs)]
        if operation == "append":
            log.append(number)
            plain.append(number)
        else:
            logs.append((log.fork(), plain.copy()))
    for log, plain in logs:
        assert list(log) == plain
        assert list(log.backwards()) == plain[::-1]


def test_a_limited_log_forgets_its_oldest_entries_and_keeps_their_numbers():
    log: SharedLog[int] = SharedLog(first=1, limit=10)
    for number in range(1, 101):
        log.append(number)
    assert 10 <= len(log) < 20
    assert log[log.first] == log.first
    assert log.end == 101
    assert list(log.since(95)) == [95, 96, 97, 98, 99, 100]
