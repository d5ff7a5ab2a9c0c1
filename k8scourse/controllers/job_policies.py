"""The rules by which a Job treats failures of its pods and decides that enough indexes have succeeded.

Source: pkg/controller/job/{pod_failure_policy,success_policy}.go
"""

from __future__ import annotations

from typing import NamedTuple

from k8scourse.client.informers import Object
from k8scourse.controllers.job_indexes import Indexes

EXIT_CODE_MATCHED = (
    "Container {container} for pod {namespace}/{pod} failed with exit code {code} "
    "matching {action} rule at index {index}"
)
CONDITION_MATCHED = "Pod {namespace}/{pod} has condition {condition} matching {action} rule at index {index}"
SUCCESS_MATCHED = "Matched rules at index {index}"


class Failure(NamedTuple):
    """What a policy makes of a failed pod."""

    message: str | None
    """Why the whole Job fails, if it does."""
    counts: bool
    """Whether the failure counts towards the backoff limits."""
    action: str | None
    """The action of the rule that matched."""


def judge_failure(policy: Object | None, pod: Object) -> Failure:
    """What *policy* makes of the failed *pod*: the first rule that matches decides; without one, it counts."""
    for index, rule in enumerate((policy or {}).get("rules") or ()):
        text = _match(rule, pod)
        if text is None:
            continue
        action = rule["action"]
        if action == "Ignore":
            return Failure(None, False, action)
        message = text.format(action=action, index=index) if action == "FailJob" else None
        return Failure(message, True, action)
    return Failure(None, True, None)


def _match(rule: Object, pod: Object) -> str | None:
    """The beginning of the sentence about what matches, with places for the action and the rule's index."""
    metadata = pod["metadata"]
    names = {"namespace": metadata["namespace"], "pod": metadata["name"], "action": "{action}", "index": "{index}"}
    if rule.get("onExitCodes") is not None:
        found = _matching_container(rule["onExitCodes"], pod.get("status") or {})
        if found is None:
            return None
        return EXIT_CODE_MATCHED.format(container=found["name"], code=found["state"]["terminated"]["exitCode"], **names)
    for condition in (pod.get("status") or {}).get("conditions") or ():
        for pattern in rule.get("onPodConditions") or ():
            if condition["type"] == pattern["type"] and condition["status"] == pattern.get("status", "True"):
                return CONDITION_MATCHED.format(condition=condition["type"], **names)
    return None


def _matching_container(requirement: Object, status: Object) -> Object | None:
    """The first container that ended with an exit code, other than 0, that is asked for."""
    for field in ("containerStatuses", "initContainerStatuses"):
        for container in status.get(field) or ():
            terminated = (container.get("state") or {}).get("terminated")
            if terminated is None or requirement.get("containerName") not in (None, container["name"]):
                continue
            code = terminated.get("exitCode", 0)
            if code != 0 and (code in requirement["values"]) == (requirement["operator"] == "In"):
                return container
    return None


def judge_success(policy: Object | None, completions: int, succeeded: Indexes) -> str | None:
    """Which rule of *policy* is content with the indexes that *succeeded*, as a sentence; None if none is."""
    if policy is None or not len(succeeded):
        return None
    for index, rule in enumerate(policy.get("rules") or ()):
        count = rule.get("succeededCount")
        if rule.get("succeededIndexes") is not None:
            wanted = Indexes.parse(rule["succeededIndexes"], completions)
            if not len(wanted):
                continue
            overlap = wanted.overlap(succeeded)
            met = overlap == len(wanted) or (count is not None and overlap >= count)
        else:
            met = count is not None and len(succeeded) >= count
        if met:
            return SUCCESS_MATCHED.format(index=index)
    return None
