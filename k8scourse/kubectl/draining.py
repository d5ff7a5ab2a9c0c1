"""Emptying a node: which pods may go, evicting them, retrying where a budget forbids it, waiting until they are gone.

Kubernetes: staging/src/k8s.io/kubectl/pkg/drain/drain.go and filters.go. The real program evicts all pods at once; here
they are asked one after the other in the order of the list, each every 5 s as long as a budget forbids it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.session import SECOND, Session
from k8scourse.machinery import duration, timestamps
from k8scourse.machinery.status import ApiError

Pod = dict[str, Any]

_RETRY = 5 * SECOND
_FOREVER = 2**63 - 1
_DAEMON_SET_FATAL = "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)"
_DAEMON_SET_WARNING = "ignoring DaemonSet-managed Pods"
_LOCAL_STORAGE_FATAL = "Pods with local storage (use --delete-emptydir-data to override)"
_LOCAL_STORAGE_WARNING = "deleting Pods with local storage"
_UNMANAGED_FATAL = "Pods that declare no controller (use --force to override)"
_UNMANAGED_WARNING = "deleting Pods that declare no controller"
_MIRROR = "kubernetes.io/config.mirror"


@dataclass(frozen=True, slots=True)
class DrainOptions:
    """The flags of drain; *timeout* in ns (0: none), *grace_period* in s (negative: the pod's own)."""

    force: bool = False
    ignore_daemon_sets: bool = False
    delete_empty_dir_data: bool = False
    grace_period: int = -1
    timeout: int = 0
    pod_selector: str = ""
    disable_eviction: bool = False
    skip_wait_for_delete_timeout: int = 0
    dry_run: str = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a pod goes, and a warning or error about it."""

    delete: bool
    kind: str = ""
    """warning, error or empty."""
    message: str = ""


_OKAY = Verdict(True)
_SKIP = Verdict(False)


@dataclass(slots=True)
class Eviction:
    """One pod on its way out."""

    pod: Pod
    next_try: int
    accepted: bool = False
    error: KubectlError | None = None
    gone: bool = False


class Drainer:
    """Empties nodes with one set of options."""

    def __init__(self, session: Session, options: DrainOptions) -> None:
        self._session = session
        self._options = options
        self.failed_while_deleting = False
        """Whether plain deletes (--disable-eviction) failed: their only error is no collection."""
        self._pods = session.resource("pods")
        self._daemon_sets = session.resource_of("apps/v1", "DaemonSet")

    def drain(self, node: str) -> list[Exception]:
        """Empty *node*; the errors that stopped it, [] when it is empty."""
        terminal, options = self._session.terminal, self._options
        try:
            verdicts = list(self._judge_all(node))
        except ApiError as error:
            return [error]
        errors = _fatal(verdicts)
        if errors:
            return errors
        warnings = _warnings(verdicts)
        if warnings:
            terminal.warn(warnings)
        pods = [pod for pod, verdict in verdicts if verdict.delete]
        if options.dry_run == "client":
            for pod in pods:
                terminal.line(f"evicting pod {_key(pod)} (dry run)")
            return []
        failed = self._delete(pods) if options.disable_eviction else self._evict(pods)
        self.failed_while_deleting = bool(failed) and options.disable_eviction
        if failed:
            self._report_pending(node, failed)
        return failed

    def _judge_all(self, node: str) -> Iterator[tuple[Pod, Verdict]]:
        listed = self._session.api.list(
            self._pods, fieldSelector=f"spec.nodeName={node}", labelSelector=self._options.pod_selector
        )
        for pod in listed.get("items") or []:
            yield pod, self._judge(pod)

    def _judge(self, pod: Pod) -> Verdict:
        verdict = _OKAY
        for judge in self._judges():
            verdict = judge(pod)
            if not verdict.delete:
                break
        return verdict

    def _judges(self) -> tuple[Callable[[Pod], Verdict], ...]:
        return (self._deleted, self._of_daemon_set, _mirror_pod, self._local_storage, self._unmanaged)

    def _deleted(self, pod: Pod) -> Verdict:
        return _SKIP if self._overdue(pod) else _OKAY

    def _overdue(self, pod: Pod) -> bool:
        """Whether the pod has been terminating longer than --skip-wait-for-delete-timeout."""
        limit, since = self._options.skip_wait_for_delete_timeout, pod["metadata"].get("deletionTimestamp")
        if limit <= 0 or not since:
            return False
        return (self._session.clock.now - timestamps.parse_time(since)) // SECOND > limit

    def _of_daemon_set(self, pod: Pod) -> Verdict:
        owner = _controller(pod)
        if owner is None or (owner["kind"], owner["apiVersion"]) != ("DaemonSet", "apps/v1") or _finished(pod):
            return _OKAY
        try:
            self._session.api.get(self._daemon_sets, pod["metadata"]["namespace"], owner["name"])
        except ApiError as error:
            orphan = error.reason == "NotFound" and self._options.force
            return Verdict(orphan, "warning" if orphan else "error", error.message)
        if not self._options.ignore_daemon_sets:
            return Verdict(False, "error", _DAEMON_SET_FATAL)
        return Verdict(False, "warning", _DAEMON_SET_WARNING)

    def _local_storage(self, pod: Pod) -> Verdict:
        local = any(volume.get("emptyDir") is not None for volume in pod["spec"].get("volumes") or [])
        if not local or _finished(pod):
            return _OKAY
        if not self._options.delete_empty_dir_data:
            return Verdict(False, "error", _LOCAL_STORAGE_FATAL)
        return Verdict(True, "warning", _LOCAL_STORAGE_WARNING)

    def _unmanaged(self, pod: Pod) -> Verdict:
        if _finished(pod) or _controller(pod) is not None:
            return _OKAY
        if self._options.force:
            return Verdict(True, "warning", _UNMANAGED_WARNING)
        return Verdict(False, "error", _UNMANAGED_FATAL)

    def _evict(self, pods: list[Pod]) -> list[Exception]:
        clock = self._session.clock
        end = clock.now + self._options.timeout if self._options.timeout else _FOREVER
        evictions = [Eviction(pod, clock.now) for pod in pods]
        while True:
            for eviction in evictions:
                if not eviction.accepted and eviction.error is None and eviction.next_try <= clock.now:
                    self._try(eviction, end)
            if self._options.dry_run == "server" or self._all_done(evictions):
                break
            until = self._next_change(evictions, end)
            limit = max(0, until - clock.now) if until < _FOREVER else _WEEK
            clock.run_until(lambda: self._all_done(evictions), limit)
            if clock.now >= end or until == _FOREVER:
                _give_up(evictions)
        return [eviction.error for eviction in evictions if eviction.error is not None]

    @staticmethod
    def _next_change(evictions: list[Eviction], end: int) -> int:
        """The instant of the next retry, or of the timeout while pods are still terminating."""
        waiting = [eviction for eviction in evictions if eviction.error is None and not eviction.gone]
        return min(end if eviction.accepted else eviction.next_try for eviction in waiting)

    def _try(self, eviction: Eviction, end: int) -> None:
        session, pod = self._session, eviction.pod
        namespace, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
        mark = " (server dry run)" if self._options.dry_run == "server" else ""
        session.terminal.line(f"evicting pod {_key(pod)}{mark}")
        where = f'pods/"{name}" -n "{namespace}"'
        if session.clock.now >= end:
            limit = duration.format_duration(self._options.timeout)
            eviction.error = KubectlError(f"error when evicting {where}: global timeout reached: {limit}")
            return
        try:
            self._post(namespace, name)
            eviction.accepted = True
        except ApiError as error:
            self._refused(eviction, error, where)

    def _refused(self, eviction: Eviction, error: ApiError, where: str) -> None:
        session, pod = self._session, eviction.pod
        ending = error.reason == "Forbidden" and any(c.get("reason") == "NamespaceTerminating" for c in error.causes)
        retry = f"(will retry after {duration.format_duration(_RETRY)})"
        if error.reason == "NotFound":
            eviction.accepted = eviction.gone = True
        elif error.code == 429:
            session.terminal.err(f"error when evicting {where} {retry}: {error.message}\n")
            eviction.next_try = session.clock.now + _RETRY
        elif ending and pod["metadata"].get("deletionTimestamp"):
            eviction.accepted = True
        elif ending:
            name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
            session.terminal.err(
                f'error when evicting pod "{name}" from terminating namespace "{namespace}" {retry}: {error.message}\n'
            )
            eviction.next_try = session.clock.now + _RETRY
        else:
            eviction.error = KubectlError(f"error when evicting {where}: {error.message}")
            return
        fresh = session.api.find(self._pods, pod["metadata"]["namespace"], pod["metadata"]["name"])
        if fresh is not None and not eviction.accepted:
            eviction.pod = fresh

    def _post(self, namespace: str, name: str) -> None:
        body = {
            "kind": "Eviction",
            "apiVersion": "policy/v1",
            "metadata": {"name": name, "namespace": namespace},
            "deleteOptions": self._delete_options(),
        }
        path = self._session.api.path(self._pods, namespace, name, "eviction")
        query = {"dryRun": "All"} if self._options.dry_run == "server" else {}
        self._session.api.call("POST", path, query=query, body=body)

    def _delete_options(self) -> dict[str, Any]:
        options: dict[str, Any] = {}
        if self._options.grace_period >= 0:
            options["gracePeriodSeconds"] = self._options.grace_period
        if self._options.dry_run == "server":
            options["dryRun"] = ["All"]
        return options

    def _all_done(self, evictions: list[Eviction]) -> bool:
        """Whether each pod is gone or has failed; says so of each that goes."""
        for eviction in evictions:
            if eviction.accepted and not eviction.gone and eviction.error is None:
                eviction.gone = self._is_gone(eviction.pod, "evicted")
        return all(eviction.gone or eviction.error is not None for eviction in evictions)

    def _is_gone(self, pod: Pod, word: str) -> bool:
        metadata, terminal = pod["metadata"], self._session.terminal
        fresh = self._session.api.find(self._pods, metadata["namespace"], metadata["name"])
        if fresh is None or fresh["metadata"].get("uid") != metadata.get("uid"):
            terminal.line(f"pod/{metadata['name']} {word}")
            return True
        if self._overdue(fresh):
            limit = self._options.skip_wait_for_delete_timeout
            terminal.out(f'pod "{metadata["name"]}" has DeletionTimestamp older than {limit} seconds, skipping\n')
            return True
        return False

    def _delete(self, pods: list[Pod]) -> list[Exception]:
        """--disable-eviction: plain deletes, budgets or not."""
        session = self._session
        for pod in pods:
            metadata = pod["metadata"]
            try:
                session.api.delete(self._pods, metadata["namespace"], metadata["name"], self._delete_options())
            except ApiError as error:
                if error.reason != "NotFound":
                    return [error]
        pending = list(pods)

        def gone() -> bool:
            pending[:] = [pod for pod in pending if not self._is_gone(pod, "deleted")]
            return not pending

        if self._options.dry_run == "server" or session.clock.run_until(gone, self._options.timeout or _WEEK):
            return []
        return [KubectlError("context deadline exceeded")]

    def _report_pending(self, node: str, errors: list[Exception]) -> None:
        terminal = self._session.terminal
        pending = [pod for pod, verdict in self._judge_all(node) if verdict.delete]
        texts = [error.message if isinstance(error, ApiError | KubectlError) else "" for error in errors]
        text = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
        if pending:
            terminal.err(f'There are pending pods in node "{node}" when an error occurred: {text}\n')
            terminal.err("".join(f"pod/{pod['metadata']['name']}\n" for pod in pending))


_WEEK = 168 * 3600 * SECOND


def _give_up(evictions: list[Eviction]) -> None:
    for eviction in evictions:
        name, namespace = eviction.pod["metadata"]["name"], eviction.pod["metadata"]["namespace"]
        if eviction.accepted and not eviction.gone and eviction.error is None:
            eviction.error = KubectlError(
                f'error when waiting for pod "{name}" in namespace "{namespace}" to terminate: '
                "context deadline exceeded"
            )


def _key(pod: Pod) -> str:
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"


def _controller(pod: Pod) -> dict[str, Any] | None:
    return next((owner for owner in pod["metadata"].get("ownerReferences") or [] if owner.get("controller")), None)


def _finished(pod: Pod) -> bool:
    return (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed")


def _mirror_pod(pod: Pod) -> Verdict:
    return _SKIP if _MIRROR in (pod["metadata"].get("annotations") or {}) else _OKAY


def _grouped(verdicts: list[tuple[Pod, Verdict]], kind: str) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for pod, verdict in verdicts:
        if verdict.kind == kind:
            groups.setdefault(verdict.message or "unexpected error", []).append(_key(pod))
    return groups


def _fatal(verdicts: list[tuple[Pod, Verdict]]) -> list[Exception]:
    return [
        KubectlError(f"cannot delete {message}: {', '.join(pods)}")
        for message, pods in _grouped(verdicts, "error").items()
    ]


def _warnings(verdicts: list[tuple[Pod, Verdict]]) -> str:
    groups = _grouped(verdicts, "warning")
    return "; ".join(f"{message}: {', '.join(pods)}" for message, pods in groups.items())
