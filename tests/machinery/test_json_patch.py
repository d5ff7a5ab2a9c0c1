"""Texts: evanphx/json-patch v4 (patch.go), as `kubectl patch --type=json` shows them; rules: RFC 6902."""

import copy
from typing import Any

import pytest

from k8scourse.machinery.json_patch import PatchError, apply_json_patch

DOCUMENT = {"a": {"b": 1}, "l": [1, 2, 3], "n": None, "x/y": {"z~": 1}}


@pytest.mark.parametrize(
    ("operation", "changed"),
    [
        ({"op": "add", "path": "/c", "value": 2}, {"c": 2}),
        ({"op": "add", "path": "/c"}, {"c": None}),
        ({"op": "add", "path": "/l/-", "value": 4}, {"l": [1, 2, 3, 4]}),
        ({"op": "add", "path": "/l/0", "value": 0}, {"l": [0, 1, 2, 3]}),
        ({"op": "add", "path": "/l/3", "value": 4}, {"l": [1, 2, 3, 4]}),
        ({"op": "add", "path": "/l/-1", "value": 4}, {"l": [1, 2, 3, 4]}),
        ({"op": "remove", "path": "/a/b"}, {"a": {}}),
        ({"op": "remove", "path": "/l/-1"}, {"l": [1, 2]}),
        ({"op": "replace", "path": "/a/b", "value": [1]}, {"a": {"b": [1]}}),
        ({"op": "replace", "path": "/a/new", "value": 1}, {"a": {"b": 1, "new": 1}}),
        ({"op": "replace", "path": "/l/1", "value": 9}, {"l": [1, 9, 3]}),
        ({"op": "replace", "path": "/x~1y/z~0", "value": 9}, {"x/y": {"z~": 9}}),
        ({"op": "copy", "from": "/a/b", "path": "/l/0"}, {"l": [1, 1, 2, 3]}),
        ({"op": "move", "from": "/a/b", "path": "/c"}, {"a": {}, "c": 1}),
        ({"op": "move", "from": "/l/0", "path": "/l/-"}, {"l": [2, 3, 1]}),
        ({"op": "test", "path": "/a", "value": {"b": 1}}, {}),
        ({"op": "test", "path": "/nothing", "value": None}, {}),
    ],
)
def test_an_operation_changes_its_place_only(operation: dict[str, Any], changed: dict[str, Any]) -> None:
    before = copy.deepcopy(DOCUMENT)
    assert apply_json_patch(DOCUMENT, [operation]) == {**DOCUMENT, **changed}
    assert before == DOCUMENT


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        ({"op": "add", "path": "/q/r", "value": 1},
         'add operation does not apply: doc is missing path: "/q/r": missing value'),
        ({"op": "add", "path": "c", "value": 1},
         'add operation does not apply: doc is missing path: "c": missing value'),
        ({"op": "add", "path": "/l/9", "value": 1},
         "error in add for path: '/l/9': Unable to access invalid index: 9: invalid index referenced"),
        ({"op": "add", "path": "/l/x", "value": 1},
         "error in add for path: '/l/x': value was not a proper array index: 'x': "
         'strconv.Atoi: parsing "x": invalid syntax'),
        ({"op": "add", "value": 1}, "add operation failed to decode path: missing value"),
        ({"op": "remove", "path": "/a/q"},
         "error in remove for path: '/a/q': Unable to remove nonexistent key: q: missing value"),
        ({"op": "remove", "path": "/l/3"},
         "error in remove for path: '/l/3': Unable to access invalid index: 3: invalid index referenced"),
        ({"op": "remove", "path": "/q/r"},
         'remove operation does not apply: doc is missing path: "/q/r": missing value'),
        ({"op": "replace", "path": "/q/r", "value": 1},
         "replace operation does not apply: doc is missing path: /q/r: missing value"),
        ({"op": "replace", "path": "/l/9", "value": 1},
         "replace operation does not apply: doc is missing key: /l/9: missing value"),
        ({"op": "test", "path": "/a/b", "value": 2}, "testing value /a/b failed: test failed"),
        ({"op": "test", "path": "/a/b", "value": True}, "testing value /a/b failed: test failed"),
        ({"op": "test", "path": "/q/r", "value": 2},
         "test operation does not apply: is missing path: /q/r: missing value"),
        ({"op": "move", "path": "/c"},
         "move operation failed to decode from: operation, missing from field: missing value"),
        ({"op": "move", "from": "/q", "path": "/c"},
         "error in move for path: 'q': Unable to remove nonexistent key: q: missing value"),
        ({"op": "copy", "from": "/q/r", "path": "/c"},
         "copy operation does not apply: doc is missing from path: /q/r: missing value"),
        ({"op": "jump", "path": "/c"}, "Unexpected kind: jump"),
        ({"path": "/c"}, "Unexpected kind: unknown"),
    ],
)  # fmt: skip
def test_an_operation_that_does_not_apply_is_refused_in_upstreams_words(operation: dict[str, Any], text: str) -> None:
    with pytest.raises(PatchError) as caught:
        apply_json_patch(DOCUMENT, [{"op": "add", "path": "/fine", "value": 1}, operation])
    assert (str(caught.value), caught.value.code) == (text, 422)


@pytest.mark.parametrize(
    ("operations", "code", "text"),
    [
        ({}, 400, "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"),
        (["x"], 400, "error decoding patch: json: cannot unmarshal string into Go value of type handlers.jsonPatchOp"),
        ([{}] * 10_001, 413, "The allowed maximum operations in a JSON patch is 10000, got 10001"),
    ],
)
def test_a_patch_of_the_wrong_shape_is_refused_before_it_is_applied(operations: Any, code: int, text: str) -> None:
    with pytest.raises(PatchError) as caught:
        apply_json_patch(DOCUMENT, operations)
    assert (caught.value.code, str(caught.value)) == (code, text)
