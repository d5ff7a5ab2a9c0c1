"""Claims about spread constraints (kubernetes: plugins/podtopologyspread/common.go)."""

from k8scourse.component_helpers.node_affinity import required_node_affinity
from k8scourse.component_helpers.topology_spread import HOSTNAME, ZONE, default_constraints, read_constraints

WEB = {"matchLabels": {"app": "web"}}


def read(labels=None, **more):
    constraint = {"maxSkew": 1, "topologyKey": ZONE, "whenUnsatisfiable": "DoNotSchedule", "labelSelector": WEB, **more}
    (found,) = read_constraints([constraint], labels or {}, "DoNotSchedule")
    return found


def node(*taints, **labels):
    return {"metadata": {"name": "n", "labels": labels}, "spec": {"taints": list(taints)}}


def test_only_the_constraints_of_one_action_are_read():
    assert read_constraints([{"whenUnsatisfiable": "ScheduleAnyway"}], {}, "DoNotSchedule") == ()


def test_defaults_are_one_domain_honored_affinity_and_ignored_taints():
    found = read()
    assert (found.min_domains, found.honor_affinity, found.honor_taints) == (1, True, False)


def test_match_label_keys_narrow_the_selector_to_the_pods_own_values():
    found = read({"hash": "1", "app": "web"}, matchLabelKeys=["hash", "missing"])
    assert found.counts({"app": "web", "hash": "1"})
    assert not found.counts({"app": "web", "hash": "2"})
    assert not read({"hash": "1"}, labelSelector=None, matchLabelKeys=["hash"]).counts({"hash": "1"})


def test_an_empty_selector_counts_nobody_but_matches_the_pod_itself():
    found = read(labelSelector={})
    assert not found.counts({"app": "web"})
    assert found.selector.matches({"app": "web"})


def test_policies_decide_which_nodes_take_part():
    required = required_node_affinity({"spec": {"nodeSelector": {"disk": "ssd"}}})
    tainted = node({"key": "a", "effect": "NoSchedule"}, disk="ssd")
    assert not read().includes(node(), required, [])
    assert read(nodeAffinityPolicy="Ignore").includes(node(), required, [])
    assert read().includes(tainted, required, [])
    assert not read(nodeTaintsPolicy="Honor").includes(tainted, required, [])
    assert read(nodeTaintsPolicy="Honor").includes(tainted, required, [{"operator": "Exists"}])


def test_the_built_in_constraints_only_score():
    """Source: podtopologyspread/plugin.go systemDefaultConstraints."""
    assert default_constraints(WEB, "DoNotSchedule") == ()
    found = [(one.topology_key, one.max_skew) for one in default_constraints(WEB, "ScheduleAnyway")]
    assert found == [(HOSTNAME, 3), (ZONE, 5)]
