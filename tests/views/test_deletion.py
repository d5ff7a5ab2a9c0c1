"""What a deletion would do, tried on a fork and worked out from the graph.

kubernetes: pkg/controller/garbagecollector
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError
from k8scourse.views.deletion import Deletion, what_would_be_deleted
from k8scourse.views.deletion_graph import forecast
from k8scourse.views.deletion_replay import replay
from k8scourse.views.deletion_steps import POLICIES, Course

Object = dict[str, Any]
SECOND = 1_000_000_000
CONTROL_PLANE = {"nodes": [], "components": ["etcd", "kube-apiserver", "kube-controller-manager"]}


def reference(owner: Object, *, block: bool = False, **changes: Any) -> Object:
    metadata = owner["metadata"]
    found = {"apiVersion": "v1", "kind": "ConfigMap", "name": metadata["name"], "uid": metadata["uid"]}
    return {**found, **({"blockOwnerDeletion": True} if block else {}), **changes}


def make(cluster: Cluster, name: str, *references: Object, finalizers: list[str] | None = None) -> Object:
    metadata: Object = {"name": name, "namespace": "default", "ownerReferences": list(references)}
    if finalizers:
        metadata["finalizers"] = finalizers
    return cluster.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.from_world(CONTROL_PLANE)


@pytest.fixture
def web() -> Cluster:
    cluster = Cluster(nodes=2)
    cluster.kubectl("create deployment web --image=nginx:1.27 --replicas=2")
    return cluster


def kinds(deletion: Deletion) -> list[tuple[str, str]]:
    return [(step.what, step.object[0]) for step in deletion.steps]


def test_background_takes_the_owner_first(web: Cluster):
    deletion = what_would_be_deleted(web, "deployment/web", "Background")
    assert kinds(deletion)[:2] == [("gone", "Deployment"), ("gone", "ReplicaSet")]
    assert kinds(deletion)[-2:] == [("gone", "Pod"), ("gone", "Pod")]
    assert {step.by for step in deletion.steps} == {"you", "garbage-collector-controller", "kubelet"}


def test_foreground_takes_the_owner_last(web: Cluster):
    deletion = what_would_be_deleted(web, "deployment/web", "Foreground")
    assert [kind for kind, *_ in deletion.gone] == ["Pod", "Pod", "ReplicaSet", "Deployment"]
    assert deletion.steps[-1].reason == "no dependent blocks the deletion any more"


def test_orphan_takes_the_owner_alone(web: Cluster):
    deletion = what_would_be_deleted(web, "deployment/web", "Orphan")
    assert kinds(deletion) == [("terminating", "Deployment"), ("let go", "ReplicaSet"), ("gone", "Deployment")]
    assert "1 object would stay without an owner reference" in deletion.headline


def test_nothing_happens_to_the_cluster(web: Cluster):
    before = (web.revision, web.now)
    for policy in POLICIES:
        what_would_be_deleted(web, "deployment/web", policy)
    assert (web.revision, web.now) == before


def test_successors_are_told(web: Cluster):
    name = web.list("rs")[0]["metadata"]["name"]
    deletion = what_would_be_deleted(web, f"rs/{name}")
    made = [(step.object[0], step.by) for step in deletion.steps if step.what == "made"]
    assert made == [("ReplicaSet", "deployment-controller"), *[("Pod", "replicaset-controller")] * 2]
    assert all(step.reason for step in deletion.steps)


def test_what_happens_anyway_is_no_consequence():
    cluster = Cluster.from_world({"images": {"done": {"exits": 0}}})
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}}
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "done"}]}}
    cluster.create({**job, "spec": {"ttlSecondsAfterFinished": 60, "template": template}})
    cluster.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}})
    assert what_would_be_deleted(cluster, "cm/c").gone == [("ConfigMap", "default", "c")]


def test_pods_of_a_node_go_when_the_pod_garbage_collector_finds_them(web: Cluster):
    deletion = what_would_be_deleted(web, "node/n1")
    found = [step for step in deletion.steps if step.by == "pod-garbage-collector-controller"]
    assert [(step.time, step.what, step.reason) for step in found] == [
        (60 * SECOND, "gone", "the node no longer exists")
    ]


def test_a_namespace_takes_its_content_along(cluster: Cluster):
    cluster.kubectl("create namespace team")
    deletion = what_would_be_deleted(cluster, "ns/team")
    assert deletion.steps[0].what == "terminating"
    assert deletion.gone[-1] == ("Namespace", "", "team")
    assert ("ServiceAccount", "team", "default") in deletion.gone


def test_a_job_deleted_without_a_policy_leaves_its_pods():
    cluster = Cluster(nodes=1)
    cluster.kubectl("create job j --image=nginx:1.27")
    assert what_would_be_deleted(cluster, "job/j").policy == "Orphan"
    assert [kind for kind, *_ in what_would_be_deleted(cluster, "job/j", "Background").gone] == ["Job", "Pod"]


def test_a_finalizer_keeps_what_it_is_on(cluster: Cluster):
    root = make(cluster, "root")
    make(cluster, "held", reference(root), finalizers=["example.com/hold"])
    deletion = what_would_be_deleted(cluster, "cm/root")
    assert deletion.gone == [("ConfigMap", "default", "root")]
    assert [(one.object[2], one.reason) for one in deletion.left] == [
        ("held", "waits for its finalizers: example.com/hold")
    ]


def test_without_a_controller_manager_only_the_object_itself_goes():
    cluster = Cluster.from_world({**CONTROL_PLANE, "components": ["etcd", "kube-apiserver"]})
    root = make(cluster, "root")
    make(cluster, "child", reference(root))
    assert what_would_be_deleted(cluster, "cm/root").gone == [("ConfigMap", "default", "root")]


@pytest.mark.parametrize(("target", "code"), [("cm/none", 404), ("nonsense/x", 400)])
def test_what_is_not_there_is_an_error(cluster: Cluster, target: str, code: int):
    with pytest.raises(ApiError) as caught:
        what_would_be_deleted(cluster, target)
    assert caught.value.code == code


def test_there_are_three_policies(cluster: Cluster):
    with pytest.raises(ValueError, match="there are Background, Foreground, Orphan"):
        what_would_be_deleted(cluster, "cm/x", "Cascade")


def test_a_deletion_has_a_text_a_page_and_data(web: Cluster):
    deletion = what_would_be_deleted(web, "deployment/web", "Orphan")
    assert str(deletion).splitlines()[1].startswith("00:00:00  terminating  Deployment default/web")
    assert "<script" not in deletion._repr_html_()
    assert deletion.to_dict()["steps"][0] == {
        "time": 0,
        "what": "terminating",
        "object": "Deployment default/web",
        "by": "you",
        "reason": "you ask for its deletion",
    }


# the graph against the simulation


def same(left: Course, right: Course) -> None:
    """Both tell the same story; the order within one instant is nobody's promise."""
    assert sorted(left.steps) == sorted(right.steps)
    assert sorted(left.left) == sorted(right.left)


def compare(cluster: Cluster, kind: str, name: str) -> None:
    resource = cluster.registry.lookup(kind)
    obj = cluster.get(kind, name)
    for policy in POLICIES:
        same(forecast(cluster, obj, policy), replay(cluster, obj, resource, policy, 120 * SECOND))


LINK = st.tuples(st.integers(0, 7), st.booleans(), st.sampled_from(["good", "good", "good", "ghost", "renamed"]))
NODE = st.tuples(
    st.lists(LINK, max_size=3, unique_by=lambda link: link[0]),
    st.sampled_from([[], [], [], ["example.com/hold"], ["foregroundDeletion"], ["orphan"]]),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(NODE, min_size=1, max_size=8), st.integers(0, 7))
def test_the_graph_foretells_what_the_simulation_does(nodes: list[tuple[Any, list[str]]], target: int):
    cluster = Cluster.from_world(CONTROL_PLANE)
    made: list[Object] = []
    for index, (links, finalizers) in enumerate(nodes):
        references: list[Object] = []
        for to, block, how in links:
            if to >= index:
                continue
            changes = {"good": {}, "ghost": {"uid": f"ghost-{to}"}, "renamed": {"name": "other"}}[how]
            references.append(reference(made[to], block=block, **changes))
        made.append(make(cluster, f"c{index}", *references, finalizers=finalizers))
    names = [obj["metadata"]["name"] for obj in cluster.list("cm") if obj["metadata"]["name"] != "kube-root-ca.crt"]
    if names:
        compare(cluster, "cm", names[target % len(names)])


def test_the_graph_foretells_cycles(cluster: Cluster):
    first = make(cluster, "first")
    second = make(cluster, "second", reference(first, block=True))
    third = make(cluster, "third", reference(second, block=True))
    body = {"metadata": {"ownerReferences": [reference(third, block=True)]}}
    cluster.patch("cm", "first", body, type="merge")
    for name in ("first", "second", "third"):
        compare(cluster, "cm", name)


@pytest.mark.parametrize(
    "pod",
    [
        {},
        {"terminationGracePeriodSeconds": 0},
        {"terminationGracePeriodSeconds": 7, "containers": [{"name": "c", "image": "stubborn"}]},
        {"containers": [{"name": "c", "image": "nginx:1.27", "lifecycle": {"preStop": {"sleep": {"seconds": 9}}}}]},
        {"containers": [{"name": "c", "image": "missing"}]},
        {"nodeSelector": {"no": "such"}},
    ],
)
def test_the_graph_foretells_how_long_pods_take(pod: Object):
    cluster = Cluster.from_world({"images": {"stubborn": {"ignores_sigterm": True}, "missing": {"pull": "fails"}}})
    spec = {"containers": [{"name": "c", "image": "nginx:1.27"}], **pod}
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": spec}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}
    cluster.create({**deployment, "spec": {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}})
    compare(cluster, "deployments", "web")


def test_pods_of_a_silent_node_are_left_waiting(web: Cluster):
    web.stop_kubelet("n1")
    web.run("1m")
    compare(web, "deployments", "web")
    (left,) = what_would_be_deleted(web, "deployment/web").left
    assert left.reason == "waits for its kubelet"


def test_a_tree_of_ten_thousand_objects_is_foretold_at_once(cluster: Cluster):
    owners = [make(cluster, "root")]
    for index in range(10_000):
        owners.append(make(cluster, f"c{index}", reference(owners[index // 10], block=True)))
    started = perf_counter()
    deletion = what_would_be_deleted(cluster, "cm/root", "Foreground")
    elapsed = perf_counter() - started
    assert (deletion.simulated, len(deletion.gone), deletion.left) == (False, 10_001, ())
    assert deletion.gone[-1] == ("ConfigMap", "default", "root")
    assert "more" in str(deletion)
    assert elapsed < 1  # 0.1 s where nothing else runs
