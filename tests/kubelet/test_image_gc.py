"""Which images a kubelet removes (kubernetes: pkg/kubelet/images/image_gc_manager_test.go)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.kubelet.image_gc import (
    SECOND,
    Disk,
    Image,
    ImageCollection,
    ImageGCPolicy,
    collect_images,
    format_size,
    validate,
)

NOW = 10_000 * SECOND


def image(name: str, size: int, *, used: int = 0, detected: int = 0, **state: bool) -> Image:
    return Image(name, size, detected * SECOND, used * SECOND, **state)


def collect(available: int, *images: Image, began: int = 0, **policy: int) -> ImageCollection:
    return collect_images(images, Disk(1000, available), ImageGCPolicy(**policy), now=NOW, began=began * SECOND)


def removed(collection: ImageCollection) -> list[str]:
    return [one.image.id for one in collection.removed]


@pytest.mark.parametrize(("available", "usage"), [(160, 84), (159, 85), (150, 85), (0, 100), (1000, 0), (2000, 0)])
def test_the_free_part_is_rounded_down(available: int, usage: int):
    assert Disk(1000, available).usage == usage


def test_nothing_goes_below_the_high_threshold():
    assert collect(160, image("a", 45)) == ImageCollection()


def test_at_the_high_threshold_images_go_until_the_low_one_is_reached():
    """TestGarbageCollectBelowLowThreshold and its siblings: 41 bytes are missing to 20 % free."""
    collection = collect(159, image("a", 45, used=100), image("b", 30, used=200))
    assert (removed(collection), collection.wanted, collection.freed, collection.event) == (["a"], 41, 45, None)


def test_the_longest_unused_goes_first_and_ties_go_by_detection():
    """TestFreeSpaceTiesBrokenByDetectedTime"""
    images = [image("c", 50, used=300), image("b", 50, used=100, detected=9), image("a", 50, used=100, detected=8)]
    assert removed(collect(60, *images)) == ["a", "b", "c"]


def test_an_image_that_never_had_a_container_goes_before_all_that_had():
    assert removed(collect(159, image("used", 50, used=1), image("never", 50, detected=900))) == ["never"]


def test_images_in_use_and_pinned_images_stay():
    collection = collect(0, image("a", 500, in_use=True), image("pause", 500, pinned=True))
    assert removed(collection) == []


def test_an_image_stays_until_it_has_the_minimum_age():
    """TestGarbageCollectImageNotOldEnough"""
    young, old = image("young", 500, detected=9_881), image("old", 500, detected=9_880)
    assert removed(collect(0, young, old)) == ["old"]


def test_an_event_tells_that_too_little_could_be_freed():
    """TestGarbageCollectNotEnoughFreed"""
    collection = collect(50, image("a", 50))
    assert removed(collection) == ["a"]
    assert collection.event == (
        "FreeDiskSpaceFailed",
        "Insufficient free disk space on the node's image filesystem (95% of 1000 B used). Failed to free sufficient "
        "space by deleting unused images (freed 50 bytes). Investigate disk usage, as it could be used by active "
        "images, logs, volumes, or other data.",
    )


@pytest.mark.parametrize(("used", "began", "goes"), [(9_939, 0, True), (9_940, 0, False), (0, 9_940, False)])
def test_an_image_goes_when_it_was_unused_for_longer_than_the_maximum_age(used: int, began: int, *, goes: bool):
    """TestGarbageCollectImageTooOld: not before the kubelet has run for so long; the disk does not matter."""
    collection = collect(1000, image("a", 1, used=used), began=began, min_age=0, max_age=60 * SECOND)
    assert [one.reason for one in collection.removed] == (["age"] if goes else [])


def test_a_high_threshold_of_100_without_a_maximum_age_switches_collection_off():
    assert collect(0, image("a", 500), high=100) == ImageCollection()


def test_a_disk_without_capacity_is_reported():
    collection = collect_images([], Disk(0, 0), ImageGCPolicy(), now=NOW, began=0)
    assert collection.event == ("InvalidDiskCapacity", "invalid capacity 0 on image filesystem")


@pytest.mark.parametrize(
    ("policy", "fault"),
    [
        (ImageGCPolicy(high=101), "imageGCHighThresholdPercent (--image-gc-high-threshold) 101 must be between 0 and"),
        (ImageGCPolicy(low=85), "(--image-gc-low-threshold) 85 must be less than imageGCHighThresholdPercent"),
        (ImageGCPolicy(min_age=-SECOND), "imageMinimumGCAge -1s must not be negative"),
        (ImageGCPolicy(max_age=120 * SECOND), "imageMaximumGCAge 2m0s must be greater than imageMinimumGCAge 2m0s"),
    ],
)
def test_a_kubelet_refuses_settings_without_sense(policy: ImageGCPolicy, fault: str):
    (found,) = validate(policy)
    assert found.startswith("invalid configuration: ")
    assert fault in found


def test_the_defaults_have_sense():
    assert validate(ImageGCPolicy()) == []


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (100 * 10**9, "93.1 GiB"), (3 * 2**50, "3072.0 TiB")],
)
def test_sizes_are_shown_in_powers_of_1024(size: int, text: str):
    assert format_size(size) == text


@given(st.lists(st.integers(1, 400), max_size=6), st.integers(0, 1000))
def test_no_image_goes_that_was_not_needed(sizes: list[int], available: int):
    images = [image(str(index), size, used=index) for index, size in enumerate(sizes)]
    collection = collect(available, *images)
    assert removed(collection) == [str(index) for index in range(len(collection.removed))]
    before_last = sum(one.image.size for one in collection.removed[:-1])
    assert not collection.removed or before_last < collection.wanted
    assert (collection.event is None) == (collection.freed >= collection.wanted)
