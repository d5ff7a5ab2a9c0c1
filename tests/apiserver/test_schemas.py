"""Structure of kinds: types, requiredness, patch rules; what is loaded when."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.apiserver import schemas as schemas_module
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.schemas import DescriptionsMissing, Schemas, TypeSchema, UnknownKind, type_schema

SCHEMAS = Schemas()
POD = SCHEMAS.for_kind("v1", "Pod")
ALL_TYPES = sorted(
    json.loads(resources.files("k8scourse.apiserver").joinpath("data/schemas.json").read_text())["types"]
)


def at(schema: TypeSchema, path: str) -> schemas_module.FieldSchema:
    """The field at a dotted path below *schema*."""
    *parents, last = path.split(".")
    for name in parents:
        inner = schema.fields[name].ref
        assert inner is not None
        schema = inner
    return schema.fields[last]


@pytest.mark.parametrize(
    ("path", "kind", "go_type"),
    [
        ("metadata.name", "string", "string"),
        ("metadata.labels", "map", "map[string]string"),
        ("metadata.creationTimestamp", "time", "v1.Time"),
        ("metadata.generation", "integer", "int64"),
        ("metadata.uid", "string", "types.UID"),
        ("spec.containers", "array", "[]v1.Container"),
        ("spec.containers.resources.limits", "map", "v1.ResourceList"),
        ("spec.containers.ports.containerPort", "integer", "int32"),
        ("spec.containers.livenessProbe.httpGet.port", "int-or-string", "intstr.IntOrString"),
        ("spec.containers.imagePullPolicy", "string", "v1.PullPolicy"),
        ("spec.hostNetwork", "boolean", "bool"),
        ("spec.volumes.emptyDir.sizeLimit", "quantity", "resource.Quantity"),
        ("spec.affinity", "object", "v1.Affinity"),
        ("spec.tolerations.tolerationSeconds", "integer", "int64"),
    ],
)
def test_fields_know_their_type(path: str, kind: str, go_type: str) -> None:
    """staging/src/k8s.io/api/core/v1/types.go."""
    field = at(POD, path)
    assert (field.type, field.go_type) == (kind, go_type)


def test_map_values_and_items_have_types_too() -> None:
    assert at(POD, "metadata.labels").item_type == "string"
    assert at(POD, "spec.containers.resources.limits").item_type == "quantity"
    assert at(POD, "spec.containers").item_type == "object"
    assert SCHEMAS.for_kind("v1", "Secret").fields["data"].item_type == "bytes"


def test_embedded_structs_are_part_of_their_owner() -> None:
    """core/v1 Volume embeds VolumeSource; EphemeralContainer embeds EphemeralContainerCommon."""
    assert at(POD, "spec.volumes.configMap.name").type == "string"
    assert at(POD, "spec.ephemeralContainers.image").owner == "core/v1.EphemeralContainer"


def test_patch_rules_come_from_the_schema() -> None:
    containers = at(POD, "spec.containers")
    assert (containers.merge_key, containers.strategies, containers.list_map_keys) == ("name", ("merge",), ("name",))
    assert at(POD, "spec.volumes").strategies == ("merge", "retainKeys")
    assert at(POD, "spec.containers.ports").list_map_keys == ("containerPort", "protocol")
    assert at(POD, "spec.tolerations").list_type == "atomic"
    assert at(POD, "spec.tolerations").merge_key is None
    strategy = at(SCHEMAS.for_kind("apps/v1", "Deployment"), "spec.strategy")
    assert strategy.strategies == ("retainKeys",)


def test_a_type_serves_as_schema_of_a_strategic_merge_patch() -> None:
    spec = POD.field("spec")
    assert spec is not None and spec.schema is not None
    containers = spec.schema.field("containers")
    assert containers is not None and containers.schema is type_schema("core/v1.Container")
    assert POD.field("nope") is None
    limits = type_schema("core/v1.ResourceRequirements").field("limits")
    assert limits is not None and limits.schema is None


def test_required_optional_pointer_and_omitempty_differ() -> None:
    containers, replicas = at(POD, "spec.containers"), at(SCHEMAS.for_kind("apps/v1", "Deployment"), "spec.replicas")
    assert containers.required and not containers.omitempty
    assert replicas.pointer and replicas.omitempty and not replicas.required
    assert at(POD, "metadata.creationTimestamp").omitzero


def test_delete_options_belong_to_every_served_version() -> None:
    assert SCHEMAS.for_kind("apps/v1", "DeleteOptions") is SCHEMAS.for_kind("v1", "DeleteOptions")
    assert SCHEMAS.find_kind("nope/v1", "DeleteOptions") is None


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(UnknownKind, match=r"no schema for kind 'Deployment' in version 'v1'"):
        SCHEMAS.for_kind("v1", "Deployment")
    with pytest.raises(UnknownKind, match=r"no type 'core/v1.Nope'"):
        SCHEMAS.type("core/v1.Nope")


def test_every_served_kind_and_body_has_a_schema() -> None:
    options = {"PodAttachOptions", "PodExecOptions", "PodPortForwardOptions"}
    options |= {"PodProxyOptions", "NodeProxyOptions", "ServiceProxyOptions"}  # read from the query, not from a body
    for info in Registry():
        assert SCHEMAS.find_kind(info.group_version, info.kind), info
        for sub in info.subresources.values():
            api_version = f"{sub.group}/{sub.version}" if sub.group else sub.version
            assert sub.kind in options or SCHEMAS.find_kind(api_version, sub.kind), sub


@given(st.sampled_from(ALL_TYPES))
def test_every_reference_resolves(name: str) -> None:
    for field in type_schema(name).fields.values():
        assert (field.ref is None) == (field.go.leaf.struct is None)
        assert "/" not in field.go_type
        if field.merge_key and field.ref:
            assert field.merge_key in field.ref.fields


def test_descriptions_name_the_remedy_where_they_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def joinpath(self, _: str) -> Missing:
            return self

        def read_bytes(self) -> bytes:
            raise FileNotFoundError

    monkeypatch.setattr(schemas_module.resources, "files", lambda _: Missing())
    schemas_module.descriptions.cache_clear()
    with pytest.raises(DescriptionsMissing, match=r"tools/generate_schemas\.py"):
        _ = POD.description


def test_repr_is_short() -> None:
    assert repr(type_schema("core/v1.Taint")) == "<TypeSchema core/v1.Taint: 4 fields>"
