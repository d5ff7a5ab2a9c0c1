"""Explanations end in the reason, name the manifest's line, and recommend only what has worked on a fork."""

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest

from k8scourse import ApiError, Cluster
from k8scourse.machinery.fieldpath import set_path
from k8scourse.machinery.yaml import read_documents
from k8scourse.views.explanation import Explanation

GPU_NODES = [
    {"name": "n1", "taints": ["gpu=true:NoSchedule"]},
    {"name": "n2", "taints": ["gpu=true:NoSchedule", "team=x:NoExecute"]},
    {"name": "n3", "taints": ["gpu=true:NoSchedule"]},
]
GPU_POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: gpu-pod
spec:
  containers:
  - name: main
    image: nginx
  tolerations:
  - key: gpu
    value: "True"
    effect: NoSchedule
"""


def pod(name: str = "web", **spec: Any) -> dict[str, Any]:
    """A pod with one container."""
    container = {"name": "main", "image": "nginx"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container], **spec}}


def edits(found: Explanation) -> list[str]:
    """The edits of an explanation, as texts."""
    assert found.search is not None
    return [str(remedy.edit) for remedy in found.search.remedies]


@pytest.fixture
def waiting(tmp_path: Path) -> tuple[Cluster, Path]:
    """A pod whose toleration has the wrong case, applied from a file."""
    path = tmp_path / "gpu-pod.yaml"
    path.write_text(GPU_POD, encoding="utf-8")
    cluster = Cluster(nodes=GPU_NODES)
    cluster.apply(path)
    return cluster, path


def test_a_pending_pod_the_whole_answer(waiting: tuple[Cluster, Path]) -> None:
    cluster, path = waiting
    nearest = (
        "untolerated taint gpu=true:NoSchedule; the nearest toleration fails: "
        'value "True" is not the taint\'s "true" (upper and lower case count); without an operator, Equal is meant'
    )
    message = (
        "0/3 nodes are available: 3 node(s) had untolerated taint(s). no new claims to deallocate, "
        "preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
    )
    assert str(cluster.explain("pod/gpu-pod")) == textwrap.dedent(f"""\
        pod default/gpu-pod is Pending: all 3 nodes refuse it.
          written in {path}, line 1
        00:00:00  API server: added tolerations for node.kubernetes.io/not-ready and node.kubernetes.io/unreachable: NoExecute, 300 s
        00:00:00  kube-scheduler: {message}  [{path}:11:12]
            n1, n3: {nearest}
            n2: {nearest}; untolerated taint team=x:NoExecute, and no toleration has its key
        Smallest edit that changes this:
            {path}:11:12: change spec.tolerations[0].value from "True" to "true"
              pod gpu-pod would run on n1; it also opens n3
        So would:
            {path}:9:3: add to spec.tolerations: {{key: "gpu", operator: "Equal", value: "true", effect: "NoSchedule"}}
              pod gpu-pod would run on n1; it also opens n3""")  # noqa: E501 - the text as a learner sees it


def test_the_smallest_edit_works_when_somebody_does_it(waiting: tuple[Cluster, Path]) -> None:
    cluster, _ = waiting
    found = cluster.explain("pod/gpu-pod")
    assert found.search is not None
    edited = found.search.remedies[0].edit.apply(read_documents(GPU_POD)[0].value)
    cluster.delete("pod", "gpu-pod")
    cluster.apply(edited)
    assert cluster.get("pod", "gpu-pod")["spec"]["nodeName"] == "n1"


def test_an_explanation_leaves_the_cluster_as_it_is(waiting: tuple[Cluster, Path]) -> None:
    cluster, _ = waiting
    before = (cluster.revision, cluster.now, len(cluster.journal))
    cluster.explain("pod/gpu-pod")
    assert (cluster.revision, cluster.now, len(cluster.journal)) == before


def test_the_forms_of_an_explanation_say_the_same_and_are_stable(waiting: tuple[Cluster, Path]) -> None:
    cluster, _ = waiting
    found = cluster.explain("pod/gpu-pod")
    assert repr(found) == str(found) == str(cluster.explain("gpu-pod")) == str(cluster.fork().explain("pods/gpu-pod"))
    data = json.loads(json.dumps(found.to_dict()))
    assert data["edits"][0]["opens"] == ["n3"]
    assert (data["steps"][-1]["place"]["line"], data["steps"][-1]["place"]["column"]) == (11, 12)
    html = found._repr_html_()
    assert "aria-label" in html
    assert "&quot;True&quot;" in html
    assert html.count("<ol>") == html.count("</ol>") == 2


@pytest.mark.parametrize(
    ("nodes", "spec", "edit"),
    [
        ([{"name": "n1", "taints": ["gpu=true:NoSchedule"]}],
         {"tolerations": [{"key": "gpu", "operator": "Equal", "effect": "NoSchedule"}]},
         'change spec.tolerations[0].operator from "Equal" to "Exists"'),
        ([{"name": "n1", "taints": ["gpu=true:NoExecute"]}],
         {"tolerations": [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}]},
         'change spec.tolerations[0].effect from "NoSchedule" to "NoExecute"'),
        ([{"name": "n1", "labels": {"disk": "ssd"}}], {"nodeSelector": {"disk": "sdd"}},
         'change spec.nodeSelector.disk from "sdd" to "ssd"'),
        ([{"name": "n1", "labels": {"disk": "ssd"}}], {"nodeSelector": {"dsik": "ssd"}},
         "rename spec.nodeSelector.dsik to disk"),
        ([{"name": "n1", "allocatable": {"cpu": "2"}}],
         {"containers": [{"name": "main", "image": "nginx", "resources": {"requests": {"cpu": "3"}}}]},
         'change spec.containers[0].resources.requests.cpu from "3" to "2"'),
        ([{"name": "n1"}], {"schedulerName": "default-schedular"},
         'change spec.schedulerName from "default-schedular" to "default-scheduler"'),
        ([{"name": "n1"}], {"schedulingGates": [{"name": "example.com/wait"}]},
         'drop spec.schedulingGates ([{name: "example.com/wait"}])'),
    ],
)  # fmt: skip
def test_the_first_edit_is_the_one_that_a_person_would_make(nodes: list[Any], spec: dict[str, Any], edit: str) -> None:
    cluster = Cluster(nodes=nodes)
    cluster.apply(pod(**spec))
    assert edits(cluster.explain("pod/web"))[0] == edit


def test_no_edit_is_recommended_where_none_works() -> None:
    cluster = Cluster(nodes=[{"name": "n1", "taints": ["a:NoSchedule", "b:NoSchedule"]}])
    cluster.apply(pod())
    found = cluster.explain("pod/web")
    assert edits(found) == []
    assert "None of the 2 single edits that were tried changes this." in str(found)


def test_a_pod_of_a_deployment_leads_to_the_template_of_its_manifest() -> None:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": pod(nodeSelector={"disk": "sdd"})["spec"]}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template},
    }
    text = json.dumps(deployment, indent=1)
    cluster = Cluster(nodes=[{"name": "n1", "labels": {"disk": "ssd"}}])
    cluster.apply(text)
    name = cluster.list("pods")[0]["metadata"]["name"]
    found = cluster.explain(f"pod/{name}")
    assert edits(found)[0] == 'change spec.template.spec.nodeSelector.disk from "sdd" to "ssd"'
    assert found.search is not None
    place = found.search.remedies[0].place
    assert place is not None
    assert '"disk": "sdd"' in text.split("\n")[place.line - 1]
    assert any("Deployment web" in step.text for step in found.steps)
    assert "1" in str(cluster.explain("deploy/web"))
    assert f"pod default/{name} is Pending" in str(cluster.explain("deploy/web"))


def test_a_running_pod_says_why_it_is_there() -> None:
    cluster = Cluster(nodes=2)
    cluster.apply(pod())
    text = str(cluster.explain("pod/web"))
    assert text.startswith("pod default/web runs on n1: the best of 2 nodes that take it.")
    assert "n1: 398 points (TaintToleration 300, NodeResourcesFit 98)" in text


def test_a_pod_put_on_a_node_by_hand_was_never_scheduled() -> None:
    cluster = Cluster(nodes=2)
    cluster.apply(pod(nodeName="n2"))
    assert "no scheduler was asked" in cluster.explain("pod/web").headline


def test_an_eviction_tells_the_whole_story_of_the_node() -> None:
    cluster = Cluster(nodes=3)
    cluster.apply(pod())
    cluster.stop_kubelet("n1")
    cluster.run("2m")
    said = [step.text for step in cluster.explain("pod/web").steps]
    order = ["Scheduled to n1", "node n1 Unknown", "node n1 Tainted", "Kept until 00:05:55"]
    places = [next(index for index, text in enumerate(said) if text.startswith(word)) for word in order]
    assert places == sorted(places)


def test_an_evicted_pod_is_explained_after_it_is_gone() -> None:
    cluster = Cluster(nodes=1)
    cluster.apply(pod())
    cluster.kubectl("taint nodes n1 repair=disk:NoExecute")
    cluster.run("1m")
    found = cluster.explain("pod/web")
    assert found.headline == "pod default/web is gone: evicted (no toleration matches the taint)."
    assert any("repair=disk:NoExecute" in step.text for step in found.steps)


def test_an_object_that_never_was_is_not_found() -> None:
    with pytest.raises(ApiError) as refused:
        Cluster(nodes=1).explain("pod/nothing")
    assert str(refused.value) == 'pods "nothing" not found'


def test_an_unknown_kind_says_how_to_ask() -> None:
    with pytest.raises(ApiError, match="write kind/name, such as pod/web"):
        Cluster(nodes=1).explain("gizmo/x")


def test_a_kind_that_is_only_stored_says_so() -> None:
    cluster = Cluster(nodes=1)
    cluster.create({"apiVersion": "storage.k8s.io/v1", "kind": "CSIDriver", "metadata": {"name": "once"}, "spec": {}})
    assert "is stored, and nothing more" in cluster.explain("csidriver/once").headline


def test_a_refused_manifest_is_explained_before_it_is_applied(tmp_path: Path) -> None:
    path = tmp_path / "pod.yaml"
    path.write_text(GPU_POD.replace("NoSchedule", "noschedule"), encoding="utf-8")
    found = Cluster(nodes=1).explain(path)
    assert found.headline == "The API server refuses Pod gpu-pod (422 Invalid)."
    assert found.steps[0].place is not None
    assert (found.steps[0].place.line, found.steps[0].place.column) == (12, 13)
    assert edits(found)[0] == 'change spec.tolerations[0].effect from "noschedule" to "NoSchedule"'


@pytest.mark.parametrize(
    ("path", "value", "edit"),
    [
        ("spec.tolerations[0].operater", "Exists", "rename spec.tolerations[0].operater to operator"),
        ("spec.tolerations[0].value", True, 'change spec.tolerations[0].value from true to "true"'),
        ("spec.tolerations[0].tolerationSeconds", 5,
         'change spec.tolerations[0].effect from "NoSchedule" to "NoExecute"'),
        ("metadata.name", "GPU_pod", 'change metadata.name from "GPU_pod" to "gpu-pod"'),
        ("kind", "pod", 'change kind from "pod" to "Pod"'),
        ("apiVersion", "v2", 'change apiVersion from "v2" to "v1"'),
    ],
)  # fmt: skip
def test_a_refused_manifest_gets_its_smallest_edit(path: str, value: Any, edit: str) -> None:
    gpu_pod = read_documents(GPU_POD)[0].value
    if path.endswith("operater"):
        gpu_pod["spec"]["tolerations"][0].pop("value")
    found = Cluster(nodes=1).explain(set_path(gpu_pod, path, value))
    assert found.tone == "bad"
    assert edits(found)[0] == edit


def test_an_accepted_manifest_says_what_would_then_happen() -> None:
    cluster = Cluster(nodes=GPU_NODES)
    found = cluster.explain(GPU_POD)
    assert (
        found.headline == "The API server would accept it. Then: pod default/gpu-pod is Pending: all 3 nodes refuse it."
    )
    assert edits(found)[0] == 'change spec.tolerations[0].value from "True" to "true"'
    assert cluster.list("pods") == []


def test_a_text_that_is_no_manifest_says_where() -> None:
    found = Cluster(nodes=1).explain("a: [\n")
    assert found.headline.startswith("Not a manifest: <text>:")
    assert Cluster(nodes=1).explain("---\n").headline == "The manifest holds no object."


def test_the_map_shows_why_each_node_refuses() -> None:
    cluster = Cluster(nodes=GPU_NODES)
    cluster.apply(GPU_POD)
    picture = cluster.show("gpu-pod")
    assert "no: node(s) had untolerated taint(s)" in str(picture)
    assert repr(cluster.show()) == str(cluster.show())
    assert "<section" in picture._repr_html_()
    with pytest.raises(ApiError):
        cluster.show("nothing")


def test_what_kubectl_applied_has_its_lines_too(tmp_path: Path) -> None:
    path = tmp_path / "gpu-pod.yaml"
    path.write_text(GPU_POD, encoding="utf-8")
    for command in ("apply", "create"):
        cluster = Cluster(nodes=GPU_NODES)
        cluster.kubectl(f"{command} --dry-run=server -f {path}")
        assert cluster.origins.document(("Pod", "default", "gpu-pod")) is None
        cluster.kubectl(f"{command} -f {path}")
        assert f"[{path}:11:12]" in str(cluster.explain("pod/gpu-pod"))


def test_an_item_of_a_list_has_its_own_lines() -> None:
    indented = textwrap.indent(GPU_POD, "  ").replace("  apiVersion", "- apiVersion", 1)
    for write in ("apply", "create"):
        cluster = Cluster(nodes=GPU_NODES)
        getattr(cluster, write)(f"apiVersion: v1\nkind: List\nitems:\n{indented}")
        found = cluster.explain("pod/gpu-pod")
        assert found.origin is not None
        assert found.origin.line == 4
        assert found.steps[-1].place is not None
        assert found.steps[-1].place[1:] == (14, 14)


def test_data_has_no_lines() -> None:
    cluster = Cluster(nodes=GPU_NODES)
    cluster.apply(read_documents(GPU_POD)[0].value)
    found = cluster.explain("pod/gpu-pod")
    assert found.origin is None
    assert "STDIN" not in str(found)


def test_an_edit_at_the_cost_of_others_says_who_pays() -> None:
    cluster = Cluster(nodes=[{"name": "n1", "allocatable": {"cpu": "2"}}])
    high = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "high"}, "value": 9}
    cluster.apply(high)
    for name in ("low", "web"):
        resources = {"requests": {"cpu": "2"}}
        cluster.apply(pod(name, containers=[{"name": "main", "image": "nginx", "resources": resources}]))
    found = cluster.explain("pod/web")
    assert found.search is not None
    effects = {str(remedy.edit): remedy.effect for remedy in found.search.remedies}
    expected = "pod web would run on n1, and default/low would be stopped for it"
    assert effects['add spec.priorityClassName: "high"'] == expected
    cluster.delete("pod", "web")
    vip = pod("vip", priorityClassName="high", containers=[{"name": "main", "image": "nginx", "resources": resources}])
    cluster.apply(vip)
    assert "preempts default/low, of lower priority, on n1" in str(cluster.explain("pod/vip"))
    assert cluster.explain("pod/low").headline.startswith("pod default/low is gone: preempted")


def test_a_pod_that_cannot_start_shows_the_kubelets_warning() -> None:
    cluster = Cluster(nodes=1)
    cluster.apply(pod(volumes=[{"name": "settings", "configMap": {"name": "nothing"}}]))
    assert 'FailedMount: MountVolume.SetUp failed for volume "settings" : configmap "nothing" not found' in str(
        cluster.explain("pod/web")
    )
