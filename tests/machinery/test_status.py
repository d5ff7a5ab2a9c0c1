"""kubernetes: staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go, kubectl/pkg/cmd/util/helpers_test.go"""

import copy
import pickle

import pytest

from k8scourse.machinery import field, status
from k8scourse.machinery.status import ApiError, kubectl_message


def test_the_status_of_an_absent_object_is_the_json_of_the_api() -> None:
    error = status.not_found("deployments.apps", "web")
    assert error.status == {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": 'deployments.apps "web" not found',
        "reason": "NotFound",
        "details": {"name": "web", "group": "apps", "kind": "deployments"},
        "code": 404,
    }
    assert (error.code, error.reason, str(error)) == (404, "NotFound", 'deployments.apps "web" not found')


def test_empty_details_are_left_out() -> None:
    assert status.not_found("pods", "web").status["details"] == {"name": "web", "kind": "pods"}
    assert "details" not in status.bad_request("no").status


@pytest.mark.parametrize(
    ("error", "code", "reason", "message"),
    [
        (status.already_exists("pods", "a"), 409, "AlreadyExists", 'pods "a" already exists'),
        (
            status.conflict("pods", "a", "the object has been modified"),
            409,
            "Conflict",
            'Operation cannot be fulfilled on pods "a": the object has been modified',
        ),
        (status.forbidden("pods", "a", "no"), 403, "Forbidden", 'pods "a" is forbidden: no'),
        (status.forbidden("pods", "", "no"), 403, "Forbidden", "pods is forbidden: no"),
        (status.forbidden("", "", "no"), 403, "Forbidden", "forbidden: no"),
        (status.bad_request("x"), 400, "BadRequest", "x"),
        (status.unauthorized(), 401, "Unauthorized", "Unauthorized"),
        (
            status.method_not_supported("pods", "patch"),
            405,
            "MethodNotAllowed",
            'patch is not supported on resources of kind "pods"',
        ),
        (status.expired("old"), 410, "Expired", "old"),
        (status.gone("old"), 410, "Gone", "old"),
        (
            status.request_entity_too_large("limit is 3145728"),
            413,
            "RequestEntityTooLarge",
            "Request entity too large: limit is 3145728",
        ),
        (
            status.unsupported_media_type(["a/b", "c/d"]),
            415,
            "UnsupportedMediaType",
            "the body of the request was in an unknown format - accepted media types include: a/b, c/d",
        ),
        (status.too_many_requests("wait", 10), 429, "TooManyRequests", "wait"),
        (status.internal_error("boom"), 500, "InternalError", "Internal error occurred: boom"),
        (status.not_simulated("field apply"), 501, "NotSimulated", "field apply is not simulated"),
        (
            status.unknown_path("GET", "foos", "x"),
            404,
            "NotFound",
            "the server could not find the requested resource (get foos x)",
        ),
    ],
)
def test_builders_give_code_reason_and_message(error: ApiError, code: int, reason: str, message: str) -> None:
    assert (error.code, error.reason, error.message) == (code, reason, message)


def test_an_invalid_object_lists_its_faults_as_causes() -> None:
    faults = [field.required("spec.a"), field.invalid("spec.b", "x", "bad")]
    error = status.invalid("Deployment.apps", "web", faults)
    assert error.code == 422
    assert error.message == (
        'Deployment.apps "web" is invalid: [spec.a: Required value, spec.b: Invalid value: "x": bad]'
    )
    assert error.causes == [fault.cause() for fault in faults]
    assert error.status["details"]["kind"] == "Deployment"
    assert error.status["details"]["group"] == "apps"


def test_an_eviction_can_be_tried_again_later() -> None:
    cause = {"reason": "DisruptionBudget", "message": "needs 1"}
    error = status.too_many_requests("no", retry_after=10, causes=[cause])
    assert error.retry_after == 10
    assert error.causes == [cause]
    assert status.too_many_requests("no").retry_after is None


def test_kubectl_names_the_reason() -> None:
    error = status.not_found("pods", "x")
    assert kubectl_message(error.status) == 'Error from server (NotFound): pods "x" not found'
    assert kubectl_message(error.status, 'error when deleting "a.yaml": ') == (
        'Error from server (NotFound): error when deleting "a.yaml": pods "x" not found'
    )
    assert kubectl_message({"message": "odd"}) == "Error from server: odd"


def test_kubectl_asks_for_a_login() -> None:
    assert kubectl_message(status.unauthorized().status) == (
        "error: You must be logged in to the server (Unauthorized)"
    )


def test_kubectl_shows_one_fault_in_the_same_line() -> None:
    error = status.invalid("Pod", "p", [field.required("spec.x")] * 2)
    assert (
        kubectl_message(error.status, 'error when creating "a": ') == 'The Pod "p" is invalid: spec.x: Required value'
    )


def test_kubectl_shows_several_faults_one_per_line() -> None:
    error = status.invalid("Deployment.apps", "p", [field.required("spec.x"), field.required("spec.y")])
    assert kubectl_message(error.status) == (
        'The Deployment "p" is invalid: \n* spec.x: Required value\n* spec.y: Required value'
    )


def test_kubectl_shows_an_invalid_request_without_details() -> None:
    assert kubectl_message({"reason": "Invalid", "message": "m"}) == "The request is invalid: m"
    assert kubectl_message({"reason": "Invalid"}) == "The request is invalid"
    assert kubectl_message({"reason": "Invalid", "message": "m", "details": {}}) == "The request is invalid: m"
    causes = {"causes": [{"field": "patch", "message": "bad"}]}
    assert kubectl_message({"reason": "Invalid", "message": "m", "details": causes}) == (
        "The request is invalid: patch: bad"
    )


def test_a_notebook_shows_kubectls_line_instead_of_a_traceback() -> None:
    error = status.not_found("pods", "x")
    assert error._render_traceback_() == ['Error from server (NotFound): pods "x" not found']


def test_ipython_shows_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    interactive = pytest.importorskip("IPython.core.interactiveshell")
    shell = interactive.InteractiveShell()
    shell.run_cell("from k8scourse.machinery import status\nraise status.not_found('pods', 'x')")
    assert capsys.readouterr().out.strip() == 'Error from server (NotFound): pods "x" not found'


def test_an_api_error_can_be_copied_and_pickled() -> None:
    error = status.not_found("pods", "x")
    for twin in (copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        assert twin.status == error.status


def test_the_repr_names_code_and_reason() -> None:
    assert repr(status.not_found("pods", "x")) == 'ApiError(404 NotFound: pods "x" not found)'
