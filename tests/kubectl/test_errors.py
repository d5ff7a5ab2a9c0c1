"""kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/util/helpers_test.go TestCheckInvalidErr and friends."""

from __future__ import annotations

import pytest

from k8scourse.kubectl.errors import (
    ExitSilently,
    KubectlError,
    NoMatchError,
    Several,
    UsageError,
    exit_code,
    raise_all,
    terminal_text,
    with_source,
)
from k8scourse.machinery import field, status

NOT_FOUND = status.not_found("pods", "p")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (KubectlError("it failed"), "error: it failed\n"),
        (KubectlError("error: it failed"), "error: it failed\n"),
        (KubectlError("it failed", place="  at f:1:1"), "error: it failed\n  at f:1:1\n"),
        (UsageError("kubectl get", "no"), "error: no\nSee 'kubectl get -h' for help and examples\n"),
        (NoMatchError("foos"), 'the server doesn\'t have a resource type "foos"\n'),
        (
            NoMatchError("foos", "g", "v1"),
            'the server doesn\'t have a resource type "foos" in group "g" and version "v1"\n',
        ),
        (NOT_FOUND, 'Error from server (NotFound): pods "p" not found\n'),
        (status.unauthorized(), "error: You must be logged in to the server (Unauthorized)\n"),
        (
            status.invalid("Pod", "p", [field.required("spec.a"), field.required("spec.b")]),
            'The Pod "p" is invalid: \n* spec.a: Required value\n* spec.b: Required value\n',
        ),
        (
            Several([NOT_FOUND, Several([KubectlError("a"), KubectlError("b")])]),
            'Error from server (NotFound): pods "p" not found\na\nb\n',
        ),
        (Several([KubectlError("alone")]), "error: alone\n"),
        (ExitSilently(), ""),
        (
            with_source("creating", "f.yaml", NOT_FOUND, "  at f.yaml:1:2"),
            'Error from server (NotFound): error when creating "f.yaml": pods "p" not found\n  at f.yaml:1:2\n',
        ),
        (with_source("creating", "", NOT_FOUND), 'Error from server (NotFound): pods "p" not found\n'),
    ],
)
def test_errors_have_kubectls_form(error: Exception, text: str) -> None:
    assert terminal_text(error) == text


def test_exit_codes() -> None:
    assert exit_code(KubectlError("x", exit_code=3)) == 3
    assert exit_code(ExitSilently(0)) == 0
    assert exit_code(NOT_FOUND) == 1


def test_one_error_is_raised_as_it_is() -> None:
    raise_all([])
    with pytest.raises(KubectlError):
        raise_all([KubectlError("x")])
    with pytest.raises(Several):
        raise_all([KubectlError("x"), KubectlError("y")])
