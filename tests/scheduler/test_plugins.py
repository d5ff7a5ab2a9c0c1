"""Verdicts and scores of single plugins, with numbers from the tests of kubernetes: pkg/scheduler/framework/plugins."""

import pytest

from k8scourse.scheduler.cycle import evaluate, matrix, score_table
from k8scourse.scheduler.framework import Code
from k8scourse.scheduler.plugins.node_ports import conflicts
from k8scourse.scheduler.pod_info import HostPort
from k8scourse.scheduler.profile import DEFAULT_PROFILE, MULTI_POINT
from tests.scheduler.worlds import HOSTNAME, ZONE, away, cluster, info, node, pod, preferred, spread, term, towards

MIB = 1024 * 1024


def verdict(plugin, pod_, *objects, on="n1"):
    status = matrix(info(pod_), cluster(*objects)).rows[on][plugin]
    return (status.code, *status.reasons) if status else None


def weighted(plugin, pod_, *objects):
    names = [obj["metadata"]["name"] for obj in objects if obj["kind"] == "Node"]
    table = score_table(info(pod_), cluster(*objects), also=names)
    return [table[name][plugin].weighted for name in names if plugin in table[name]]


def test_plugins_run_in_the_order_of_the_default_profile():
    order = [name for name, _ in MULTI_POINT]
    names = [plugin.name for plugin in DEFAULT_PROFILE.plugins]
    assert names == [name for name in order if name in names]
    assert [plugin.name for plugin in DEFAULT_PROFILE.filters] == [
        "NodeUnschedulable",
        "NodeName",
        "TaintToleration",
        "NodeAffinity",
        "NodePorts",
        "NodeResourcesFit",
        "PodTopologySpread",
        "InterPodAffinity",
    ]


def test_a_cordoned_node_takes_only_pods_that_tolerate_it():
    """Source: nodeunschedulable TestNodeUnschedulable."""
    cordoned = node("n1", unschedulable=True)
    tolerant = pod("p", tolerations=[{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}])
    assert verdict("NodeUnschedulable", pod("p"), cordoned) == (Code.UNRESOLVABLE, "node(s) were unschedulable")
    assert verdict("NodeUnschedulable", tolerant, cordoned) is None


def test_a_node_name_excludes_the_other_nodes():
    assert verdict("NodeName", pod("p", on="n2"), node("n1"), node("n2")) == (
        Code.UNRESOLVABLE,
        "node(s) didn't match the requested node name",
    )


def test_prefer_no_schedule_never_filters():
    assert verdict("TaintToleration", pod("p"), node("n1", taints=["a:PreferNoSchedule"])) is None


def test_prefer_no_schedule_taints_lower_the_score():
    """Source: tainttoleration TestTaintTolerationScore."""
    nodes = [
        node("n1"),
        node("n2", taints=["a:PreferNoSchedule"]),
        node("n3", taints=["a:PreferNoSchedule", "b:PreferNoSchedule"]),
    ]
    assert weighted("TaintToleration", pod("p"), *nodes) == [300, 150, 0]
    hard_only = pod("p", tolerations=[{"key": "a", "operator": "Exists", "effect": "NoSchedule"}])
    assert weighted("TaintToleration", hard_only, *nodes[:2]) == [300, 0]
    any_effect = pod("p", tolerations=[{"key": "a", "operator": "Exists"}])
    assert weighted("TaintToleration", any_effect, *nodes[:2]) == [300, 300]


def test_preferred_node_affinity_scores_in_proportion():
    """Source: nodeaffinity TestNodeAffinityPriority."""
    wish = {"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}
    other = {"matchExpressions": [{"key": "disk", "operator": "Exists"}]}
    wishes = [{"weight": 60, "preference": wish}, {"weight": 20, "preference": other}]
    mine = pod("p", affinity={"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": wishes}})
    nodes = [node("n1", labels={"disk": "ssd"}), node("n2", labels={"disk": "hdd"}), node("n3")]
    assert weighted("NodeAffinity", mine, *nodes) == [200, 50, 0]
    assert weighted("NodeAffinity", pod("p"), *nodes) == []


@pytest.mark.parametrize(
    ("wanted", "used", "clash"),
    [
        (("0.0.0.0", "TCP", 80), ("127.0.0.1", "TCP", 80), True),
        (("127.0.0.1", "TCP", 80), ("0.0.0.0", "TCP", 80), True),
        (("127.0.0.1", "TCP", 80), ("127.0.0.2", "TCP", 80), False),
        (("127.0.0.1", "TCP", 80), ("127.0.0.1", "UDP", 80), False),
        (("127.0.0.1", "TCP", 80), ("127.0.0.1", "TCP", 81), False),
    ],
)
def test_ports_clash_on_the_same_ip_or_any_ip(wanted, used, clash):
    """Source: kube-scheduler/framework TestHostPortInfo_Check."""
    assert conflicts([HostPort(*wanted)], [HostPort(*used)]) is clash


def test_ports_of_sidecars_count_and_those_of_other_init_containers_do_not():
    port = {"containerPort": 1, "hostPort": 80}
    init = [{"name": "i", "ports": [port]}]
    taker = pod("p", ports=[port])
    assert verdict("NodePorts", taker, node("n1"), pod("old", on="n1", initContainers=init)) is None
    sidecar = [{**init[0], "restartPolicy": "Always"}]
    assert verdict("NodePorts", taker, node("n1"), pod("old", on="n1", initContainers=sidecar)) == (
        Code.UNSCHEDULABLE,
        "node(s) didn't have free ports for the requested pod ports",
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"cpu": "3"}, None),
        ({"cpu": "3001m"}, (Code.UNSCHEDULABLE, "Insufficient cpu")),
        ({"cpu": "5"}, (Code.UNRESOLVABLE, "Insufficient cpu")),
        ({"cpu": "4", "memory": "9Gi"}, (Code.UNRESOLVABLE, "Insufficient cpu", "Insufficient memory")),
        ({}, None),
    ],
)
def test_requests_must_fit_into_what_is_free(asked, expected):
    """Source: noderesources TestEnoughRequests; hopeless when the empty node is too small."""
    assert verdict("NodeResourcesFit", pod("p", **asked), node("n1"), pod("old", cpu="1", on="n1")) == expected


def test_extended_resources_and_the_number_of_pods_are_limits_too():
    amounts = {"requests": {"example.com/gpu": "2"}, "limits": {"example.com/gpu": "2"}}
    mine = pod("p")
    mine["spec"]["containers"][0]["resources"] = amounts
    gpu = {"example.com/gpu": "1"}
    assert verdict("NodeResourcesFit", mine, node("n1", **gpu)) == (Code.UNRESOLVABLE, "Insufficient example.com/gpu")
    full = [node("n1", pods="1"), pod("old", on="n1")]
    assert verdict("NodeResourcesFit", pod("p"), *full) == (Code.UNSCHEDULABLE, "Too many pods")


def test_least_allocated_is_the_mean_of_rounded_down_shares():
    """4 CPU and 8Gi, 1 CPU and 1Gi asked: (75 + 87) / 2 = 81."""
    assert weighted("NodeResourcesFit", pod("p", cpu="1", memory="1Gi"), node("n1")) == [81]
    assert weighted("NodeResourcesFit", pod("p"), node("n1")) == [(97 + 97) // 2]
    assert weighted("NodeResourcesFit", pod("p", cpu="9"), node("n1", memory=None)) == [0]


def test_balanced_allocation_scores_the_improvement():
    """Source: balanced_allocation.go; before 100, after 93: 50 + (50 - 7) / 2 = 71; one resource only: 75."""
    asked = pod("p", cpu="1", memory="1Gi")
    assert weighted("NodeResourcesBalancedAllocation", asked, node("n1"), node("n2", cpu=None)) == [71, 75]
    assert weighted("NodeResourcesBalancedAllocation", pod("p"), node("n1")) == []


def test_images_count_by_size_and_by_how_many_nodes_have_them():
    """Source: imagelocality TestImageLocalityPriority."""
    image = {"names": ["nginx:1.27"], "sizeBytes": 1000 * MIB}
    one = [node("n1", images=[image]), node("n2")]
    assert weighted("ImageLocality", pod("p"), *one) == [100 * (500 - 23) // (1000 - 23), 0]
    both = [node("n1", images=[image]), node("n2", images=[image])]
    assert weighted("ImageLocality", pod("p"), *both) == [100, 100]


def test_a_tainted_empty_zone_keeps_the_minimum_at_zero_unless_taints_are_honored():
    """Source: podtopologyspread; nodeTaintsPolicy is Ignore by default."""
    nodes = [node("n1", labels={ZONE: "z1"}), node("n2", labels={ZONE: "z2"}, taints=["a:NoSchedule"])]
    old = pod("old", labels={"app": "web"}, on="n1")

    def mine(**more):
        return pod("p", labels={"app": "web"}, topologySpreadConstraints=[spread(**more)])

    skewed = (Code.UNSCHEDULABLE, "node(s) didn't match pod topology spread constraints")
    assert verdict("PodTopologySpread", mine(), *nodes, old) == skewed
    assert verdict("PodTopologySpread", mine(nodeTaintsPolicy="Honor"), *nodes, old) is None
    assert verdict("PodTopologySpread", mine(minDomains=3), *nodes[:1], old) == skewed
    assert verdict("PodTopologySpread", mine(skew=2), *nodes, old) is None


def test_a_node_without_the_topology_label_cannot_be_helped():
    mine = pod("p", topologySpreadConstraints=[spread()])
    assert verdict("PodTopologySpread", mine, node("n1")) == (
        Code.UNRESOLVABLE,
        "node(s) didn't match pod topology spread constraints (missing required label)",
    )


def test_terminating_pods_and_other_namespaces_do_not_count():
    nodes = [node("n1"), node("n2")]
    leaving = pod("old", labels={"app": "web"}, on="n1")
    leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    foreign = pod("old2", labels={"app": "web"}, on="n1", namespace="other")
    mine = pod("p", labels={"app": "web"}, topologySpreadConstraints=[spread(HOSTNAME)])
    assert verdict("PodTopologySpread", mine, *nodes, leaving, foreign) is None


def test_soft_spreading_prefers_the_emptier_domain():
    """Source: podtopologyspread TestPodTopologySpreadScore."""
    objects = [
        node("n1"),
        node("n2"),
        pod("a", labels={"app": "web"}, on="n1"),
        pod("b", labels={"app": "web"}, on="n1"),
    ]
    mine = pod("p", labels={"app": "web"}, topologySpreadConstraints=[spread(HOSTNAME, when="ScheduleAnyway")])
    assert weighted("PodTopologySpread", mine, *objects) == [0, 200]


def test_spreading_scores_as_upstream_counts_them_out():
    """Source: scoring_test.go "one constraint on node, all 4 nodes are candidates": 2, 1, 0 and 3 pods."""
    nodes = [node(name) for name in ("a", "b", "c", "d")]
    pods = [pod(f"{on}{n}", labels={"app": "web"}, on=on) for on, n in (("a", 2), ("b", 1), ("d", 3)) for n in range(n)]
    mine = pod("p", labels={"app": "web"}, topologySpreadConstraints=[spread(HOSTNAME, when="ScheduleAnyway")])
    assert weighted("PodTopologySpread", mine, *nodes, *pods) == [40, 120, 200, 0]


def test_pods_on_refused_nodes_count_for_their_zone():
    """Source: scoring_test.go "two Constraints on zone and node, 2 out of 4 nodes are candidates"."""
    nodes = [
        node("a", labels={ZONE: "z1"}),
        node("b", labels={ZONE: "z1"}, unschedulable=True),
        node("x", labels={ZONE: "z2"}),
        node("y", labels={ZONE: "z2"}, unschedulable=True),
    ]
    counts = (("a", 2), ("b", 1), ("x", 2), ("y", 4))
    pods = [pod(f"{on}{n}", labels={"app": "web"}, on=on) for on, n in counts for n in range(n)]
    soft = [spread(when="ScheduleAnyway"), spread(HOSTNAME, when="ScheduleAnyway")]
    mine = pod("p", labels={"app": "web"}, topologySpreadConstraints=soft)
    table = score_table(info(mine), cluster(*nodes, *pods))
    assert {name: row["PodTopologySpread"].normalized for name, row in table.items()} == {"a": 100, "x": 63}


def test_pods_of_a_replica_set_spread_by_default_and_bare_pods_do_not():
    replica_set = {
        "kind": "ReplicaSet",
        "metadata": {"name": "rs", "namespace": "default"},
        "spec": {"selector": {"matchLabels": {"app": "web"}}},
    }
    objects = [node("n1"), node("n2"), pod("a", labels={"app": "web"}, on="n1"), replica_set]
    mine = pod("p", labels={"app": "web"})
    assert weighted("PodTopologySpread", mine, *objects) == []
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "rs", "uid": "1", "controller": True}
    mine["metadata"]["ownerReferences"] = [owner]
    first, second = weighted("PodTopologySpread", mine, *objects)
    assert first < second == 200


def test_a_service_spreads_its_pods_by_default():
    service = {
        "kind": "Service",
        "metadata": {"name": "s", "namespace": "default"},
        "spec": {"selector": {"app": "web"}},
    }
    objects = [node("n1"), node("n2"), pod("a", labels={"app": "web"}, on="n1"), service]
    assert weighted("PodTopologySpread", pod("p", labels={"app": "web"}), *objects)[1] == 200
    assert weighted("PodTopologySpread", pod("p", labels={"app": "db"}), *objects) == []


def test_one_pod_must_match_all_affinity_terms_and_the_first_of_a_group_is_let_in():
    """Source: interpodaffinity TestRequiredAffinityMultipleNodes."""
    zoned = node("n1", labels={ZONE: "z1"})
    group = pod("p", labels={"app": "web"}, affinity=towards(term()))
    stranger = pod("p", labels={"app": "db"}, affinity=towards(term()))
    not_near = (Code.UNRESOLVABLE, "node(s) didn't match pod affinity rules")
    assert verdict("InterPodAffinity", group, zoned) is None
    assert verdict("InterPodAffinity", stranger, zoned) == not_near
    assert verdict("InterPodAffinity", group, node("n1")) == not_near
    elsewhere = [node("n2", labels={ZONE: "z2"}), pod("a", labels={"app": "web"}, on="n2")]
    assert verdict("InterPodAffinity", group, zoned, *elsewhere) == not_near
    both = pod("p", affinity=towards(term({"app": "web"}), term({"tier": "front"})))
    apart = [pod("a", labels={"app": "web"}, on="n1"), pod("b", labels={"tier": "front"}, on="n1")]
    assert verdict("InterPodAffinity", both, zoned, *apart) == not_near


def test_anti_affinity_works_both_ways_and_ignores_nodes_without_the_label():
    zoned = node("n1", labels={ZONE: "z1"})
    loner = pod("p", affinity=away(term()))
    assert verdict("InterPodAffinity", loner, zoned, pod("a", labels={"app": "web"}, on="n1")) == (
        Code.UNSCHEDULABLE,
        "node(s) didn't match pod anti-affinity rules",
    )
    assert verdict("InterPodAffinity", loner, node("n1"), pod("a", labels={"app": "web"}, on="n1")) is None
    resident = pod("a", affinity=away(term()), on="n1")
    assert verdict("InterPodAffinity", pod("p", labels={"app": "web"}), zoned, resident) == (
        Code.UNSCHEDULABLE,
        "node(s) didn't satisfy existing pods anti-affinity rules",
    )


def test_terms_reach_other_namespaces_only_when_told_to():
    zoned = node("n1", labels={ZONE: "z1"})
    blue = {"kind": "Namespace", "metadata": {"name": "blue", "labels": {"team": "blue"}}}
    there = pod("a", labels={"app": "web"}, namespace="blue", on="n1")

    def refused(**more):
        return verdict("InterPodAffinity", pod("p", affinity=towards(term(**more))), zoned, there, blue) is not None

    assert refused()
    assert not refused(namespaces=["blue"])
    assert not refused(namespaceSelector={})
    assert not refused(namespaceSelector={"matchLabels": {"team": "blue"}})
    assert refused(namespaceSelector={"matchLabels": {"team": "red"}})


def test_affinity_scores_stretch_from_the_worst_to_the_best_node():
    """Source: interpodaffinity TestPreferredAffinity; a running pod's demand counts 1."""
    nodes = [node("n1", labels={ZONE: "z1"}), node("n2", labels={ZONE: "z2"})]
    friend = pod("a", labels={"app": "web"}, on="n1")
    assert weighted("InterPodAffinity", pod("p", affinity=preferred(5, term())), *nodes, friend) == [200, 0]
    wary = pod("p", affinity=preferred(5, term(), "podAntiAffinity"))
    assert weighted("InterPodAffinity", wary, *nodes, friend) == [0, 200]
    demanding = pod("b", labels={"app": "db"}, affinity=towards(term({"app": "db"})), on="n2")
    assert weighted("InterPodAffinity", pod("p", labels={"app": "db"}), *nodes, demanding) == [0, 200]


def test_ties_go_to_the_node_with_fewest_pods_and_then_to_the_first_by_name():
    nodes = [node("n2"), node("n1"), node("n3")]
    assert evaluate(info(pod("p")), cluster(*nodes)).node == "n1"
    big = [node(name, cpu="4000", memory="8000Gi") for name in ("n1", "n2")]
    assert (
        evaluate(info(pod("p")), cluster(*big, pod("old", on="n1"), pod("o2", on="n1"), pod("o3", on="n2"))).node
        == "n2"
    )
