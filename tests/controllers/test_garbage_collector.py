"""Owners and dependents (kubernetes: pkg/controller/garbagecollector, test/integration/garbagecollector)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.cluster import Cluster

Object = dict[str, Any]
COMPONENTS = ["etcd", "kube-apiserver", "kube-controller-manager"]


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.from_world({"nodes": [], "components": COMPONENTS})


def reference(owner: Object, *, block: bool = False, **changes: Any) -> Object:
    found = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
    }
    return {**found, **({"blockOwnerDeletion": True} if block else {}), **changes}


def make(
    cluster: Cluster, name: str, *references: Object, namespace: str = "default", finalizers: list[str] | None = None
) -> Object:
    metadata = {"name": name, "namespace": namespace, "ownerReferences": list(references)}
    if finalizers:
        metadata["finalizers"] = finalizers
    return cluster.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})


def names(cluster: Cluster, namespace: str = "default") -> set[str]:
    found = {item["metadata"]["name"] for item in cluster.list("cm", namespace=namespace)}
    return found - {"kube-root-ca.crt"}


def release(cluster: Cluster, name: str) -> None:
    cluster.patch("cm", name, {"metadata": {"finalizers": None}}, type="merge")


def test_dependents_go_with_their_owner(cluster: Cluster):
    root = make(cluster, "root")
    child = make(cluster, "child", reference(root))
    make(cluster, "grandchild", reference(child))
    make(cluster, "stranger")
    cluster.delete("cm", "root")
    assert names(cluster) == {"stranger"}


def test_an_owner_that_was_never_there_dooms_the_object(cluster: Cluster):
    ghost = {"metadata": {"name": "ghost", "uid": "00000000-0000-0000-0000-000000000000"}}
    make(cluster, "child", reference(ghost))
    assert names(cluster) == set()


def test_the_uid_counts_and_not_the_name(cluster: Cluster):
    root = make(cluster, "root")
    make(cluster, "child", reference(root, uid="00000000-0000-0000-0000-000000000000"))
    assert names(cluster) == {"root"}


def test_the_right_uid_with_the_wrong_name_does_not_save_an_object(cluster: Cluster):
    root = make(cluster, "root")
    make(cluster, "child", reference(root, name="other"))
    assert names(cluster) == {"root"}


def test_of_two_owners_one_is_enough_and_the_other_reference_vanishes(cluster: Cluster):
    a, b = make(cluster, "a"), make(cluster, "b")
    make(cluster, "child", reference(a), reference(b))
    cluster.delete("cm", "a")
    assert names(cluster) == {"b", "child"}
    left = cluster.get("cm", "child")["metadata"]["ownerReferences"]
    assert [item["name"] for item in left] == ["b"]
    cluster.delete("cm", "b")
    assert names(cluster) == set()


def test_a_kind_that_is_not_served_blocks_and_never_deletes(cluster: Cluster):
    ghost = {"metadata": {"name": "ghost", "uid": "1"}}
    make(cluster, "child", reference(ghost, apiVersion="example.com/v1", kind="Widget"))
    cluster.run("1d")
    assert names(cluster) == {"child"}


def test_an_owner_in_another_namespace_is_none(cluster: Cluster):
    cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "b"}})
    owner = make(cluster, "owner")
    make(cluster, "child", reference(owner), namespace="b")
    assert names(cluster, "b") == set()
    (event,) = [event for event in cluster.events(namespace="b") if event["reason"] == "OwnerRefInvalidNamespace"]
    uid = owner["metadata"]["uid"]
    assert event["message"] == (
        f'ownerRef [v1/ConfigMap, namespace: b, name: owner, uid: {uid}] does not exist in namespace "b"'
    )
    assert event["involvedObject"]["name"] == "child" and event["type"] == "Warning"


def test_a_cluster_scoped_object_with_a_namespaced_owner_is_left_alone(cluster: Cluster):
    owner = make(cluster, "owner")
    metadata = {"name": "high", "ownerReferences": [reference(owner)]}
    cluster.create({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": metadata, "value": 5})
    cluster.delete("cm", "owner")
    assert cluster.get("pc", "high")["value"] == 5
    assert [event["reason"] for event in cluster.events()] == ["OwnerRefInvalidNamespace"]


def test_a_cluster_scoped_owner_may_own_everywhere(cluster: Cluster):
    high = cluster.create(
        {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "high"}, "value": 5}
    )
    make(cluster, "child", reference(high, apiVersion="scheduling.k8s.io/v1", kind="PriorityClass"))
    assert names(cluster) == {"child"}
    cluster.delete("pc", "high")
    assert names(cluster) == set()


def test_orphaning_cuts_dependents_loose(cluster: Cluster):
    root = make(cluster, "root")
    make(cluster, "child", reference(root))
    cluster.delete("cm", "root", propagationPolicy="Orphan")
    assert names(cluster) == {"child"}
    assert "ownerReferences" not in cluster.get("cm", "child")["metadata"]


def test_in_the_foreground_the_owner_goes_last(cluster: Cluster):
    root = make(cluster, "root")
    make(cluster, "blocking", reference(root, block=True), finalizers=["x.io/hold"])
    make(cluster, "quick", reference(root, block=True))
    cluster.delete("cm", "root", propagationPolicy="Foreground")
    assert names(cluster) == {"root", "blocking"}
    assert cluster.get("cm", "root")["metadata"]["finalizers"] == ["foregroundDeletion"]
    release(cluster, "blocking")
    assert names(cluster) == set()


def test_in_the_foreground_only_blocking_dependents_are_waited_for(cluster: Cluster):
    root = make(cluster, "root")
    make(cluster, "held", reference(root), finalizers=["x.io/hold"])
    cluster.delete("cm", "root", propagationPolicy="Foreground")
    assert names(cluster) == {"held"}


def test_the_foreground_reaches_down(cluster: Cluster):
    root = make(cluster, "root")
    child = make(cluster, "child", reference(root, block=True))
    make(cluster, "leaf", reference(child, block=True), finalizers=["x.io/hold"])
    cluster.delete("cm", "root", propagationPolicy="Foreground")
    assert names(cluster) == {"root", "child", "leaf"}
    assert cluster.get("cm", "child")["metadata"]["finalizers"] == ["foregroundDeletion"]
    release(cluster, "leaf")
    assert names(cluster) == set()


def test_a_dependent_that_stops_blocking_lets_its_owner_go(cluster: Cluster):
    root = make(cluster, "root")
    make(cluster, "held", reference(root, block=True), finalizers=["x.io/hold"])
    cluster.delete("cm", "root", propagationPolicy="Foreground")
    free = [{**reference(root), "blockOwnerDeletion": False}]
    cluster.patch("cm", "held", {"metadata": {"ownerReferences": free}}, type="merge")
    assert names(cluster) == {"held"}


def test_a_second_owner_saves_a_dependent_from_the_foreground(cluster: Cluster):
    root, other = make(cluster, "root"), make(cluster, "other")
    make(cluster, "child", reference(root, block=True), reference(other))
    cluster.delete("cm", "root", propagationPolicy="Foreground")
    assert names(cluster) == {"other", "child"}


def test_owners_in_a_circle_can_be_deleted_in_the_foreground(cluster: Cluster):
    a = make(cluster, "a")
    b = make(cluster, "b", reference(a, block=True))
    cluster.patch("cm", "a", {"metadata": {"ownerReferences": [reference(b, block=True)]}}, type="merge")
    cluster.delete("cm", "a", propagationPolicy="Foreground")
    assert names(cluster) == set()


def test_finalizers_of_dependents_are_respected(cluster: Cluster):
    root = make(cluster, "root")
    make(cluster, "held", reference(root), finalizers=["x.io/hold"])
    cluster.delete("cm", "root")
    assert names(cluster) == {"held"}
    assert "deletionTimestamp" in cluster.get("cm", "held")["metadata"]
    release(cluster, "held")
    assert names(cluster) == set()


def test_who_was_deleted_and_why_is_in_the_journal(cluster: Cluster):
    root = make(cluster, "root")
    make(cluster, "child", reference(root))
    cluster.delete("cm", "root")
    decision = cluster.journal.last(("ConfigMap", "default", "child"))
    assert decision is not None
    assert (decision.verdict, decision.rule) == ("Deleted", "the owner is gone")
    assert decision.detail["owners"] == ["root"]


def test_garbage_costs_nothing_while_nothing_happens(cluster: Cluster):
    ghost = {"metadata": {"name": "ghost", "uid": "1"}}
    make(cluster, "child", reference(ghost, apiVersion="example.com/v1", kind="Widget"))
    root = make(cluster, "root")
    make(cluster, "held", reference(root, block=True), finalizers=["x.io/hold"])
    cluster.delete("cm", "root", propagationPolicy="Foreground")
    cluster.run("2h")
    revision = cluster.revision
    cluster.run("7d")
    assert cluster.revision == revision


TREES = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=10)


@settings(deadline=None, max_examples=30)
@given(TREES, st.integers(0, 9), st.sampled_from(["Background", "Foreground"]), st.booleans())
def test_whatever_the_tree_and_the_policy_exactly_the_descendants_go(
    tree: list[tuple[int, bool]], doomed: int, policy: str, forked: bool
):
    """Each object has an earlier one as owner; a plain walk over the tree says what is left."""
    cluster = Cluster.from_world({"nodes": [], "components": COMPONENTS})
    made = [make(cluster, "o0")]
    parents = [-1]
    for number, (parent, block) in enumerate(tree, 1):
        parents.append(parent % number)
        made.append(make(cluster, f"o{number}", reference(made[parent % number], block=block)))
    doomed %= len(made)
    if forked:
        cluster = cluster.fork()
    cluster.delete("cm", f"o{doomed}", propagationPolicy=policy)
    gone = {doomed}
    for number in range(doomed + 1, len(made)):
        if parents[number] in gone:
            gone.add(number)
    assert names(cluster) == {f"o{number}" for number in range(len(made)) if number not in gone}
