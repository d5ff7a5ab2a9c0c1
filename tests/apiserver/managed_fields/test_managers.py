"""Managers through the API. Sources: test/integration/apiserver/apply/apply_test.go, managedfields/*_test.go."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.apiserver.request import APPLY_PATCH, JSON_PATCH, MERGE_PATCH, PROTOBUF, Request, Response
from k8scourse.cluster import Cluster

Object = dict[str, Any]
MAPS = "/api/v1/namespaces/default/configmaps"
MAP = f"{MAPS}/c"
DEPLOYMENT = "/apis/apps/v1/namespaces/default/deployments/web"


@pytest.fixture
def cluster() -> Cluster:
    return Cluster(nodes=1)


def send(cluster: Cluster, method: str, path: str, body: Any = None, content_type: str = "", **query: str) -> Response:
    agent = {"user-agent": query.pop("agent", "curl/8.0")}
    content_type = content_type or "application/json"
    return cluster.handle(Request(method, path, query, body, content_type, headers=agent, managed_fields=True))


def apply(cluster: Cluster, manager: str, data: Object, **query: str) -> Response:
    return send(cluster, "PATCH", MAP, config_map(data), APPLY_PATCH, fieldManager=manager, **query)


def config_map(data: Object) -> Object:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "default"}, "data": data}


def entries(answer: Response) -> dict[tuple[str, str, str], Any]:
    return {
        (entry["manager"], entry["operation"], entry.get("subresource", "")): entry["fieldsV1"]
        for entry in answer.body["metadata"].get("managedFields", [])
    }


def deployment() -> Object:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": "nginx:1.27"}]}}
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


# apply


def test_an_apply_creates_what_is_not_there(cluster: Cluster):
    answer = apply(cluster, "alice", {"a": "1"})
    assert (answer.code, answer.body["data"]) == (201, {"a": "1"})
    assert answer.body["metadata"]["managedFields"] == [
        {
            "manager": "alice",
            "operation": "Apply",
            "apiVersion": "v1",
            "time": "2026-01-01T00:00:00Z",
            "fieldsType": "FieldsV1",
            "fieldsV1": {"f:data": {"f:a": {}}},
        }
    ]


def test_another_value_for_a_field_of_another_manager_is_a_conflict(cluster: Cluster):
    apply(cluster, "alice", {"a": "1"})
    answer = apply(cluster, "bob", {"a": "2"})
    assert (answer.code, answer.body["reason"]) == (409, "Conflict")
    assert answer.body["message"] == 'Apply failed with 1 conflict: conflict with "alice": .data.a'
    assert answer.body["details"]["causes"] == [
        {"reason": "FieldManagerConflict", "message": 'conflict with "alice"', "field": ".data.a"}
    ]
    assert cluster.get("cm", "c")["data"] == {"a": "1"}


def test_several_conflicts_are_listed_by_manager(cluster: Cluster):
    apply(cluster, "alice", {"a": "1"})
    send(cluster, "PATCH", MAP, {"data": {"b": "2", "d": "4"}}, MERGE_PATCH)
    answer = apply(cluster, "bob", {"a": "x", "b": "x", "d": "x"})
    assert answer.body["message"] == (
        'Apply failed with 3 conflicts: conflicts with "alice":\n- .data.a\n'
        'conflicts with "curl" using v1:\n- .data.b\n- .data.d'
    )


def test_force_takes_fields_over(cluster: Cluster):
    apply(cluster, "alice", {"a": "1"})
    answer = apply(cluster, "bob", {"a": "2"}, force="true")
    assert entries(answer) == {("bob", "Apply", ""): {"f:data": {"f:a": {}}}}


def test_the_same_value_is_shared_and_stays_until_the_last_owner_lets_go(cluster: Cluster):
    apply(cluster, "alice", {"a": "1"})
    assert len(entries(apply(cluster, "bob", {"a": "1"}))) == 2
    assert apply(cluster, "alice", {"b": "2"}).body["data"] == {"a": "1", "b": "2"}
    assert apply(cluster, "bob", {"c": "3"}).body["data"] == {"b": "2", "c": "3"}


def test_what_is_not_applied_any_more_goes_unless_an_update_owns_it(cluster: Cluster):
    apply(cluster, "alice", {"a": "1", "b": "2"})
    send(cluster, "PATCH", MAP, {"data": {"b": "other"}}, MERGE_PATCH)
    assert apply(cluster, "alice", {}).body["data"] == {"b": "other"}


def test_an_apply_that_changes_nothing_writes_nothing(cluster: Cluster):
    first = apply(cluster, "alice", {"a": "1"})
    before = cluster.revision
    assert apply(cluster, "alice", {"a": "1"}).body == first.body
    assert cluster.revision == before


def test_a_dry_run_shows_the_managers_and_stores_nothing(cluster: Cluster):
    answer = apply(cluster, "alice", {"a": "1"}, dryRun="All")
    assert list(entries(answer)) == [("alice", "Apply", "")]
    assert send(cluster, "GET", MAP).code == 404


def test_fields_from_before_the_first_apply_have_a_manager_of_their_own(cluster: Cluster):
    reset = {**config_map({"a": "1"}), "metadata": {"name": "c", "managedFields": [{}]}}
    send(cluster, "POST", MAPS, config_map({"a": "1"}))
    assert not entries(send(cluster, "PUT", MAP, reset))
    answer = apply(cluster, "alice", {"a": "2"})
    assert answer.body["message"] == (
        'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a'
    )


def test_an_apply_needs_a_manager(cluster: Cluster):
    answer = send(cluster, "PATCH", MAP, config_map({}), APPLY_PATCH)
    assert answer.code == 422
    assert answer.body["message"] == (
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch'
    )


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        ({"kind": "Pod"}, 400, "invalid object type: v1, Kind=Pod"),
        ({"metadata": {"name": "d"}}, 400, "the name of the object (d) does not match the name on the URL (c)"),
        ({"metadata": {"name": "c", "managedFields": []}}, 400, "metadata.managedFields must be nil"),
        (
            {"nope": 1},
            500,
            "failed to create typed patch object (default/c; /v1, Kind=ConfigMap): .nope: field not declared in schema",
        ),
    ],
)
def test_a_configuration_of_another_form_is_refused(cluster: Cluster, body: Object, code: int, text: str):
    answer = send(cluster, "PATCH", MAP, {**config_map({}), **body}, APPLY_PATCH, fieldManager="x")
    assert (answer.code, answer.body["message"]) == (code, text.replace("type: v1", "type: /v1"))


def test_a_configuration_may_be_yaml(cluster: Cluster):
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: '1'}\n"
    assert send(cluster, "PATCH", MAP, text, APPLY_PATCH, fieldManager="x").body["data"] == {"a": "1"}


def test_the_status_is_applied_through_its_subresource_only(cluster: Cluster):
    status = {"replicas": 7}
    obj = {**deployment(), "status": status}
    answer = send(cluster, "PATCH", DEPLOYMENT, obj, APPLY_PATCH, fieldManager="alice")
    assert "f:status" not in entries(answer)[("alice", "Apply", "")]
    obj = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "status": {"readyReplicas": 1}}
    answer = send(cluster, "PATCH", f"{DEPLOYMENT}/status", obj, APPLY_PATCH, fieldManager="bob", force="true")
    assert entries(answer)[("bob", "Apply", "status")] == {"f:status": {"f:readyReplicas": {}}}


def test_kubectl_takes_over_what_its_client_side_apply_wrote(cluster: Cluster):
    """lastappliedmanager.go, lastappliedupdater.go."""
    cluster.apply(config_map({"a": "1", "b": "2"}))
    assert apply(cluster, "alice", {"a": "9"}).code == 409
    answer = apply(cluster, "kubectl", {"a": "9"})
    assert answer.code == 200
    annotations = answer.body["metadata"]["annotations"]
    assert '"data":{"a":"9"}' in annotations["kubectl.kubernetes.io/last-applied-configuration"]


# updates


def test_a_creator_owns_what_it_sent_and_defaults_but_not_what_admission_added(cluster: Cluster):
    cluster.create(deployment())
    pod = cluster.list("pods")[0]
    answer = send(cluster, "GET", f"/api/v1/namespaces/default/pods/{pod['metadata']['name']}")
    spec = entries(answer)[("kube-controller-manager", "Update", "")]["f:spec"]
    assert "f:tolerations" not in spec
    assert "f:volumes" not in spec
    assert spec["f:containers"]['k:{"name":"c"}'] == {
        name: {}
        for name in (
            ".",
            "f:image",
            "f:imagePullPolicy",
            "f:name",
            "f:resources",
            "f:terminationMessagePath",
            "f:terminationMessagePolicy",
        )
    }
    assert list(entries(answer)[("kubelet", "Update", "status")]) == ["f:status"]


def test_an_update_takes_the_fields_it_changes(cluster: Cluster):
    send(cluster, "POST", MAPS, config_map({"a": "1", "b": "2"}), agent="alice/1")
    answer = send(cluster, "PUT", MAP, config_map({"a": "1", "b": "3"}), agent="bob/1")
    assert entries(answer) == {
        ("alice", "Update", ""): {"f:data": {".": {}, "f:a": {}}},
        ("bob", "Update", ""): {"f:data": {"f:b": {}}},
    }


def test_scaling_is_an_update_through_the_scale(cluster: Cluster):
    cluster.create(deployment())
    cluster.kubectl("scale deploy web --replicas 2")
    found = entries(send(cluster, "GET", DEPLOYMENT))
    assert found[("kubectl", "Update", "scale")] == {"f:spec": {"f:replicas": {}}}


def test_the_oldest_of_many_updaters_become_one(cluster: Cluster):
    send(cluster, "POST", MAPS, config_map({"a": "1"}))
    for number in range(14):
        patch = {"data": {f"k{number}": "1"}}
        send(cluster, "PATCH", MAP, patch, MERGE_PATCH, fieldManager=f"m{number:02}")
    managers = [manager for manager, _, _ in entries(send(cluster, "GET", MAP))]
    assert len(managers) == 10
    assert managers[0] == "ancient-changes"
    assert managers[-1] == "m13"


def test_stated_managers_replace_those_that_are_kept(cluster: Cluster):
    """As kubectl does when it moves fields from its client-side to its server-side apply (csaupgrade)."""
    send(cluster, "POST", MAPS, config_map({"a": "1"}), fieldManager="kubectl-client-side-apply")
    shown = send(cluster, "GET", MAP).body["metadata"]["managedFields"]
    wanted = [{**shown[0], "manager": "kubectl", "operation": "Apply"}]
    patch = [{"op": "replace", "path": "/metadata/managedFields", "value": wanted}]
    answer = send(cluster, "PATCH", MAP, patch, JSON_PATCH)
    assert list(entries(answer)) == [("kubectl", "Apply", "")]
    assert list(entries(send(cluster, "GET", MAP))) == [("kubectl", "Apply", "")]


# how they are kept


def test_only_who_asks_sees_managed_fields(cluster: Cluster):
    apply(cluster, "alice", {"a": "1"})
    assert "managedFields" not in cluster.get("cm", "c")["metadata"]
    body = cluster.handle(Request("GET", MAPS, content_type=PROTOBUF)).body
    assert all("managedFields" not in item["metadata"] for item in body["items"])
    assert any("managedFields" in item["metadata"] for item in send(cluster, "GET", MAPS).body["items"])


def test_forks_go_on_with_the_same_managers(cluster: Cluster):
    apply(cluster, "alice", {"a": "1"})
    twin = cluster.fork()
    apply(twin, "bob", {"b": "1"})
    assert [manager for manager, _, _ in entries(send(twin, "GET", MAP))] == ["alice", "bob"]
    assert [manager for manager, _, _ in entries(send(cluster, "GET", MAP))] == ["alice"]


def test_long_histories_are_worked_out_as_short_ones_are(cluster: Cluster):
    """The managers do not depend on when somebody looked at them."""
    watched = cluster.fork()
    for one in (cluster, watched):
        send(one, "POST", MAPS, config_map({"a": "1"}))
        for number in range(40):
            patch = {"data": {f"k{number % 7}": str(number) if number % 3 else None}}
            send(one, "PATCH", MAP, patch, MERGE_PATCH, fieldManager=f"m{number % 4}")
            if one is watched:
                send(one, "GET", MAP)
    assert send(cluster, "GET", MAP).body == send(watched, "GET", MAP).body


def test_a_watch_shows_the_managers_of_each_version(cluster: Cluster):
    start = str(cluster.revision)
    apply(cluster, "alice", {"a": "1"})
    apply(cluster, "bob", {"b": "1"})
    stream = send(cluster, "GET", MAPS, watch="1", resourceVersion=start).body
    assert [len(event["object"]["metadata"]["managedFields"]) for event in stream.poll()] == [1, 2]
