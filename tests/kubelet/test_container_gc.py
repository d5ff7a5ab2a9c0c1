"""Which dead containers a kubelet removes.

kubernetes: pkg/kubelet/kuberuntime/kuberuntime_gc_test.go TestContainerGC
"""

from __future__ import annotations

import pytest

from k8scourse.kubelet.container_gc import SECOND, ContainerGCPolicy, DeadContainer, collect_containers

NOW = 7200 * SECOND
UPSTREAM = ContainerGCPolicy(per_container=2, max_total=6, min_age=3600 * SECOND)


def dead(unit: str, *created: int) -> list[DeadContainer]:
    """The dead containers of one container of one pod; those of the pod ``deleted`` have no pod any more."""
    pod = unit.partition("/")[0]
    return [DeadContainer(f"{unit}@{at}", pod, unit, at * SECOND, pod == "deleted") for at in created]


CASES: list[tuple[str, ContainerGCPolicy, list[list[DeadContainer]], list[list[int]]]] = [
    ("a limit of 0 leaves none", ContainerGCPolicy(1, 0), [dead("foo/bar", 0)], [[]]),
    ("the total counts alone", ContainerGCPolicy(-1, 4), [dead("foo/bar", 4, 3, 2, 1, 0)], [[4, 3, 2, 1]]),
    ("without limits all stay", ContainerGCPolicy(-1, -1), [dead("foo/bar", 2, 1, 0)], [[2, 1, 0]]),
    ("young ones stay", UPSTREAM, [dead("foo/bar", 7000, 7001, 7002)], [[7000, 7001, 7002]]),
    ("the oldest of a unit go", UPSTREAM, [dead("foo/bar", 2, 1, 0)], [[2, 1]]),
    ("no limit is reached", UPSTREAM, [dead("foo/bar", 1, 0)], [[1, 0]]),
    (
        "every container of a pod counts for itself",
        UPSTREAM,
        [dead("foo/bar", 2, 1, 0), dead("foo/baz", 2, 1, 0), dead("foo2/bar", 2, 1, 0)],
        [[2, 1], [2, 1], [2, 1]],
    ),
    (
        "the total is shared among the units",
        UPSTREAM,
        [dead(f"foo{number}/bar", 1, 0) for number in range(5)],
        [[1], [1], [1], [1], [1]],
    ),
    (
        "the oldest go if there are more units than the total",
        UPSTREAM,
        [dead("a/c", 7, 6), dead("b/c", 8, 6), *[dead(f"c{number}/c", number) for number in range(6)]],
        [[7], [8], [], [], [2], [3], [4], [5]],
    ),
    (
        "all of a deleted pod go, young ones excepted",
        UPSTREAM,
        [dead("foo/bar", 1, 0), dead("deleted/bar", 7000, 1, 0)],
        [[1, 0], [7000]],
    ),
]


@pytest.mark.parametrize(("policy", "units", "left"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_container_gc(policy: ContainerGCPolicy, units: list[list[DeadContainer]], left: list[list[int]]):
    containers = [one for unit in units for one in unit]
    expected = [
        one.id for unit, times in zip(units, left, strict=True) for one in unit if one.created // SECOND in times
    ]
    assert [one.id for one in collect_containers(containers, policy, now=NOW)] == expected


def test_by_default_the_last_dead_container_of_each_stays_for_kubectl_logs_previous():
    containers = [*dead("foo/bar", 1, 2, 3), *dead("foo/sidecar", 1)]
    left = collect_containers(containers, ContainerGCPolicy(), now=NOW)
    assert [one.id for one in left] == ["foo/bar@3", "foo/sidecar@1"]
