"""The path of a request, from the user to one revision. Sources are named in apiserver/{server,writing,rest}.py."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.apiserver.request import AS_TABLE, JSON_PATCH, MERGE_PATCH, Request, Response
from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]
PODS = "/api/v1/namespaces/default/pods"
MAPS = "/api/v1/namespaces/default/configmaps"


@pytest.fixture
def cluster() -> Cluster:
    return Cluster(nodes=1)


def send(cluster: Cluster, method: str, path: str, body: Any = None, **more: Any) -> Response:
    return cluster.handle(Request(method, path, body=body, **more))


def config_map(name: str, **metadata: Any) -> Object:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **metadata}, "data": {"a": "1"}}


def pod(name: str, **spec: Any) -> Object:
    containers = [{"name": "c", "image": "nginx:1.27"}]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": containers, **spec}}


# the order of the steps


def test_a_user_is_authorized_before_the_manifest_is_read(cluster: Cluster):
    broken = {"kind": "Pod", "apiVersion": "v1", "spec": {"nope": 1}}
    answer = send(cluster, "POST", PODS, broken, user="ann", groups=())
    assert answer.code != 400
    assert answer.body["reason"] == "NotSimulated"


def test_unknown_fields_are_refused_before_validation(cluster: Cluster):
    body = {**pod("P"), "specc": {}}
    answer = send(cluster, "POST", PODS, body, query={"fieldValidation": "Strict"})
    assert (answer.code, answer.body["reason"]) == (400, "BadRequest")
    assert 'unknown field "specc"' in answer.body["message"]


def test_unknown_fields_only_warn_when_the_client_does_not_ask_for_more(cluster: Cluster):
    answer = send(cluster, "POST", MAPS, {**config_map("m"), "datas": {}})
    assert answer.code == 201
    assert answer.warnings == ('unknown field "datas"',)
    assert "datas" not in answer.body


def test_validation_faults_are_422_with_a_cause_for_each_field(cluster: Cluster):
    answer = send(cluster, "POST", PODS, pod("Not_A_Name", restartPolicy="Sometimes"))
    assert (answer.code, answer.body["reason"]) == (422, "Invalid")
    assert {cause["field"] for cause in answer.body["details"]["causes"]} == {"metadata.name", "spec.restartPolicy"}


def test_a_refused_request_leaves_no_revision(cluster: Cluster):
    before = cluster.revision
    send(cluster, "POST", PODS, pod("Not_A_Name"))
    send(cluster, "DELETE", f"{PODS}/nope")
    assert cluster.revision == before


def test_one_write_is_one_revision(cluster: Cluster):
    before = cluster.revision
    answer = send(cluster, "POST", MAPS, config_map("m"))
    assert cluster.revision == before + 1
    assert answer.body["metadata"]["resourceVersion"] == str(before + 1)


def test_unknown_resources_are_404(cluster: Cluster):
    assert send(cluster, "GET", f"{PODS}/p/gizmo").code == 404
    assert "could not find the requested resource" in send(cluster, "GET", "/apis/x.io/v1/gizmos").body["message"]


# creating


def test_a_name_can_be_taken_once(cluster: Cluster):
    send(cluster, "POST", MAPS, config_map("m"))
    answer = send(cluster, "POST", MAPS, config_map("m"))
    assert (answer.code, answer.body["message"]) == (409, 'configmaps "m" already exists')


def test_generate_name_adds_five_letters_and_never_the_same(cluster: Cluster):
    body = config_map("x")
    body["metadata"] = {"generateName": "m-"}
    names = [send(cluster, "POST", MAPS, body).body["metadata"]["name"] for _ in range(5)]
    assert len(set(names)) == 5
    assert all(name.startswith("m-") and len(name) == 7 for name in names)


def test_a_manifest_of_another_namespace_is_refused(cluster: Cluster):
    answer = send(cluster, "POST", MAPS, config_map("m", namespace="kube-system"))
    assert answer.code == 400
    text = "the namespace of the provided object does not match the namespace sent on the request"
    assert answer.body["message"] == text


def test_system_fields_come_from_the_server(cluster: Cluster):
    body = config_map("m", uid="mine", creationTimestamp="2001-01-01T00:00:00Z")
    metadata = send(cluster, "POST", MAPS, body).body["metadata"]
    assert metadata["uid"] != "mine"
    assert metadata["creationTimestamp"] == "2026-01-01T00:00:00Z"


def test_a_dry_run_shows_the_result_and_changes_nothing(cluster: Cluster):
    before = cluster.revision
    shown = send(cluster, "POST", PODS, pod("p"), query={"dryRun": "All"})
    assert shown.code == 201
    assert shown.body["spec"]["restartPolicy"] == "Always"
    assert cluster.revision == before
    real = send(cluster, "POST", PODS, pod("p"))
    assert real.body["metadata"]["uid"] == shown.body["metadata"]["uid"]


# updating and patching


def test_an_update_with_an_old_resource_version_is_a_conflict(cluster: Cluster):
    first = send(cluster, "POST", MAPS, config_map("m")).body
    send(cluster, "PUT", f"{MAPS}/m", {**first, "data": {"a": "2"}})
    answer = send(cluster, "PUT", f"{MAPS}/m", {**first, "data": {"a": "3"}})
    assert (answer.code, answer.body["reason"]) == (409, "Conflict")
    assert answer.body["message"].endswith("please apply your changes to the latest version and try again")


def test_an_update_without_resource_version_overwrites(cluster: Cluster):
    send(cluster, "POST", MAPS, config_map("m"))
    answer = send(cluster, "PUT", f"{MAPS}/m", {**config_map("m"), "data": {"b": "2"}})
    assert (answer.code, answer.body["data"]) == (200, {"b": "2"})


def test_an_update_that_changes_nothing_makes_no_revision(cluster: Cluster):
    first = send(cluster, "POST", MAPS, config_map("m")).body
    before = cluster.revision
    answer = send(cluster, "PUT", f"{MAPS}/m", first)
    assert (answer.code, cluster.revision) == (200, before)


def test_the_name_in_the_body_must_be_that_of_the_url(cluster: Cluster):
    send(cluster, "POST", MAPS, config_map("m"))
    answer = send(cluster, "PUT", f"{MAPS}/m", config_map("other"))
    assert answer.body["message"] == "the name of the object (other) does not match the name on the URL (m)"


def test_an_object_with_another_uid_is_not_the_one_that_is_stored(cluster: Cluster):
    send(cluster, "POST", MAPS, config_map("m"))
    answer = send(cluster, "PUT", f"{MAPS}/m", config_map("m", uid="other"))
    assert answer.code == 409
    assert "Precondition failed: UID in precondition: other" in answer.body["message"]


def test_an_unknown_field_in_a_patch_is_a_fault_of_the_patch(cluster: Cluster):
    send(cluster, "POST", MAPS, config_map("m"))
    answer = send(
        cluster, "PATCH", f"{MAPS}/m", {"datas": {}}, content_type=MERGE_PATCH, query={"fieldValidation": "Strict"}
    )
    assert answer.code == 422
    assert answer.body["details"]["causes"][0]["field"] == "patch"
    assert 'strict decoding error: unknown field "datas"' in answer.body["message"]


def test_a_json_patch_that_does_not_apply_is_422(cluster: Cluster):
    send(cluster, "POST", MAPS, config_map("m"))
    patch = [{"op": "remove", "path": "/data/zzz"}]
    answer = send(cluster, "PATCH", f"{MAPS}/m", patch, content_type=JSON_PATCH)
    assert answer.code == 422
    assert answer.body["message"] == "the server rejected our request due to an error in our request"


def test_stored_objects_are_never_changed_in_place(cluster: Cluster):
    first = cluster.create(config_map("m"))
    cluster.patch("configmap", "m", {"data": {"a": "2"}})
    assert first["data"] == {"a": "1"}


def test_a_spec_change_counts_a_generation_and_a_status_change_does_not(cluster: Cluster):
    cluster.create(pod("p"))
    cluster.patch("pod", "p", {"status": {"message": "x"}}, subresource="status")
    assert cluster.get("pod", "p")["metadata"]["generation"] == 1
    cluster.patch("pod", "p", {"spec": {"activeDeadlineSeconds": 100}})
    assert cluster.get("pod", "p")["metadata"]["generation"] == 2


def test_a_status_write_leaves_the_spec_alone(cluster: Cluster):
    cluster.create(pod("p"))
    stored = cluster.get("pod", "p")
    changed = {
        **stored,
        "spec": {**stored["spec"], "nodeName": "other"},
        "status": {**stored["status"], "message": "x"},
    }
    answer = send(cluster, "PUT", f"{PODS}/p/status", changed)
    assert answer.body["spec"] == stored["spec"]
    assert answer.body["status"]["message"] == "x"


# deleting


def test_deleting_a_plain_object_answers_success(cluster: Cluster):
    send(cluster, "POST", MAPS, config_map("m"))
    answer = send(cluster, "DELETE", f"{MAPS}/m")
    assert (answer.code, answer.body["status"]) == (200, "Success")
    assert send(cluster, "GET", f"{MAPS}/m").code == 404


def test_a_finalizer_keeps_a_deleted_object_until_it_is_taken_off(cluster: Cluster):
    cluster.create(config_map("m", finalizers=["example.com/wait"]))
    cluster.delete("configmap", "m")
    assert cluster.get("configmap", "m")["metadata"]["deletionTimestamp"] == "2026-01-01T00:00:00Z"
    cluster.patch("configmap", "m", {"metadata": {"finalizers": None}}, type="merge")
    with pytest.raises(ApiError, match="not found"):
        cluster.get("configmap", "m")


def test_a_precondition_protects_another_object_of_the_same_name(cluster: Cluster):
    cluster.create(config_map("m"))
    with pytest.raises(ApiError, match="does not match the UID in record"):
        cluster.delete("configmap", "m", preconditions={"uid": "other"})


def test_a_running_pod_gets_its_grace_period_and_a_shorter_one_only(cluster: Cluster):
    cluster = Cluster.from_world({"nodes": 1, "images": {"stubborn": {"ignores_sigterm": True}}})
    body = pod("p")
    body["spec"]["containers"][0]["image"] = "stubborn"
    cluster.create(body)
    cluster.delete("pod", "p")
    assert cluster.get("pod", "p")["metadata"]["deletionGracePeriodSeconds"] == 30
    cluster.delete("pod", "p", gracePeriodSeconds=60)
    assert cluster.get("pod", "p")["metadata"]["deletionTimestamp"] == "2026-01-01T00:00:30Z"
    cluster.delete("pod", "p", gracePeriodSeconds=5)
    assert cluster.get("pod", "p")["metadata"]["deletionTimestamp"] == "2026-01-01T00:00:05Z"
    cluster.run("5s")
    assert cluster.list("pods") == []


def test_a_pod_without_node_goes_at_once(cluster: Cluster):
    cluster.create(pod("p", nodeSelector={"no": "where"}))
    cluster.delete("pod", "p")
    assert cluster.list("pods") == []


# reading


def test_lists_come_in_chunks_of_one_snapshot(cluster: Cluster):
    for name in "abcde":
        cluster.create(config_map(name))
    first = send(cluster, "GET", MAPS, query={"limit": "3"}).body
    assert [item["metadata"]["name"] for item in first["items"]] == ["a", "b", "c"]
    assert first["metadata"]["remainingItemCount"] == 3
    cluster.create(config_map("bb"))
    rest = send(cluster, "GET", MAPS, query={"limit": "3", "continue": first["metadata"]["continue"]}).body
    assert [item["metadata"]["name"] for item in rest["items"]] == ["d", "e", "kube-root-ca.crt"]


def test_selectors_choose_and_refuse_what_they_cannot_read(cluster: Cluster):
    cluster.create(config_map("m", labels={"a": "b"}))
    assert [item["metadata"]["name"] for item in cluster.list("configmaps", selector="a=b")] == ["m"]
    assert [item["metadata"]["name"] for item in cluster.list("configmaps", field_selector="metadata.name=m")] == ["m"]
    with pytest.raises(ApiError, match="is not a known field selector"):
        cluster.list("configmaps", field_selector="spec.x=1")
    with pytest.raises(ApiError, match="found '=='"):
        cluster.list("configmaps", selector="a==b==c")


def test_a_watch_tells_what_happens_after_its_revision(cluster: Cluster):
    start = cluster.revision
    stream = send(cluster, "GET", MAPS, query={"watch": "1", "resourceVersion": str(start)}).body
    cluster.create(config_map("m"))
    cluster.patch("configmap", "m", {"data": {"a": "2"}})
    cluster.delete("configmap", "m")
    events = stream.poll()
    assert [event["type"] for event in events] == ["ADDED", "MODIFIED", "DELETED"]
    assert events[-1]["object"]["metadata"]["resourceVersion"] == str(cluster.revision)
    assert stream.poll() == []


def test_a_watch_with_a_selector_sees_objects_come_and_go(cluster: Cluster):
    query = {"watch": "1", "resourceVersion": str(cluster.revision), "labelSelector": "on=yes"}
    stream = send(cluster, "GET", MAPS, query=query).body
    cluster.create(config_map("m"))
    cluster.patch("configmap", "m", {"metadata": {"labels": {"on": "yes"}}})
    cluster.patch("configmap", "m", {"metadata": {"labels": {"on": "no"}}})
    assert [event["type"] for event in stream.poll()] == ["ADDED", "DELETED"]


def test_a_table_has_the_columns_of_kubectl(cluster: Cluster):
    table = send(cluster, "GET", MAPS, accept=AS_TABLE).body
    assert table["kind"] == "Table"
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Data", "Age"]


def test_leases_of_nodes_are_renewed_whenever_they_are_read(cluster: Cluster):
    revision = cluster.revision
    cluster.run("65s")
    lease = cluster.get("lease", "n1", namespace="kube-node-lease")
    assert lease["spec"]["renewTime"] == "2026-01-01T00:01:00.000000Z"
    written = [change.key for change in cluster.store.changes(revision)]
    assert not any("leases" in key for key in written)


def test_events_are_gone_an_hour_after_their_last_write(cluster: Cluster):
    cluster.create(pod("p"))
    cluster.run("59m59s")
    assert "Scheduled" in {event["reason"] for event in cluster.events()}
    cluster.run("1s")
    assert "Scheduled" not in {event["reason"] for event in cluster.events()}


# subresources


def test_a_pod_is_bound_once(cluster: Cluster):
    cluster.create(pod("p"))
    binding = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "p"}, "target": {"name": "n2"}}
    answer = send(cluster, "POST", f"{PODS}/p/binding", binding)
    assert answer.code == 409
    assert 'pod p is already assigned to node "n1"' in answer.body["message"]


def test_an_eviction_that_a_budget_forbids_is_429_with_its_reason(cluster: Cluster):
    body = pod("p")
    body["metadata"]["labels"] = {"app": "db"}
    cluster.create(body)
    budget = {"minAvailable": 1, "selector": {"matchLabels": {"app": "db"}}}
    cluster.create(
        {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "b"}, "spec": budget}
    )
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "p"}}
    answer = send(cluster, "POST", f"{PODS}/p/eviction", eviction)
    assert answer.code == 429
    assert answer.body["message"] == "Cannot evict pod as it would violate the pod's disruption budget."


def test_scaling_goes_through_a_scale(cluster: Cluster):
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "nginx:1.27"}]}}
    spec = {"replicas": 1, "selector": {"matchLabels": {"a": "b"}}, "template": template}
    cluster.create({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "w"}, "spec": spec})
    path = "/apis/apps/v1/namespaces/default/replicasets/w/scale"
    answer = send(cluster, "PATCH", path, {"spec": {"replicas": 3}}, content_type=MERGE_PATCH)
    assert (answer.body["kind"], answer.body["spec"]["replicas"]) == ("Scale", 3)
    assert answer.body["status"]["selector"] == "a=b"
    assert len(cluster.list("pods")) == 3


def test_deleting_a_namespace_makes_it_terminate(cluster: Cluster):
    cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x", "finalizers": ["a.b/c"]}})
    cluster.delete("namespace", "x")
    found = cluster.get("namespace", "x")
    assert found["status"]["phase"] == "Terminating"


def test_what_is_not_simulated_says_so(cluster: Cluster):
    answer = send(cluster, "POST", "/api/v1/namespaces/default/serviceaccounts/default/token", {})
    assert answer.body["reason"] == "NotSimulated"
    assert "serviceaccounts/token is not simulated" in answer.body["message"]


def test_an_object_to_be_created_has_no_version_yet(cluster: Cluster):
    answer = send(cluster, "POST", MAPS, config_map("m", resourceVersion="7"))
    assert (answer.code, answer.body["message"]) == (
        500,
        "resourceVersion should not be set on objects to be created",
    )
