"""Placeholders (scenario.md, "Values")."""

from __future__ import annotations

import pytest

from k8scourse.scenario.placeholders import PlaceholderError, fill

FIELDS = {("ConfigMap/c", "metadata.uid"): "u-1", ("r", "spec.replicas"): 3, ("Role/a/x:y", "rules[0]"): {"verbs": []}}
FIELDS["ConfigMap/c", "metadata.annotations['a:b/c']"] = "note"


def look(target: str, path: str) -> object:
    if (target, path) not in FIELDS:
        raise PlaceholderError(f"no {target} {path}")
    return FIELDS[target, path]


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("${ConfigMap/c:metadata.uid}", "u-1"),
        ("uid=${ConfigMap/c:metadata.uid};", "uid=u-1;"),
        ("${ConfigMap/c:metadata.annotations['a:b/c']}", "note"),
        ("${r:spec.replicas}", 3),
        ("n${r:spec.replicas}", "n3"),
        ("${Role/a/x:y:rules[0]}", {"verbs": []}),
        ("${Role/a/x:y:rules[0]}!", '{"verbs": []}!'),
        ("${repeat:ab:3}", "ababab"),
        ("${repeat:a:2}/${repeat:b:1}", "aa/b"),
        ("${repeat:{}:2}", "{}{}"),
        ("${repeat:a:0}", ""),
        ("${VAR} $VAR ${VAR:-x} ${VAR:4}", "${VAR} $VAR ${VAR:-x} ${VAR:4}"),
        ("no placeholder", "no placeholder"),
    ],
)
def test_a_text_is_filled(text, filled):
    assert fill(text, look) == filled


def test_maps_are_filled_in_keys_and_values_and_stay_untouched():
    value = {"${repeat:a:3}": ["${r:spec.replicas}", 1, None, {"k": "${repeat:b:2}"}]}
    assert fill(value, look) == {"aaa": [3, 1, None, {"k": "bb"}]}
    assert list(value) == ["${repeat:a:3}"]


@pytest.mark.parametrize("text", ["${ghost:metadata.uid}", "a ${ConfigMap/no:metadata.uid}", "${repeat:abc:99999999}"])
def test_a_placeholder_without_meaning_is_an_error(text):
    with pytest.raises(PlaceholderError):
        fill(text, look)
