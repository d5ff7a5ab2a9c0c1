"""Custom resources. Sources: staging/src/k8s.io/apiextensions-apiserver/test/integration/{basic,pruning,defaulting,
validation,finalization,table}_test.go and pkg/apis/apiextensions/validation/validation_test.go."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from k8scourse.apiserver.custom_resources.structural_schema import prune, set_defaults
from k8scourse.apiserver.request import APPLY_PATCH, AS_TABLE, Request, Response
from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]
CRONTABS = "/apis/stable.example.com/v1/namespaces/default/crontabs"

SCHEMA: Object = {
    "type": "object",
    "properties": {
        "spec": {
            "type": "object",
            "required": ["cron"],
            "properties": {
                "cron": {"type": "string", "pattern": r"^\S+$"},
                "image": {"type": "string", "default": "img:1", "maxLength": 9},
                "replicas": {"type": "integer", "minimum": 1, "default": 1},
                "policy": {"type": "string", "enum": ["Allow", "Forbid"]},
                "port": {"x-kubernetes-int-or-string": True},
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                "parts": {
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name"],
                    "items": {
                        "type": "object",
                        "required": ["name"],
                        "properties": {"name": {"type": "string"}, "size": {"type": "integer"}},
                    },
                },
            },
        },
        "status": {"type": "object", "properties": {"replicas": {"type": "integer"}}},
    },
}


def definition(**version: Any) -> Object:
    one = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": SCHEMA}, **version}
    names = {"plural": "crontabs", "kind": "CronTab", "shortNames": ["ct"]}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "crontabs.stable.example.com"},
        "spec": {"group": "stable.example.com", "scope": "Namespaced", "names": names, "versions": [one]},
    }


def crontab(name: str = "a", **spec: Any) -> Object:
    return {
        "apiVersion": "stable.example.com/v1",
        "kind": "CronTab",
        "metadata": {"name": name},
        "spec": {"cron": "@daily", **spec},
    }


@pytest.fixture
def cluster() -> Cluster:
    cluster = Cluster(nodes=0)
    subresources = {
        "status": {},
        "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"},
    }
    columns = [{"name": "Cron", "type": "string", "jsonPath": ".spec.cron"}]
    cluster.create(definition(subresources=subresources, additionalPrinterColumns=columns))
    return cluster


def send(cluster: Cluster, method: str, path: str, body: Any = None, **more: Any) -> Response:
    return cluster.handle(Request(method, path, body=body, **more))


# definitions


def test_a_definition_is_accepted_and_established(cluster: Cluster):
    found = cluster.get("crd", "crontabs.stable.example.com")
    status = found["status"]
    assert [(one["type"], one["status"], one["reason"]) for one in status["conditions"]] == [
        ("NamesAccepted", "True", "NoConflicts"),
        ("Established", "True", "InitialNamesAccepted"),
    ]
    assert status["storedVersions"] == ["v1"]
    assert status["acceptedNames"] == {
        "plural": "crontabs",
        "singular": "crontab",
        "kind": "CronTab",
        "listKind": "CronTabList",
        "shortNames": ["ct"],
    }


def test_names_that_are_taken_are_not_served(cluster: Cluster):
    other = definition()
    other["metadata"]["name"] = "others.stable.example.com"
    other["spec"]["names"] = {"plural": "others", "kind": "CronTab"}
    cluster.create(other)
    conditions = cluster.get("crd", "others.stable.example.com")["status"]["conditions"]
    assert [(one["reason"], one["message"]) for one in conditions] == [
        ("ListKindConflict", '"CronTabList" is already in use'),
        ("NotAccepted", "not all names are accepted"),
    ]
    cluster.delete("crd", "crontabs.stable.example.com")
    assert cluster.registry.lookup("others").kind == "CronTab"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"group": "example"}, 'spec.group: Invalid value: "example": should be a domain with at least one dot'),
        ({"scope": "World"}, 'spec.scope: Unsupported value: "World": supported values: "Cluster", "Namespaced"'),
        ({"names": {"plural": "crontabs"}}, "spec.names.kind: Required value"),
        ({"versions": []}, "must have exactly one version marked as storage version"),
        (
            {"versions": [{"name": "v1", "served": True, "storage": True}]},
            "spec.versions[0].schema.openAPIV3Schema: Required value",
        ),
    ],
)
def test_definitions_are_validated(change: Object, text: str):
    body = definition()
    body["spec"].update(change)
    with pytest.raises(ApiError) as refusal:
        Cluster(nodes=0).create(body)
    assert text in str(refusal.value)


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "string"}, 'openAPIV3Schema.type: Invalid value: "string": must be object at the root'),
        (
            {"type": "object", "properties": {"a": {}}},
            "properties[a].type: Required value: must not be empty for",
        ),
        (
            {"type": "object", "properties": {"a": {"type": "array"}}},
            "properties[a].items: Required value: must be",
        ),
        ({"type": "object", "properties": {"a": {"type": "map"}}}, 'properties[a].type: Unsupported value: "map"'),
        (
            {"type": "object", "properties": {"a": {"type": "integer", "default": "x"}}},
            'properties[a].default: Invalid value: "string"',
        ),
        (
            {"type": "object", "anyOf": [{"type": "object"}]},
            "openAPIV3Schema.anyOf[0].type: Forbidden: must be empty to be structural",
        ),
    ],
)
def test_schemas_have_to_be_structural(schema: Object, text: str):
    with pytest.raises(ApiError) as refusal:
        Cluster(nodes=0).create(definition(schema={"openAPIV3Schema": schema}))
    assert text in str(refusal.value)


def test_the_name_of_a_definition_says_what_it_defines():
    body = definition()
    body["metadata"]["name"] = "x.stable.example.com"
    with pytest.raises(ApiError, match=r"must be spec\.names\.plural"):
        Cluster(nodes=0).create(body)


def test_the_group_and_the_scope_stay(cluster: Cluster):
    body = copy.deepcopy(cluster.get("crd", "crontabs.stable.example.com"))
    body["spec"]["scope"] = "Cluster"
    with pytest.raises(ApiError, match=r'spec\.scope: Invalid value: "Cluster": field is immutable'):
        cluster.replace(body)


# objects


def test_objects_are_pruned_and_get_defaults(cluster: Cluster):
    answer = send(cluster, "POST", CRONTABS, crontab(nope=1, free={"a": {"b": 1}}))
    assert answer.warnings == ('unknown field "spec.nope"',)
    assert answer.body["spec"] == {"cron": "@daily", "free": {"a": {"b": 1}}, "image": "img:1", "replicas": 1}
    assert answer.body["metadata"]["generation"] == 1


def test_strict_clients_are_told_of_unknown_fields(cluster: Cluster):
    answer = send(cluster, "POST", CRONTABS, crontab(nope=1), query={"fieldValidation": "Strict"})
    assert (answer.code, answer.body["message"]) == (
        400,
        'CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "spec.nope"',
    )


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ({"cron": None}, 'spec.cron: Invalid value: "null": spec.cron in body must be of type string: "null"'),
        ({"cron": "a b"}, "spec.cron: Invalid value: \"a b\": spec.cron in body should match '^\\S+$'"),
        (
            {"replicas": "x"},
            'spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"',
        ),
        (
            {"replicas": 0},
            "spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to 1",
        ),
        ({"policy": "No"}, 'spec.policy: Unsupported value: "No": supported values: "Allow", "Forbid"'),
        ({"image": "0123456789"}, "spec.image: Too long: may not be more than 9 bytes"),
        ({"port": True}, 'spec.port: Invalid value: "boolean"'),
        ({"parts": [{"name": "a"}, {"name": "a"}]}, 'spec.parts[1]: Duplicate value: {"name":"a"}'),
        ({"parts": [{"size": 1}]}, "spec.parts[0].name: Required value"),
    ],
)
def test_objects_are_held_to_their_schema(cluster: Cluster, spec: Object, text: str):
    answer = send(cluster, "POST", CRONTABS, crontab(**spec))
    assert (answer.code, answer.body["reason"]) == (422, "Invalid")
    assert text in answer.body["message"]
    assert send(cluster, "GET", CRONTABS).body["items"] == []


def test_rows_have_the_columns_of_the_definition(cluster: Cluster):
    send(cluster, "POST", CRONTABS, crontab())
    table = send(cluster, "GET", CRONTABS, accept=AS_TABLE).body
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Cron"]
    assert table["rows"][0]["cells"] == ["a", "@daily"]


def test_the_status_is_written_through_its_subresource_alone(cluster: Cluster):
    created = send(cluster, "POST", CRONTABS, {**crontab(), "status": {"replicas": 3}}).body
    assert "status" not in created
    body = {**created, "spec": {"cron": "x"}, "status": {"replicas": 3}}
    answer = send(cluster, "PUT", f"{CRONTABS}/a/status", body).body
    assert (answer["spec"]["cron"], answer["status"]) == ("@daily", {"replicas": 3})
    assert answer["metadata"]["generation"] == 1


def test_a_custom_resource_scales(cluster: Cluster):
    send(cluster, "POST", CRONTABS, crontab())
    scale = send(cluster, "GET", f"{CRONTABS}/a/scale").body
    assert (scale["kind"], scale["spec"]) == ("Scale", {"replicas": 1})
    assert send(cluster, "PUT", f"{CRONTABS}/a/scale", {**scale, "spec": {"replicas": 4}}).code == 200
    assert send(cluster, "GET", f"{CRONTABS}/a").body["spec"]["replicas"] == 4


def test_a_scale_is_where_the_definition_says():
    cluster = Cluster(nodes=0)
    paths = {
        "specReplicasPath": ".spec.count",
        "statusReplicasPath": ".status.count",
        "labelSelectorPath": ".status.sel",
    }
    count = {"type": "object", "properties": {"count": {"type": "integer"}, "sel": {"type": "string"}}}
    schema = {"type": "object", "properties": {"spec": count, "status": count}}
    cluster.create(definition(subresources={"scale": paths}, schema={"openAPIV3Schema": schema}))
    body = {**crontab(), "spec": {"count": 2}, "status": {"count": 1, "sel": "app=a"}}
    send(cluster, "POST", CRONTABS, body)
    scale = send(cluster, "GET", f"{CRONTABS}/a/scale").body
    assert (scale["spec"], scale["status"]) == ({"replicas": 2}, {"replicas": 1, "selector": "app=a"})
    send(cluster, "PUT", f"{CRONTABS}/a/scale", {**scale, "spec": {"replicas": 5}})
    assert send(cluster, "GET", f"{CRONTABS}/a").body["spec"] == {"count": 5}


def test_a_namespace_takes_its_custom_resources_along(cluster: Cluster):
    cluster.kubectl("create namespace shop")
    path = CRONTABS.replace("default", "shop")
    assert send(cluster, "POST", path, crontab()).code == 201
    cluster.delete("ns", "shop")
    cluster.run("1m")
    assert send(cluster, "GET", path).body["items"] == []
    assert "shop" not in [namespace["metadata"]["name"] for namespace in cluster.list("ns")]


def test_only_the_declared_subresources_are_served():
    cluster = Cluster(nodes=0)
    cluster.create(definition())
    body = send(cluster, "POST", CRONTABS, {**crontab(), "status": {"replicas": 3}}).body
    assert body["status"] == {"replicas": 3}
    assert send(cluster, "GET", f"{CRONTABS}/a/status").code == 404


def test_applies_merge_lists_by_the_keys_of_the_schema(cluster: Cluster):
    def apply(manager: str, **spec: Any) -> Response:
        query = {"fieldManager": manager}
        body = {**crontab(), "spec": spec}
        return send(cluster, "PATCH", f"{CRONTABS}/a", body, content_type=APPLY_PATCH, query=query)

    assert apply("alice", cron="x", parts=[{"name": "a", "size": 1}]).code == 201
    answer = apply("bob", parts=[{"name": "b"}])
    assert [part["name"] for part in answer.body["spec"]["parts"]] == ["a", "b"]
    refused = apply("bob", parts=[{"name": "a", "size": 2}])
    assert 'conflict with "alice": .spec.parts[name="a"].size' in refused.body["message"]


def test_deleting_a_definition_deletes_its_objects_first(cluster: Cluster):
    held = crontab()
    held["metadata"]["finalizers"] = ["example.com/hold"]
    send(cluster, "POST", CRONTABS, held)
    send(cluster, "POST", CRONTABS, crontab("b"))
    cluster.delete("crd", "crontabs.stable.example.com")
    found = cluster.get("crd", "crontabs.stable.example.com")
    assert found["metadata"]["finalizers"] == ["customresourcecleanup.apiextensions.k8s.io"]
    assert found["status"]["conditions"][-1]["reason"] == "InstanceDeletionInProgress"
    assert [item["metadata"]["name"] for item in send(cluster, "GET", CRONTABS).body["items"]] == ["a"]
    cluster.patch("ct", "a", {"metadata": {"finalizers": None}}, type="merge")
    assert cluster.list("crd") == []
    assert send(cluster, "GET", CRONTABS).code == 404


def test_forks_know_kinds_of_their_own(cluster: Cluster):
    twin = cluster.fork()
    cluster.delete("crd", "crontabs.stable.example.com")
    assert send(cluster, "GET", CRONTABS).code == 404
    assert send(twin, "POST", CRONTABS, crontab()).code == 201


def test_rules_in_cel_are_not_simulated():
    cluster = Cluster(nodes=0)
    schema = {**SCHEMA, "x-kubernetes-validations": [{"rule": "self.spec.replicas > 1"}]}
    cluster.create(definition(schema={"openAPIV3Schema": schema}))
    answer = send(cluster, "POST", CRONTABS, crontab())
    assert answer.body["reason"] == "NotSimulated"


def test_versions_are_served_side_by_side():
    cluster = Cluster(nodes=0)
    body = definition()
    older = {**body["spec"]["versions"][0], "name": "v1beta1", "storage": False}
    body["spec"]["versions"].append(older)
    cluster.create(body)
    send(cluster, "POST", CRONTABS, crontab())
    answer = send(cluster, "GET", f"{CRONTABS.replace('/v1/', '/v1beta1/')}/a")
    assert answer.body["apiVersion"] == "stable.example.com/v1beta1"
    assert cluster.registry.preferred_version("stable.example.com") == "v1"


# the schema itself


def test_pruning_tells_what_went():
    value = {"kind": "X", "spec": {"cron": "x", "y": 1, "parts": [{"name": "a", "z": 1}]}, "other": {}}
    assert prune(value, SCHEMA, is_resource=True) == ["spec.y", "spec.parts[0].z", "other"]
    assert value == {"kind": "X", "spec": {"cron": "x", "parts": [{"name": "a"}]}}


def test_a_null_that_is_not_allowed_gets_the_default():
    value: Object = {"spec": {"cron": "x", "image": None, "policy": None}}
    set_defaults(value, SCHEMA)
    assert value == {"spec": {"cron": "x", "image": "img:1", "replicas": 1}}
