"""Pod Security Standards.

Cases follow kubernetes staging/src/k8s.io/pod-security-admission: policy/check_*_test.go, api/helpers_test.go and
admission/admission_test.go.
"""

import pytest

from k8scourse.apiserver.admission.pod_security import PodSecurity
from k8scourse.apiserver.admission.pod_security_policy import Policy, Standard, details, policy_of
from k8scourse.machinery.status import ApiError

PREFIX = "pod-security.kubernetes.io/"
SAFE = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def pod(container=None, name="c", annotations=None, **spec):
    return {
        "metadata": {"name": "p", "namespace": "n", "annotations": annotations or {}},
        "spec": {"containers": [{"name": name, "image": "a", **(container or {})}], **spec},
    }


def secured(**security):
    return {"securityContext": security}


def namespace(**labels):
    labels = {PREFIX + name.replace("_", "-"): value for name, value in labels.items()}
    return {"metadata": {"name": "n", "labels": labels}}


def verdict(level, obj, version="latest"):
    return details(Standard(level, version).violations(obj["metadata"], obj["spec"]))


def test_privileged_forbids_nothing():
    assert verdict("privileged", pod(secured(privileged=True), hostNetwork=True)) == ""


@pytest.mark.parametrize(
    ("obj", "expected"),
    [
        (pod(), ""),
        (
            pod(secured(privileged=True)),
            'privileged (container "c" must not set securityContext.privileged=true)',
        ),
        (pod(hostNetwork=True, hostPID=True), "host namespaces (hostNetwork=true, hostPID=true)"),
        (
            pod(volumes=[{"name": "a", "hostPath": {"path": "/"}}, {"name": "b", "hostPath": {"path": "/"}}]),
            'hostPath volumes (volumes "a", "b")',
        ),
        (
            pod({"ports": [{"containerPort": 80, "hostPort": 80}, {"containerPort": 81, "hostPort": 81}]}),
            'hostPort (container "c" uses hostPorts 80, 81)',
        ),
        (
            pod(secured(capabilities={"add": ["NET_ADMIN", "CHOWN"]})),
            'non-default capabilities (container "c" must not include "NET_ADMIN" in securityContext.capabilities.add)',
        ),
        (
            pod(secured(appArmorProfile={"type": "Unconfined"})),
            'forbidden AppArmor profile (container "c" must not set AppArmor profile type to "Unconfined")',
        ),
        (
            pod(securityContext={"seccompProfile": {"type": "Unconfined"}}),
            'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
        ),
        (
            pod(secured(seLinuxOptions={"type": "spc_t", "user": "u"})),
            'seLinuxOptions (container "c" set forbidden securityContext.seLinuxOptions: type "spc_t"; '
            "user may not be set)",
        ),
        (
            pod(secured(procMount="Unmasked")),
            'procMount (container "c" must not set securityContext.procMount to "Unmasked")',
        ),
        (pod(secured(procMount="Unmasked"), hostUsers=False), ""),
        (pod(securityContext={"sysctls": [{"name": "kernel.msgmax"}]}), "forbidden sysctls (kernel.msgmax)"),
        (
            pod(secured(windowsOptions={"hostProcess": True})),
            'hostProcess (container "c" must not set securityContext.windowsOptions.hostProcess=true)',
        ),
        (
            pod({"livenessProbe": {"httpGet": {"host": "1.2.3.4"}}}),
            'probe or lifecycle host (container "c" uses probe or lifecycle host "1.2.3.4")',
        ),
        (
            pod(secured(privileged=True), hostIPC=True),
            'host namespaces (hostIPC=true), privileged (container "c" must not set securityContext.privileged=true)',
        ),
    ],
)
def test_baseline(obj, expected):
    assert verdict("baseline", obj) == expected


def test_a_plain_pod_violates_restricted_in_four_ways():
    assert verdict("restricted", pod(name="web")) == (
        'allowPrivilegeEscalation != false (container "web" must set securityContext.allowPrivilegeEscalation=false), '
        'unrestricted capabilities (container "web" must set securityContext.capabilities.drop=["ALL"]), '
        'runAsNonRoot != true (pod or container "web" must set securityContext.runAsNonRoot=true), '
        'seccompProfile (pod or container "web" must set securityContext.seccompProfile.type to "RuntimeDefault" or '
        '"Localhost")'
    )


@pytest.mark.parametrize(
    ("obj", "expected"),
    [
        (pod(secured(**SAFE)), ""),
        (
            pod(secured(**{**SAFE, "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "CHOWN"]}})),
            'unrestricted capabilities (container "c" must not include "CHOWN" in securityContext.capabilities.add)',
        ),
        (
            pod(secured(**{**SAFE, "runAsNonRoot": False}), securityContext={"runAsUser": 0}),
            'runAsNonRoot != true (container "c" must not set securityContext.runAsNonRoot=false), '
            "runAsUser=0 (pod must not set runAsUser=0)",
        ),
        (pod(secured(**{**SAFE, "runAsUser": 0}), hostUsers=False), ""),
        (
            pod(secured(**SAFE), volumes=[{"name": "v", "nfs": {}}, {"name": "ok", "emptyDir": {}}]),
            'restricted volume types (volume "v" uses restricted volume type "nfs")',
        ),
        (
            pod(secured(**SAFE), volumes=[{"name": "v", "hostPath": {"path": "/"}}]),
            'restricted volume types (volume "v" uses restricted volume type "hostPath")',
        ),
        (pod(secured(runAsNonRoot=True), os={"name": "windows"}), ""),
    ],
)
def test_restricted(obj, expected):
    assert verdict("restricted", obj) == expected


def test_older_versions_of_a_standard_know_fewer_checks():
    root = pod(secured(**{**SAFE, "runAsUser": 0}))

    assert verdict("restricted", root, "v1.22") == ""
    assert verdict("restricted", root, "v1.23") == 'runAsUser=0 (container "c" must not set runAsUser=0)'
    probe = pod({"livenessProbe": {"tcpSocket": {"host": "a"}}})
    assert verdict("baseline", probe, "v1.33") == ""
    assert verdict("baseline", probe, "v1.99") != ""
    old = pod(annotations={"seccomp.security.alpha.kubernetes.io/pod": "unconfined"})
    assert verdict("baseline", old, "v1.18") == (
        'seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod="unconfined")'
    )
    assert verdict("baseline", old) == ""


@pytest.mark.parametrize(
    ("labels", "expected", "faults"),
    [
        ({}, Policy(), []),
        (
            {"enforce": "baseline"},
            Policy(enforce=Standard("baseline"), warn=Standard("baseline")),
            [],
        ),
        (
            {"enforce": "restricted", "enforce_version": "v1.30", "warn": "privileged"},
            Policy(enforce=Standard("restricted", "v1.30")),
            [],
        ),
        (
            {"enforce": "strict", "audit": "x"},
            Policy(enforce=Standard("restricted")),
            [
                f'metadata.labels[{PREFIX}enforce]: Invalid value: "strict": must be one of privileged, baseline, '
                "restricted",
                f'metadata.labels[{PREFIX}audit]: Invalid value: "x": must be one of privileged, baseline, restricted',
            ],
        ),
        (
            {"warn": "baseline", "warn_version": "1.30"},
            Policy(warn=Standard("baseline")),
            [f'metadata.labels[{PREFIX}warn-version]: Invalid value: "1.30": must be "latest" or "v1.x"'],
        ),
    ],
)
def test_labels_choose_the_standards(labels, expected, faults):
    policy, errors = policy_of(namespace(**labels)["metadata"]["labels"])

    assert policy == expected
    assert [str(error) for error in errors] == faults


def judge(make_request, obj, *stored, **more):
    attributes = make_request(obj, *stored, **more)
    try:
        PodSecurity().validate(attributes)
    except ApiError as error:
        return error, attributes
    return None, attributes


def test_enforce_refuses_the_pod(make_request):
    error, attributes = judge(make_request, pod(hostNetwork=True), ("namespaces", namespace(enforce="baseline")))

    assert error is not None
    assert error.code == 403
    assert error.message == (
        'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)'
    )
    assert attributes.warnings == []


def test_warn_and_audit_let_the_pod_pass(make_request):
    stored = ("namespaces", namespace(warn="baseline", audit="baseline", audit_version="v1.30"))
    error, attributes = judge(make_request, pod(hostNetwork=True), stored)

    assert error is None
    assert attributes.warnings == ['would violate PodSecurity "baseline:latest": host namespaces (hostNetwork=true)']
    assert attributes.audit[PREFIX + "audit-violations"] == (
        'would violate PodSecurity "baseline:v1.30": host namespaces (hostNetwork=true)'
    )
    assert attributes.audit[PREFIX + "enforce-policy"] == "privileged:latest"


@pytest.mark.parametrize(
    ("resource", "wrap"),
    [
        (("apps/v1", "deployments"), lambda template: {"spec": {"template": template}}),
        (("batch/v1", "cronjobs"), lambda template: {"spec": {"jobTemplate": {"spec": {"template": template}}}}),
        (("v1", "podtemplates"), lambda template: {"template": template}),
    ],
)
def test_workloads_are_warned_of_and_never_refused(make_request, resource, wrap):
    obj = {"metadata": {"name": "w", "namespace": "n"}, **wrap(pod(hostNetwork=True))}
    error, attributes = judge(make_request, obj, ("namespaces", namespace(enforce="baseline")), resource=resource)

    assert error is None
    assert attributes.warnings == ['would violate PodSecurity "baseline:latest": host namespaces (hostNetwork=true)']


def test_stored_pods_are_judged_anew_only_for_other_images(make_request):
    stored = ("namespaces", namespace(enforce="baseline"))
    old, new = pod(hostNetwork=True), pod(hostNetwork=True)
    new["metadata"]["labels"] = {"a": "b"}
    assert judge(make_request, new, stored, operation="UPDATE", old=old)[0] is None

    new["spec"]["containers"][0]["image"] = "b"
    assert judge(make_request, new, stored, operation="UPDATE", old=old)[0] is not None


def test_labels_of_a_new_namespace_are_checked(make_request):
    error, _ = judge(make_request, namespace(enforce="strict"), resource=("v1", "namespaces"))

    assert error is not None
    assert (error.code, error.message) == (
        422,
        f'Namespace "n" is invalid: metadata.labels[{PREFIX}enforce]: Invalid value: "strict": must be one of '
        "privileged, baseline, restricted",
    )


def test_a_stricter_standard_warns_of_the_pods_that_are_there(make_request):
    def existing(name, **spec):
        return "pods", {**pod(**spec), "metadata": {"name": name, "namespace": "n"}}

    stored = [existing("b", hostPID=True), existing("a", hostPID=True), existing("c", hostPID=True), existing("d")]
    more = {"resource": ("v1", "namespaces"), "operation": "UPDATE"}
    _, attributes = judge(make_request, namespace(enforce="baseline"), *stored, old=namespace(), **more)

    assert attributes.warnings == [
        'existing pods in namespace "n" violate the new PodSecurity enforce level "baseline:latest"',
        "a (and 2 other pods): host namespaces",
    ]
    relaxed = judge(make_request, namespace(enforce="baseline"), *stored, old=namespace(enforce="restricted"), **more)
    assert relaxed[1].warnings == []
