"""What a snapshot keeps in step while the cluster changes."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8scourse.scheduler.pod_info import pod_info, traits_of
from k8scourse.scheduler.snapshot import snapshot_of
from tests.scheduler.worlds import away, cluster, info, node, pod, term, worlds

PATIENT = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def sums(snapshot):
    return {
        name: (
            sorted(found.pods),
            found.milli_cpu,
            found.memory,
            found.scoring_milli_cpu,
            found.scoring_memory,
            found.ports,
            found.kinds,
        )
        for name, found in snapshot.nodes.items()
    }


def indexes(snapshot):
    return (
        set(snapshot.affinity_nodes),
        set(snapshot.anti_affinity_nodes),
        +snapshot.images,
        +snapshot.priorities,
        +snapshot.domains,
    )


@PATIENT
@given(worlds(), st.data())
def test_what_is_added_and_removed_again_leaves_no_trace(objects, data):
    snapshot = snapshot_of(objects)
    before, before_indexes = sums(snapshot), indexes(snapshot)
    extra = pod("extra", cpu="1", on=data.draw(st.sampled_from(sorted(snapshot.nodes))), affinity=away(term()))
    snapshot.set_pod(info(extra))
    snapshot.set_node(node("extra", labels={"disk": "ssd"}, images=[{"names": ["a:1"], "sizeBytes": 5}]))
    snapshot.remove_pod(("default", "extra"))
    snapshot.remove_node("extra")
    assert (sums(snapshot), indexes(snapshot)) == (before, before_indexes)


@PATIENT
@given(worlds())
def test_a_node_that_comes_back_finds_its_pods(objects):
    snapshot = snapshot_of(objects)
    before, before_indexes = sums(snapshot), indexes(snapshot)
    for obj in objects:
        if obj["kind"] == "Node":
            snapshot.remove_node(obj["metadata"]["name"])
            snapshot.set_node(obj)
    assert (sums(snapshot), indexes(snapshot)) == (before, before_indexes)


def test_pods_may_be_heard_of_before_their_node():
    assert sums(cluster(pod("p", cpu="1", on="n1"), node("n1"))) == sums(
        cluster(node("n1"), pod("p", cpu="1", on="n1"))
    )


def test_pods_that_have_ended_take_no_room():
    ended = pod("p", cpu="1", on="n1", status={"phase": "Succeeded"})
    assert cluster(node("n1"), ended).nodes["n1"].milli_cpu == 0


def test_a_status_that_says_nothing_new_looks_the_same_to_plugins():
    snapshot = cluster(node("n1"), pod("p", cpu="1", on="n1"))
    stamp = snapshot.nodes["n1"].stamp
    running = pod("p", cpu="1", on="n1", status={"phase": "Running"})
    snapshot.set_pod(pod_info(running, snapshot.pod(("default", "p"))))
    heartbeat = node("n1")
    heartbeat["status"]["conditions"] = [{"type": "Ready", "status": "True"}]
    snapshot.set_node(heartbeat)
    assert snapshot.nodes["n1"].stamp is stamp
    assert snapshot.pod(("default", "p")).pod is running
    snapshot.set_node(node("n1", taints=["a:NoSchedule"]))
    assert snapshot.nodes["n1"].stamp is not stamp


def test_a_resize_counts_with_the_larger_amount():
    """Source: component-helpers/resource PodRequests with UseStatusResources."""
    shrinking = pod("p", cpu="1", on="n1")
    resources = {"requests": {"cpu": "2"}}
    shrinking["status"]["containerStatuses"] = [
        {"name": "c", "resources": resources, "allocatedResources": {"cpu": "2"}}
    ]
    assert traits_of(shrinking).requests.milli_cpu == 2000
    assert traits_of(pod("q", cpu="1", on="n1")).requests.milli_cpu == 1000


def test_containers_without_requests_count_in_scores_only():
    traits = traits_of(pod("p"))
    assert traits.requests.is_zero
    assert traits.scoring_requests == (100, 200 * 1024 * 1024)
    pod_level = pod("p", resources={"requests": {"cpu": "50m"}})
    assert traits_of(pod_level).scoring_requests == (50, 200 * 1024 * 1024)
