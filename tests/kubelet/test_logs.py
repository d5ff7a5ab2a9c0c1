"""Logs of containers and commands in them (kubernetes: pkg/kubelet, pkg/registry/core/pod)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.apiserver.request import Request

from .nodes import make_pod, one_node, output

IMAGES: dict[str, Any] = {
    "missing": {"pull": "fails"},
    "sparse": {"files": {"/app": ""}, "entrypoint": ["/app"]},
}
LOOP = ["sh", "-c", "i=0; while true; do echo line; sleep 10; done"]


def test_a_log_holds_what_the_process_printed_by_then():
    cluster = one_node()
    make_pod(cluster, image="busybox:1.36", command=LOOP)
    cluster.run("25s")
    assert output(cluster, "logs p") == "line\n" * 3
    assert output(cluster, "logs p --tail=1") == "line\n"
    assert output(cluster, "logs p --since=15s") == "line\n" * 2
    assert output(cluster, "logs p --timestamps --tail=1") == "2026-01-01T00:00:20.000000000Z line\n"


def test_the_log_of_the_run_before_is_kept():
    cluster = one_node()
    script = "echo I am $HOSTNAME; sleep 5; exit 3"
    make_pod(cluster, image="busybox:1.36", command=["sh", "-c", script])
    assert "previous terminated container" in output(cluster, "logs p --previous")
    cluster.run("6s")
    assert output(cluster, "logs p --previous") == "I am p\n"


def test_a_container_that_waits_has_no_log():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="missing")
    text = 'container "c" in pod "p" is waiting to start: trying and failing to pull image'
    assert output(cluster, "logs p").strip().endswith(text)


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ({"container": "x"}, 400, "container x is not valid for pod p"),
        ({"tailLines": "-1"}, 422, "tailLines: Invalid value: -1: must be greater than or equal to 0"),
        ({"sinceSeconds": "0"}, 422, "sinceSeconds: Invalid value: 0: must be greater than 0"),
    ],
)
def test_bad_options_are_refused(query: dict[str, str], code: int, message: str):
    cluster = one_node()
    make_pod(cluster)
    answer = cluster.handle(Request("GET", "/api/v1/namespaces/default/pods/p/log", query))
    assert (answer.code, message in answer.body["message"]) == (code, True)


def test_several_containers_must_be_told_apart():
    cluster = one_node()
    make_pod(cluster, spec={"initContainers": [{"name": "i", "image": "app", "restartPolicy": "Always"}]})
    assert cluster.handle(Request("GET", "/api/v1/namespaces/default/pods/p/log")).code == 200
    two = [{"name": "a", "image": "app"}, {"name": "b", "image": "app"}]
    cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "q"}, "spec": {"containers": two}})
    answer = cluster.handle(Request("GET", "/api/v1/namespaces/default/pods/q/log"))
    assert answer.body["message"] == "a container name must be specified for pod q, choose one of: [a b]"


def test_a_command_answers_with_its_exit_code():
    cluster = one_node()
    make_pod(cluster)
    assert output(cluster, "exec p -- echo hi") == "hi\n"
    answer = cluster.kubectl("exec p -- sh -c 'exit 4'")
    assert (answer.exit_code, answer.stderr) == (4, "command terminated with exit code 4\n")


def test_a_program_that_the_image_lacks_cannot_be_run():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="sparse")
    answer = cluster.kubectl("exec p -- sh")
    assert 'exec: "sh": executable file not found in $PATH' in answer.stderr
    assert answer.exit_code == 1


def test_a_command_that_is_not_known_is_said_to_be_not_simulated():
    cluster = one_node()
    make_pod(cluster)
    assert "the command 'psql -l' in a container is not simulated" in output(cluster, "exec p -- psql -l")
