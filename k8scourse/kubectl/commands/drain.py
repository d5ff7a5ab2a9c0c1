"""`kubectl cordon`, `uncordon` and `drain`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go and pkg/drain/cordon.go.
"""

from __future__ import annotations

from k8scourse.apiserver.request import STRATEGIC_MERGE_PATCH
from k8scourse.kubectl.draining import Drainer, DrainOptions
from k8scourse.kubectl.errors import KubectlError, Listed, message_of, raise_all
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery import labels
from k8scourse.machinery.status import ApiError


def run(session: Session) -> None:
    """Mark nodes, or mark and empty them. Raises KubectlError, ApiError or Several."""
    command = session.command.rpartition(" ")[2]
    if not session.words and not session.changed("selector"):
        raise session.usage(f"USAGE: {command} NODE [flags]")
    if session.words and session.flag("selector"):
        raise session.usage("error: cannot specify both a node name and a --selector option")
    session.dry_run()
    _check_pod_selector(session)
    nodes = _nodes(session)
    _mark(session, nodes, unschedulable=command != "uncordon")
    if command == "drain":
        _drain(session, nodes)


def _check_pod_selector(session: Session) -> None:
    if not session.flag("pod-selector"):
        return
    try:
        labels.parse_selector(session.flag("pod-selector"))
    except labels.SelectorError as error:
        raise KubectlError("--pod-selector=<pod_selector> must be a valid label selector") from error


def _nodes(session: Session) -> list[Info]:
    selector = session.flag("selector")
    result = Builder(
        session,
        names_of=("nodes", session.words) if session.words else None,
        types=["nodes"] if selector else [],
        label_selector=selector,
        single_type=True,
        flatten=True,
        continue_on_error=False,
    ).do()
    infos, errors = result.infos()
    raise_all(errors)
    for info in infos:
        if info.resource.group_resource != "nodes":
            version = f"{info.resource.group}/{info.resource.version}, Resource={info.resource.plural}"
            raise KubectlError(f'error: expected resource of type node, got "{version}"')
    return infos


def _mark(session: Session, nodes: list[Info], *, unschedulable: bool) -> None:
    word = "cordoned" if unschedulable else "uncordoned"
    show = result_printer(session)
    for info in nodes:
        node = info.obj or {}
        if bool((node.get("spec") or {}).get("unschedulable")) == unschedulable:
            show(node, f"already {word}")
            continue
        if session.dry_run() != "client":
            try:
                _patch(session, info, unschedulable=unschedulable)
            except ApiError as error:
                verb = word.removesuffix("ed")
                session.terminal.err(f'error: unable to {verb} node "{info.name}": {error.message}\n')
                continue
        show(node, word)


def _patch(session: Session, info: Info, *, unschedulable: bool) -> None:
    patch = {"spec": {"unschedulable": True if unschedulable else None}}
    session.api.patch(info.resource, "", info.name, patch, STRATEGIC_MERGE_PATCH, dryRun=session.server_dry_run())


def _drain(session: Session, nodes: list[Info]) -> None:
    options = DrainOptions(
        force=session.flag("force"),
        ignore_daemon_sets=session.flag("ignore-daemonsets"),
        delete_empty_dir_data=session.flag("delete-emptydir-data"),
        grace_period=session.flag("grace-period"),
        timeout=session.flag("timeout"),
        pod_selector=session.flag("pod-selector"),
        disable_eviction=session.flag("disable-eviction"),
        skip_wait_for_delete_timeout=session.flag("skip-wait-for-delete-timeout"),
        dry_run=session.dry_run(),
    )
    drainer, show = Drainer(session, options), result_printer(session)
    failed: dict[str, list[str]] = {}
    for info in nodes:
        errors = drainer.drain(info.name)
        if not errors:
            show(info.obj or {}, "drained")
            continue
        failed[info.name] = texts = [message_text(error) for error in errors]
        text = _joined(texts)
        session.terminal.err(f'error: unable to drain node "{info.name}" due to error: {text}, continuing command...\n')
    if not failed:
        return
    session.terminal.err("There are pending nodes to be drained:\n")
    session.terminal.err("".join(f" {name}\n" for name in failed))
    if options.disable_eviction and len(failed) == 1 and drainer.failed_while_deleting:
        raise KubectlError(next(iter(failed.values()))[0])
    raise Listed(next(iter(failed.values())) if len(failed) == 1 else [_joined(texts) for texts in failed.values()])


def message_text(error: Exception) -> str:
    """The plain sentence of an error, as Go's Error() gives it."""
    return error.message if isinstance(error, ApiError) else message_of(error)


def _joined(texts: list[str]) -> str:
    """Several errors as Go prints an aggregate."""
    unique = list(dict.fromkeys(texts))
    return unique[0] if len(unique) == 1 else f"[{', '.join(unique)}]"
