"""What a pod asks for.

Cases follow kubernetes staging/src/k8s.io/component-helpers/resource/helpers_test.go (TestPodRequestsAndLimits) and
the sidecar examples of KEP-753.
"""

from hypothesis import given
from hypothesis import strategies as st

from k8scourse.component_helpers.pod_requests import aggregate_container_requests, pod_limits, pod_requests
from k8scourse.machinery.quantity import parse_quantity


def container(cpu, **fields):
    return {"name": "c", "resources": {"requests": {"cpu": f"{cpu}m"}, "limits": {"cpu": f"{cpu}m"}}, **fields}


def sidecar(cpu):
    return container(cpu, restartPolicy="Always")


def pod(containers=(), init=(), **spec):
    return {"spec": {"containers": list(containers), "initContainers": list(init), **spec}}


def cpu(amounts):
    return amounts["cpu"].milli_value()


def test_containers_add_up():
    assert cpu(pod_requests(pod([container(100), container(200)]))) == 300


def test_the_largest_init_container_counts_if_it_exceeds_the_sum():
    assert cpu(pod_requests(pod([container(100)], [container(300), container(200)]))) == 300
    assert cpu(pod_requests(pod([container(400)], [container(300)]))) == 400


def test_sidecars_count_with_the_containers_and_with_later_init_steps():
    assert cpu(pod_requests(pod([container(100)], [sidecar(50)]))) == 150
    assert cpu(pod_requests(pod([container(100)], [sidecar(50), container(500)]))) == 550
    assert cpu(pod_requests(pod([container(100)], [container(500), sidecar(50)]))) == 500


def test_overhead_is_added_last():
    made = pod([container(100)], overhead={"cpu": "10m"})

    assert cpu(pod_requests(made)) == 110
    assert cpu(pod_requests(made, exclude_overhead=True)) == 100


def test_pod_level_requests_replace_the_sum_for_what_they_name():
    made = pod([container(100)], resources={"requests": {"cpu": "1", "memory": "1Gi"}})

    assert cpu(pod_requests(made)) == 1000
    assert str(pod_requests(made)["memory"]) == "1Gi"
    assert cpu(pod_requests(made, skip_pod_level=True)) == 100


def test_overhead_raises_only_limits_that_exist():
    made = pod([container(100)], overhead={"cpu": "10m", "memory": "1Mi"})

    assert {name: str(amount) for name, amount in pod_limits(made).items()} == {"cpu": "110m"}


def test_amounts_for_missing_requests_are_for_containers_without_one():
    made = pod([container(100), {"name": "d"}])

    assert cpu(pod_requests(made, missing={"cpu": parse_quantity("100m")})) == 200


def test_a_resize_counts_with_the_larger_amount_unless_the_node_cannot_fit_it():
    made = pod([container(100)])
    made["status"] = {"containerStatuses": [{"name": "c", "resources": {"requests": {"cpu": "300m"}}}]}

    assert cpu(pod_requests(made, use_status=True)) == 300
    made["spec"]["containers"][0]["resources"]["requests"]["cpu"] = "900m"
    made["status"]["conditions"] = [{"type": "PodResizePending", "reason": "Infeasible"}]
    assert cpu(pod_requests(made, use_status=True)) == 300


def step_by_step(containers, init):
    """The peak of what runs at one moment, found by playing the start of the pod."""
    running, peak = 0, 0
    for milli, is_sidecar in init:
        peak = max(peak, running + milli)
        running += milli if is_sidecar else 0
    return max(peak, running + sum(containers))


@given(st.lists(st.integers(0, 500), min_size=1), st.lists(st.tuples(st.integers(0, 500), st.booleans())))
def test_requests_are_the_peak_of_the_pods_start(containers, init):
    made = pod(map(container, containers), [sidecar(m) if is_sidecar else container(m) for m, is_sidecar in init])

    assert cpu(aggregate_container_requests(made)) == step_by_step(containers, init)
