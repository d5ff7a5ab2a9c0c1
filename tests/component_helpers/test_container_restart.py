"""Restarts of containers. Cases follow kubernetes pkg/api/v1/pod/util_test.go TestContainerShouldRestart."""

import pytest

from k8scourse.component_helpers.container_restart import all_containers_could_restart, container_should_restart

RULE = {"action": "Restart", "exitCodes": {"operator": "In", "values": [42]}}


@pytest.mark.parametrize(
    ("container", "policy", "code", "expected"),
    [
        ({}, "Always", 0, True),
        ({}, "OnFailure", 0, False),
        ({}, "OnFailure", 1, True),
        ({}, "Never", 1, False),
        ({"restartPolicy": "Never"}, "Always", 1, False),
        ({"restartPolicy": "Never", "restartPolicyRules": [RULE]}, "Never", 42, True),
        ({"restartPolicy": "Never", "restartPolicyRules": [RULE]}, "Always", 1, False),
        ({"restartPolicyRules": [RULE]}, "Never", 42, False),
    ],
)
def test_rules_come_before_the_containers_policy_and_that_before_the_pods(container, policy, code, expected):
    assert container_should_restart(container, {"restartPolicy": policy}, code) is expected


def test_one_container_can_restart_all():
    rule = {**RULE, "action": "RestartAllContainers"}

    assert all_containers_could_restart({"containers": [{"restartPolicyRules": [rule]}]})
    assert not all_containers_could_restart({"containers": [{"restartPolicyRules": [RULE]}]})
