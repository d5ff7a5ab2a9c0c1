"""The registry of served kinds: discovery order, kubectl's names, registration per cluster."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.apiserver.kinds import Registry, ResourceInfo, UnknownResource, version_priority

WIDGET = ResourceInfo("example.com", "v1", "Widget", "widgets", "widget", ("wd",), True, ("get", "list"))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("po", "pods"),
        ("pod", "pods"),
        ("pods", "pods"),
        ("Pod", "pods"),
        ("PODS", "pods"),
        ("deploy", "deployments.apps"),
        ("deploy.apps", "deployments.apps"),
        ("deployments.v1.apps", "deployments.apps"),
        ("Deployment.v1.apps", "deployments.apps"),
        ("deploy.app", "deployments.apps"),
        ("pods.v1.", "pods"),
        ("ev", "events"),
        ("events.events.k8s.io", "events.events.k8s.io"),
        ("hpa", "horizontalpodautoscalers.autoscaling"),
        ("no", "nodes"),
        ("ds", "daemonsets.apps"),
        ("endpoints", "endpoints"),
        ("ing", "ingresses.networking.k8s.io"),
        ("crd", "customresourcedefinitions.apiextensions.k8s.io"),
        ("roles", "roles.rbac.authorization.k8s.io"),
        ("pc", "priorityclasses.scheduling.k8s.io"),
    ],
)
def test_kubectl_words_name_their_resource(word: str, expected: str) -> None:
    """client-go/restmapper/shortcut.go, apimachinery/pkg/api/meta/restmapper.go."""
    assert Registry().lookup(word).group_resource == expected


def test_an_unknown_word_gives_kubectls_text() -> None:
    with pytest.raises(UnknownResource, match=r"^the server doesn't have a resource type \"foos\"$"):
        Registry().lookup("foos")


def test_an_unknown_kind_gives_the_rest_mappers_text() -> None:
    with pytest.raises(UnknownResource, match=r"^no matches for kind \"Deployment\" in version \"v1\"$"):
        Registry().kind("v1", "Deployment")


@pytest.mark.parametrize("word", ["pods.v1.apps", "deployments.v2.apps", "pods.apps"])
def test_a_wrong_group_or_version_does_not_match(word: str) -> None:
    with pytest.raises(UnknownResource):
        Registry().lookup(word)


def test_the_preferred_version_wins() -> None:
    registry = Registry()
    assert registry.preferred_version("autoscaling") == "v2"
    assert registry.versions("autoscaling") == ("v2", "v1")
    assert registry.lookup("hpa").group_version == "autoscaling/v2"
    assert registry.lookup("hpa.v1.autoscaling").group_version == "autoscaling/v1"


def test_an_unknown_group_says_which_groups_exist() -> None:
    with pytest.raises(UnknownResource, match=r"known here: apiregistration\.k8s\.io, apps"):
        Registry().preferred_version("nope")


def test_resources_carry_scope_verbs_and_subresources() -> None:
    registry = Registry()
    pods = registry.resource("v1", "pods")
    assert pods.namespaced and "watch" in pods.verbs and pods.categories == ("all",)
    assert pods.subresources["eviction"].group == "policy"
    assert pods.subresources["status"].kind == "Pod"
    assert registry.resource("apps/v1", "deployments").subresources["scale"].kind == "Scale"
    assert not registry.kind("v1", "Node").namespaced
    assert registry.kind("apps/v1", "Deployment").group_kind == "Deployment.apps"
    assert registry.find_kind("v1", "Nothing") is None
    assert registry.has_group_version("batch/v1") and not registry.has_group_version("batch/v1beta1")


def test_the_category_all_lists_workloads_in_discovery_order() -> None:
    words = [info.plural for info in Registry().category("all")]
    assert words == [
        "pods",
        "replicationcontrollers",
        "services",
        "daemonsets",
        "deployments",
        "replicasets",
        "statefulsets",
        "horizontalpodautoscalers",
        "cronjobs",
        "jobs",
    ]


def test_a_registered_custom_resource_is_found_in_its_cluster_only() -> None:
    parent = Registry()
    child = parent.fork()
    child.register(WIDGET)
    assert child.lookup("wd") is WIDGET
    assert child.resource("example.com/v1", "widgets") is WIDGET
    assert child.groups()[-1] == "example.com"
    with pytest.raises(UnknownResource):
        parent.lookup("wd")


def test_unregistering_forgets_all_versions_and_the_empty_group() -> None:
    registry = Registry()
    registry.register(WIDGET)
    registry.unregister("example.com", "widgets")
    assert "example.com" not in registry.groups()
    with pytest.raises(UnknownResource):
        registry.lookup("widgets")


def test_versions_sort_as_kubernetes_prefers_them() -> None:
    """apimachinery/pkg/version/helpers_test.go."""
    order = ["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2"]
    assert sorted(order, key=version_priority, reverse=True) == order
    assert version_priority("foo1") < version_priority("v1alpha1")


@given(st.sampled_from(list(Registry())))
def test_every_resource_is_found_by_its_full_name(info: ResourceInfo) -> None:
    registry = Registry()
    assert registry.lookup(f"{info.plural}.{info.version}.{info.group}") is info
    assert registry.kind(info.group_version, info.kind).group_kind == info.group_kind
