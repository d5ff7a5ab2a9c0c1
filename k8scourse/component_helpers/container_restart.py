"""Whether a container that ended runs again.

Source: kubernetes pkg/api/v1/pod/util.go ContainerShouldRestart, AllContainersCouldRestart.
"""

from collections.abc import Mapping
from typing import Any


def container_should_restart(container: Mapping[str, Any], pod_spec: Mapping[str, Any], exit_code: int) -> bool:
    """Whether the policy lets *container* run again after *exit_code*.

    The container's own rules come first, then its own restartPolicy, then the pod's.
    """
    own = container.get("restartPolicy")
    if own is not None and matching_restart_rule(container, exit_code) is not None:
        return True
    policy = own or pod_spec.get("restartPolicy")
    return policy == "Always" or (policy == "OnFailure" and exit_code != 0)


def matching_restart_rule(container: Mapping[str, Any], exit_code: int) -> Mapping[str, Any] | None:
    """Return the first of the container's restartPolicyRules that speaks of *exit_code*."""
    for rule in container.get("restartPolicyRules") or ():
        codes = rule.get("exitCodes")
        if codes is None or codes.get("operator") not in ("In", "NotIn"):
            continue
        if (exit_code in (codes.get("values") or ())) == (codes["operator"] == "In"):
            return rule
    return None


def all_containers_could_restart(pod_spec: Mapping[str, Any]) -> bool:
    """Whether some container has a rule that starts the whole pod again."""
    return any(
        rule.get("action") == "RestartAllContainers"
        for kind in ("initContainers", "containers")
        for container in pod_spec.get(kind) or ()
        for rule in container.get("restartPolicyRules") or ()
    )
