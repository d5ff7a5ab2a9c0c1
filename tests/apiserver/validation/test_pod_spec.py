"""Volumes, mounts, names and the remaining fields of a pod.

Cases follow kubernetes pkg/apis/core/validation/validation_test.go TestValidateVolumes, TestValidateVolumeMounts,
TestValidatePodSpec, TestValidatePodDNSConfig.
"""

import pytest

from k8scourse.apiserver.validation.pod import validate_pod


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ({"name": "", "emptyDir": {}}, "name: Required value"),
        (
            {"name": "v", "emptyDir": {}, "hostPath": {"path": "/a"}},
            "hostPath: Forbidden: may not specify more than 1 volume type",
        ),
        (
            {"name": "v", "emptyDir": {}, "downwardAPI": {}},
            "downwarAPI: Forbidden: may not specify more than 1 volume type",
        ),
        (
            {"name": "v", "hostPath": {"path": "/a/../b"}},
            "hostPath.path: Invalid value: \"/a/../b\": must not contain '..'",
        ),
        (
            {"name": "v", "hostPath": {"path": "/a", "type": "Dir"}},
            'hostPath.type: Unsupported value: "Dir": supported values: "", "BlockDevice", "CharDevice", "Directory", '
            '"DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
        ),
        ({"name": "v", "configMap": {}}, "configMap.name: Required value"),
        (
            {"name": "v", "configMap": {"name": "c", "defaultMode": 512}},
            "configMap.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive",
        ),
        (
            {"name": "v", "secret": {"secretName": "s", "items": [{"key": "k", "path": "/abs"}]}},
            'secret.items[0].path: Invalid value: "/abs": must be a relative path',
        ),
        ({"name": "v", "persistentVolumeClaim": {}}, "persistentVolumeClaim.claimName: Required value"),
        ({"name": "v", "nfs": {"server": "s", "path": "x"}}, 'nfs.path: Invalid value: "x": must be an absolute path'),
        (
            {"name": "v", "projected": {"sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 1}}]}},
            "projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 1: "
            "may not specify a duration less than 10 minutes",
        ),
        (
            {"name": "v", "emptyDir": {"sizeLimit": "-1"}},
            "emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity",
        ),
        (
            {"name": "v", "ephemeral": {"volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"]}}}},
            "ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value",
        ),
    ],
)
def test_a_volume_is_judged_in_the_words_of_kubernetes(make_pod, texts, volume, expected):
    assert texts(validate_pod(make_pod(volumes=[volume])))[0] == f"spec.volumes[0].{expected}"


def test_volume_names_are_unique(make_pod, texts):
    pod = make_pod(volumes=[{"name": "v", "emptyDir": {}}] * 2)

    assert texts(validate_pod(pod)) == ['spec.volumes[1].name: Duplicate value: "v"']


def test_a_mount_needs_a_volume_without_fault(make_pod, texts):
    mounts = {"volumeMounts": [{"name": "v", "mountPath": "/a"}, {"name": "w", "mountPath": "/a"}]}
    pod = make_pod(mounts, volumes=[{"name": "v", "emptyDir": {}}])

    assert texts(validate_pod(pod)) == [
        'spec.containers[0].volumeMounts[1].name: Not found: "w"',
        'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique',
    ]


def test_sub_paths_stay_inside_and_exclude_expressions(make_pod, texts):
    mount = {"name": "v", "mountPath": "/a", "subPath": "../x", "subPathExpr": "y"}
    pod = make_pod({"volumeMounts": [mount]}, volumes=[{"name": "v", "emptyDir": {}}])

    assert texts(validate_pod(pod)) == [
        "spec.containers[0].volumeMounts.subPath: Invalid value: \"../x\": must not contain '..'",
        'spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "y": '
        "subPathExpr and subPath are mutually exclusive",
    ]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            {"restartPolicy": "always"},
            'restartPolicy: Unsupported value: "always": supported values: "Always", "OnFailure", "Never"',
        ),
        (
            {"dnsPolicy": "x"},
            'dnsPolicy: Unsupported value: "x": supported values: "ClusterFirstWithHostNet", "ClusterFirst", '
            '"Default", "None"',
        ),
        ({"dnsPolicy": "None"}, "dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"),
        (
            {"dnsConfig": {"nameservers": ["010.0.0.1"]}},
            'dnsConfig.nameservers[0]: Invalid value: "010.0.0.1": must not have leading 0s',
        ),
        (
            {"hostAliases": [{"ip": "x", "hostnames": ["a"]}]},
            'hostAliases[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        ),
        (
            {"activeDeadlineSeconds": 0},
            "activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
        ),
        ({"hostname": "a.b"}, 'hostname: Invalid value: "a.b": must not contain dots'),
        (
            {"preemptionPolicy": "Sometimes"},
            'preemptionPolicy: Unsupported value: "Sometimes": supported values: "PreemptLowerPriority", "Never"',
        ),
        ({"os": {"name": "plan9"}}, 'os: Unsupported value: "plan9": supported values: "linux", "windows"'),
        (
            {"shareProcessNamespace": True, "hostPID": True},
            "securityContext.shareProcessNamespace: Invalid value: true: "
            "ShareProcessNamespace and HostPID cannot both be enabled",
        ),
        (
            {"securityContext": {"sysctls": [{"name": "net.x", "value": "1"}]}, "hostNetwork": True},
            'securityContext.sysctls[0].name: Invalid value: "net.x": '
            "may not be specified when 'hostNetwork' is true",
        ),
        ({"hostUsers": False, "hostPID": True}, "HostPID: Forbidden: when `hostUsers` is false"),
        ({"overhead": {"cpu": "-1"}}, 'overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0'),
        (
            {"hostnameOverride": "x", "hostNetwork": True},
            "hostnameOverride: Forbidden: may not be specified when hostNetwork is true",
        ),
    ],
)
def test_a_spec_is_judged_in_the_words_of_kubernetes(make_pod, texts, spec, expected):
    assert texts(validate_pod(make_pod(**spec))) == [f"spec.{expected}"]


def test_host_ports_equal_container_ports_on_the_host_network(make_pod, texts):
    pod = make_pod({"ports": [{"containerPort": 80, "hostPort": 8080}]}, hostNetwork=True)

    assert texts(validate_pod(pod)) == [
        "spec.containers[0].ports[0].hostPort: Invalid value: 8080: "
        "must match `containerPort` when `hostNetwork` is true"
    ]


@pytest.mark.parametrize("cost", ["+1", "01", "2147483648", "x"])
def test_a_deletion_cost_is_a_32bit_integer(make_pod, texts, cost):
    name = "controller.kubernetes.io/pod-deletion-cost"
    pod = make_pod(metadata={"annotations": {name: cost}})

    assert texts(validate_pod(pod)) == [
        f'metadata.annotations[{name}]: Invalid value: "{cost}": must be a 32bit integer'
    ]
