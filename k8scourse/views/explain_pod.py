"""Why a pod is where it is: admission, scheduler, kubelet and evictions, in the order in which they decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from k8scourse.component_helpers.pod_status import is_pod_ready
from k8scourse.component_helpers.taints import NOT_READY, UNREACHABLE
from k8scourse.machinery.timestamps import parse_time
from k8scourse.origins import Place, Reference
from k8scourse.simulation.journal import Decision
from k8scourse.views.clock import clock
from k8scourse.views.explain_scheduling import refusal_details, scheduled_details
from k8scourse.views.explanation import BAD, GOOD, PLAIN, Explanation, Step
from k8scourse.views.lineage import TEMPLATES, as_written, is_default_toleration, lineage, place, reference, title
from k8scourse.views.smallest_edit import Search, pod_search

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Object = dict[str, Any]

SCHEDULER = "kube-scheduler"
_EVICTION = "taint-eviction-controller"
_LIFECYCLE = "node-lifecycle-controller"


def explain_pod(
    cluster: Cluster, pod: Object | None, ref: Reference, decisions: Sequence[Decision], *, edits: bool = True
) -> Explanation:
    """The story of a pod (None: it is gone); *edits* says whether to search for the smallest edit of a refusal."""
    family = lineage(cluster, pod) if pod is not None else []
    headline, tone = _headline(cluster, pod, ref, decisions)
    steps = sorted(_steps(cluster, pod, family, decisions), key=lambda step: step.time)
    if pod is not None:
        steps += _condition(cluster, pod)
    search = _search(cluster, pod, family, decisions) if edits and pod is not None else None
    origin = cluster.origins.place(reference(family[-1]), ()) if family else cluster.origins.place(ref, ())
    return Explanation(title(ref), headline, tone, origin, tuple(steps), search, tuple(_notes(family, decisions)))


def _last(decisions: Sequence[Decision], component: str) -> Decision | None:
    return next((one for one in reversed(decisions) if one.component == component), None)


# the answer


def _headline(cluster: Cluster, pod: Object | None, ref: Reference, decisions: Sequence[Decision]) -> tuple[str, str]:
    subject = title(ref)
    if pod is None:
        last = next((one for one in reversed(decisions) if one.verdict in ("Evicted", "Preempted", "KeptUntil")), None)
        return f"{subject} is gone{_because(last)}.", PLAIN
    if pod["metadata"].get("deletionTimestamp"):
        last = next((one for one in reversed(decisions) if one.verdict in ("Evicted", "Preempted", "KeptUntil")), None)
        return f"{subject} is being stopped{_because(last)}.", BAD
    status = pod.get("status") or {}
    node, phase = pod["spec"].get("nodeName"), status.get("phase") or "Pending"
    if not node:
        return f"{subject} is Pending: {_why_waiting(cluster, pod, decisions)}", BAD
    if phase == "Failed":
        words = status.get("message") or status.get("reason") or "a container failed"
        return f"{subject} is Failed on {node}: {words.rstrip('.')}.", BAD
    if phase == "Succeeded":
        return f"{subject} has done its work on {node}.", GOOD
    if not is_pod_ready(pod):
        trouble = _trouble(pod)
        return f"{subject} is on {node} but not ready{f': {trouble}' if trouble else ''}.", BAD
    return f"{subject} runs on {node}: {_why_there(decisions)}.", GOOD


def _because(decision: Decision | None) -> str:
    if decision is None:
        return ""
    words = {"Evicted": "evicted", "Preempted": "preempted", "KeptUntil": "evicted when its time was over"}
    return f": {words[decision.verdict]} ({decision.rule})"


def _why_waiting(cluster: Cluster, pod: Object, decisions: Sequence[Decision]) -> str:
    gates = [gate["name"] for gate in pod["spec"].get("schedulingGates") or ()]
    if gates:
        return f"its scheduling gates are closed ({', '.join(gates)})."
    last = _last(decisions, SCHEDULER)
    if last is None:
        wanted = pod["spec"].get("schedulerName")
        if wanted != "default-scheduler":
            return f"it asks for the scheduler {wanted}, and none of that name runs."
        return "no scheduler has looked at it."
    nominated = (pod.get("status") or {}).get("nominatedNodeName")
    if nominated:
        return f"it waits until other pods have left {nominated}."
    nodes = len(cluster.informers.list("nodes"))
    if not nodes:
        return "there is no node."
    return f"{'the only node refuses' if nodes == 1 else f'all {nodes} nodes refuse'} it."


def _why_there(decisions: Sequence[Decision]) -> str:
    last = next((one for one in reversed(decisions) if one.verdict == "Scheduled"), None)
    if last is None:
        return "its spec.nodeName names the node, no scheduler was asked"
    feasible, nodes = last.detail["feasible"], last.detail["nodes"]
    if nodes == 1:
        return "the only node there is, and nothing speaks against it"
    if feasible == 1:
        return f"the only one of {nodes} nodes that takes it"
    return f"the best of {feasible} nodes that take it"


def _trouble(pod: Object) -> str:
    """What the kubelet says about the first container that is not ready."""
    for container in (pod.get("status") or {}).get("containerStatuses") or ():
        state = container.get("state") or {}
        for word in ("waiting", "terminated"):
            if word in state and not container.get("ready"):
                message = f" ({state[word]['message']})" if state[word].get("message") else ""
                return f"container {container['name']} is {state[word].get('reason', word)}{message}"
    return ""


# the chain


def _steps(
    cluster: Cluster, pod: Object | None, family: Sequence[Object], decisions: Sequence[Decision]
) -> Iterator[Step]:
    start = cluster.world.clock
    if pod is not None:
        yield from _admission(cluster, pod, family)
    if any(one.component == _EVICTION for one in decisions):
        yield from _node_steps(cluster, pod, decisions)
    scheduling = [one for one in decisions if one.component == SCHEDULER]
    current = scheduling[-1] if scheduling else None
    for decision, times in _folded(decisions):
        step = _step(cluster, pod, family, decision, decision is current)
        again = f" (and {times} more {'time' if times == 1 else 'times'} for the same reason)" if times else ""
        yield replace(step, time=decision.time - start, text=step.text + again)


def _folded(decisions: Sequence[Decision]) -> Iterator[tuple[Decision, int]]:
    """Equal decisions in a row as the last of them, with how many came before it."""
    times = 0
    for index, one in enumerate(decisions):
        later = decisions[index + 1] if index + 1 < len(decisions) else None
        if later is not None and (one.component, one.verdict, one.detail) == (
            later.component, later.verdict, later.detail
        ):  # fmt: skip
            times += 1
            continue
        yield one, times
        times = 0


def _step(cluster: Cluster, pod: Object | None, family: Sequence[Object], decision: Decision, current: bool) -> Step:
    at = _field_place(cluster, family, decision.field)
    if decision.component == SCHEDULER and decision.verdict == "Scheduled":
        details = scheduled_details(cluster, pod, decision) if current else ()
        return Step(0, SCHEDULER, f"Scheduled to {decision.rule}", tuple(details), None)
    if decision.component == SCHEDULER and decision.verdict == "Unschedulable":
        details, guilty = refusal_details(cluster, family, pod) if current and pod is not None else ((), None)
        at = guilty if current else at
        victims = decision.detail.get("victims") or ()
        if victims:
            names = ", ".join("/".join(key) for key in victims)
            details = [*details, f"preempts {names}, of lower priority, on {decision.detail['nominated']}"]
        return Step(0, SCHEDULER, decision.detail["message"], tuple(details), at, decision.rule)
    return Step(0, decision.component, _sentence(decision, cluster.world.clock), (), at, decision.rule)


def _field_place(cluster: Cluster, family: Sequence[Object], field: str | None) -> Place | None:
    if not family or not field or not field.startswith("spec."):
        return None
    return place(cluster, family, tuple(field.split(".")))


def _sentence(decision: Decision, start: int) -> str:
    detail = decision.detail if isinstance(decision.detail, dict) else {}
    if decision.verdict == "KeptUntil":
        return f"Kept until {clock(parse_time(detail['until']) - start)}: {decision.rule}"
    if decision.verdict == "Evicted" and detail.get("key"):
        value = f"={detail['value']}" if detail.get("value") else ""
        return f"Evicted: {decision.rule} {detail['key']}{value}:{detail['effect']}"
    if decision.verdict == "Preempted" and "by" in detail:
        return f"Preempted by pod {'/'.join(detail['by'])}: {decision.rule}"
    return f"{decision.verdict}{f': {decision.rule}' if decision.rule else ''}"


def _admission(cluster: Cluster, pod: Object, family: Sequence[Object]) -> Iterator[Step]:
    """What the API server added that matters for where the pod may run."""
    written = as_written(cluster, family)["spec"].get("tolerations") or []
    added = [one for one in pod["spec"].get("tolerations") or () if is_default_toleration(one) and one not in written]
    created = parse_time(pod["metadata"]["creationTimestamp"]) - cluster.world.clock
    if len(added) == 2:
        yield Step(
            created,
            "API server",
            f"added tolerations for {NOT_READY} and {UNREACHABLE}: NoExecute, 300 s",
            rule="DefaultTolerationSeconds",
        )
    if pod["spec"].get("priorityClassName"):
        text = f"priority {pod['spec'].get('priority', 0)}, from PriorityClass {pod['spec']['priorityClassName']}"
        yield Step(created, "API server", text, rule="Priority")
    if len(family) > 1:
        owners = " of ".join(f"{one['kind']} {one['metadata']['name']}" for one in family[1:])
        yield Step(created, "controllers", f"made from the template of {owners}")


def _node_steps(cluster: Cluster, pod: Object | None, decisions: Sequence[Decision]) -> Iterator[Step]:
    """What became of the pod's node since the pod came to it."""
    arrival = next((one for one in decisions if one.verdict == "Scheduled"), None)
    node = pod["spec"].get("nodeName") if pod is not None else arrival.detail["node"] if arrival is not None else None
    if not node:
        return
    since = arrival.time if arrival is not None else 0
    tainted: set[str] = set()
    for one in cluster.journal.about(("Node", "", node), component=_LIFECYCLE):
        if one.time <= since or (one.verdict == "Untainted" and one.rule not in tainted):
            continue
        if one.verdict == "Tainted":
            tainted.add(one.rule)
        rule = f": {one.rule}" if one.rule else ""
        yield Step(one.time - cluster.world.clock, one.component, f"node {node} {one.verdict}{rule}", rule=one.rule)


def _condition(cluster: Cluster, pod: Object) -> list[Step]:
    """What the kubelet reports at last."""
    node = pod["spec"].get("nodeName")
    if not node:
        return []
    status, elapsed = pod.get("status") or {}, cluster.now - cluster.world.clock
    phase = status.get("phase") or "Pending"
    ready = ", ready" if is_pod_ready(pod) else ", not ready" if phase == "Running" else ""
    trouble = _trouble(pod)
    warnings = _warnings(cluster, pod) if not is_pod_ready(pod) and phase != "Succeeded" else ()
    return [Step(elapsed, "kubelet", f"{phase} on {node}{ready}{f': {trouble}' if trouble else ''}", tuple(warnings))]


def _warnings(cluster: Cluster, pod: Object) -> list[str]:
    """The newest warning of each reason that the kubelet gave about the pod, as events have it."""
    newest: dict[str, str] = {}
    for event in cluster.events(namespace=pod["metadata"]["namespace"]):
        about = event.get("involvedObject") or {}
        by = (event.get("source") or {}).get("component")
        if event.get("type") == "Warning" and by == "kubelet" and about.get("uid") == pod["metadata"]["uid"]:
            newest[event.get("reason", "")] = event.get("message", "")
    return [f"{reason}: {message}" for reason, message in newest.items()]


# a refusal


def _search(cluster: Cluster, pod: Object, family: Sequence[Object], decisions: Sequence[Decision]) -> Search | None:
    waits = not pod["spec"].get("nodeName") and not pod["metadata"].get("deletionTimestamp")
    nominated = (pod.get("status") or {}).get("nominatedNodeName")
    if not waits or nominated:
        return None
    found = pod_search(cluster, as_written(cluster, family), pod)
    prefix = TEMPLATES.get(family[-1]["kind"], ())
    remedies = tuple(
        replace(
            one,
            edit=replace(one.edit, path=(*prefix, *one.edit.path)),
            place=place(cluster, family, one.edit.path),
        )
        for one in found.remedies
    )
    return Search(remedies, found.tried)


def _notes(family: Sequence[Object], decisions: Sequence[Decision]) -> Iterator[str]:
    for one in decisions:
        if one.verdict == "NotSimulated":
            yield one.rule
    if family and family[-1]["kind"] == "DaemonSet" and not family[0]["spec"].get("nodeName"):
        yield "a DaemonSet's pod belongs to one node and waits for that one"
