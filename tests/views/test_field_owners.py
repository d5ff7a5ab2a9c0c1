"""Who owns which line, and what the next apply does to it."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.apiserver.request import APPLY_PATCH, Request
from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError
from k8scourse.views.field_owners import field_owners, field_owners_picture

Object = dict[str, Any]
PATH = "/api/v1/namespaces/default/configmaps/c"


def config_map(**data: str) -> Object:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": data}


def apply(cluster: Cluster, manager: str, **data: str) -> None:
    query = {"fieldManager": manager}
    assert cluster.handle(Request("PATCH", PATH, query, config_map(**data), APPLY_PATCH)).ok


@pytest.fixture
def cluster() -> Cluster:
    cluster = Cluster(nodes=0)
    apply(cluster, "alice", a="1", b="2")
    apply(cluster, "bob", b="2", c="3")
    return cluster


def lines(data: Object) -> Object:
    return {line["text"].strip(): line for line in data["lines"]}


def test_each_line_has_its_managers(cluster: Cluster):
    data = field_owners(cluster, "cm", "c")
    found = lines(data)
    names = [title.split()[0] for title in data["managers"]]
    owners = {text: sorted(names[index] for index in found[text]["owners"]) for text in ('a: "1"', 'b: "2"', 'c: "3"')}
    assert owners == {'a: "1"': ["alice"], 'b: "2"': ["alice", "bob"], 'c: "3"': ["bob"]}
    assert found["name: c"]["owners"] == []


def test_the_next_apply_deletes_what_its_manager_owns_alone(cluster: Cluster):
    before = cluster.revision
    data = field_owners(cluster, "cm", "c", manifest=config_map(d="4"), manager="alice")
    found = lines(data)
    assert [found[text]["apply"] for text in ('a: "1"', 'b: "2"', 'c: "3"')] == ["deleted", "", ""]
    assert data["conflicts"] == []
    assert cluster.revision == before


def test_conflicts_are_named_and_what_force_would_do_is_shown(cluster: Cluster):
    data = field_owners(cluster, "cm", "c", manifest=config_map(a="1", b="2", c="x"), manager="alice")
    assert data["conflicts"] == ['.data.c: conflict with "bob"']
    assert lines(data)['c: "3"']["apply"] == "changed"


def test_a_manifest_that_is_refused_says_why(cluster: Cluster):
    data = field_owners(cluster, "cm", "c", manifest={**config_map(), "nope": 1})
    assert "field not declared in schema" in data["refusal"]


def test_items_of_lists_have_owners_of_their_own():
    cluster = Cluster(nodes=1)
    spec = {"containers": [{"name": "c", "image": "nginx:1.27", "ports": [{"containerPort": 80}]}]}
    cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec})
    data = field_owners(cluster, "pod", "p")
    found = lines(data)
    assert "kubelet" in data["managers"][found["phase: Running"]["owners"][0]]
    assert found["- containerPort: 80"]["owners"] == found["- image: nginx:1.27"]["owners"] != []


def test_the_view_shows_itself_as_text_and_as_a_page(cluster: Cluster):
    picture = field_owners_picture(cluster, "cm", "c", manifest=config_map(), manager="alice")
    text = str(picture)
    assert text.startswith("ConfigMap c\n")
    assert any(line.startswith("- ") and 'a: "1"' in line for line in text.splitlines())
    assert "the next apply: - deletes, ~ changes" in text
    assert "<caption>Who manages the fields of ConfigMap c</caption>" in picture.html


def test_an_object_that_is_not_there_is_not_found(cluster: Cluster):
    with pytest.raises(ApiError, match="not found"):
        field_owners(cluster, "cm", "nope")
