"""Bodies of requests: what is stored, what is refused, in Go's words.

Sources: sigs.k8s.io/json decode.go, apimachinery/pkg/runtime/serializer/json/json.go,
apiserver/pkg/endpoints/handlers/{create,rest}.go.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.apiserver.decode import IGNORE, STRICT, WARN, decode, missing_api_version, missing_kind
from k8scourse.apiserver.go_type import GoType
from k8scourse.apiserver.kinds import Registry, ResourceInfo, Subresource
from k8scourse.apiserver.schemas import Schemas, type_schema
from k8scourse.machinery.copying import copy_json
from k8scourse.machinery.json_body import parse_json
from k8scourse.machinery.status import ApiError

REGISTRY, SCHEMAS = Registry(), Schemas()
POD = REGISTRY.kind("v1", "Pod")
DEPLOYMENT = REGISTRY.kind("apps/v1", "Deployment")
CONFIG_MAP = REGISTRY.kind("v1", "ConfigMap")
SECRET = REGISTRY.kind("v1", "Secret")
ROLE = REGISTRY.kind("rbac.authorization.k8s.io/v1", "Role")
CRD = REGISTRY.kind("apiextensions.k8s.io/v1", "CustomResourceDefinition")


def decoded(body: Any, kind: ResourceInfo = POD) -> dict[str, Any]:
    """The object of a body that is accepted strictly and without warnings."""
    obj, warnings = decode(body, kind, SCHEMAS, STRICT)
    assert warnings == []
    return obj


def refusal(body: Any, kind: ResourceInfo = POD, strictness: str = STRICT) -> str:
    """The message of the 400 that *body* earns."""
    with pytest.raises(ApiError) as caught:
        decode(body, kind, SCHEMAS, strictness)
    assert (caught.value.code, caught.value.reason) == (400, "BadRequest")
    return caught.value.message


def handled(text: str, kind: str = "Pod") -> str:
    """The frame around a decoding error."""
    return f'{kind} in version "v1" cannot be handled as a {kind}: {text}'


def container(**fields: Any) -> dict[str, Any]:
    """A Pod's body with one container of these fields."""
    return {"spec": {"containers": [fields]}}


# --- unknown and repeated fields ---


def test_unknown_fields_are_listed_in_document_order() -> None:
    body = {"spec": {"foo": 1, "containers": [{"bar": 2}, {"name": "b", "baz": {"deep": 1}}]}, "specc": {}}
    assert refusal(body) == handled(
        'strict decoding error: unknown field "spec.foo", unknown field "spec.containers[0].bar", '
        'unknown field "spec.containers[1].baz", unknown field "specc"'
    )


def test_an_unknown_field_reads_as_the_api_server_says_it() -> None:
    """Text printed by kube-apiserver 1.36."""
    body = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}, "spec": {"podGC": []}}
    assert refusal(body, REGISTRY.kind("v1", "Node")) == handled(
        'strict decoding error: unknown field "spec.podGC"', "Node"
    )


def test_names_of_fields_are_case_sensitive() -> None:
    assert 'unknown field "spec.Containers"' in refusal({"spec": {"Containers": []}})


def test_fields_below_map_keys_are_named_with_the_key() -> None:
    kind = REGISTRY.kind("resource.k8s.io/v1", "ResourceSlice")
    body = {"spec": {"devices": [{"capacity": {"example.com/a": {"value": "1", "x": 1}}}]}}
    assert 'unknown field "spec.devices[0].capacity.example.com/a.x"' in refusal(body, kind)


def test_warn_drops_unknown_fields_with_a_warning_each() -> None:
    obj, warnings = decode({"spec": {"foo": 1}, "bar": 2}, POD, SCHEMAS, WARN)
    assert warnings == ['unknown field "spec.foo"', 'unknown field "bar"']
    assert "foo" not in obj["spec"] and "bar" not in obj


def test_warn_is_the_default_of_the_server() -> None:
    """rest.go fieldValidation."""
    assert decode({"bar": 2}, POD, SCHEMAS)[1] == ['unknown field "bar"']


def test_ignore_drops_unknown_fields_silently() -> None:
    obj, warnings = decode({"bar": 2}, POD, SCHEMAS, IGNORE)
    assert warnings == [] and "bar" not in obj


def test_a_repeated_key_of_a_json_text_is_an_error_and_the_last_value_wins() -> None:
    body = parse_json(
        '{"spec": {"x": 1, "hostname": "a", "hostname": "b"}, "metadata": {"labels": {"l": "1", "l": "2"}}}'
    )
    assert refusal(body) == handled(
        'strict decoding error: unknown field "spec.x", duplicate field "spec.hostname", '
        'duplicate field "metadata.labels.l"'
    )
    obj, _ = decode(body, POD, SCHEMAS, IGNORE)
    assert obj["spec"]["hostname"] == "b" and obj["metadata"]["labels"] == {"l": "2"}


def test_at_most_100_strict_errors_are_listed() -> None:
    """sigs.k8s.io/json kubernetes_patch.go saveStrictError."""
    _, warnings = decode({f"x{i}": i for i in range(200)}, POD, SCHEMAS, WARN)
    assert len(warnings) == 100


# --- wrong types ---


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"metadata": {"name": True}}, "bool into Go struct field ObjectMeta.metadata.name of type string"),
        ({"metadata": {"labels": {"a": 1}}}, "number into Go struct field ObjectMeta.metadata.labels of type string"),
        (
            {"metadata": {"labels": ["a"]}},
            "array into Go struct field ObjectMeta.metadata.labels of type map[string]string",
        ),
        ({"metadata": {"uid": 1}}, "number into Go struct field ObjectMeta.metadata.uid of type types.UID"),
        ({"metadata": "x"}, "string into Go struct field Pod.metadata of type v1.ObjectMeta"),
        ({"spec": 5}, "number into Go struct field Pod.spec of type v1.PodSpec"),
        ({"spec": {"containers": {}}}, "object into Go struct field PodSpec.spec.containers of type []v1.Container"),
        ({"spec": {"containers": ["a"]}}, "string into Go struct field PodSpec.spec.containers of type v1.Container"),
        ({"spec": {"affinity": []}}, "array into Go struct field PodSpec.spec.affinity of type v1.Affinity"),
        ({"spec": {"hostNetwork": "yes"}}, "string into Go struct field PodSpec.spec.hostNetwork of type bool"),
        (
            {"spec": {"priority": 3000000000}},
            "number 3000000000 into Go struct field PodSpec.spec.priority of type int32",
        ),
        (
            {"spec": {"terminationGracePeriodSeconds": 1.5}},
            "number 1.5 into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64",
        ),
        (
            container(imagePullPolicy=5),
            "number into Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy",
        ),
        (container(args=["a", 1]), "number into Go struct field Container.spec.containers.args of type string"),
        (
            container(ports=[{"containerPort": "80"}]),
            "string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
        ),
        (
            container(resources={"limits": 1}),
            "number into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList",
        ),
        (
            {"spec": {"tolerations": [{"tolerationSeconds": "60"}]}},
            "string into Go struct field Toleration.spec.tolerations.tolerationSeconds of type int64",
        ),
        (
            {"spec": {"volumes": [{"configMap": {"name": 1}}]}},
            "number into Go struct field ConfigMapVolumeSource.spec.volumes.configMap.name of type string",
        ),
        (
            container(livenessProbe={"httpGet": {"port": 1.5}}),
            "number 1.5 into Go struct field HTTPGetAction.spec.containers.livenessProbe.httpGet.port of type int32",
        ),
        (
            container(livenessProbe={"httpGet": {"port": True}}),
            "bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.httpGet.port of type int32",
        ),
        (
            {"metadata": {"creationTimestamp": 5}},
            "number into Go struct field ObjectMeta.metadata.creationTimestamp of type string",
        ),
    ],
)
def test_a_wrong_type_is_told_in_gos_words(body: Any, text: str) -> None:
    """decode.go: UnmarshalTypeError names the innermost struct, the path of fields and the Go type."""
    assert refusal(body) == handled(f"json: cannot unmarshal {text}")
    assert refusal(body, strictness=IGNORE) == handled(f"json: cannot unmarshal {text}")


def test_a_number_among_config_map_data_reads_as_the_api_server_says_it() -> None:
    """Text printed by kube-apiserver 1.36."""
    text = "json: cannot unmarshal number into Go struct field ConfigMap.data of type string"
    assert refusal({"data": {"lives": 3}}, CONFIG_MAP) == handled(text, "ConfigMap")


def test_the_first_wrong_type_in_the_document_is_told_and_beats_unknown_fields() -> None:
    body = {"nope": 1, "spec": {"hostname": 1}, "metadata": {"name": 2}}
    assert "PodSpec.spec.hostname" in refusal(body)


def test_types_that_read_themselves_abort_before_earlier_type_errors_are_told() -> None:
    """decode.go: an error of UnmarshalJSON returns at once, saved errors are told at the end only."""
    assert "quantities must match" in refusal({"metadata": {"name": 1}, "spec": {"overhead": {"cpu": "x"}}})


def test_numbers_keep_the_spelling_of_the_document() -> None:
    assert "number 3.0 into" in refusal(parse_json('{"spec": {"priority": 3.0}}'))
    assert "number 1e2 into" in refusal(parse_json('{"spec": {"priority": 1e2}}'))


def test_a_whole_float_of_python_counts_as_go_would_write_it() -> None:
    assert decoded({"spec": {"priority": 3.0}})["spec"]["priority"] == 3


@pytest.mark.parametrize("value", ["abc", "", "1.5.5", True, {}, [], "1 Gi"])
def test_a_bad_quantity_shows_the_expression_it_must_match(value: Any) -> None:
    assert refusal(container(resources={"limits": {"cpu": value}})).startswith(
        handled("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
    )


@pytest.mark.parametrize(
    ("text", "position"),
    [("x!", 1), ("YQ", 0), ("YQ=", 3), ("YQ==x", 4), ("=", 0), ("YWJj\nYQ=!", 7), ("YWJjYW", 4)],
)
def test_bad_base64_is_told_with_its_position(text: str, position: int) -> None:
    """encoding/base64 decodeQuantum."""
    message = refusal({"data": {"a": text}}, SECRET)
    assert message == handled(f"illegal base64 data at input byte {position}", "Secret")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("yesterday", 'as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"'),
        ("2026-01-01", 'as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"'),
        ("2026-01-01T00:00:00", 'as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"'),
        ("2026-13-01T00:00:00Z", "month out of range"),
        ("2026-02-30T00:00:00Z", "day out of range"),
        ("2026-01-01T24:00:00Z", "hour out of range"),
        ("2026-01-01T00:00:00Zulu", 'extra text: "ulu"'),
    ],
)
def test_a_bad_time_is_told_as_gos_parser_does(text: str, problem: str) -> None:
    message = refusal({"metadata": {"deletionTimestamp": text}})
    separator = " " if problem.startswith("as ") else ": "
    assert message == handled(f'parsing time "{text}"{separator}{problem}')


# --- kinds ---


def test_kind_and_version_may_be_missing() -> None:
    obj = decoded({"metadata": {"name": "p"}})
    assert (obj["kind"], obj["apiVersion"]) == ("Pod", "v1")
    assert list(obj)[:3] == ["kind", "apiVersion", "metadata"]


def test_an_unregistered_kind_is_refused() -> None:
    assert refusal({"apiVersion": "v1", "kind": "Foo"}) == (
        'Foo in version "v1" cannot be handled as a Pod: '
        'no kind "Foo" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"'
    )


def test_another_kind_than_the_paths_is_refused() -> None:
    body = {"apiVersion": "apps/v1", "kind": "Deployment"}
    assert refusal(body) == (
        'Deployment in version "v1" cannot be handled as a Pod: '
        "converting (v1.Deployment) to (core.Pod): unknown conversion"
    )


def test_another_version_than_the_paths_is_refused() -> None:
    message = refusal({"apiVersion": "autoscaling/v1"}, REGISTRY.kind("autoscaling/v2", "HorizontalPodAutoscaler"))
    assert message == (
        "the API version in the data (autoscaling/v1) does not match the expected API version (autoscaling/v2)"
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"kind": 3}, 'json: cannot unmarshal number into Go struct field .kind of type string ({"kind":3})'),
        (
            [1],
            "json: cannot unmarshal array into Go value of type struct { APIVersion string "
            '"json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (5b315d)',
        ),
    ],
)
def test_a_body_without_readable_kind_is_unrecognized(body: Any, text: str) -> None:
    start = "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: "
    assert refusal(body) == start + text


def test_a_group_version_has_one_slash_at_most() -> None:
    assert "unexpected GroupVersion string: a/b/c" in refusal({"apiVersion": "a/b/c"})


def test_the_kind_is_found_in_any_case_but_the_field_stays_unknown() -> None:
    """meta.go Interpret uses encoding/json, the decoder proper is case-sensitive."""
    assert refusal({"Kind": "Pod"}) == handled('strict decoding error: unknown field "Kind"')


def test_bodies_of_subresources_are_decoded_by_their_own_kind() -> None:
    eviction = POD.subresources["eviction"]
    obj, _ = decode({"metadata": {"name": "p"}, "deleteOptions": {"gracePeriodSeconds": 0}}, eviction, SCHEMAS, STRICT)
    assert (obj["apiVersion"], obj["deleteOptions"]) == ("policy/v1", {"gracePeriodSeconds": 0})
    options = Subresource("", "", "v1", "DeleteOptions", ())
    assert decode({"propagationPolicy": "Orphan"}, options, SCHEMAS)[0]["propagationPolicy"] == "Orphan"


def test_a_custom_resource_keeps_its_fields_and_has_typed_metadata() -> None:
    widget = ResourceInfo("example.com", "v1", "Widget", "widgets", "widget")
    body = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": {"any": [None]}}
    assert decoded(body, widget)["spec"] == {"any": [None]}
    assert 'unknown field "metadata.x"' in refusal({**body, "metadata": {"x": 1}}, widget)
    assert "Object 'Kind' is missing in '{\"spec\":{}}'" in refusal({"spec": {}}, widget)


def test_missing_kind_and_version_have_their_words() -> None:
    assert missing_kind({"a": 1}) == "Object 'Kind' is missing in '{\"a\":1}'"
    assert missing_api_version({}) == "Object 'apiVersion' is missing in '{}'"


# --- what is stored ---


def test_zero_values_are_dropped_where_go_omits_them() -> None:
    body = {
        "metadata": {"name": "p", "namespace": "", "labels": {}, "finalizers": [], "creationTimestamp": None},
        "spec": {"containers": [], "hostNetwork": False, "nodeName": "", "tolerations": [], "hostPID": None},
    }
    assert decoded(body) == {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": {"name": "p"},
        "spec": {"containers": None},
        "status": {},
    }


def test_pointers_keep_zero_values_and_lose_null() -> None:
    spec = {"replicas": 0, "paused": False, "minReadySeconds": 0, "revisionHistoryLimit": None}
    assert decoded({"spec": spec}, DEPLOYMENT)["spec"] == {
        "replicas": 0,
        "selector": None,
        "template": {"metadata": {}, "spec": {"containers": None}},
        "strategy": {},
    }
    assert decoded(container(securityContext={"privileged": False}))["spec"]["containers"][0]["securityContext"] == {
        "privileged": False
    }
    assert decoded({"spec": {"volumes": [{"name": "v", "emptyDir": {}}]}})["spec"]["volumes"][0]["emptyDir"] == {}


def test_required_scalars_and_structs_are_always_written() -> None:
    assert decoded(container(ports=[{}]))["spec"]["containers"] == [
        {"name": "", "ports": [{"containerPort": 0}], "resources": {}}
    ]
    assert decoded({}, ROLE) == {"kind": "Role", "apiVersion": ROLE.group_version, "metadata": {}, "rules": None}


def test_the_zero_of_a_union_or_time_is_written_where_it_is_no_pointer() -> None:
    """core/v1 ServicePort.targetPort, PodCondition.lastProbeTime: structs, so omitempty never omits them."""
    service = decoded({"spec": {"ports": [{"port": 80}]}}, REGISTRY.kind("v1", "Service"))
    assert service["spec"]["ports"] == [{"port": 80, "targetPort": 0}]
    status = decoded({"status": {"conditions": [{"type": "Ready", "status": "True"}]}})["status"]
    assert status["conditions"] == [
        {"type": "Ready", "status": "True", "lastProbeTime": None, "lastTransitionTime": None}
    ]


def test_null_inside_maps_and_lists_is_the_zero_value() -> None:
    assert decoded({"metadata": {"labels": {"a": None}}})["metadata"]["labels"] == {"a": ""}
    assert decoded(container(args=["a", None]))["spec"]["containers"][0]["args"] == ["a", ""]
    assert decoded({"data": {"a": None}}, SECRET)["data"] == {"a": ""}
    assert decoded({"spec": {"containers": [None]}})["spec"]["containers"] == [{"name": "", "resources": {}}]


@pytest.mark.parametrize(
    ("value", "stored"),
    [(1, "1"), (0.5, "500m"), ("1024Mi", "1Gi"), ("1.5Gi", "1536Mi"), ("2000M", "2G"), ("1e3", "1e3"), (" 1 ", "1")],
)
def test_quantities_are_stored_canonically(value: Any, stored: str) -> None:
    obj = decoded(container(resources={"limits": {"x": value}}))
    assert obj["spec"]["containers"][0]["resources"]["limits"] == {"x": stored}


def test_times_are_stored_in_utc_and_whole_seconds() -> None:
    obj = decoded({"metadata": {"deletionTimestamp": "2026-01-01T02:00:00.75+02:00"}})
    assert obj["metadata"]["deletionTimestamp"] == "2026-01-01T00:00:00Z"
    assert "creationTimestamp" not in decoded({"metadata": {"creationTimestamp": "0001-01-01T00:00:00Z"}})["metadata"]


def test_micro_times_have_six_digits() -> None:
    lease = REGISTRY.kind("coordination.k8s.io/v1", "Lease")
    obj = decoded({"spec": {"renewTime": "2026-01-01T00:00:00.000001Z"}}, lease)
    assert obj["spec"]["renewTime"] == "2026-01-01T00:00:00.000001Z"
    assert 'cannot parse "Z" as ".000000"' in refusal({"spec": {"renewTime": "2026-01-01T00:00:00Z"}}, lease)


def test_base64_is_stored_canonically() -> None:
    assert decoded({"data": {"a": "YW\nJj", "b": "YR=="}}, SECRET)["data"] == {"a": "YWJj", "b": "YQ=="}


def test_required_bytes_tell_empty_from_absent() -> None:
    kind = REGISTRY.kind("certificates.k8s.io/v1", "CertificateSigningRequest")
    assert decoded({"spec": {"request": ""}}, kind)["spec"] == {"request": "", "signerName": ""}
    assert decoded({"spec": {}}, kind)["spec"] == {"request": None, "signerName": ""}


def test_maps_are_sorted_and_fields_come_in_gos_order() -> None:
    obj = decoded({"metadata": {"labels": {"b": "1", "a": "2"}, "namespace": "n", "name": "p"}})
    assert list(obj["metadata"]) == ["name", "namespace", "labels"]
    assert list(obj["metadata"]["labels"]) == ["a", "b"]


def test_unions_of_json_schemas_take_their_forms() -> None:
    """apiextensions/v1 marshal.go."""
    schema = {
        "type": "object",
        "additionalProperties": True,
        "items": {"type": "string"},
        "default": {"b": 1, "a": None},
    }
    body = {"spec": {"versions": [{"name": "v1", "schema": {"openAPIV3Schema": schema}}]}}
    stored = decoded(body, CRD)["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    assert stored == schema
    schema["additionalProperties"] = "yes"
    assert refusal(body, CRD) == handled("boolean or JSON schema expected", "CustomResourceDefinition")
    schema["additionalProperties"] = {"type": 1}
    assert "cannot unmarshal number into Go struct field JSONSchemaProps.spec.versions.schema" in refusal(body, CRD)


def test_data_that_is_not_json_is_a_programming_error() -> None:
    with pytest.raises(TypeError, match="not JSON data: set"):
        decode({"spec": {"containers": set()}}, POD, SCHEMAS)


# --- properties ---

QUANTITIES = st.sampled_from(["1", "500m", "1Gi", "1024Mi", "2.5", "1e3"]) | st.integers(0, 10**6)
LEAVES: dict[str, st.SearchStrategy[Any]] = {
    "string": st.sampled_from(["", "a", "b-1", "é"]),
    "bool": st.booleans(),
    "int32": st.integers(-(2**31), 2**31 - 1),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "float64": st.floats(allow_nan=False, allow_infinity=False),
    "bytes": st.sampled_from(["", "YQ==", "YWJj"]),
    "quantity": QUANTITIES,
    "time": st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-01T01:00:00.5+01:00"]),
    "micro-time": st.just("2026-01-01T00:00:00.000001Z"),
    "int-or-string": st.integers(0, 99) | st.just("25%"),
    "schema-or-bool": st.booleans(),
    "schema-or-array": st.just([{"type": "string"}]),
    "schema-or-strings": st.just(["a"]),
}
RAW = st.dictionaries(
    st.sampled_from("ab"), st.none() | st.integers() | st.lists(st.booleans(), max_size=2), max_size=2
)


def values(go: GoType, depth: int) -> st.SearchStrategy[Any]:
    """JSON values that fit a Go type."""
    if go.kind == "struct":
        assert go.struct is not None
        return structs(go.struct, depth - 1)
    if go.elem is not None:
        inner = st.none() | values(go.elem, depth)
        return st.lists(inner, max_size=2) if go.kind == "slice" else st.dictionaries(st.sampled_from("ab"), inner)
    return LEAVES.get(go.kind, RAW)


def structs(name: str, depth: int = 6) -> st.SearchStrategy[Any]:
    """Objects of a type with some of its fields, in any order."""
    fields = type_schema(name).fields
    if depth <= 0:
        return st.just({})

    @st.composite
    def build(draw: st.DrawFn) -> dict[str, Any]:
        chosen = draw(st.lists(st.sampled_from(list(fields)), unique=True, max_size=4)) if fields else []
        return {f: draw(st.none() | values(fields[f].go, depth)) for f in chosen if f not in ("kind", "apiVersion")}

    return build()


BODIES = st.sampled_from([POD, DEPLOYMENT, SECRET, ROLE, CRD, REGISTRY.kind("v1", "Service")]).flatmap(
    lambda info: st.tuples(st.just(info), structs(SCHEMAS.for_kind(info.group_version, info.kind).name))
)


def dicts_of_structs(value: Any, name: str, path: str = "") -> list[tuple[dict[str, Any], str]]:
    """All objects of struct types in *value*, with their paths."""
    found = [(value, path)]
    for key, item in value.items():
        field = type_schema(name).fields[key]
        inner = field.go.leaf.struct
        if inner is None or item is None:
            continue
        here = f"{path}.{key}" if path else key
        items = [(here, item)]
        if field.type == "array":
            items = [(f"{here}[{i}]", one) for i, one in enumerate(item)]
        elif field.type == "map":
            items = [(f"{here}.{k}", one) for k, one in item.items()]
        for at, one in items:
            if isinstance(one, dict):
                found.extend(dicts_of_structs(one, inner, at))
    return found


@given(BODIES)
def test_decoding_is_idempotent(case: tuple[ResourceInfo, dict[str, Any]]) -> None:
    info, body = case
    once = decoded(body, info)
    assert decoded(once, info) == once
    assert list(decoded(once, info)) == list(once)


@given(BODIES)
def test_decoding_neither_changes_nor_shares_its_input(case: tuple[ResourceInfo, dict[str, Any]]) -> None:
    info, body = case
    before = copy_json(body)
    once = decoded(body, info)
    expected = copy_json(once)
    assert body == before
    scribble(once)
    assert body == before and decoded(body, info) == expected


def scribble(value: Any) -> None:
    """Changes every container in *value*."""
    for item in list(value.values() if isinstance(value, dict) else value):
        if isinstance(item, dict | list):
            scribble(item)
    value.clear()


@given(BODIES, st.data())
def test_an_unknown_field_anywhere_is_reported_with_its_path(
    case: tuple[ResourceInfo, dict[str, Any]], data: st.DataObject
) -> None:
    info, body = case
    name = SCHEMAS.for_kind(info.group_version, info.kind).name
    target, path = data.draw(st.sampled_from(dicts_of_structs(body, name)))
    clean = decoded(body, info)
    target["xUnknown"] = 1
    where = f"{path}.xUnknown" if path else "xUnknown"
    obj, warnings = decode(body, info, SCHEMAS, WARN)
    assert warnings == [f'unknown field "{where}"']
    assert obj == clean
    assert f'strict decoding error: unknown field "{where}"' in refusal(body, info)


@given(st.sampled_from(list(REGISTRY)))
def test_every_served_kind_decodes_an_empty_body(info: ResourceInfo) -> None:
    once = decoded({}, info)
    assert decoded(once, info) == once


def full(go: GoType, open_types: tuple[str, ...] = ()) -> Any:
    """A value of a type with every field set to something that is not its zero; recursive types end after once."""
    if go.kind == "struct":
        assert go.struct is not None
        inner = (*open_types, go.struct)
        fields = type_schema(go.struct).fields.values()
        return {f.name: full(f.go, inner) for f in fields if f.go.leaf.struct not in inner}
    if go.elem is not None:
        value = full(go.elem, open_types)
        return [value, value] if go.kind == "slice" else {"a": value, "b": value}
    return _FULL[go.kind]


_FULL: dict[str, Any] = {
    "string": "text",
    "bool": True,
    "int32": -7,
    "int64": 2**62,
    "float64": 1.5,
    "bytes": "YQ==",
    "quantity": "1500m",
    "time": "2026-01-01T00:00:00Z",
    "micro-time": "2026-01-01T00:00:00.000001Z",
    "int-or-string": "25%",
    "raw": {"any": [None]},
    "schema-or-bool": True,
    "schema-or-array": [{"type": "string"}],
    "schema-or-strings": ["a"],
}


@given(st.sampled_from(list(REGISTRY)))
def test_an_object_with_every_field_set_survives_as_it_is(info: ResourceInfo) -> None:
    """The claim of api/roundtrip_test.go, for every served kind: nothing is lost, fields keep Go's order."""
    schema = SCHEMAS.for_kind(info.group_version, info.kind)
    body = full(GoType("struct", schema.go_name, struct=schema.name))
    body["kind"], body["apiVersion"] = info.kind, info.group_version
    assert ordered(decoded(body, info)) == ordered(body)


def ordered(value: Any) -> Any:
    """*value* with the order of keys made part of it."""
    if isinstance(value, dict):
        return [(key, ordered(item)) for key, item in value.items()]
    return [ordered(item) for item in value] if isinstance(value, list) else value
