"""Expectations in words."""

from __future__ import annotations

import pytest

from k8scourse.course.wording import expected_in_words, found_in_words


@pytest.mark.parametrize(
    ("notation", "words"),
    [
        ("scheduled: {pod: p, node: n1}", "the pod p is on the node n1"),
        ("scheduled: {pod: p, node: [n1, n2]}", "the pod p is on n1 or n2"),
        ("scheduled: {pod: p, namespace: b}", "the pod p in the namespace b has a node"),
        ("unschedulable: {pod: p}", "the pod p finds no node"),
        ("exists: {kind: Pod, name: p}", "there is a Pod p"),
        ("absent: {kind: Ingress, name: p}", "there is no Ingress p"),
        ("count: {kind: Pod, equals: 1}", "1 object of kind Pod"),
        (
            'count: {kind: Pod, selector: "a=b", where: {spec.nodeName: n1, spec.x: null}, equals: 2}',
            "2 objects of kind Pod with the labels a=b that have spec.nodeName n1 and spec.x missing",
        ),
        ("field: {kind: Pod, name: p, path: spec.nodeName, equals: n1}", "spec.nodeName of Pod p is n1"),
        ("condition: {kind: Pod, name: p, type: Ready}", "Pod p has the condition Ready=True"),
    ],
)
def test_expectations_read_as_sentences(notation: str, words: str) -> None:
    assert expected_in_words(notation) == words


@pytest.mark.parametrize(
    "notation",
    [
        "table: {kind: Pod, rows: []}",
        "unschedulable: {pod: p, message_contains: [x]}",
        "field: {kind: Pod, name: p, path: a, matches: x}",
        "count: {kind: Pod, ",
        "kubectl apply succeeds",
        "exists: " + "a" * 400,
        "",
    ],
)
def test_what_has_no_sentence_stays_as_it_is(notation: str) -> None:
    assert expected_in_words(notation) == notation


def test_what_was_found_is_told_without_notation() -> None:
    found = 'not bound to a node, PodScheduled: {status: "False", reason: Unschedulable, message: "0/1 nodes: no."}'
    assert found_in_words(found) == "it has no node; the scheduler says: 0/1 nodes: no."
    assert found_in_words("bound to n1") == "it is on the node n1"
    assert found_in_words("2: a, b") == "2 (a, b)"
    assert found_in_words("there is no Pod p") == "there is no Pod p"
