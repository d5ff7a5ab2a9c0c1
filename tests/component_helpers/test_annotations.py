"""Source of the keys: kubernetes staging/src/k8s.io/api/core/v1/annotation_key_constants.go and the readers."""

from __future__ import annotations

import pytest

from k8scourse.component_helpers.annotation_consumer import TEMPLATE, is_cidr_list, is_int32
from k8scourse.component_helpers.annotation_consumers import CONSUMERS
from k8scourse.component_helpers.annotations import (
    consumers_of,
    key_faults,
    known,
    label_note,
    nearest,
    size_of,
)


def test_each_key_has_one_entry_and_a_sound_syntax() -> None:
    keys = [consumer.key for consumer in CONSUMERS]
    assert len(set(keys)) == len(keys)
    assert not [key for key in keys if key_faults(key.replace("*", "x"))]


def test_a_key_is_read_on_the_kinds_of_its_reader_only() -> None:
    cost = "controller.kubernetes.io/pod-deletion-cost"
    assert [one.reader for one in consumers_of(cost, "Pod")] == ["replicaset-controller"]
    assert not consumers_of(cost, "Deployment")
    assert consumers_of(cost, TEMPLATE)


def test_restarted_at_counts_in_a_template_only() -> None:
    restarted = "kubectl.kubernetes.io/restartedAt"
    assert consumers_of(restarted, TEMPLATE)
    assert not consumers_of(restarted, "Deployment")
    assert not consumers_of(restarted, "Pod")


def test_a_star_stands_for_the_rest_of_a_key() -> None:
    assert known("nginx.ingress.kubernetes.io/auth-url")
    assert not known("nginx.example.com/auth-url")


def test_upper_case_prefixes_are_no_fault_of_annotations() -> None:
    assert key_faults("Example.com/abc") == []
    assert key_faults("a b")


def test_the_size_is_that_of_keys_and_values_in_bytes() -> None:
    assert size_of({"ab": "ü", "c": ""}) == 5


def test_a_misspelt_key_has_a_nearest_one_and_a_known_or_strange_one_has_none() -> None:
    assert nearest("controller.kubernetes.io/pod-deletion-costs") == "controller.kubernetes.io/pod-deletion-cost"
    assert nearest("controller.kubernetes.io/pod-deletion-cost") == ""
    assert nearest("example.com/owner") == ""


def test_recommended_labels_are_known_as_labels() -> None:
    assert "label" in label_note("app.kubernetes.io/component")
    assert label_note("example.com/component") == ""


@pytest.mark.parametrize(
    ("value", "good"),
    [("0", True), ("-5", True), ("2147483647", True), ("2147483648", False), ("+10", False), ("010", False)],
)
def test_deletion_cost_is_an_int32_as_kubernetes_reads_it(value: str, good: bool) -> None:
    assert is_int32(value) is good


def test_source_ranges_are_networks_with_commas() -> None:
    assert is_cidr_list("10.0.0.0/8, 192.168.0.0/24")
    assert not is_cidr_list("10.0.0.1")
    assert not is_cidr_list("here/8")
