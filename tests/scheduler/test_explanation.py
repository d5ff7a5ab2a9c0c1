"""The facts that Kubernetes' texts leave out."""

from k8scourse.scheduler.explanation import explain
from tests.scheduler.worlds import HOSTNAME, cluster, info, node, pod, spread


def findings(pod_, *objects, on="n1"):
    return {finding.plugin: finding for finding in explain(info(pod_), cluster(*objects))[on]}


def test_every_plugin_speaks_where_the_scheduler_would_have_stopped():
    found = findings(
        pod("p", cpu="9", nodeSelector={"disk": "ssd"}), node("n1", taints=["a=1:NoSchedule", "b:NoExecute"])
    )
    assert list(found) == ["TaintToleration", "NodeAffinity", "NodeResourcesFit"]
    assert found["TaintToleration"].facts == {
        "taints": [{"key": "a", "value": "1", "effect": "NoSchedule"}, {"key": "b", "effect": "NoExecute"}]
    }
    assert found["NodeAffinity"].facts == {"nodeSelector": {"disk": "ssd"}, "nodeAffinity": False}
    assert found["NodeResourcesFit"].facts == {"cpu": {"requested": 9000, "used": 0, "capacity": 4000}}
    assert not found["NodeResourcesFit"].resolvable


def test_a_taken_port_names_its_owner():
    port = [{"containerPort": 80, "hostPort": 80}]
    found = findings(pod("p", ports=port), node("n1"), pod("old", ports=port, on="n1"))["NodePorts"]
    assert found.facts["ports"] == [{"port": 80, "protocol": "TCP", "hostIP": "0.0.0.0", "pod": "default/old"}]
    assert found.resolvable


def test_uneven_domains_are_counted_out():
    mine = pod("p", labels={"app": "web"}, topologySpreadConstraints=[spread(HOSTNAME)])
    objects = [node("n1"), node("n2"), pod("old", labels={"app": "web"}, on="n1")]
    (constraint,) = findings(mine, *objects)["PodTopologySpread"].facts["constraints"]
    assert constraint == {
        "topologyKey": HOSTNAME,
        "domain": "n1",
        "pods": {"n1": 1, "n2": 0},
        "fewest": 0,
        "maxSkew": 1,
    }
    assert findings(mine, *objects, on="n2") == {}
