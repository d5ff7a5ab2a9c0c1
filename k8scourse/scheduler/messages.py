"""Every text of kube-scheduler, and how the FailedScheduling message is put together.

Versions differ; `TEXTS` keeps what differs by release. Source: kubernetes: pkg/scheduler/framework/types.go (FitError)
and the constants of pkg/scheduler/framework/plugins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

VERSION = "1.36"


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that differ between releases."""

    no_claims: str
    """What the PostFilter of DynamicResources says about a pod without claims; empty where it says nothing."""
    names_taint: bool = False
    """Whether the reason names the taint."""


TEXTS: Mapping[str, Texts] = {
    "1.33": Texts(no_claims="", names_taint=True),
    "1.34": Texts(no_claims="no new claims to deallocate", names_taint=True),
    "1.35": Texts(no_claims="no new claims to deallocate"),
    "1.36": Texts(no_claims="no new claims to deallocate"),
    "1.37": Texts(no_claims=""),
}

NO_NODES = "no nodes available to schedule pods"
SCHEDULING_GATES = "waiting for scheduling gates: {gates}"
UNSCHEDULABLE = "node(s) were unschedulable"
NODE_NAME = "node(s) didn't match the requested node name"
UNTOLERATED_TAINT = "node(s) had untolerated taint(s)"
NODE_AFFINITY = "node(s) didn't match Pod's node affinity/selector"
NODE_AFFINITY_CONFLICT = "pod affinity terms conflict"
NODE_PORTS = "node(s) didn't have free ports for the requested pod ports"
TOO_MANY_PODS = "Too many pods"
INSUFFICIENT = "Insufficient {resource}"
TOPOLOGY_SPREAD = "node(s) didn't match pod topology spread constraints"
TOPOLOGY_SPREAD_LABEL = TOPOLOGY_SPREAD + " (missing required label)"
POD_AFFINITY = "node(s) didn't match pod affinity rules"
POD_ANTI_AFFINITY = "node(s) didn't match pod anti-affinity rules"
EXISTING_ANTI_AFFINITY = "node(s) didn't satisfy existing pods anti-affinity rules"
NOT_IN_PRE_FILTER_RESULT = "node(s) didn't satisfy plugin(s) [{plugins}]"

NO_STATE = "not found"
"""What the PostFilter of DynamicResources fails with when PreFilter ended before its turn."""
PREEMPTION_PREFIX = "preemption: "
PREEMPTION_NOT_HELPFUL = "Preemption is not helpful for scheduling"
NO_VICTIMS = "No preemption victims found for incoming pod"
PREEMPTION_NEVER = "not eligible due to preemptionPolicy=Never."
VICTIM_TERMINATING = "not eligible due to a terminating pod on the nominated node."

SCHEDULED_EVENT = "Successfully assigned {namespace}/{name} to {node}"
DELETING_POD_EVENT = "skip schedule deleting pod: {namespace}/{name}"
PREEMPTED_EVENT = "Preempted by pod {uid} on node {node}"
PREEMPTED_CONDITION = "{scheduler}: preempting to accommodate a higher priority pod"

BIND_FAILED = 'running Bind plugin "DefaultBinder": {error}'

REASON_UNSCHEDULABLE = "Unschedulable"
REASON_SCHEDULER_ERROR = "SchedulerError"
REASON_PREEMPTION = "PreemptionByScheduler"

NOTE_LIMIT = 1024
_CUT = " ..."


def nodes_are_available(total: int, reasons: Mapping[str, int]) -> str:
    """`0/<total> nodes are available: <count reason>, <count reason>.`; the pairs are sorted as plain text."""
    text = f"0/{total} nodes are available:"
    pairs = sorted(f"{count} {reason}" for reason, count in reasons.items() if count)
    return f"{text} {', '.join(pairs)}." if pairs else text


def fit_error(total: int, reasons: Mapping[str, int], *, pre_filter: str = "", post_filter: str = "") -> str:
    """The whole FailedScheduling message.

    A refusal at PreFilter replaces the counted *reasons* of Filter; *post_filter* is appended, empty when preemption
    found victims.
    """
    text = f"0/{total} nodes are available: {pre_filter}." if pre_filter else nodes_are_available(total, reasons)
    return f"{text} {post_filter}" if post_filter else text


def post_filter_message(reasons: Iterable[str]) -> str:
    """The reasons of the PostFilter plugins in their order, joined as a Status does it."""
    return ", ".join(reason for reason in reasons if reason)


def cut_note(message: str) -> str:
    """*message* as an event carries it: at most 1024 bytes, the rest replaced by ` ...`."""
    data = message.encode()
    if len(data) <= NOTE_LIMIT:
        return message
    return data[: NOTE_LIMIT - len(_CUT)].decode(errors="ignore") + _CUT


def untolerated_taint(key: str, value: str, *, version: str = VERSION) -> str:
    """The reason of TaintToleration; releases before 1.35 name the taint."""
    if TEXTS[version].names_taint:
        return f"node(s) had untolerated taint {{{key}: {value}}}"
    return UNTOLERATED_TAINT
