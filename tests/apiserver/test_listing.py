"""Lists and watches. Sources: apimachinery .../internalversion/validation/validation_test.go, storage/testing/
{store_tests,watcher_tests}.go, and what a kube-apiserver 1.36 answered."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.apiserver.request import Request, Response
from k8scourse.cluster import Cluster

Object = dict[str, Any]
MAPS = "/api/v1/namespaces/shop/configmaps"
SECOND = 1_000_000_000


@pytest.fixture
def cluster() -> Cluster:
    cluster = Cluster(nodes=0)
    cluster.kubectl("create namespace shop")
    for name in "abc":
        add(cluster, name)
    return cluster


def add(cluster: Cluster, name: str) -> None:
    body = {"metadata": {"name": name}}
    assert cluster.handle(Request("POST", MAPS, body=body)).ok


def get(cluster: Cluster, path: str = MAPS, **query: str) -> Response:
    return cluster.handle(Request("GET", path, query))


def names(answer: Response) -> list[str]:
    return [item["metadata"]["name"] for item in answer.body["items"] if not item["metadata"]["name"].endswith(".crt")]


# lists


def test_chunks_of_a_list_are_of_one_revision(cluster: Cluster):
    first = get(cluster, limit="2")
    add(cluster, "aa")
    second = get(cluster, limit="5", **{"continue": first.body["metadata"]["continue"]})
    assert names(first) + names(second) == ["a", "b", "c"]
    assert second.body["metadata"]["resourceVersion"] == first.body["metadata"]["resourceVersion"]


def test_the_remaining_items_are_counted_unless_a_selector_hides_them(cluster: Cluster):
    assert get(cluster, limit="1").body["metadata"]["remainingItemCount"] >= 2
    assert "remainingItemCount" not in get(cluster, limit="1", labelSelector="!x").body["metadata"]


def test_an_expired_token_comes_with_one_that_goes_on_inconsistently(cluster: Cluster):
    token = get(cluster, limit="2").body["metadata"]["continue"]
    add(cluster, "d")
    cluster.store.compact(cluster.revision)
    answer = get(cluster, limit="2", **{"continue": token})
    assert (answer.code, answer.body["reason"]) == (410, "Expired")
    assert answer.body["message"].startswith("The provided continue parameter is too old")
    rest = get(cluster, **{"continue": answer.body["metadata"]["continue"]})
    assert names(rest) == ["c", "d"]


def test_any_revision_is_served_whole_whatever_the_limit(cluster: Cluster):
    assert names(get(cluster, limit="1", resourceVersion="0")) == ["a", "b", "c"]


def test_exactly_one_revision_can_be_listed(cluster: Cluster):
    before = str(cluster.revision)
    add(cluster, "d")
    assert names(get(cluster, resourceVersion=before, resourceVersionMatch="Exact")) == ["a", "b", "c"]
    assert names(get(cluster, resourceVersion=before, resourceVersionMatch="NotOlderThan")) == ["a", "b", "c", "d"]
    assert names(get(cluster, resourceVersion=before)) == ["a", "b", "c", "d"]
    assert names(get(cluster, resourceVersion=before, limit="9")) == ["a", "b", "c"]


def test_a_compacted_revision_cannot_be_listed(cluster: Cluster):
    answer = get(cluster, resourceVersion="1", resourceVersionMatch="Exact")
    assert (answer.code, answer.body["message"]) == (410, "The resourceVersion for the provided list is too old.")


def test_a_future_revision_is_waited_for_in_vain(cluster: Cluster):
    answer = get(cluster, resourceVersion="99999999")
    assert (answer.code, answer.body["reason"]) == (504, "Timeout")
    assert answer.body["message"] == f"Timeout: Too large resource version: 99999999, current: {cluster.revision}"
    assert answer.body["details"]["causes"][0]["reason"] == "ResourceVersionTooLarge"


@pytest.mark.parametrize(
    ("query", "code", "text"),
    [
        (
            {"resourceVersionMatch": "Exact"},
            422,
            "resourceVersionMatch is forbidden unless resourceVersion is provided",
        ),
        (
            {"resourceVersionMatch": "Exact", "resourceVersion": "0"},
            422,
            '"exact" is forbidden for resourceVersion "0"',
        ),
        ({"resourceVersionMatch": "x", "resourceVersion": "1"}, 422, 'supported values: "Exact", "NotOlderThan", ""'),
        ({"sendInitialEvents": "true"}, 422, "sendInitialEvents is forbidden for list"),
        ({"watch": "1", "sendInitialEvents": "true"}, 422, "requires setting resourceVersionMatch to NotOlderThan"),
        (
            {"watch": "1", "resourceVersionMatch": "NotOlderThan"},
            422,
            "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
        ),
        ({"limit": "x"}, 400, 'parsing "x": invalid syntax'),
        ({"resourceVersion": "x"}, 400, 'resourceVersion: Invalid value: "x"'),
        ({"continue": "x"}, 400, "continue key is not valid"),
    ],
)
def test_options_that_make_no_sense_are_refused(cluster: Cluster, query: Object, code: int, text: str):
    answer = get(cluster, **query)
    assert answer.code == code
    assert text in answer.body["message"]


# watches


def events(stream: Any) -> list[tuple[str, str]]:
    return [(event["type"], event["object"]["metadata"].get("name", "")) for event in stream.poll()]


def test_a_watch_from_before_the_server_began_is_too_old(cluster: Cluster):
    answer = get(cluster, watch="1", resourceVersion="1")
    assert answer.code == 410
    assert answer.body["message"] == f"too old resource version: 1 ({cluster.store.compacted})"


def test_initial_events_end_with_a_marked_bookmark(cluster: Cluster):
    query = {"watch": "1", "sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan"}
    stream = get(cluster, allowWatchBookmarks="true", **query).body
    found = stream.poll()
    assert [event["type"] for event in found[-2:]] == ["ADDED", "BOOKMARK"]
    assert found[-1]["object"]["kind"] == "ConfigMap"
    assert found[-1]["object"]["metadata"] == {
        "resourceVersion": str(cluster.revision),
        "creationTimestamp": None,
        "annotations": {"k8s.io/initial-events-end": "true"},
    }
    add(cluster, "d")
    assert events(stream) == [("ADDED", "d")]


def test_a_watch_may_ask_for_no_initial_events(cluster: Cluster):
    query = {"watch": "1", "sendInitialEvents": "false", "resourceVersionMatch": "NotOlderThan"}
    stream = get(cluster, **query).body
    add(cluster, "d")
    assert events(stream) == [("ADDED", "d")]


def test_bookmarks_come_about_every_minute_to_who_allows_them(cluster: Cluster):
    query = {"watch": "1", "resourceVersion": str(cluster.revision)}
    allowed, plain = get(cluster, allowWatchBookmarks="true", **query).body, get(cluster, **query).body
    cluster.run("59s")
    assert events(allowed) == []
    cluster.run("2s")
    assert events(allowed) == [("BOOKMARK", "")]
    assert events(plain) == []


def test_a_stream_tells_when_it_ends(cluster: Cluster):
    assert get(cluster, watch="1", timeoutSeconds="5").body.timeout == 5 * SECOND
