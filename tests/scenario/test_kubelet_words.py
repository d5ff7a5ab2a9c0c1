"""The white-box words about the kubelet (scenario.md, section 7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Run = Callable[[str], Any]

IMAGES = """
do:
- kubelet.collect_images: {now: 10000s, capacity: 1000, available: 100, images: [{id: a, size: 50, last_used: 0s, first_detected: 0s}]}
expect:
"""  # noqa: E501
CONTAINERS = """
do:
- kubelet.collect_containers: {dead: [{id: old, pod: p, container: c, created: 1s}, {id: young, pod: p, container: c, created: 2s}]}
expect:
"""  # noqa: E501


def test_what_was_removed_is_compared_in_order(run: Run):
    assert run(IMAGES + "- kubelet.images_removed: [a]\n- kubelet.bytes_freed: 50").verdict == "ok"
    assert run(IMAGES + "- kubelet.images_removed: []\n- kubelet.bytes_freed: 0").found == ["[a]", "50"]


def test_a_full_disk_is_an_event_about_a_node(run: Run):
    ran = run(IMAGES + "- kubelet.bytes_freed: 50")
    (written,) = [line for line in ran.world.log if line.startswith("POST")]
    assert "FreeDiskSpaceFailed" in written


def test_thresholds_that_no_kubelet_takes_end_the_scenario(run: Run):
    ran = run(IMAGES.replace("capacity: 1000", "capacity: 1000, low: 85") + "- kubelet.bytes_freed: 0")
    assert "must be less than imageGCHighThresholdPercent" in ran.found[0]


def test_containers_left_have_no_order(run: Run):
    assert run(CONTAINERS + "- kubelet.containers_left: [young]").verdict == "ok"
    assert run(CONTAINERS + "- kubelet.containers_left: [old]").found == ["[young]"]


def test_asking_before_anything_was_collected_is_a_fault_of_the_scenario(run: Run):
    ran = run("do: []\nexpect:\n- kubelet.images_removed: []\n- kubelet.containers_left: []")
    assert ["was collected" in found or "were collected" in found for found in ran.found] == [True, True]


def test_pulls_back_off_to_five_minutes(run: Run):
    good = "{failures: 7, equals: [10s, 20s, 40s, 80s, 160s, 5m, 5m]}"
    assert run(f"do: []\nexpect:\n- kubelet.pull_backoff: {good}").verdict == "ok"
    ran = run("do: []\nexpect:\n- kubelet.pull_backoff: {failures: 1, equals: [20s]}")
    assert ran.found == ['["10s"]']
