"""Refusals of the API server: `metav1.Status` as an exception, and the line kubectl prints for it.

kubernetes: staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go (the builders),
staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (checkErr, StandardErrorMessage, MultilineError)
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from k8scourse.machinery.field import FieldError, aggregate
from k8scourse.machinery.go_format import go_quote

Status = dict[str, Any]
"""A Status as the API's JSON: ``{"kind": "Status", "apiVersion": "v1", "status": "Failure", ...}``."""


class ApiError(Exception):
    """A request was refused. Carries the Status that the API server answered.

    In a notebook it shows as kubectl's message, without a traceback.
    """

    def __init__(self, status: Status) -> None:
        super().__init__(status)
        self.status = status

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"ApiError({self.code} {self.reason}: {self.message})"

    @property
    def code(self) -> int:
        """The HTTP status code."""
        return self.status.get("code", 0)

    @property
    def reason(self) -> str:
        """The machine-readable reason, such as ``NotFound``; empty when the server gave none."""
        return self.status.get("reason", "")

    @property
    def message(self) -> str:
        """The server's sentence."""
        return self.status.get("message", "")

    @property
    def causes(self) -> list[dict[str, Any]]:
        """The single faults, each with reason, message and field."""
        return (self.status.get("details") or {}).get("causes") or []

    @property
    def retry_after(self) -> int | None:
        """Seconds after which the server suggests to try again; None when it suggests nothing."""
        seconds = (self.status.get("details") or {}).get("retryAfterSeconds", 0)
        return seconds if seconds > 0 or self.reason == "ServerTimeout" else None

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: the lines to show instead of a traceback."""
        return kubectl_message(self.status).split("\n")


def failure(code: int, reason: str, message: str, details: Mapping[str, Any] | None = None) -> ApiError:
    """Return an ApiError with the fields of a Status; empty entries of *details* are left out, as in the API's JSON."""
    status: Status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message}
    if reason:
        status["reason"] = reason
    if details is not None:
        status["details"] = {name: value for name, value in details.items() if value}
    status["code"] = code
    return ApiError(status)


def _about(resource: str, name: str = "", **more: Any) -> dict[str, Any]:
    plain, _, group = resource.partition(".")
    return {"name": name, "group": group, "kind": plain, **more}


def not_found(resource: str, name: str) -> ApiError:
    """404: *resource* is 'pods' or 'deployments.apps'."""
    return failure(404, "NotFound", f"{resource} {go_quote(name)} not found", _about(resource, name))


def already_exists(resource: str, name: str) -> ApiError:
    """409: an object of this name exists."""
    return failure(409, "AlreadyExists", f"{resource} {go_quote(name)} already exists", _about(resource, name))


def generate_name_conflict(resource: str, name: str, retry_after: int = 1) -> ApiError:
    """409: no unique name could be made from generateName."""
    text = (
        f"{resource} {go_quote(name)} already exists, the server was not able to generate a unique name for the object"
    )
    return failure(409, "AlreadyExists", text, _about(resource, name, retryAfterSeconds=retry_after))


def conflict(resource: str, name: str, reason_text: str) -> ApiError:
    """409: the object is not as the request expects it (resourceVersion, uid)."""
    text = f"Operation cannot be fulfilled on {resource} {go_quote(name)}: {reason_text}"
    return failure(409, "Conflict", text, _about(resource, name))


def apply_conflict(causes: Sequence[Mapping[str, Any]], text: str) -> ApiError:
    """409: server-side apply met fields of other managers; one cause for each."""
    return failure(409, "Conflict", text, {"causes": list(causes)})


def invalid(group_kind: str, name: str, errors: Iterable[FieldError]) -> ApiError:
    """422: *group_kind* is 'Pod' or 'Deployment.apps'; the causes keep the order of *errors*."""
    listed = list(errors)
    faults = aggregate(listed)
    text = f"{group_kind} {go_quote(name)} is invalid"
    details = _about(group_kind, name, causes=[error.cause() for error in listed])
    return failure(422, "Invalid", f"{text}: {faults}" if faults else text, details)


def bad_request(text: str) -> ApiError:
    """400: the request can't be understood."""
    return failure(400, "BadRequest", text)


def unauthorized(text: str = "Unauthorized") -> ApiError:
    """401: the server does not know who asks."""
    return failure(401, "Unauthorized", text or "not authorized")


def forbidden(resource: str, name: str, text: str) -> ApiError:
    """403: *text* says why. An empty *resource* stands for a URL path, an empty *name* for the whole resource."""
    if not resource:
        message = f"forbidden: {text}"
    elif not name:
        message = f"{resource} is forbidden: {text}"
    else:
        message = f"{resource} {go_quote(name)} is forbidden: {text}"
    return failure(403, "Forbidden", message, _about(resource, name))


def method_not_supported(resource: str, verb: str) -> ApiError:
    """405: the resource has no such verb."""
    text = f"{verb} is not supported on resources of kind {go_quote(resource)}"
    return failure(405, "MethodNotAllowed", text, _about(resource))


def not_acceptable(accepted: Iterable[str]) -> ApiError:
    """406: none of the media types the client accepts can be produced."""
    return failure(406, "NotAcceptable", f"only the following media types are accepted: {', '.join(accepted)}")


def expired(text: str) -> ApiError:
    """410: the resourceVersion is too old."""
    return failure(410, "Expired", text)


def gone(text: str) -> ApiError:
    """410: what was asked for is no longer there."""
    return failure(410, "Gone", text)


def request_entity_too_large(text: str) -> ApiError:
    """413: the body is larger than the server takes."""
    return failure(413, "RequestEntityTooLarge", f"Request entity too large: {text}")


def unsupported_media_type(accepted: Iterable[str]) -> ApiError:
    """415: the body's media type is unknown; *accepted* lists the known ones."""
    text = f"the body of the request was in an unknown format - accepted media types include: {', '.join(accepted)}"
    return failure(415, "UnsupportedMediaType", text)


def too_many_requests(text: str, retry_after: int = 0, causes: Sequence[Mapping[str, Any]] = ()) -> ApiError:
    """429: try again after *retry_after* seconds; a refused eviction gives its budget as cause."""
    return failure(429, "TooManyRequests", text, {"causes": list(causes), "retryAfterSeconds": retry_after})


def internal_error(text: str) -> ApiError:
    """500: something failed inside the server."""
    return failure(500, "InternalError", f"Internal error occurred: {text}", {"causes": [{"message": text}]})


def server_timeout(resource: str, operation: str, retry_after: int) -> ApiError:
    """500: the operation could not be completed at this time."""
    text = f"The {operation} operation against {resource} could not be completed at this time, please try again."
    return failure(500, "ServerTimeout", text, _about(resource, operation, retryAfterSeconds=retry_after))


def not_simulated(what: str) -> ApiError:
    """501: Kubernetes can do this, the simulator does not; *what* completes the sentence "... is not simulated"."""
    return failure(501, "NotSimulated", f"{what} is not simulated")


def service_unavailable(text: str) -> ApiError:
    """503: the service behind the request can't answer."""
    return failure(503, "ServiceUnavailable", text)


def timeout(text: str, retry_after: int = 0) -> ApiError:
    """504: the request took longer than allowed."""
    return failure(504, "Timeout", f"Timeout: {text}", {"retryAfterSeconds": retry_after})


def unknown_path(verb: str, resource: str = "", name: str = "") -> ApiError:
    """404 as client-go reports a path the server does not serve (its answer is plain text, not a Status).

    *verb* is the HTTP method; with a resource the message ends in ``(get pods web)``.
    kubernetes: api/errors NewGenericServerResponse
    """
    target = f" ({verb.lower()} {resource}{' ' + name if name else ''})" if resource else ""
    cause = {"reason": "UnexpectedServerResponse", "message": "404 page not found"}
    text = f"the server could not find the requested resource{target}"
    return failure(404, "NotFound", text, _about(resource, name, causes=[cause]))


def standard_error_message(status: Mapping[str, Any], prefix: str = "") -> str:
    """Return ``Error from server (NotFound): ...``, the form of a refusal among several errors.

    *prefix* goes in front of the server's sentence: ``error when creating "web.yaml": ``.
    """
    message, reason = prefix + status.get("message", ""), status.get("reason", "")
    if reason == "Unauthorized":
        return f"error: You must be logged in to the server ({message})"
    return f"Error from server ({reason}): {message}" if reason else f"Error from server: {message}"


def kubectl_message(status: Mapping[str, Any], prefix: str = "") -> str:
    """Return what kubectl prints when a command ends with this Status, without the final newline.

    One line, or ``The Pod "web" is invalid: `` followed by one ``* `` line for each of several faults. *prefix* goes
    in front of the server's sentence (``error when creating "web.yaml": ``); the form for invalid objects does not
    show that sentence, hence no prefix.
    """
    if status.get("reason") != "Invalid":
        return standard_error_message(status, prefix)
    message, details = prefix + status.get("message", ""), status.get("details")
    if details is None:
        return f"The request is invalid: {message}" if message else "The request is invalid"
    kind, name, causes = details.get("kind", ""), details.get("name", ""), details.get("causes") or []
    title = "The request is invalid"
    if kind or name:
        title = f"The {kind} {go_quote(name)} is invalid"
    elif message and not causes:
        title = f"{title}: {message}"
    return multiline_error(f"{title}: ", _cause_texts(causes)) if causes else title


def multiline_error(prefix: str, texts: Sequence[str]) -> str:
    """Return *prefix* and the only text in one line, or one ``* `` line for each, without the final newline."""
    if len(texts) == 1:
        return prefix + texts[0]
    return "\n".join([prefix, *(f"* {text}" for text in texts)])


def _cause_texts(causes: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(f"{cause.get('field', '')}: {cause.get('message', '')}" for cause in causes))
