from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.cluster import Cluster
from k8scourse.views.verdict import applied, to_html, to_text, verdict

POD = """apiVersion: v1
kind: Pod
metadata:
  name: gpu-pod
spec:
  tolerations:
  - key: gpu
    operator: Exists
    effect: NoSchedule
  containers:
  - name: app
    image: nginx
"""
CLUSTER = Cluster(nodes=[{"name": "n1", "taints": ["gpu=true:NoSchedule"]}])


def judge(text: str) -> dict[str, Any]:
    return verdict(CLUSTER, text, "gpu-pod.yaml")


def places(text: str) -> list[tuple[int, int, int, str]]:
    found = judge(text)["diagnostics"]
    return [(one["line"], one["column"], one["end_column"], one["message"]) for one in found]


def test_an_accepted_manifest_tells_where_its_pod_would_run() -> None:
    judged = judge(POD)
    assert (judged["status"], judged["outcome"]) == ("accepted", ["pod gpu-pod would run on n1."])
    assert judged["pods"] == [{"pod": "default/gpu-pod", "node": "n1", "status": judged["pods"][0]["status"],
                               "text": "pod gpu-pod would run on n1."}]  # fmt: skip


def test_a_pod_that_fits_nowhere_is_told_in_the_schedulers_words() -> None:
    (line,) = judge(POD.replace("key: gpu", "key: cpu"))["outcome"]
    assert line.startswith("pod gpu-pod would stay Pending: 0/1 nodes are available: 1 node(s) had untolerated taint")


def test_the_cluster_itself_stays_as_it_is() -> None:
    before = (CLUSTER.revision, CLUSTER.now)
    judge(POD)
    assert (CLUSTER.revision, CLUSTER.now) == before


def test_a_refused_value_is_marked_from_its_first_to_its_last_character() -> None:
    message = 'spec.tolerations[0].effect: Unsupported value: "NoSched": supported values: '
    ((line, column, end, told),) = places(POD.replace("NoSchedule", "NoSched"))
    assert (line, column, end) == (9, 13, 20)
    assert told.startswith(message)


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "remedy"),
    [
        ("tolerations:", "tolerationz:", (6, 3), 'unknown field "spec.tolerationz"', "did you mean tolerations?"),
        ("kind: Pod", "kind: Pof", (2, 7), 'no matches for kind "Pof" in version "v1"', "did you mean Pod?"),
        ("apiVersion: v1", "apiVersion: v2", (1, 13), 'no matches for kind "Pod" in version "v2"', "Pod is in v1"),
        ("kind: Pod\n", "", (1, 1), "kind not set", ""),
    ],
)
def test_a_wrong_structure_is_marked_at_its_field_with_what_was_meant(
    old: str, new: str, place: tuple[int, int], message: str, remedy: str
) -> None:
    (found,) = judge(POD.replace(old, new))["diagnostics"]
    assert (found["line"], found["column"]) == place
    assert (found["message"], found["remedy"]) == (message, remedy)


def test_a_wrong_type_is_marked_at_its_value() -> None:
    ((line, column, _, message),) = places(POD.replace("image: nginx", "image: 5"))
    assert (line, column) == (12, 12)
    assert (
        message == "json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string"
    )


def test_yaml_that_breaks_is_marked_where_it_breaks() -> None:
    judged = judge(POD.replace("name: gpu-pod", "name: gpu: pod"))
    assert judged["status"] == "unreadable"
    assert judged["diagnostics"][0]["line"] == 4


@pytest.mark.parametrize("indent", [3, 5])
def test_a_field_of_a_list_item_that_is_indented_wrongly_is_told_its_column(indent: int) -> None:
    (found,) = judge(POD.replace("    effect:", f"{' ' * indent}effect:"))["diagnostics"]
    assert found["line"] == 9
    assert found["remedy"] == "indent `effect` like the field above it (column 5)"


@pytest.mark.parametrize("ending", ["", "\n", "\n\n\n"])
def test_what_is_left_open_is_marked_at_the_end_of_the_text_and_not_behind_it(ending: str) -> None:
    (found,) = judge(f"kind: Pod\nmetadata: {{name: x{ending}")["diagnostics"]
    assert (found["line"], found["column"], found["end_column"]) == (2, 18, 19)


def test_of_several_documents_each_is_judged_and_marked_in_its_own_lines() -> None:
    second = POD.replace("gpu-pod", "other").replace("NoSchedule", "NoSched")
    judged = judge(f"{POD}---\n{second}")
    assert judged["status"] == "refused"
    assert [one["line"] for one in judged["diagnostics"]] == [13 + 9]
    assert judged["outcome"][0] == "pod/gpu-pod would be applied all the same."


def test_an_empty_text_is_nothing_to_apply() -> None:
    assert judge("# only a comment\n")["status"] == "empty"


def test_applying_what_is_there_already_changes_nothing() -> None:
    cluster = Cluster(nodes=1)
    cluster.apply(POD)
    assert verdict(cluster, POD)["outcome"] == ["No pod starts, stops or moves."]


def test_an_apply_is_told_as_what_happened() -> None:
    cluster = Cluster(nodes=1)
    before = cluster.fork()
    cluster.apply(POD)
    assert to_text(applied(before, cluster, POD)) == "Applied: pod/gpu-pod runs on n1."
    assert "Applied: pod/gpu-pod runs on n1." in to_html(applied(before, cluster, POD))
    assert to_text(applied(cluster, cluster, POD)) == "Applied: pod/gpu-pod\n  No pod started, stopped or moved."


def test_an_apply_that_makes_pods_of_other_names_tells_of_each() -> None:
    cluster = Cluster(nodes=[{"name": "n1", "taints": ["gpu=true:NoSchedule"]}])
    before = cluster.fork()
    text = f"{POD}---\n{POD.replace('gpu-pod', 'b').replace('key: gpu', 'key: other')}"
    cluster.apply(text)
    first, *others = to_text(applied(before, cluster, text)).splitlines()
    assert first == "Applied: pod/gpu-pod, pod/b"
    assert others[0].startswith("  pod/b is Pending: 0/1 nodes are available")
    assert others[1:] == ["  pod/gpu-pod runs on n1."]


def test_places_are_buttons_in_html_and_words_in_text() -> None:
    judged = judge(POD.replace("NoSchedule", "<b>"))
    assert 'data-line="9" data-column="13"' in to_html(judged)
    assert "<b>" not in to_html(judged)
    assert "line 9, column 13" in to_text(judged)


WORDS = st.sampled_from(
    ["", "5", "[]", "{}", "null", "y", "- ", ": ", "'", '"', "\t", "&a", "*a", "---", "\u0000", "é"]
)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(POD)), st.integers(0, 12), WORDS)
def test_nothing_that_can_be_typed_ends_in_a_traceback(start: int, length: int, word: str) -> None:
    judged = judge(POD[:start] + word + POD[start + length :])
    assert judged["status"] in ("accepted", "refused", "unreadable", "empty")
    assert bool(judged["diagnostics"]) == (judged["status"] in ("refused", "unreadable"))
