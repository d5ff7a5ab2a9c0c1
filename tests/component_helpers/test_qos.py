"""QoS classes. Cases follow kubernetes pkg/apis/core/helper/qos/qos_test.go."""

import pytest

from k8scourse.component_helpers.qos import compute_pod_qos, pod_qos

BOTH = {"cpu": "100m", "memory": "100Mi"}


def pod(*resources, **spec):
    return {"spec": {"containers": [{"resources": item} for item in resources], **spec}}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (pod({}), "BestEffort"),
        (pod({"requests": {"ephemeral-storage": "1Gi"}, "limits": {"a.io/gpu": "1"}}), "BestEffort"),
        (pod({"requests": {"cpu": "0"}}), "BestEffort"),
        (pod({"requests": BOTH, "limits": BOTH}), "Guaranteed"),
        (pod({"requests": BOTH, "limits": {"cpu": "0.1", "memory": "100Mi"}}), "Guaranteed"),
        (pod({"requests": BOTH, "limits": BOTH}, {}), "Burstable"),
        (pod({"requests": {"cpu": "1"}, "limits": {"cpu": "1"}}), "Burstable"),
        (pod({"requests": BOTH, "limits": {"cpu": "200m", "memory": "100Mi"}}), "Burstable"),
        (pod({"requests": BOTH, "limits": BOTH}, initContainers=[{"resources": {}}]), "Burstable"),
        (pod({}, resources={"requests": BOTH, "limits": BOTH}), "Guaranteed"),
        (pod({"requests": BOTH, "limits": BOTH}, resources={"limits": {"cpu": "1"}}), "Burstable"),
    ],
)
def test_the_class_follows_from_cpu_and_memory_of_all_containers(made, expected):
    assert compute_pod_qos(made) == expected


def test_a_class_once_given_stays():
    assert pod_qos({**pod({}), "status": {"qosClass": "Guaranteed"}}) == "Guaranteed"
