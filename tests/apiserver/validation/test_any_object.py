"""Whatever decodes is defaulted and judged without an accident, and nothing stored is changed on the way."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.apiserver.decode import decode
from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.schemas import Schemas
from k8scourse.apiserver.strategies import SIMULATED, strategy_for
from k8scourse.machinery.copying import copy_json
from k8scourse.machinery.status import invalid

REGISTRY, SCHEMAS = Registry(), Schemas()
KINDS = [resource for resource in REGISTRY if (resource.group, resource.kind) in SIMULATED]
TEXTS = ["", "a", "A b", "x.y/z", "..", "/abs", "Always", "Exists", "NoExecute", "In", "metadata.name", "Localhost"]
VALUES = {
    "integer": [0, 1, -1, 80, 70000],
    "number": [1.5],
    "boolean": [True, False],
    "quantity": ["1", "100m", "-1", "1Gi", "3Mi"],
    "int-or-string": [0, -1, "25%", "http", "101%"],
    "time": ["2026-01-01T00:00:00Z"],
    "micro-time": ["2026-01-01T00:00:00.000000Z"],
    "bytes": ["YQ=="],
    "raw": [{}],
    "object": [{}],
}
KEYS = ["cpu", "memory", "a.io/gpu", "hugepages-2Mi", "k", "a/b/c"]


def value(random: Random, field: Any, depth: int) -> Any:
    def one() -> Any:
        return structure(random, field.ref, depth + 1) if field.ref else random.choice(VALUES.get(word or "", TEXTS))

    word = field.item_type if field.type in ("array", "map") else field.type
    if field.type == "array":
        return [one() for _ in range(random.randrange(3))]
    if field.type == "map":
        return {random.choice(KEYS): one() for _ in range(random.randrange(3))}
    return one()


def structure(random: Random, schema: Any, depth: int = 0) -> dict[str, Any]:
    if depth > 5 and schema.go_name == "JSONSchemaProps":
        return {}  # schemas of schemas have no end
    chance = 0.6 if depth < 2 else 0.35 if depth < 4 else 0.15
    return {
        name: value(random, field, depth)
        for name, field in schema.fields.items()
        if name in ("spec", "template", "containers") or random.random() < chance
    }


def any_object(random: Random, resource: Any) -> dict[str, Any]:
    body = structure(random, SCHEMAS.for_kind(resource.group_version, resource.kind))
    metadata = {"name": "a", "labels": {"a": "b"}, "uid": "1", "resourceVersion": "1"}
    if resource.namespaced:
        metadata["namespace"] = "n"
    body.update(apiVersion=resource.group_version, kind=resource.kind, metadata=metadata)
    obj, _ = decode(body, resource, SCHEMAS, "Ignore")
    default_object(resource.group, resource.kind, obj)
    return obj


@pytest.mark.parametrize("resource", KINDS, ids=lambda resource: resource.group_kind)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_any_object_is_judged(resource, seed):
    strategy, random = strategy_for(resource), Random(seed)
    first, second = any_object(random, resource), any_object(random, resource)
    again = copy_json(first)
    default_object(resource.group, resource.kind, again)
    assert again == first

    strategy.prepare_for_create(first)
    stored = copy_json(first)
    errors = strategy.validate(first)
    strategy.warnings_on_create(first)
    strategy.selectable_fields(first)
    assert str(invalid(resource.group_kind, "a", errors))
    updates = [
        (strategy.prepare_for_update, strategy.validate_update),
        (strategy.prepare_for_status_update, strategy.validate_status_update),
        *((part.prepare, part.validate) for part in strategy.subresources.values()),
    ]
    for prepare, validate in updates:
        new = copy_json(second)
        prepare(new, first)
        assert all(str(error) for error in validate(new, first))
    assert first == stored
