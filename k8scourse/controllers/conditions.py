"""Lists of conditions in the status of workloads.

Sources: pkg/controller/replicaset/replica_set_utils.go, pkg/controller/deployment/util/deployment_util.go
"""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]


def find_condition(conditions: list[Object] | None, kind: str) -> Object | None:
    """The condition of type *kind*, or None."""
    for condition in conditions or ():
        if condition["type"] == kind:
            return condition
    return None


def without_condition(conditions: list[Object] | None, kind: str) -> list[Object]:
    """The conditions but that of type *kind*."""
    return [condition for condition in conditions or () if condition["type"] != kind]


def set_condition(conditions: list[Object] | None, condition: Object) -> list[Object]:
    """The conditions with *condition* at the end in place of the one of its type.

    Nothing changes while status and reason stay the same. The time of the last transition is kept while the status
    stays the same.
    """
    present = find_condition(conditions, condition["type"])
    if present is not None and present["status"] == condition["status"]:
        if present.get("reason", "") == condition.get("reason", ""):
            return list(conditions or ())
        if "lastTransitionTime" in present:
            condition = {**condition, "lastTransitionTime": present["lastTransitionTime"]}
    return [*without_condition(conditions, condition["type"]), condition]
