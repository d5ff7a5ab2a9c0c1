"""The Python side of the widgets: what they show, answer and leave behind. The page's side is in tests/browser."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError
from k8scourse.widgets import ClusterMap, ManifestEditor, ObjectGraph, RequestTracer, RolloutTimeline, TimeSlider
from k8scourse.widgets.base import open_widgets, update_all

POD = """apiVersion: v1
kind: Pod
metadata:
  name: gpu-pod
spec:
  containers:
  - name: app
    image: nginx
"""


@pytest.fixture
def cluster() -> Cluster:
    return Cluster(nodes=2)


@pytest.fixture
def editor(cluster: Cluster) -> Iterator[ManifestEditor]:
    editor = ManifestEditor(POD, cluster=cluster, path="gpu-pod.yaml")
    yield editor
    editor.close()


def send(widget: Any, **message: Any) -> list[dict[str, Any]]:
    """Deliver a message of the page; gives what was sent back."""
    sent: list[dict[str, Any]] = []
    widget.send = lambda content, buffers=None: sent.append(content)
    widget._handle_custom_msg(message, [])
    return sent


def test_the_text_form_is_stable(cluster: Cluster, editor: ManifestEditor) -> None:
    assert repr(editor) == "<ManifestEditor gpu-pod.yaml, 8 lines>"
    assert repr(ClusterMap(cluster)) == "<ClusterMap 2 nodes, 0 pods>"
    cluster.apply(POD)
    assert repr(ClusterMap(cluster)) == "<ClusterMap 2 nodes, 1 pod>"
    assert repr(TimeSlider(cluster)) == repr(TimeSlider(cluster))


def test_a_page_without_kernel_gets_text_and_html(editor: ManifestEditor) -> None:
    form = editor._repr_mimebundle_()
    assert form is not None
    assert form[0]["text/plain"] == repr(editor)
    assert "kind: Pod" in form[0]["text/html"] and "Accepted" in form[0]["text/html"]


def test_a_verdict_carries_the_number_of_the_text_that_it_judges(editor: ManifestEditor) -> None:
    editor.set_state({"text": POD.replace("nginx", "5"), "asked": "v1:7"})
    assert (editor.verdict["asked"], editor.verdict["status"]) == ("v1:7", "refused")
    editor.set_state({"text": POD, "asked": "v1:8"})
    assert (editor.verdict["asked"], editor.verdict["status"]) == ("v1:8", "accepted")


def test_judging_leaves_the_cluster_alone_and_applying_does_not(cluster: Cluster, editor: ManifestEditor) -> None:
    assert cluster.list("pods") == []
    send(editor, kind="apply", text=POD)
    assert cluster.get("pod", "gpu-pod")["spec"]["nodeName"] in ("n1", "n2")
    assert editor.describe() in ("Applied: pod/gpu-pod runs on n1.", "Applied: pod/gpu-pod runs on n2.")


def test_after_an_apply_its_effect_is_told_until_the_text_or_the_cluster_changes(
    cluster: Cluster, editor: ManifestEditor
) -> None:
    def applied() -> bool:
        return "Applied: pod/gpu-pod runs on" in editor.html

    send(editor, kind="apply", text=POD)
    update_all()
    assert applied()
    cluster.run("1m")
    update_all()
    assert not applied() and "No pod starts, stops or moves." in editor.html
    send(editor, kind="apply", text=POD)
    assert "No pod started, stopped or moved." in editor.html
    editor.set_state({"text": POD.replace("nginx", "busybox"), "asked": "v1:9"})
    assert "Accepted" in editor.html


def test_undo_gives_back_the_cluster_as_it_was(cluster: Cluster, editor: ManifestEditor) -> None:
    before = (cluster.revision, cluster.now)
    send(editor, kind="apply", text=POD)
    cluster.run("1m")
    assert editor.can_undo
    send(editor, kind="undo")
    assert (cluster.revision, cluster.now) == before
    assert not editor.can_undo
    cluster.run("1m")
    editor.apply()
    assert cluster.get("pod", "gpu-pod")


def test_a_refusal_to_apply_is_told_on_the_page_and_raised_in_a_cell(editor: ManifestEditor) -> None:
    bad = POD.replace("name: gpu-pod", "name: GPU_POD")
    editor.text = bad
    send(editor, kind="apply", text=bad)
    assert "Not applied" in editor.html
    assert not editor.can_undo
    with pytest.raises(ApiError, match="Invalid value"):
        editor.apply()


def test_completion_and_help_are_answered_under_the_number_of_the_question(editor: ManifestEditor) -> None:
    (options,) = send(editor, kind="complete", id="v1:3", text=POD + "  restartPolicy: ", line=9, column=18)
    assert options["id"] == "v1:3"
    assert {option["label"] for option in options["options"]} == {"Always", "OnFailure", "Never"}
    (answer,) = send(editor, kind="help", id="v1:4", text=POD, line=2, column=2)
    assert "<code>kind</code>" in answer["html"]


def test_a_message_of_an_unknown_kind_is_ignored(editor: ManifestEditor) -> None:
    assert send(editor, kind="surprise") == []


def test_widgets_follow_the_cluster_and_each_other(cluster: Cluster, editor: ManifestEditor) -> None:
    picture = ClusterMap(cluster)
    send(editor, kind="apply", text=POD)
    assert "gpu-pod" in picture.html
    cluster.delete("pod", "gpu-pod", gracePeriodSeconds=0)
    update_all()
    assert "gpu-pod" not in picture.html


def test_a_closed_widget_is_forgotten(cluster: Cluster) -> None:
    picture = ClusterMap(cluster)
    assert picture in open_widgets()
    picture.close()
    assert picture not in open_widgets()


def test_a_chosen_pod_is_asked_about_on_every_node(cluster: Cluster) -> None:
    cluster.apply(POD)
    cluster.kubectl("taint nodes n2 gpu=true:NoSchedule")
    picture = ClusterMap(cluster, selected="gpu-pod")
    assert "n2  Ready  taints: gpu=true:NoSchedule\n    no: node(s) had untolerated taint(s)" in picture.describe()
    send(picture, kind="select", pod="")
    assert "no: " not in picture.describe()


def test_the_slider_shows_the_cluster_at_each_revision(cluster: Cluster) -> None:
    start = cluster.revision
    cluster.apply(POD)
    slider = TimeSlider(cluster, after=start)
    texts = [moment["text"] for moment in slider.moments]
    assert texts[0] == "pod gpu-pod created"
    assert texts[1] in ("pod gpu-pod: bound to n1", "pod gpu-pod: bound to n2")
    (created,) = send(slider, kind="at", id="v1:1", revision=slider.moments[0]["revision"], pod="")
    assert "Not on a node" in created["html"]
    (bound,) = send(slider, kind="at", id="v1:2", revision=slider.moments[1]["revision"], pod="")
    assert "Not on a node" not in bound["html"]


def test_the_timeline_begins_with_the_first_node(cluster: Cluster) -> None:
    assert TimeSlider(cluster).moments[0]["text"] == "node n1 created"


def test_a_revision_that_does_not_exist_is_told_not_raised(cluster: Cluster) -> None:
    (answer,) = send(TimeSlider(cluster), kind="at", id="v1:1", revision=10**9, pod="")
    assert "in the future" in answer["html"]


def test_without_the_bundle_widgets_say_so_to_the_page(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K8SCOURSE_NO_JS", "1")
    assert ClusterMap(cluster)._bundle == ""


DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "nginx:1.27"}]}
"""


def test_a_timeline_waits_for_its_deployment_and_then_follows_it(cluster: Cluster) -> None:
    timeline = RolloutTimeline(cluster, "web")
    assert repr(timeline) == "<RolloutTimeline web, not made yet>"
    assert 'deployments.apps "web" not found' in unescape(timeline.html)
    cluster.apply(DEPLOYMENT)
    update_all()
    assert repr(timeline) == "<RolloutTimeline web, 1 ReplicaSet, 1 moment>"
    assert timeline.describe().splitlines()[-1].split() == ["00:00:00", "2/2", "2/2", "0", "2"]
    timeline.close()


def test_the_graph_sends_dot_and_shows_a_list(cluster: Cluster) -> None:
    cluster.apply(DEPLOYMENT)
    graph = ObjectGraph(cluster)
    assert repr(graph) == "<ObjectGraph 4 objects, 3 arrows>"
    assert graph.dot.startswith("digraph") and "Deployment <strong>web</strong>" in graph.static_html()
    assert graph.alt.startswith("Graph of 00:00:00, namespace default: 4 objects")
    graph.close()


def test_the_script_that_draws_graphs_is_sent_on_demand(cluster: Cluster) -> None:
    graph = ObjectGraph(cluster)
    sent: list[tuple[Any, Any]] = []
    graph.send = lambda content, buffers=None: sent.append((content, buffers))
    graph._handle_custom_msg({"kind": "part", "name": "graphs", "id": "v1:1"}, [])
    graph._handle_custom_msg({"kind": "part", "name": "../secret", "id": "v1:2"}, [])
    assert [content for content, _ in sent] == [{"id": "v1:1"}]
    assert len(sent[0][1][0]) > 100_000
    graph.close()


def test_a_request_is_traced_again_from_the_page(cluster: Cluster) -> None:
    cluster.apply(DEPLOYMENT)
    cluster.kubectl("expose deployment web --port=80")
    cluster.kubectl("run client --image=busybox:1.37 -- sleep infinity")
    tracer = RequestTracer(cluster, "client", "http://web/")
    assert repr(tracer) == "<RequestTracer client to http://web/: reached>"
    send(tracer, kind="send", **{"from": "client", "url": "http://wbe/"})
    assert repr(tracer) == "<RequestTracer client to http://wbe/: no such name>"
    send(tracer, kind="send", **{"from": "nobody", "url": "http://web/"})
    assert "nobody" in unescape(tracer.html) and "not sent" in repr(tracer)
    tracer.close()
