"""Profiles given by annotations. Cases: kubernetes pkg/api/pod/warnings_test.go TestWarnings."""

import pytest

from k8scourse.apiserver.strategies.pod_warnings import pod_warnings

SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead'
APPARMOR = 'deprecated since v1.30; use the "appArmorProfile" field instead'
POD_KEY = "seccomp.security.alpha.kubernetes.io/pod"
CONTAINER_KEY = "container.seccomp.security.alpha.kubernetes.io/c"
APPARMOR_KEY = "container.apparmor.security.beta.kubernetes.io/c"


def warnings(annotations, prefix="", container=None, pod=None):
    spec = {
        "containers": [{"name": "c", "securityContext": container or {}}],
        "securityContext": pod or {},
    }
    return pod_warnings(prefix, spec, {"annotations": annotations})


@pytest.mark.parametrize(
    ("annotations", "more", "expected"),
    [
        ({POD_KEY: "x"}, {}, [f"metadata.annotations[{POD_KEY}]: {SECCOMP}"]),
        ({POD_KEY: "x"}, {"pod": {"seccompProfile": {"type": "Unconfined"}}}, []),
        ({CONTAINER_KEY: "x"}, {}, [f"metadata.annotations[{CONTAINER_KEY}]: {SECCOMP}"]),
        ({CONTAINER_KEY: "x"}, {"container": {"seccompProfile": {"type": "Unconfined"}}}, []),
        ({APPARMOR_KEY: "unconfined"}, {}, []),
        (
            {APPARMOR_KEY: "unconfined"},
            {"prefix": "spec.template."},
            [f"spec.template.metadata.annotations[{APPARMOR_KEY}]: {APPARMOR}"],
        ),
        (
            {APPARMOR_KEY: "localhost/a"},
            {"prefix": "spec.template.", "pod": {"appArmorProfile": {"type": "Localhost", "localhostProfile": "a"}}},
            [],
        ),
        (
            {APPARMOR_KEY: "localhost/b"},
            {"prefix": "spec.template.", "pod": {"appArmorProfile": {"type": "Localhost", "localhostProfile": "a"}}},
            [f"spec.template.metadata.annotations[{APPARMOR_KEY}]: {APPARMOR}"],
        ),
    ],
)
def test_annotations_are_warned_of_unless_fields_say_the_same(annotations, more, expected):
    assert warnings(annotations, **more) == expected
