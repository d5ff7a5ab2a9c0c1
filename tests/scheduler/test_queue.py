"""Who is scheduled next, and what wakes a waiting pod (kubernetes: pkg/scheduler/backend/queue)."""

import pytest

from k8scourse.scheduler.cluster_events import (
    NODE_ADD,
    NODE_DELETE,
    POD_ADD,
    POD_DELETE,
    POD_UPDATE,
    node_events,
    pod_events,
)
from k8scourse.scheduler.queue import NO_NODES, SECOND, Place, SchedulingQueue, backoff
from k8scourse.scheduler.snapshot import Snapshot
from tests.scheduler.worlds import HOSTNAME, ZONE, away, info, node, pod, spread, term, towards

NOTHING = Snapshot()
MINUTE = 60 * SECOND


def queue_with(*pods, now=0):
    queue = SchedulingQueue()
    for one in pods:
        queue.add(info(one), now)
    return queue


def rejected(one, *plugins, now=0):
    """A queue in which the pod waits after its first attempt."""
    queue = queue_with(one, now=now)
    queue.reject(queue.pop(now), plugins, now)
    return queue


def place(queue, name="p"):
    entry = queue.get(("default", name))
    return entry.place if entry else None


def woken(one, plugin, event, old, new):
    queue = rejected(one, plugin)
    return queue.wake(event, old, new, NOTHING, MINUTE) != []


def names_in_order(queue, now=0):
    found = []
    while (entry := queue.pop(now)) is not None:
        found.append(entry.info.key[1])
    return found


def test_priority_comes_first_and_then_age():
    queue = queue_with(pod("a"), pod("high", priority=5), pod("b"))
    queue.add(info(pod("late", priority=5)), 1)
    assert names_in_order(queue) == ["high", "late", "a", "b"]


@pytest.mark.parametrize(("count", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (50, 10)])
def test_backoff_doubles_up_to_ten_seconds(count, seconds):
    assert backoff(count) == seconds * SECOND


def test_a_gated_pod_waits_for_its_gates_to_be_removed():
    gated = pod("p", schedulingGates=[{"name": "g"}])
    queue = queue_with(gated)
    assert queue.pop(0) is None
    assert queue.wake(NODE_ADD, None, node("n1"), NOTHING, 0) == []
    before, after = info(gated), info(pod("p"))
    queue.update(before, after, pod_events(before, after), NOTHING, 0)
    assert place(queue) is Place.ACTIVE


def test_a_pod_in_backoff_is_taken_early_when_nothing_else_is_active():
    """SchedulerPopFromBackoffQ."""
    queue = rejected(pod("p", cpu="1"), "NodeResourcesFit")
    old = info(pod("old", on="n1"))
    assert queue.wake(POD_DELETE, old, None, NOTHING, SECOND // 2) == [("default", "p")]
    assert place(queue) is Place.BACKOFF
    queue.add(info(pod("q")), SECOND // 2)
    assert queue.next_due(SECOND // 2) == SECOND // 2
    assert names_in_order(queue, SECOND // 2) == ["q", "p"]


def test_a_pod_that_failed_by_an_error_waits_for_its_backoff():
    queue = rejected(pod("p"))
    assert place(queue) is Place.BACKOFF
    assert queue.pop(SECOND) is None
    assert queue.next_due(SECOND) == 2 * SECOND
    assert names_in_order(queue, 2 * SECOND) == ["p"]


def test_after_its_backoff_a_woken_pod_is_active_at_once():
    queue = rejected(pod("p", cpu="1"), "NodeResourcesFit")
    queue.wake(POD_DELETE, info(pod("old", on="n1")), None, NOTHING, MINUTE)
    assert place(queue) is Place.ACTIVE


def test_the_window_in_which_a_backoff_ends_belongs_to_it():
    """Source: backoff_queue.go isPodBackingoff."""
    for time, expected in ((SECOND * 3 // 2, Place.BACKOFF), (2 * SECOND, Place.ACTIVE)):
        queue = rejected(pod("p", cpu="1"), "NodeResourcesFit")
        queue.wake(POD_DELETE, info(pod("old", on="n1")), None, NOTHING, time)
        assert place(queue) is expected


def test_a_refusal_ends_the_count_of_errors():
    """Source: scheduling_queue.go AddUnschedulableIfNotPresent."""
    queue = queue_with(pod("p"))
    for attempt in range(4):
        queue.reject(queue.pop(attempt * MINUTE), (), attempt * MINUTE)
    entry = queue.pop(5 * MINUTE)
    assert entry.count == 4
    queue.reject(entry, ("NodeAffinity",), 5 * MINUTE)
    assert entry.count == 1


def test_only_hints_of_the_plugins_that_refused_count():
    free = node("n1")
    assert not woken(pod("p"), "NodeAffinity", POD_DELETE, info(pod("old", on="n1")), None)
    assert woken(pod("p"), "TaintToleration", NODE_ADD, None, free)
    assert not woken(pod("p"), "NodePorts", POD_ADD, None, info(pod("x", on="n1")))
    assert not woken(pod("p"), "NodeResourcesFit", POD_UPDATE, info(pod("x")), info(pod("x")))


def test_a_node_wakes_by_losing_a_taint_that_was_in_the_way():
    tainted, other, free = node("n1", taints=["a:NoSchedule"]), node("n1", taints=["b:NoSchedule"]), node("n1")
    (event,) = node_events(tainted, free)
    assert event == ("Node", "UpdateNodeTaint")
    assert woken(pod("p"), "TaintToleration", event, tainted, free)
    assert not woken(pod("p"), "TaintToleration", event, tainted, other)
    assert not woken(pod("p"), "TaintToleration", event, node("n1", taints=["c:PreferNoSchedule"]), free)


def test_uncordoning_counts_as_a_change_of_taints_and_cordoning_does_not():
    cordoned, free = node("n1", unschedulable=True), node("n1")
    assert node_events(free, cordoned) == []
    (event,) = node_events(cordoned, free)
    assert woken(pod("p"), "NodeUnschedulable", event, cordoned, free)


def test_a_node_wakes_by_gaining_the_label_or_the_room_that_was_missing():
    picky, hungry = pod("p", nodeSelector={"disk": "ssd"}), pod("p", cpu="6")
    plain, ssd, large = node("n1"), node("n1", labels={"disk": "ssd"}), node("n1", cpu="8")
    (label,), (amount,) = node_events(plain, ssd), node_events(plain, large)
    assert woken(picky, "NodeAffinity", label, plain, ssd)
    assert not woken(picky, "NodeAffinity", label, ssd, ssd)
    assert woken(hungry, "NodeResourcesFit", amount, plain, large)
    assert not woken(hungry, "NodeResourcesFit", amount, plain, node("n1", cpu="5"))
    assert not woken(pod("p", memory="1Gi"), "NodeResourcesFit", amount, plain, large)


def test_a_new_toleration_wakes_its_own_pod_only():
    before, after = info(pod("p")), info(pod("p", tolerations=[{"key": "a", "operator": "Exists"}]))
    events = pod_events(before, after)
    queue = rejected(pod("p"), "TaintToleration")
    queue.update(before, after, events, NOTHING, MINUTE)
    assert place(queue) is Place.ACTIVE
    other = info(pod("q"))
    queue = rejected(pod("q"), "TaintToleration")
    assert queue.wake(events[0], before, after, NOTHING, MINUTE) == []
    assert queue.get(other.key).place is Place.UNSCHEDULABLE


def test_a_deleted_pod_wakes_those_that_want_its_port():
    port = [{"containerPort": 80, "hostPort": 80}]
    mine = pod("p", ports=port)
    assert woken(mine, "NodePorts", POD_DELETE, info(pod("x", on="n1", ports=port)), None)
    assert not woken(mine, "NodePorts", POD_DELETE, info(pod("x", on="n1")), None)
    assert not woken(mine, "NodePorts", POD_DELETE, info(pod("x", ports=port)), None)


def test_spreading_wakes_by_pods_that_it_counts():
    mine = pod("p", labels={"app": "web"}, topologySpreadConstraints=[spread()])
    web, db = info(pod("x", labels={"app": "web"}, on="n1")), info(pod("x", labels={"app": "db"}, on="n1"))
    far = info(pod("x", labels={"app": "web"}, on="n1", namespace="other"))
    assert woken(mine, "PodTopologySpread", POD_ADD, None, web)
    assert woken(mine, "PodTopologySpread", POD_DELETE, web, None)
    assert not woken(mine, "PodTopologySpread", POD_ADD, None, db)
    assert not woken(mine, "PodTopologySpread", POD_ADD, None, far)
    (event,) = pod_events(web, db)
    assert woken(mine, "PodTopologySpread", event, web, db)


def test_spreading_wakes_by_nodes_with_its_topology():
    mine = pod("p", topologySpreadConstraints=[spread()])
    zoned, plain = node("n1", labels={ZONE: "z1"}), node("n1")
    assert woken(mine, "PodTopologySpread", NODE_ADD, None, zoned)
    assert not woken(mine, "PodTopologySpread", NODE_ADD, None, plain)
    assert woken(mine, "PodTopologySpread", NODE_DELETE, zoned, None)
    (event,) = node_events(plain, zoned)
    assert woken(mine, "PodTopologySpread", event, plain, zoned)


def test_affinity_wakes_by_a_friend_that_comes_and_an_enemy_that_goes():
    friend = info(pod("x", labels={"app": "web"}, on="n1"))
    near, apart = pod("p", affinity=towards(term())), pod("p", affinity=away(term()))
    assert woken(near, "InterPodAffinity", POD_ADD, None, friend)
    assert not woken(near, "InterPodAffinity", POD_DELETE, friend, None)
    assert woken(apart, "InterPodAffinity", POD_DELETE, friend, None)
    assert not woken(apart, "InterPodAffinity", POD_ADD, None, friend)
    hostile = info(pod("x", affinity=away(term()), on="n1"))
    assert woken(pod("p", labels={"app": "web"}), "InterPodAffinity", POD_DELETE, hostile, None)
    assert woken(apart, "InterPodAffinity", NODE_ADD, None, node("n1"))
    assert woken(near, "InterPodAffinity", NODE_ADD, None, node("n1", labels={ZONE: "z1"}))
    assert not woken(near, "InterPodAffinity", NODE_ADD, None, node("n1"))
    moved = node_events(node("n1", labels={ZONE: "z1"}), node("n1", labels={ZONE: "z2"}))
    assert woken(near, "InterPodAffinity", moved[0], node("n1", labels={ZONE: "z1"}), node("n1", labels={ZONE: "z2"}))
    assert HOSTNAME in node("n1")["metadata"]["labels"]


def test_a_pod_that_found_no_node_keeps_the_rhythm_of_its_backoff():
    """Attempts would have been made at 0, 2, 5, 10, 19 and 30 seconds; for a node at 35 s the next is at 41 s."""
    queue = rejected(pod("p"), NO_NODES)
    assert queue.pop(MINUTE) is None
    assert queue.next_due(MINUTE) is None
    assert queue.wake(NODE_ADD, None, node("n1"), NOTHING, 35 * SECOND) == [("default", "p")]
    assert queue.next_due(35 * SECOND) == 41 * SECOND
    assert queue.pop(40 * SECOND) is None
    assert names_in_order(queue, 41 * SECOND) == ["p"]


def test_after_five_minutes_a_pod_is_tried_again_if_anything_happened_since():
    queue = rejected(pod("p"), "NodeAffinity")
    assert queue.next_flush(0) is None
    assert queue.next_flush(1) == 330 * SECOND
    queue.flush(300 * SECOND, 1)
    assert place(queue) is Place.UNSCHEDULABLE
    queue.flush(330 * SECOND, 1)
    assert place(queue) is Place.ACTIVE


def test_a_deleted_pod_leaves_the_queue():
    queue = queue_with(pod("a"), pod("b"))
    queue.delete(("default", "a"))
    assert names_in_order(queue) == ["b"]
    queue = rejected(pod("p"), "NodeAffinity")
    queue.delete(("default", "p"))
    assert queue.wake(NODE_ADD, None, node("n1"), NOTHING, 0) == []
    assert len(queue) == 0


def test_a_copy_goes_its_own_way():
    queue = queue_with(pod("a"), pod("b"))
    twin = queue.copy()
    assert names_in_order(twin) == ["a", "b"]
    assert names_in_order(queue) == ["a", "b"]
