"""The node lifecycle controller: notices silent nodes, keeps their taints, and brakes evictions when much is down.

Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go

Its loops run on fixed beats (health every 5 s, NoExecute taints as the rate allows), but only while there is something
to see: a quiet cluster costs no steps.
"""

from __future__ import annotations

from typing import Any, Self

from k8scourse.client.component import Component, Context
from k8scourse.client.heartbeats import Heartbeats
from k8scourse.client.informers import Object
from k8scourse.component_helpers import taints as taint_lists
from k8scourse.component_helpers.pod_status import pod_condition, updated_condition, with_condition
from k8scourse.controllers import node_health as rules
from k8scourse.machinery.timestamps import format_time, parse_time

SECOND = 1_000_000_000
MONITOR_PERIOD = 5 * SECOND
"""--node-monitor-period"""
GRACE_PERIOD = 50 * SECOND
"""--node-monitor-grace-period: how long a node may be silent (40 s before Kubernetes 1.32)."""
STARTUP_GRACE_PERIOD = 60 * SECOND
"""--node-startup-grace-period: the same for a node that never posted its status."""

NOT_READY = {"key": taint_lists.NOT_READY, "effect": "NoExecute"}
UNREACHABLE = {"key": taint_lists.UNREACHABLE, "effect": "NoExecute"}
_MONITORED = ("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")
NEVER_POSTED = ("NodeStatusNeverUpdated", "Kubelet never posted node status.")
STOPPED_POSTING = ("NodeStatusUnknown", "Kubelet stopped posting node status.")


class NodeLifecycleController(Component):
    """Watches over the health of nodes."""

    name = "node-lifecycle-controller"
    user = "system:serviceaccount:kube-system:node-controller"
    reporter = "node-controller"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.heartbeats: Heartbeats = context.heartbeats
        self._started = self.engine.now
        self._known: dict[str, str] = {}
        self._observed: dict[str, str | None] = {}
        self._zones: dict[str, str] = {}
        self._limiters: dict[str, rules.RateLimiter] = {}
        self._waiting: dict[str, dict[str, None]] = {}
        self._beat_at: int | None = None
        self._taint_at: int | None = None

    def start(self) -> None:
        """Watch nodes, and pods that are bound to them."""
        self.informers.subscribe("nodes", self.name, "node_changed")
        self.informers.subscribe("pods", self.name, "pod_changed")

    def copy_state(self, source: Self) -> None:
        """Take over what is known of nodes and zones."""
        self._started = source._started
        self._known = source._known.copy()
        self._observed = source._observed.copy()
        self._zones = source._zones.copy()
        self._limiters = {
            zone: rules.RateLimiter(limiter.rate, limiter.next_token) for zone, limiter in source._limiters.items()
        }
        self._waiting = {zone: nodes.copy() for zone, nodes in source._waiting.items()}
        self._beat_at = source._beat_at
        self._taint_at = source._taint_at

    # what wakes it

    def node_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: conditions and spec.unschedulable lead to taints at once, health waits for its beat."""
        node = (new or old or {})["metadata"]["name"]
        if new is not None:
            self.engine.call_soon(self.name, "taint_by_condition", node)
        self.expect_beat()

    def pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a pod that lands on a node that is not ready is not ready."""
        if new is None or not new["spec"].get("nodeName"):
            return
        node = new["spec"]["nodeName"]
        arrives = old is None or old["spec"].get("nodeName") != node
        if arrives and self._observed.get(node, "True") not in ("True", None):
            metadata = new["metadata"]
            self.engine.call_soon(self.name, "pod_not_ready", metadata["namespace"], metadata["name"])

    def expect_beat(self, not_before: int = 0) -> None:
        """Make sure that health is looked at on the next beat (at or after *not_before*)."""
        earliest = max(self.engine.now + 1, not_before)
        beat = self._started - (self._started - earliest) // MONITOR_PERIOD * MONITOR_PERIOD
        if self._beat_at is None or beat < self._beat_at or self._beat_at <= self.engine.now:
            self._beat_at = beat
            self.engine.call_at(beat, self.name, "monitor", beat)

    # taints of conditions

    def taint_by_condition(self, name: str) -> None:
        """Bring the NoSchedule taints of a node in line with its conditions (doNoScheduleTaintingPass)."""
        node = self.informers.get("nodes", name)
        if node is None:
            return
        add, remove = taint_lists.taint_set_diff(rules.wanted_taints(node), rules.own_taints(node))
        if add or remove:
            self._swap(node, add, remove)

    def _swap(self, node: Object, add: list[Any], remove: list[Any]) -> None:
        now = format_time(self.engine.now)
        taints: list[Any] = list(node["spec"].get("taints") or ())
        for taint in add:
            taints = taint_lists.add_or_update_taint(taints, {**taint, "timeAdded": now})
        for taint in remove:
            taints = taint_lists.delete_taint(taints, taint)
        if taints == (node["spec"].get("taints") or []):
            return
        self.client.patch("nodes", node["metadata"]["name"], {"spec": {"taints": taints or None}}, kind="merge")
        for verdict, changed in (("Tainted", add), ("Untainted", remove)):
            for taint in changed:
                subject = ("Node", "", node["metadata"]["name"])
                self.decide(subject, verdict, f"{taint['key']}:{taint['effect']}", "status.conditions")

    # health, every five seconds while there is something to see

    def monitor(self, beat: int) -> None:
        """Look at the health of every node (monitorNodeHealth)."""
        if self._beat_at != beat:
            return
        self._beat_at = None
        nodes = self.informers.list("nodes")
        self._notice_members(nodes)
        for node in nodes:
            self._check(node)
        nodes = self.informers.list("nodes")
        self._handle_disruption(nodes)
        self._plan_next_beat(nodes)
        self.expect_taints()

    def _notice_members(self, nodes: list[Object]) -> None:
        names = {node["metadata"]["name"]: node["metadata"]["uid"] for node in nodes}
        for name, uid in names.items():
            if name not in self._known:
                self._node_event(name, uid, "RegisteredNode", f"Registered Node {name} in Controller")
        for name, uid in self._known.items():
            if name not in names:
                self._node_event(name, uid, "RemovingNode", f"Removing Node {name} from Controller")
                self._observed.pop(name, None)
        for node in nodes:
            zone = rules.zone_of(node)
            self._limiters.setdefault(zone, rules.RateLimiter(rules.EVICTION_RATE))
            self._waiting.setdefault(zone, {})
        self._known = names

    def _node_event(self, name: str, uid: str, reason: str, message: str, kind: str = "Normal") -> None:
        reference = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "uid": uid}}
        self.recorder.event(reference, kind, reason, message)

    def _silent_since(self, node: Object) -> tuple[int, int]:
        """When the controller last saw a sign of life, and when its patience ends."""
        name = node["metadata"]["name"]
        renewed = self.heartbeats.last_renewal(name, self.engine.now)
        if renewed is None:
            created = parse_time(node["metadata"]["creationTimestamp"])
            patience = STARTUP_GRACE_PERIOD if rules.ready_status(node) is None else GRACE_PERIOD
            return created, created + patience
        seen = self._started - (self._started - renewed) // MONITOR_PERIOD * MONITOR_PERIOD
        return seen, seen + GRACE_PERIOD

    def _check(self, node: Object) -> None:
        name = node["metadata"]["name"]
        before = rules.ready_status(node)
        if not self.heartbeats.alive(name) and self.engine.now > self._silent_since(node)[1]:
            node = self._mark_unknown(node)
        ready = rules.ready_status(node)
        if ready is None:
            return
        self._queue_taint(node, ready)
        previously = self._observed.get(name, before)
        self._observed[name] = ready
        if ready != "True" and (before == "True" or previously == "True"):
            uid = node["metadata"]["uid"]
            self._node_event(name, uid, "NodeNotReady", f"Node {name} status is now: NodeNotReady")
            for pod in self.informers.pods_on(name):
                self.pod_not_ready(pod["metadata"]["namespace"], pod["metadata"]["name"])

    def _mark_unknown(self, node: Object) -> Object:
        now = format_time(self.engine.now)
        conditions = [dict(condition) for condition in node.get("status", {}).get("conditions") or ()]
        by_type = {condition["type"]: condition for condition in conditions}
        for kind in _MONITORED:
            condition = by_type.get(kind)
            if condition is None:
                reason, message = NEVER_POSTED
                heartbeat = node["metadata"]["creationTimestamp"]
                condition = {"type": kind, "lastHeartbeatTime": heartbeat}
                conditions.append(condition)
            elif condition["status"] == "Unknown":
                continue
            else:
                reason, message = STOPPED_POSTING
            condition.update(status="Unknown", reason=reason, message=message, lastTransitionTime=now)
        if conditions == (node.get("status", {}).get("conditions") or []):
            return node
        changed = {**node, "status": {**(node.get("status") or {}), "conditions": conditions}}
        subject = ("Node", "", node["metadata"]["name"])
        self.decide(subject, "Unknown", "no heartbeat within the grace period", "status.conditions")
        return self.client.update_status("nodes", changed)

    def _queue_taint(self, node: Object, ready: str) -> None:
        """Plan, swap or remove the NoExecute taint that goes with the Ready condition (processTaintBaseEviction)."""
        name, waiting = node["metadata"]["name"], self._waiting[rules.zone_of(node)]
        present = node["spec"].get("taints") or ()
        if ready == "True":
            waiting.pop(name, None)
            self._remove_execution_taints(node)
            return
        wanted, opposite = (NOT_READY, UNREACHABLE) if ready == "False" else (UNREACHABLE, NOT_READY)
        if taint_lists.has_taint(present, opposite):
            self._swap(node, [wanted], [opposite])
        elif not taint_lists.has_taint(present, wanted):
            waiting[name] = None

    def _remove_execution_taints(self, node: Object) -> None:
        present = node["spec"].get("taints") or ()
        gone = [taint for taint in (UNREACHABLE, NOT_READY) if taint_lists.has_taint(present, taint)]
        if gone:
            self._swap(node, [], gone)

    def pod_not_ready(self, namespace: str, name: str) -> None:
        """Set a pod's Ready condition to False, since nobody reports on it any more (MarkPodsNotReady)."""
        pod = self.informers.get("pods", name, namespace)
        ready = pod_condition(pod, "Ready") if pod is not None else None
        if pod is None or ready is None:
            return
        changed = updated_condition(pod, {**ready, "status": "False"}, format_time(self.engine.now))
        if changed is None:
            return
        status = {**pod["status"], "conditions": with_condition(pod, changed)}
        self.client.update_status("pods", {**pod, "status": status})
        self.recorder.event(pod, "Warning", "NodeNotReady", "Node is not ready")

    # disruption: how fast NoExecute taints may come

    def _handle_disruption(self, nodes: list[Object]) -> None:
        ready: dict[str, list[str | None]] = {}
        for node in nodes:
            if "node.kubernetes.io/exclude-disruption" not in (node["metadata"].get("labels") or {}):
                ready.setdefault(rules.zone_of(node), []).append(rules.ready_status(node))
        states = {zone: rules.zone_state(statuses) for zone, statuses in ready.items()}
        all_down = all(state == rules.FULL for state in states.values())
        all_were_down = all(state == rules.FULL for zone, state in self._zones.items() if zone in states)
        was_seen = bool(self._zones)
        self._zones = states
        if all_down and was_seen and all_were_down:
            return
        if all_down:
            for node in nodes:
                self._remove_execution_taints(node)
                self._waiting[rules.zone_of(node)].pop(node["metadata"]["name"], None)
            self._set_rates(dict.fromkeys(states, 0.0))
            return
        self._set_rates({zone: rules.eviction_rate(state, len(ready[zone])) for zone, state in states.items()})

    def _set_rates(self, rates: dict[str, float]) -> None:
        for zone, rate in rates.items():
            self._limiters[zone] = self._limiters[zone].swap(rate, self.engine.now)

    def expect_taints(self) -> None:
        """Make sure that waiting NoExecute taints are added as soon as the rate allows."""
        times = [
            max(self._limiters[zone].next_token, self.engine.now)
            for zone, nodes in self._waiting.items()
            if nodes and self._limiters[zone].rate
        ]
        if times and (self._taint_at is None or min(times) < self._taint_at or self._taint_at < self.engine.now):
            self._taint_at = min(times)
            self.engine.call_at(self._taint_at, self.name, "add_execution_taints", self._taint_at)

    def add_execution_taints(self, planned: int) -> None:
        """Add NoExecute taints to waiting nodes, as many as the rate of each zone allows (doNoExecuteTaintingPass)."""
        if self._taint_at != planned:
            return
        self._taint_at = None
        for zone, nodes in self._waiting.items():
            for name in list(nodes):
                if not self._limiters[zone].try_accept(self.engine.now):
                    break
                del nodes[name]
                self._add_execution_taint(name)
        self.expect_taints()

    def _add_execution_taint(self, name: str) -> None:
        node = self.informers.get("nodes", name)
        ready = rules.ready_status(node) if node is not None else None
        if node is not None and ready in ("False", "Unknown"):
            add, remove = (NOT_READY, UNREACHABLE) if ready == "False" else (UNREACHABLE, NOT_READY)
            self._swap(node, [add], [remove])

    def _plan_next_beat(self, nodes: list[Object]) -> None:
        """The next beat on which anything can change without a node being written: a silent node's patience ends."""
        ends = [
            self._silent_since(node)[1] + 1
            for node in nodes
            if not self.heartbeats.alive(node["metadata"]["name"]) and rules.ready_status(node) != "Unknown"
        ]
        if ends:
            self.expect_beat(min(ends))
