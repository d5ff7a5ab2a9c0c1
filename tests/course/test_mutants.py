"""Mutants: every field is dropped and changed once, every line and word too."""

from __future__ import annotations

from k8scourse.course.exercise import Exercise, Part
from k8scourse.course.mutants import mutants_of
from k8scourse.machinery.yaml import read_documents


def mutants(exercise: Exercise, part: Part, text: str) -> dict[str, str]:
    return {mutant.change: mutant.text for mutant in mutants_of(exercise, exercise.variant("1"), part, text)}


def test_every_field_of_a_manifest_is_dropped_and_every_scalar_changed(small: Exercise) -> None:
    text = "kind: Pod\napiVersion: v1\nspec:\n  tolerations:\n  - {key: a, tolerationSeconds: 5}\n  hostNetwork: true\n"
    found = mutants(small, Part("", "manifest"), text)
    assert {
        "drop kind",
        "drop spec",
        "drop spec.tolerations",
        "drop spec.tolerations[0]",
        "drop spec.tolerations[0].key",
        "set spec.tolerations[0].key to ax",
        "set spec.tolerations[0].tolerationSeconds to 6",
        "set spec.tolerations[0].tolerationSeconds to 0",
        "set spec.hostNetwork to False",
    } <= found.keys()
    [document] = read_documents(found["drop spec.tolerations[0].key"])
    assert document.value["spec"]["tolerations"] == [{"tolerationSeconds": 5}]


def test_where_the_schema_names_values_each_other_one_is_tried(small: Exercise) -> None:
    text = "kind: Pod\napiVersion: v1\nspec: {tolerations: [{operator: Exists, effect: NoSchedule}]}\n"
    found = mutants(small, Part("", "manifest"), text)
    changes = [change for change in found if change.startswith("set spec.tolerations[0].")]
    assert changes == [
        "set spec.tolerations[0].operator to Equal",
        "set spec.tolerations[0].operator to Lt",
        "set spec.tolerations[0].operator to Gt",
        "set spec.tolerations[0].effect to PreferNoSchedule",
        "set spec.tolerations[0].effect to NoExecute",
    ]


def test_of_several_objects_each_is_dropped_and_named(small: Exercise) -> None:
    found = mutants(small, Part("", "manifest"), "kind: A\nx: 1\n---\nkind: B\n")
    assert {"A: drop x", "B: drop kind", "drop A", "drop B"} <= found.keys()
    assert [document.value for document in read_documents(found["drop A"])] == [{"kind": "B"}]


def test_lines_are_dropped_and_swapped_and_their_words_changed(small: Exercise) -> None:
    found = mutants(small, Part("", "kubectl"), "# first\nkubectl taint nodes n1 a=b:NoSchedule\nkubectl get pods a-\n")
    assert found["drop line 1"] == "kubectl get pods a-\n"
    assert found["swap lines 1 and 2"].startswith("kubectl get")
    assert "kubectl taint nodes n1 a=b:NoExecute\n" in found["line 1: a=b:NoSchedule becomes a=b:NoExecute"]
    assert "kubectl taint nodes a=b:NoSchedule\n" in found["line 1: drop n1"]
    assert "kubectl get pods ax-" in found["line 2: a- becomes ax-"]
