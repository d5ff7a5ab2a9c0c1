"""Sets of completion indexes (kubernetes: pkg/controller/job/indexed_job_utils_test.go)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.controllers.job_indexes import Indexes

SETS = st.sets(st.integers(0, 30))


@pytest.mark.parametrize(
    ("text", "completions", "expected"),
    [
        ("", 5, ""),
        ("0", 1, "0"),
        ("0,1", 5, "0,1"),
        ("0-2,5", 10, "0-2,5"),
        ("0-2,3,5-9", 8, "0-3,5-7"),
        ("0,7", 3, "0"),
        ("a-b,2", 5, "2"),
        ("3-4-", 5, ""),
    ],
)
def test_text_is_read_as_far_as_it_makes_sense(text: str, completions: int, expected: str):
    """TestParseIndexesFromString, TestCalculateSucceededIndexes."""
    assert str(Indexes.parse(text, completions)) == expected


@given(SETS)
def test_writing_and_reading_again_changes_nothing(numbers: set[int]):
    text = str(Indexes.of(numbers))
    found = Indexes.parse(text, 31)
    assert [index for index in range(32) if index in found] == sorted(numbers)
    assert str(found) == text and len(found) == len(numbers)


@given(SETS, SETS)
def test_sets_are_joined_and_compared_as_sets(left: set[int], right: set[int]):
    assert str(Indexes.of(left) | Indexes.of(right)) == str(Indexes.of(left | right))
    assert Indexes.of(left).overlap(Indexes.of(right)) == len(left & right)


@given(SETS, st.integers(0, 12), st.integers(0, 35))
def test_the_lowest_missing_indexes_are_found(present: set[int], count: int, completions: int):
    """TestFirstPendingIndexes."""
    expected = [index for index in range(completions) if index not in present][:count]
    assert Indexes.of(present).first_missing(count, completions) == expected
