"""Renewals of node leases are worked out, not written (pkg/kubelet: every 10 s)."""

from k8scourse.client.heartbeats import Heartbeats
from k8scourse.machinery.timestamps import parse_time

SECOND = 1_000_000_000
START = parse_time("2026-01-01T00:00:00Z")
LEASE = {"metadata": {"name": "n1", "namespace": "kube-node-lease"}, "spec": {"renewTime": "old"}}


def test_a_live_node_renews_its_lease_every_ten_seconds():
    beats = Heartbeats()
    beats.begin("n1", START)
    assert beats.last_renewal("n1", START + 29 * SECOND) == START + 20 * SECOND
    assert beats.lease_as_read(LEASE, START + 61 * SECOND)["spec"]["renewTime"] == "2026-01-01T00:01:00.000000Z"
    assert LEASE["spec"]["renewTime"] == "old"


def test_a_silent_node_keeps_its_last_renewal():
    beats = Heartbeats()
    beats.begin("n1", START)
    beats.stop("n1", START + 25 * SECOND)
    assert beats.last_renewal("n1", START + 500 * SECOND) == START + 20 * SECOND
    assert not beats.alive("n1")
    beats.begin("n1", START + 600 * SECOND)
    assert beats.alive("n1")


def test_a_node_without_kubelet_has_no_renewals():
    assert Heartbeats().last_renewal("n1", START) is None
