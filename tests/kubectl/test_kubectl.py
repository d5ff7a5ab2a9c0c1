"""The program as a whole: what an Output holds, where files come from, what is refused and what is a bug."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from k8scourse.apiserver.request import Request, Response
from k8scourse.kubectl import Kubectl, Output
from k8scourse.kubectl.command_table import COMMANDS, REAL_COMMANDS

from .conftest import World

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: nginx}]}\n"


def test_a_command_line_is_text_or_words(world: World) -> None:
    assert world.program.run(["get", "sa", "-o", "name"]) == world.kubectl("get sa -o name")
    assert world.kubectl("kubectl get sa -o name").stdout == "serviceaccount/default\n"


def test_both_streams_are_shown_in_order_of_writing(world: World) -> None:
    output = world.kubectl("get sa default nope")
    assert output.stdout == "NAME      AGE\ndefault   0s\n"
    assert output.stderr == 'Error from server (NotFound): serviceaccounts "nope" not found\n'
    assert str(output) == output.stdout + output.stderr
    assert (output.exit_code, output.ok) == (1, False)


def test_a_refusal_leaves_its_status(world: World) -> None:
    output = world.kubectl("get pod nope")
    assert output.status is not None
    assert (output.status["code"], output.status["reason"]) == (404, "NotFound")


def test_a_success_leaves_the_last_object_and_no_status(world: World) -> None:
    output = world.kubectl("apply -f -", POD)
    assert output.object["metadata"]["name"] == "p"
    assert output.status is None
    assert world.kubectl("delete pod p").status is None


def test_warnings_are_kept_and_printed_once(world: World) -> None:
    output = world.kubectl("create -f - --validate=warn", POD.replace("name: c,", "name: c, imagee: x,"))
    assert output.warnings == ('unknown field "spec.containers[0].imagee"',)
    assert output.stderr == 'Warning: unknown field "spec.containers[0].imagee"\n'
    assert output.ok


def test_a_notebook_shows_the_terminal(world: World) -> None:
    shown: list[str] = []

    class Printer:
        def text(self, obj: str) -> None:
            shown.append(obj)

    world.kubectl("get sa -o name")._repr_pretty_(Printer(), False)
    assert shown == ["serviceaccount/default"]


def test_without_a_command_the_commands_are_listed(kubectl: Callable[..., Output]) -> None:
    for line in ("", "help", "-n dev", "--help", "-h"):
        output = kubectl(line)
        assert output.ok
        assert all(f"\n  {name}\n" in output.stdout for name in REAL_COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_shows_its_flags_and_runs_without_words(command: str, kubectl: Callable[..., Output]) -> None:
    assert f"kubectl {command} [flags] [options]" in kubectl(f"{command} --help").stdout
    assert kubectl(f"help {command.split()[0]}").ok
    kubectl(command)


@pytest.mark.parametrize("command", sorted(set(REAL_COMMANDS) - {name.split()[0] for name in COMMANDS} - {"options"}))
def test_what_is_not_simulated_says_so(command: str, kubectl: Callable[..., Output]) -> None:
    output = kubectl(f"{command} something --flag")
    assert output.stderr == f"error: `kubectl {command}` is not simulated yet\n"
    assert output.exit_code == 1


def test_files_come_from_the_disk_by_default(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Kubectl(world.server.handle, world.clock)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.yml").write_text(POD.replace("name: p}", "name: b}"))
    (tmp_path / "more" / "a.json").write_text('{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}')
    (tmp_path / "more" / "notes.txt").write_text("no manifest")
    (tmp_path / "more" / "deep").mkdir()
    (tmp_path / "more" / "deep" / "c.yaml").write_text(POD.replace("name: p}", "name: c}"))
    assert program.run("apply -f pod.yaml").stdout == "pod/p created\n"
    assert program.run("apply -f more").stdout == "configmap/a created\npod/b created\n"
    assert program.run("apply -R -f more").stdout == "configmap/a unchanged\npod/b unchanged\npod/c created\n"
    assert program.run("apply -f '*.yaml'").stdout == "pod/p unchanged\n"
    assert program.run("apply -f nope.yaml").stderr == 'error: the path "nope.yaml" does not exist\n'
    (tmp_path / "empty").mkdir()
    assert program.run("apply -f empty").stderr.startswith("error: error reading [empty]: recognized file extensions")


def test_a_faulty_file_names_line_and_column(world: World) -> None:
    world.files["gpu-pod.yaml"] = POD.replace("image: nginx", "imagee: nginx")
    assert world.kubectl("apply -f gpu-pod.yaml").stderr.splitlines()[1] == "  at gpu-pod.yaml:4:31"


def test_items_of_a_list_are_found_in_the_file(world: World) -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: p}\n  spec: {x: 1}\n"
    assert "at STDIN:7:10" in world.kubectl("create -f -", text).stderr


def test_another_users_refusal_is_the_servers(world: World) -> None:
    """The handler decides; kubectl only passes the identity on."""
    seen: list[Request] = []

    def handler(request: Request) -> Response:
        seen.append(request)
        return world.server.handle(request)

    Kubectl(handler, world.clock, user="ann", groups=("dev",)).run("get pods --as=bob --as-group=ops")
    assert {(request.user, request.groups) for request in seen} == {("ann", ("dev",))}
    passed = {name: seen[-1].headers[name] for name in ("impersonate-user", "impersonate-group")}
    assert passed == {"impersonate-user": "bob", "impersonate-group": "ops"}


def test_an_unexpected_exception_is_a_bug_and_surfaces(world: World) -> None:
    def broken(_: Request) -> Response:
        raise RuntimeError("bug")

    with pytest.raises(RuntimeError):
        Kubectl(broken, world.clock).run("get pods")


def test_new_kinds_are_seen_without_a_restart(world: World) -> None:
    from k8scourse.apiserver.kinds import ResourceInfo

    assert not world.kubectl("get widgets").ok
    verbs = ("get", "list", "watch", "create", "update", "patch", "delete")
    world.server.registry.register(
        ResourceInfo("example.com", "v1", "Widget", "widgets", "widget", ("wd",), True, verbs)
    )
    assert world.kubectl("get wd").stderr == "No resources found in default namespace.\n"


def test_waiting_takes_virtual_time_only(world: World) -> None:
    world.kubectl("create -f -", POD.replace("spec: {", "spec: {nodeName: n1, "))
    before = world.clock.now
    world.later(7_000_000_000, "delete pod p --force --grace-period=0")
    assert world.kubectl("delete pod p").ok
    assert world.clock.now - before == 7_000_000_000


def test_a_watch_without_a_timeout_ends_after_a_minute(world: World) -> None:
    before = world.clock.now
    assert world.kubectl("get pods -w").ok
    assert world.clock.now - before == 60_000_000_000


def test_the_last_object_is_one_of_the_api(world: World) -> None:
    assert world.kubectl("get pods -w").object["kind"] == "Table"
    assert Kubectl(world.server.handle, world.clock).run("get foos").object is None
