"""Names of resources. Cases follow kubernetes pkg/apis/core/helper/helpers_test.go."""

import pytest

from k8scourse.component_helpers import resource_names
from k8scourse.machinery.quantity import parse_quantity


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nvidia.com/gpu", True),
        ("cpu", False),
        ("kubernetes.io/x", False),
        ("requests.a.io/gpu", False),
        ("a.io/not valid", False),
    ],
)
def test_extended_resources_have_a_foreign_domain(name, expected):
    assert resource_names.is_extended(name) is expected


def test_only_what_kubernetes_shares_out_may_be_overcommitted():
    assert resource_names.is_overcommit_allowed("cpu")
    assert not resource_names.is_overcommit_allowed("hugepages-2Mi")
    assert not resource_names.is_overcommit_allowed("nvidia.com/gpu")


@pytest.mark.parametrize(("amount", "expected"), [("4Mi", True), ("3Mi", False), ("0", True)])
def test_huge_pages_come_in_pages(amount, expected):
    assert resource_names.is_multiple_of_page_size("hugepages-2Mi", parse_quantity(amount)) is expected


def test_a_page_size_must_be_an_amount():
    assert not resource_names.is_multiple_of_page_size("hugepages-big", parse_quantity("1Gi"))
