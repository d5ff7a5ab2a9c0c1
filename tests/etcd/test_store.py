"""The store against a dumb one that copies everything at each revision."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.etcd.store import RevisionCompacted, Store

KEYS = st.sampled_from(["/a/1", "/a/2", "/b/1", "/b/2/x"])
OPERATIONS = st.lists(st.tuples(st.sampled_from(["put", "delete"]), KEYS, st.integers(0, 9)), max_size=30)


def filled(operations: list[tuple[str, str, int]]) -> tuple[Store, dict[int, dict[str, int]]]:
    store, history, content = Store(), {1: {}}, {}
    for operation, key, value in operations:
        if operation == "put":
            store.put(key, value)
            content = {**content, key: value}
        elif store.delete(key) is not None:
            content = {name: kept for name, kept in content.items() if name != key}
        history[store.revision] = content
    return store, history


def content_of(store: Store) -> dict[str, int]:
    return {key: record.value for key, record in store.range("/")}


@given(OPERATIONS)
def test_every_revision_can_be_seen_again(operations: list[tuple[str, str, int]]):
    store, history = filled(operations)
    for revision, content in history.items():
        past = store.at(revision)
        assert content_of(past) == content
        assert past.revision == revision
    assert content_of(store) == history[store.revision]


@given(OPERATIONS)
def test_ranges_are_in_lexical_order_and_respect_their_prefix(operations: list[tuple[str, str, int]]):
    store, history = filled(operations)
    for prefix in ("/a/", "/b/", "/b/2/"):
        keys = [key for key, _ in store.range(prefix)]
        assert keys == sorted(key for key in history[store.revision] if key.startswith(prefix))


@given(OPERATIONS, OPERATIONS, OPERATIONS)
def test_a_fork_is_independent_and_has_the_same_past(before, mine, others):
    store, _ = filled(before)
    twin = store.fork()
    for target, operations in ((store, mine), (twin, others)):
        for operation, key, value in operations:
            target.put(key, value) if operation == "put" else target.delete(key)
    expected, _ = filled([*before, *others])
    assert content_of(twin) == content_of(expected)
    assert list(twin.changes()) == list(expected.changes())


def test_versions_count_writes_and_start_again_after_a_deletion():
    store = Store()
    store.put("/k", 1)
    assert store.put("/k", 2)[1:4] == (2, 3, 2)
    store.delete("/k")
    assert store.put("/k", 3)[1:4] == (5, 5, 1)


def test_a_note_stays_beside_the_value_it_came_with():
    store = Store()
    store.put("/k", 1, "from ann")
    store.put("/k", 2, "from bob")
    notes = [[record.note for _, record in one.range("/")] for one in (store.at(2), store)]
    assert notes == [["from ann"], ["from bob"]]


def test_deleting_what_is_absent_makes_no_revision():
    store = Store()
    assert store.delete("/nothing") is None
    assert store.revision == 1


def test_compaction_ends_watches_from_before_it_but_not_views_of_the_past():
    store = Store()
    for value in range(5):
        store.put("/k", value)
    store.compact(4)
    with pytest.raises(RevisionCompacted):
        store.watchable_from(3)
    store.watchable_from(4)
    assert content_of(store.at(2)) == {"/k": 0}


def test_a_bounded_history_says_what_it_can_still_show():
    store = Store(history=10)
    for value in range(100):
        store.put("/k", value)
    with pytest.raises(RevisionCompacted, match="oldest kept revision"):
        store.at(5)
    assert content_of(store.at(store.oldest)) == {"/k": store.oldest - 2}


def test_the_future_cannot_be_seen():
    with pytest.raises(ValueError, match="future"):
        Store().at(2)
