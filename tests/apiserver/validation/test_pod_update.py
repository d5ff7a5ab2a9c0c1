"""What may change in a pod.

Cases follow kubernetes pkg/apis/core/validation/validation_test.go TestValidatePodUpdate,
TestValidatePodStatusUpdate, TestValidateEphemeralContainersUpdate.
"""

import copy

from k8scourse.apiserver.validation.pod_status import validate_pod_status_update
from k8scourse.apiserver.validation.pod_update import validate_ephemeral_containers_update, validate_pod_update

ONLY_SECONDS = "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"
IN_DISK = {"key": "disk", "operator": "In", "values": ["ssd"]}


def changed(pod, **spec):
    new = copy.deepcopy(pod)
    new["spec"].update(spec)
    return new


def test_the_image_may_change(make_pod):
    old = make_pod()
    new = changed(old, containers=[{**old["spec"]["containers"][0], "image": "nginx:1.28"}])

    assert validate_pod_update(new, old) == []


def test_another_field_is_refused_with_a_diff_of_the_internal_types(make_pod, texts):
    old = make_pod()

    assert texts(validate_pod_update(changed(old, nodeName="n1"), old)) == [
        "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
        "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
        "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"
        "@@ -42,7 +42,7 @@\n"
        '  "NodeSelector": null,\n'
        '  "ServiceAccountName": "default",\n'
        '  "AutomountServiceAccountToken": null,\n'
        '- "NodeName": "",\n'
        '+ "NodeName": "n1",\n'
        '  "SecurityContext": {\n'
        '   "HostNetwork": false,\n'
        '   "HostPID": false,\n'
    ]


def test_quantities_that_mean_the_same_are_no_change(make_pod):
    old = make_pod({"resources": {"requests": {"cpu": "1"}}})
    new = changed(old)
    new["spec"]["containers"][0]["resources"]["requests"]["cpu"] = "1000m"

    assert validate_pod_update(new, old) == []


def test_containers_cannot_be_added(make_pod, texts):
    old = make_pod()
    new = changed(old, containers=[*old["spec"]["containers"], {"name": "d", "image": "a"}])

    assert "spec.containers: Forbidden: pod updates may not add or remove containers" in texts(
        validate_pod_update(new, old)
    )


def test_tolerations_may_be_added_and_their_seconds_changed_but_none_removed(make_pod, texts):
    kept = {"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 60}
    old = make_pod(tolerations=[kept])
    added = [{"key": "b", "operator": "Exists"}, {**kept, "tolerationSeconds": 5}]

    assert validate_pod_update(changed(old, tolerations=added), old) == []
    assert texts(validate_pod_update(changed(old, tolerations=[]), old)) == [ONLY_SECONDS]
    assert texts(validate_pod_update(changed(old, tolerations=[{**kept, "key": "c"}]), old)) == [ONLY_SECONDS]


def test_the_deadline_only_shrinks(make_pod, texts):
    old = make_pod(activeDeadlineSeconds=10)

    assert validate_pod_update(changed(old, activeDeadlineSeconds=5), old) == []
    assert texts(validate_pod_update(changed(old, activeDeadlineSeconds=11), old)) == [
        "spec.activeDeadlineSeconds: Invalid value: 11: must be less than or equal to previous value"
    ]
    assert texts(validate_pod_update(changed(old, activeDeadlineSeconds=None), old)) == [
        "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value"
    ]


def test_a_negative_grace_period_may_become_one(make_pod):
    old = make_pod(terminationGracePeriodSeconds=-1)

    assert validate_pod_update(changed(old, terminationGracePeriodSeconds=1), old) == []
    assert validate_pod_update(changed(old, terminationGracePeriodSeconds=2), old) != []


def test_gates_may_only_go(make_pod, texts):
    old = make_pod(schedulingGates=[{"name": "a"}, {"name": "b"}])

    assert validate_pod_update(changed(old, schedulingGates=[{"name": "b"}]), old) == []
    assert texts(validate_pod_update(changed(old, schedulingGates=[{"name": "c"}]), old)) == [
        "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'c'"
    ]


def test_a_gated_pod_may_tighten_its_node_selector(make_pod, texts):
    old = make_pod(schedulingGates=[{"name": "a"}], nodeSelector={"disk": "ssd"})

    assert validate_pod_update(changed(old, nodeSelector={"disk": "ssd", "zone": "a"}), old) == []
    assert texts(validate_pod_update(changed(old, nodeSelector={"zone": "a"}), old)) == [
        'spec.nodeSelector: Invalid value: {"zone":"a"}: '
        "only additions to spec.nodeSelector are allowed (no mutations or deletions)"
    ]


def test_a_gated_pod_may_get_and_tighten_a_node_affinity(make_pod, texts):
    def affinity(*expressions):
        terms = [{"matchExpressions": list(expressions)}]
        return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}

    without = make_pod(schedulingGates=[{"name": "a"}])
    old = changed(without, affinity=affinity(IN_DISK))
    tighter = affinity(IN_DISK, {"key": "zone", "operator": "Exists"})

    assert validate_pod_update(old, without) == []
    assert validate_pod_update(changed(old, affinity=tighter), old) == []
    (found,) = texts(validate_pod_update(changed(old, affinity=affinity({"key": "zone", "operator": "Exists"})), old))
    assert found.startswith(
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]: Invalid value"
    )
    assert found.endswith("only additions are allowed (no mutations or deletions)")


def test_ephemeral_containers_can_be_added_and_then_stay(make_pod, texts):
    old = make_pod()
    debugger = {"name": "debug", "image": "busybox", "imagePullPolicy": "Always", "terminationMessagePolicy": "File"}
    new = changed(old, ephemeralContainers=[debugger])

    assert validate_ephemeral_containers_update(new, old) == []
    assert texts(validate_ephemeral_containers_update(old, new)) == [
        'spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be removed\n'
    ]


def ended(code):
    return [{"name": "c", "state": {"terminated": {"exitCode": code}}}]


def test_a_container_that_may_not_restart_stays_terminated(make_pod, texts):
    old = {**make_pod(restartPolicy="OnFailure"), "status": {"containerStatuses": ended(0)}}
    new = {**old, "status": {"containerStatuses": [{"name": "c", "state": {"running": {}}}]}}

    assert texts(validate_pod_status_update(new, old)) == [
        "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"
    ]
    assert validate_pod_status_update(new, {**old, "status": {"containerStatuses": ended(1)}}) == []


def test_the_qos_class_never_changes(make_pod, texts):
    old = {**make_pod(), "status": {"qosClass": "Burstable"}}
    new = {**old, "status": {"qosClass": "BestEffort"}}

    assert texts(validate_pod_status_update(new, old)) == [
        'status.qosClass: Invalid value: "BestEffort": field is immutable'
    ]


def test_a_bound_pod_is_not_nominated(make_pod, texts):
    old = {**make_pod(nodeName="n1"), "status": {}}
    new = {**old, "status": {"nominatedNodeName": "n2"}}

    assert texts(validate_pod_status_update(new, old)) == [
        "status.nominatedNodeName: Forbidden: may not be set on pods that are already bound to a node"
    ]
