"""Texts about fields that a kind does not offer to selectors (pkg/apis/*/v1/conversion.go)."""

import pytest

from k8scourse.apiserver.field_labels import unknown_field
from k8scourse.apiserver.kinds import Registry


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("pods", "field label not supported: x"),
        ("jobs", 'field label "x" not supported for Job'),
        ("configmaps", '"x" is not a known field selector: only "metadata.name", "metadata.namespace"'),
        ("deployments", '"x" is not a known field selector: only "metadata.name", "metadata.namespace"'),
    ],
)
def test_each_kind_has_its_own_words(word: str, text: str) -> None:
    assert unknown_field(Registry().lookup(word), "x") == text
