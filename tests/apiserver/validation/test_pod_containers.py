"""Containers, their ports, variables, probes and resources.

Cases follow kubernetes pkg/apis/core/validation/validation_test.go TestValidateContainers, TestValidateInitContainers,
TestValidateEnv, TestValidateContainerPorts, TestValidateProbe, TestValidateHandler, TestValidateResourceRequirements.
"""

import pytest

from k8scourse.apiserver.validation.pod import validate_pod

PATH = "spec.containers[0]"


def test_a_pod_needs_a_container(make_pod, texts):
    assert texts(validate_pod(make_pod(containers=[]))) == ["spec.containers: Required value"]


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ({"image": ""}, "image: Required value"),
        ({"image": " nginx"}, 'image: Invalid value: " nginx": must not have leading or trailing whitespace'),
        ({"name": ""}, "name: Required value"),
        ({"name": "a.b"}, 'name: Invalid value: "a.b": must not contain dots'),
        (
            {"imagePullPolicy": "Sometimes"},
            'imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
        ),
        (
            {"terminationMessagePolicy": "x"},
            'terminationMessagePolicy: Unsupported value: "x": supported values: "File", "FallbackToLogsOnError"',
        ),
        ({"ports": [{"name": "http"}]}, "ports[0].containerPort: Required value"),
        (
            {"ports": [{"containerPort": 70000}]},
            "ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
        ),
        (
            {"ports": [{"containerPort": 1, "name": "a"}, {"containerPort": 2, "name": "a"}]},
            'ports[1].name: Duplicate value: "a"',
        ),
        (
            {"ports": [{"containerPort": 1, "protocol": "tcp"}]},
            'ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
        ),
        (
            {"ports": [{"containerPort": 1, "hostPort": 8}, {"containerPort": 2, "hostPort": 8}]},
            'ports[1].hostPort: Duplicate value: "TCP//8"',
        ),
        ({"env": [{"value": "x"}]}, "env[0].name: Required value"),
        (
            {"env": [{"name": "a=b"}]},
            'env[0].name: Invalid value: "a=b": a valid environment variable name must consist only of printable '
            "ASCII characters other than '='",
        ),
        (
            {"env": [{"name": "A", "value": "x", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]},
            'env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
        ),
        (
            {"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels"}}}]},
            'env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: '
            '"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", '
            '"status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
        ),
        (
            {"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "spec.x"}}}]},
            'env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.x": error converting fieldPath: '
            "field label not supported: spec.x",
        ),
        (
            {"env": [{"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "cpu"}}}]},
            'env[0].valueFrom.resourceFieldRef.resource: Unsupported value: "cpu": supported values: "limits.cpu", '
            '"limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", '
            '"requests.memory"',
        ),
        (
            {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "c"}}}]},
            "env[0].valueFrom.configMapKeyRef.key: Required value",
        ),
        ({"envFrom": [{}]}, 'envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`'),
        ({"envFrom": [{"secretRef": {}}]}, "envFrom[0].secretRef.name: Required value"),
        ({"livenessProbe": {}}, "livenessProbe: Required value: must specify a handler type"),
        (
            {"livenessProbe": {"exec": {"command": ["x"]}, "successThreshold": 2}},
            "livenessProbe.successThreshold: Invalid value: 2: must be 1",
        ),
        (
            {"readinessProbe": {"tcpSocket": {"port": 80}, "periodSeconds": -1}},
            "readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0",
        ),
        (
            {"readinessProbe": {"tcpSocket": {"port": 80}, "terminationGracePeriodSeconds": 3}},
            "readinessProbe.terminationGracePeriodSeconds: Invalid value: 3: must not be set for readinessProbes",
        ),
        (
            {"startupProbe": {"httpGet": {"port": "no port name at all"}}},
            'startupProbe.httpGet.port: Invalid value: "no port name at all": must be no more than 15 characters',
        ),
        (
            {"lifecycle": {"preStop": {"exec": {"command": ["x"]}, "sleep": {"seconds": 1}}}},
            "lifecycle.preStop.sleep: Forbidden: may not specify more than 1 handler type",
        ),
        (
            {"lifecycle": {"preStop": {"sleep": {"seconds": 31}}}},
            "lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than "
            "terminationGracePeriodSeconds (30)",
        ),
        (
            {"securityContext": {"runAsUser": -1}},
            "securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive",
        ),
        (
            {"restartPolicyRules": [{"action": "Restart", "exitCodes": {"operator": "In", "values": [1]}}]},
            "restartPolicy: Required value: must specify restartPolicy when restart rules are used",
        ),
    ],
)
def test_a_container_is_judged_in_the_words_of_kubernetes(make_pod, texts, container, expected):
    assert texts(validate_pod(make_pod(container)))[0] == f"{PATH}.{expected}"


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (
            {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}},
            'requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
        ),
        (
            {"requests": {"a.io/gpu": "1"}, "limits": {"a.io/gpu": "2"}},
            'requests: Invalid value: "1": must be equal to a.io/gpu limit of 2',
        ),
        ({"requests": {"a.io/gpu": "1"}}, "limits: Required value: Limit must be set for non overcommitable resources"),
        ({"limits": {"a.io/gpu": "500m"}}, 'limits[a.io/gpu]: Invalid value: "500m": must be an integer'),
        (
            {"requests": {"memory": "-1"}},
            'requests[memory]: Invalid value: "-1": must be greater than or equal to 0',
        ),
        (
            {"requests": {"gpu": "1"}},
            'requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
        ),
        (
            {"requests": {"pods": "1"}},
            'requests[pods]: Invalid value: "pods": must be a standard resource for containers',
        ),
        ({"limits": {"hugepages-2Mi": "4Mi"}}, "resources: Forbidden: HugePages require cpu or memory"),
        (
            {"limits": {"hugepages-2Mi": "3Mi", "cpu": "1"}},
            'limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
        ),
    ],
)
def test_requests_and_limits_are_judged_in_the_words_of_kubernetes(make_pod, texts, resources, expected):
    path = PATH if expected.startswith("resources") else f"{PATH}.resources"

    assert f"{path}.{expected}" in texts(validate_pod(make_pod({"resources": resources})))


def test_names_are_unique_among_containers_and_init_containers(make_pod, texts):
    twice = make_pod(containers=[{"name": "c", "image": "a"}] * 2)
    with_init = make_pod(initContainers=[{"name": "c", "image": "a"}])

    assert texts(validate_pod(twice)) == ['spec.containers[1].name: Duplicate value: "c"']
    assert texts(validate_pod(with_init)) == ['spec.initContainers[0].name: Duplicate value: "c"']


def test_only_sidecars_have_probes(make_pod, texts):
    probe = {"tcpSocket": {"port": 80}}
    plain = make_pod(initContainers=[{"name": "i", "image": "a", "livenessProbe": probe}])
    sidecar = make_pod(initContainers=[{"name": "i", "image": "a", "restartPolicy": "Always", "livenessProbe": probe}])

    assert texts(validate_pod(plain)) == [
        "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without "
        "restartPolicy=Always"
    ]
    assert validate_pod(sidecar) == []


def test_ephemeral_containers_wait_for_their_subresource(make_pod, texts):
    pod = make_pod(ephemeralContainers=[{"name": "e", "image": "a", "targetContainerName": "x"}])

    assert texts(validate_pod(pod)) == [
        'spec.ephemeralContainers[0].targetContainerName: Not found: "x"',
        "spec.ephemeralContainers: Forbidden: cannot be set on create",
    ]


def test_pod_level_resources_hold_what_the_containers_ask_for(make_pod, texts):
    pod = make_pod({"resources": {"requests": {"cpu": "2"}}}, resources={"requests": {"cpu": "1"}})

    assert texts(validate_pod(pod)) == [
        'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container '
        "requests of 2"
    ]


def test_a_forbidden_escalation_shows_the_internal_security_context(make_pod, texts):
    context = {"privileged": True, "allowPrivilegeEscalation": False}
    (found,) = texts(validate_pod(make_pod({"securityContext": context})))

    assert found.startswith(f'{PATH}.securityContext: Invalid value: {{"Capabilities":null,"Privileged":true,')
    assert found.endswith("cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
