"""DaemonSets run one pod on every node that fits.

Source: pkg/controller/daemon/daemon_controller.go
"""

from __future__ import annotations

from typing import Any, Self

from k8scourse.client.component import Context
from k8scourse.client.informers import Key, Object, controller_of
from k8scourse.client.workqueue import Controller
from k8scourse.component_helpers.pod_status import is_pod_available, is_pod_ready, is_terminal
from k8scourse.controllers import daemonset_history as history
from k8scourse.controllers import daemonset_rules as rules
from k8scourse.controllers.backoff import Backoff
from k8scourse.controllers.daemonset_nodes import surplus_pods
from k8scourse.controllers.daemonset_update import Changes, Update
from k8scourse.controllers.ownership import claim_objects
from k8scourse.controllers.pod_control import create_pod, delete_pods, slow_start
from k8scourse.machinery.labels import selector_from
from k8scourse.machinery.status import ApiError

SECOND = 1_000_000_000
BURST_REPLICAS = 250
"""So many pods are created or deleted in one sync at most."""
FIRST_BACKOFF, LONGEST_BACKOFF = SECOND, 15 * 60 * SECOND

SELECTING_ALL = ("SelectingAll", "This daemon set is selecting all pods. A non-empty selector is required.")
FAILED_POD = ("FailedDaemonPod", "Found failed daemon pod {namespace}/{name} on node {node}, will try to kill it")
SUCCEEDED_POD = (
    "SucceededDaemonPod",
    "Found succeeded daemon pod {namespace}/{name} on node {node}, will try to delete it",
)

PodsByNode = dict[str, list[Object]]


class DaemonSetController(Controller):
    """Creates, replaces and deletes the pods of DaemonSets, node by node."""

    name = "daemonset-controller"
    user = "system:serviceaccount:kube-system:daemon-set-controller"
    resource = history.DAEMON_SETS

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._failed = Backoff(FIRST_BACKOFF, LONGEST_BACKOFF)

    def start(self) -> None:
        """Watch daemon sets, their revisions, pods and nodes."""
        self.informers.subscribe(self.resource, self.name, "enqueue_object")
        self.informers.subscribe(history.REVISIONS, self.name, "revision_changed")
        self.informers.subscribe("pods", self.name, "pod_changed")
        self.informers.subscribe("nodes", self.name, "node_changed")

    def copy_state(self, source: Self) -> None:
        """Take over the queue and how long to wait before failed pods are killed again."""
        super().copy_state(source)
        self._failed = source._failed.fork()

    # what wakes it

    def _resolve(self, namespace: str, reference: Object | None) -> Object | None:
        if reference is None or reference["kind"] != "DaemonSet":
            return None
        daemon_set = self.informers.get(self.resource, reference["name"], namespace)
        if daemon_set is None or daemon_set["metadata"]["uid"] != reference["uid"]:
            return None
        return daemon_set

    def _wake_owners(self, old: Object | None, new: Object | None) -> Object | None:
        """Queue the controllers of an object that changed, or those that might adopt it; gives its controller."""
        before = controller_of(old) if old is not None else None
        after = controller_of(new) if new is not None else None
        namespace = (new or old or {})["metadata"]["namespace"]
        if before is not None and before != after and self._resolve(namespace, before) is not None:
            self.enqueue_late((namespace, before["name"]))
        owner = self._resolve(namespace, after)
        if owner is not None:
            self.enqueue_late((namespace, owner["metadata"]["name"]))
        elif new is not None and after is None and "deletionTimestamp" not in new["metadata"]:
            labels = new["metadata"].get("labels")
            if old is None or before is not None or old["metadata"].get("labels") != labels:
                for daemon_set in self.informers.list(self.resource, namespace):
                    selector = selector_from(daemon_set["spec"]["selector"])
                    if not selector.empty() and selector.matches(labels):
                        self.enqueue_late((namespace, daemon_set["metadata"]["name"]))
        return owner

    def revision_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: revisions that are changed or deleted are looked after."""
        if old is not None or controller_of(new or {"metadata": {}}) is None:
            self._wake_owners(old, new)

    def pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a pod's set looks at it; whoever selects a pod without controller may adopt it."""
        owner = self._wake_owners(old, new)
        if owner is None or old is None or new is None:
            return
        min_ready = owner["spec"].get("minReadySeconds", 0)
        if min_ready and is_pod_ready(new) and not is_pod_ready(old):
            key = (owner["metadata"]["namespace"], owner["metadata"]["name"])
            self.enqueue_after(key, (min_ready + 1) * SECOND)

    def node_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a node that is new, or has other labels or taints, may need other pods."""
        if new is None or not self.informers.list(self.resource):
            return
        if old is not None:
            same_labels = old["metadata"].get("labels") == new["metadata"].get("labels")
            if same_labels and old["spec"].get("taints") == new["spec"].get("taints"):
                return
        self.engine.call_soon(self.name, "check_node", new["metadata"]["name"])

    def check_node(self, name: str) -> None:
        """Queue the sets that have something to do on a node (syncNodeUpdate)."""
        node = self.informers.get("nodes", name)
        if node is None:
            return
        owners = [controller_of(pod) for pod in self.informers.pods_on(name)]
        present = {owner["uid"] for owner in owners if owner is not None}
        for daemon_set in self.informers.list(self.resource):
            metadata = daemon_set["metadata"]
            verdict, scheduled = rules.daemon_pod(daemon_set).verdict(node), metadata["uid"] in present
            misscheduled = (daemon_set.get("status") or {}).get("numberMisscheduled", 0)
            changed = not verdict.keep or misscheduled > 0 if scheduled else verdict.run
            if changed:
                self.enqueue((metadata["namespace"], metadata["name"]))

    # what it does

    def sync(self, key: Key) -> None:
        """Bring pods, revisions and status of a set up to date."""
        daemon_set = self.informers.get(self.resource, key[1], key[0])
        if daemon_set is None or "deletionTimestamp" in daemon_set["metadata"]:
            return
        if not daemon_set["spec"].get("selector"):
            self.recorder.event(daemon_set, "Warning", *SELECTING_ALL)
            return
        self._failed.forget_expired(self.engine.now)
        current, old = history.construct(self, daemon_set, self._claim(daemon_set))
        digest = history.revision_hash(current)
        try:
            self._update(daemon_set, digest, old)
        finally:
            self._update_status(daemon_set, digest)

    def _update(self, daemon_set: Object, digest: str, old: list[Object]) -> None:
        pods = self._pods_by_node(daemon_set)
        changes = self._needs(daemon_set, pods, digest)
        self._apply(daemon_set, changes, digest, "the node should run a pod", "the node should not run this pod")
        strategy = (daemon_set["spec"].get("updateStrategy") or {}).get("type")
        if not changes.create and not changes.delete and strategy == "RollingUpdate":
            changes = self._roll(daemon_set, pods, digest)
            self._apply(daemon_set, changes, digest, "rolling update: maxSurge", "rolling update: maxUnavailable")
        history.clean_up(self, daemon_set, old, self._claim(daemon_set))

    def _claim(self, daemon_set: Object) -> list[Object]:
        metadata = daemon_set["metadata"]
        candidates = self.informers.controlled_by("pods", metadata["uid"])
        candidates += self.informers.orphans("pods", metadata["namespace"])
        return claim_objects(self.client, "pods", daemon_set, selector_from(daemon_set["spec"]["selector"]), candidates)

    def _pods_by_node(self, daemon_set: Object) -> PodsByNode:
        """The set's pods by the node they are on or meant for, without those that have ended and are going."""
        found: PodsByNode = {}
        for pod in self._claim(daemon_set):
            node = rules.target_node(pod)
            if node is not None and not (is_terminal(pod) and "deletionTimestamp" in pod["metadata"]):
                found.setdefault(node, []).append(pod)
        return found

    # nodes that need a pod, and pods that should not be there

    def _needs(self, daemon_set: Object, pods: PodsByNode, digest: str) -> Changes:
        pattern = rules.daemon_pod(daemon_set)
        changes = Changes([], [])
        nodes = self.informers.list("nodes")
        for node in nodes:
            name = node["metadata"]["name"]
            verdict, present = pattern.verdict(node), pods.get(name, [])
            if verdict.run and not present:
                changes.create.append(name)
            elif verdict.keep:
                self._judge(daemon_set, name, present, digest, changes, needed=verdict.run)
            else:
                changes.delete.extend(_names(pod for pod in present if "deletionTimestamp" not in pod["metadata"]))
        known = {node["metadata"]["name"] for node in nodes}
        for name, present in pods.items():
            if name not in known:
                changes.delete.extend(_names(pod for pod in present if not pod["spec"].get("nodeName")))
        return changes

    def _judge(
        self, daemon_set: Object, node: str, pods: list[Object], digest: str, changes: Changes, *, needed: bool
    ) -> None:
        """Add what is to be done on a node where pods may stay."""
        running: list[Object] = []
        for pod in pods:
            phase = (pod.get("status") or {}).get("phase")
            if "deletionTimestamp" in pod["metadata"]:
                continue
            if phase == "Failed":
                if self._may_kill(daemon_set, node):
                    self._tell(daemon_set, "Warning", FAILED_POD, pod, node)
                    changes.delete.append(pod["metadata"]["name"])
            elif phase == "Succeeded":
                self._tell(daemon_set, "Normal", SUCCEEDED_POD, pod, node)
                changes.delete.append(pod["metadata"]["name"])
            else:
                running.append(pod)
        if not running and needed and rules.max_surge(daemon_set, 1) > 0:
            changes.create.append(node)
        changes.delete.extend(surplus_pods(daemon_set, running, digest, self.engine.now))

    def _may_kill(self, daemon_set: Object, node: str) -> bool:
        """Whether a failed pod may be killed already: the set must not fight with a kubelet that refuses it."""
        metadata = daemon_set["metadata"]
        key = (metadata["uid"], (daemon_set.get("status") or {}).get("observedGeneration", 0), node)
        wait = self._failed.wait(key, self.engine.now)
        if wait is not None:
            self.enqueue_after((metadata["namespace"], metadata["name"]), wait)
            return False
        self._failed.next(key, self.engine.now)
        return True

    def _tell(self, daemon_set: Object, kind: str, words: tuple[str, str], pod: Object, node: str) -> None:
        reason, text = words
        metadata = pod["metadata"]
        text = text.format(namespace=metadata["namespace"], name=metadata["name"], node=node)
        self.recorder.event(daemon_set, kind, reason, text)

    # carrying it out

    def _roll(self, daemon_set: Object, pods: PodsByNode, digest: str) -> Changes:
        pattern = rules.daemon_pod(daemon_set)
        wanted = {node["metadata"]["name"] for node in self.informers.list("nodes") if pattern.verdict(node).run}
        everywhere = dict(pods)
        for node in self.informers.list("nodes"):
            if node["metadata"]["name"] in wanted:
                everywhere.setdefault(node["metadata"]["name"], [])
        update = Update(daemon_set, everywhere, digest, len(wanted), self.engine.now)
        return update.changes(lambda name: name in wanted)

    def _apply(self, daemon_set: Object, changes: Changes, digest: str, create_rule: str, delete_rule: str) -> None:
        """Create pods on nodes and delete pods, at most BURST_REPLICAS each (syncNodes); raises ApiError."""
        nodes, doomed = changes.create[:BURST_REPLICAS], changes.delete[:BURST_REPLICAS]
        if not nodes and not doomed:
            return
        subject = ("DaemonSet", daemon_set["metadata"]["namespace"], daemon_set["metadata"]["name"])
        failure: ApiError | None = None
        if nodes:
            self.decide(subject, "CreatePods", create_rule, "spec.template.spec", {"nodes": nodes})
            template = rules.pod_template(daemon_set, digest)
            _, failure = slow_start(
                len(nodes), lambda index: create_pod(self, rules.for_node(template, nodes[index]), daemon_set)
            )
        if doomed:
            self.decide(subject, "DeletePods", delete_rule, "spec.template.spec", {"pods": doomed})
            delete_pods(self, doomed, daemon_set)
        if failure is not None:
            raise failure

    # status

    def _update_status(self, daemon_set: Object, digest: str) -> None:
        pods, pattern = self._pods_by_node(daemon_set), rules.daemon_pod(daemon_set)
        generation = rules.template_generation(daemon_set)
        min_ready = daemon_set["spec"].get("minReadySeconds", 0)
        desired = scheduled = misscheduled = ready = updated = available = 0
        for node in self.informers.list("nodes"):
            present = pods.get(node["metadata"]["name"])
            if not pattern.verdict(node).run:
                misscheduled += bool(present)
                continue
            desired += 1
            if not present:
                continue
            scheduled += 1
            pod = min(present, key=rules.oldest_first)
            ready += is_pod_ready(pod)
            available += is_pod_available(pod, min_ready, self.engine.now)
            updated += rules.is_updated(pod, digest, generation)
        optional = {
            "observedGeneration": daemon_set["metadata"].get("generation", 0),
            "updatedNumberScheduled": updated,
            "numberAvailable": available,
            "numberUnavailable": desired - available,
        }
        counts: dict[str, Any] = {
            "currentNumberScheduled": scheduled,
            "numberMisscheduled": misscheduled,
            "desiredNumberScheduled": desired,
            "numberReady": ready,
            **{field: count for field, count in optional.items() if count},
        }
        self._store_status(daemon_set, counts)
        if min_ready and ready != available:
            metadata = daemon_set["metadata"]
            self.enqueue_after((metadata["namespace"], metadata["name"]), min_ready * SECOND)

    def _store_status(self, daemon_set: Object, counts: dict[str, Any]) -> None:
        before = daemon_set.get("status") or {}
        kept = {field: before[field] for field in ("collisionCount", "conditions") if field in before}
        status = {**counts, **kept}
        if status != before:
            self.client.update_status(self.resource, {**daemon_set, "status": status})


def _names(pods: Any) -> list[str]:
    return [pod["metadata"]["name"] for pod in pods]
