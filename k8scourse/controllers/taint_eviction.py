"""NoExecute taints: pods that do not tolerate them are deleted, at once or when their tolerationSeconds are over.

Source: pkg/controller/tainteviction/taint_eviction.go
"""

from __future__ import annotations

from typing import Any, NamedTuple, Self

from k8scourse.client.component import Component, Context
from k8scourse.client.informers import Key, Object
from k8scourse.component_helpers.pod_status import updated_condition, with_condition
from k8scourse.component_helpers.taints import taints_with_effect
from k8scourse.component_helpers.tolerations import (
    NO_EXECUTE,
    find_untolerated_taint,
    matching_tolerations,
    min_toleration_seconds,
)
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.timestamps import format_time

SECOND = 1_000_000_000
EVENT_REASON = "TaintManagerEviction"
MARKING = "Marking for deletion Pod {namespace}/{name}"
CANCELLING = "Cancelling deletion of Pod {namespace}/{name}"
CONDITION = {
    "type": "DisruptionTarget",
    "status": "True",
    "reason": "DeletionByTaintManager",
    "message": "Taint manager: deleting due to NoExecute taint",
}


class Timer(NamedTuple):
    """A deletion that waits for tolerationSeconds."""

    handle: int
    fires: int


class TaintEvictionController(Component):
    """Deletes pods from nodes whose NoExecute taints they do not tolerate (any more)."""

    name = "taint-eviction-controller"
    user = "system:serviceaccount:kube-system:taint-eviction-controller"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._tainted: dict[str, list[Any]] = {}
        self._timers: dict[Key, Timer] = {}

    def start(self) -> None:
        """Watch pods and nodes."""
        self.informers.subscribe("pods", self.name, "pod_changed")
        self.informers.subscribe("nodes", self.name, "node_changed")

    def copy_state(self, source: Self) -> None:
        """Take over the known taints and the running timers."""
        self._tainted = source._tainted.copy()
        self._timers = source._timers.copy()

    @property
    def timers(self) -> dict[Key, int]:
        """When each waiting deletion happens, in ns since the Unix epoch, by (namespace, name)."""
        return {key: timer.fires for key, timer in self._timers.items()}

    def pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: look at a pod when it appears, moves, changes its tolerations or goes."""
        if old is not None and new is not None:
            before, after = old["spec"], new["spec"]
            if before.get("nodeName") == after.get("nodeName") and (
                before.get("tolerations") == after.get("tolerations")
            ):
                return
        obj = new or old
        if obj is None:
            return
        key = (obj["metadata"]["namespace"], obj["metadata"]["name"])
        if new is None:
            if key in self._timers:
                self.engine.call_soon(self.name, "cancel", key)
        elif new["spec"].get("nodeName") in self._tainted:
            self.engine.call_soon(self.name, "handle_pod", key)

    def node_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: look at a node when its NoExecute taints change."""
        node = (new or old or {})["metadata"]["name"]
        before = taints_with_effect((old or {}).get("spec", {}).get("taints") or (), NO_EXECUTE)
        after = taints_with_effect((new or {}).get("spec", {}).get("taints") or (), NO_EXECUTE)
        if before != after or (new is None and node in self._tainted):
            self.engine.call_soon(self.name, "handle_node", node)

    def handle_node(self, name: str) -> None:
        """Judge every pod of a node by the node's NoExecute taints."""
        node = self.informers.get("nodes", name)
        taints = taints_with_effect(node["spec"].get("taints") or (), NO_EXECUTE) if node else []
        if not taints:
            self._tainted.pop(name, None)
            if node is not None:
                for pod in self.informers.pods_on(name):
                    self.cancel((pod["metadata"]["namespace"], pod["metadata"]["name"]))
            return
        self._tainted[name] = taints
        for pod in self.informers.pods_on(name):
            self._judge(pod, taints)

    def handle_pod(self, key: Key) -> None:
        """Judge one pod by the NoExecute taints of its node."""
        pod = self.informers.get("pods", key[1], key[0])
        if pod is not None:
            taints = self._tainted.get(pod["spec"].get("nodeName", ""))
            if taints:
                self._judge(pod, taints)

    def _judge(self, pod: Object, taints: list[Any]) -> None:
        key = (pod["metadata"]["namespace"], pod["metadata"]["name"])
        tolerations = pod["spec"].get("tolerations") or ()
        used = matching_tolerations(taints, tolerations)
        if used is None:
            self.cancel(key)
            guilty = find_untolerated_taint(taints, tolerations, (NO_EXECUTE,))
            self._note(pod, "Evicted", "no toleration matches the taint", dict(guilty or {}))
            self._delete(key)
            return
        seconds = min_toleration_seconds(used)
        if seconds is None:
            self.cancel(key)
            self._note(pod, "Kept", "every NoExecute taint is tolerated for ever", None)
        elif key not in self._timers:  # a running timer is never moved, however tolerationSeconds change
            self._wait(pod, key, seconds)

    def _wait(self, pod: Object, key: Key, seconds: int) -> None:
        if seconds <= 0:
            self._note(pod, "Evicted", "the taint is tolerated for no time (tolerationSeconds)", None)
            self._delete(key)
            return
        fires = self.engine.now + seconds * SECOND
        self._timers[key] = Timer(self.engine.call_at(fires, self.name, "fire", key), fires)
        self._note(pod, "KeptUntil", f"the taint is tolerated for {seconds} s", {"until": format_time(fires)})

    def _note(self, pod: Object, verdict: str, rule: str, detail: Any) -> None:
        subject = ("Pod", pod["metadata"]["namespace"], pod["metadata"]["name"])
        self.decide(subject, verdict, rule, "spec.tolerations", detail)

    def fire(self, key: Key) -> None:
        """A timer is over: delete the pod."""
        self._timers.pop(key, None)
        self._delete(key)

    def cancel(self, key: Key) -> None:
        """Stop a running timer and tell so; nothing without one."""
        timer = self._timers.pop(key, None)
        if timer is not None:
            self.engine.cancel(timer.handle)
            self._event(key, CANCELLING)

    def _event(self, key: Key, text: str) -> None:
        namespace, name = key
        reference = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace}}
        self.recorder.event(reference, "Normal", EVENT_REASON, text.format(namespace=namespace, name=name))

    def _delete(self, key: Key) -> None:
        self._event(key, MARKING)
        namespace, name = key
        try:
            pod = self.client.get("pods", name, namespace)
            condition = updated_condition(pod, CONDITION, format_time(self.engine.now))
            if condition is not None:
                patch = {"status": {"conditions": with_condition(pod, condition)}}
                self.client.patch("pods", name, patch, namespace, subresource="status")
            self.client.delete("pods", name, namespace)
        except ApiError as error:
            if error.code != 404:
                raise
