"""The query of a list or a watch: which revision is wanted, how much of it, and which events.

Sources: staging/src/k8s.io/apimachinery/pkg/apis/meta/internalversion/validation/validation.go,
staging/src/k8s.io/apiserver/pkg/storage/{continue,errors}.go and storage/etcd3/{store,errors}.go
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from k8scourse.machinery import field, status
from k8scourse.machinery.field import FieldError

EXACT, NOT_OLDER_THAN = "Exact", "NotOlderThan"
INITIAL_EVENTS_END = "k8s.io/initial-events-end"
NEWEST = -1
"""The revision in the token of a list that goes on although its revision is gone."""

LIST_TOO_OLD = "The resourceVersion for the provided list is too old."
INCONSISTENT_CONTINUE = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
    "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. "
    "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or "
    "deleted between the time the first chunk was returned and now may show up in the list."
)
_TOKEN_VERSION = "meta.k8s.io/v1"
_SECOND = 1_000_000_000
_BOOLEANS = {"1": True, "true": True, "True": True, "0": False, "false": False, "False": False}


@dataclass(frozen=True, slots=True)
class ListOptions:
    """metav1.ListOptions without the selectors."""

    limit: int = 0
    token: str = ""
    resource_version: str = ""
    match: str = ""
    send_initial_events: bool | None = None
    bookmarks: bool = False
    timeout: int = 0
    """ns; 0 means that the server ends the watch when it likes."""

    @classmethod
    def read(cls, query: Mapping[str, str], *, watch: bool) -> ListOptions:
        """The options of *query*; raises ApiError 400 for what can't be read and 422 for what does not go together."""
        options = cls(
            limit=_integer(query, "limit"),
            token=query.get("continue", ""),
            resource_version=query.get("resourceVersion", ""),
            match=query.get("resourceVersionMatch", ""),
            send_initial_events=_boolean(query, "sendInitialEvents"),
            bookmarks=bool(_boolean(query, "allowWatchBookmarks")),
            timeout=_integer(query, "timeoutSeconds") * _SECOND,
        )
        errors = options.watch_faults() if watch else options.list_faults()
        if errors:
            raise status.invalid("ListOptions.meta.k8s.io", "", errors)
        return options

    def list_faults(self) -> list[FieldError]:
        """What does not go together in a list."""
        errors: list[FieldError] = []
        match = "resourceVersionMatch"
        if self.match:
            if not self.resource_version:
                errors.append(field.forbidden(match, f"{match} is forbidden unless resourceVersion is provided"))
            if self.token:
                errors.append(field.forbidden(match, f"{match} is forbidden when continue is provided"))
            if self.match not in (EXACT, NOT_OLDER_THAN):
                errors.append(field.not_supported(match, self.match, [EXACT, NOT_OLDER_THAN, ""]))
            if self.match == EXACT and self.resource_version == "0":
                errors.append(field.forbidden(match, f'{match} "exact" is forbidden for resourceVersion "0"'))
        if self.send_initial_events is not None:
            errors.append(field.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"))
        return errors

    def watch_faults(self) -> list[FieldError]:
        """What does not go together in a watch."""
        errors: list[FieldError] = []
        match = "resourceVersionMatch"
        if self.send_initial_events is not None and self.match != NOT_OLDER_THAN:
            text = f"sendInitialEvents requires setting resourceVersionMatch to {NOT_OLDER_THAN}"
            errors.append(field.forbidden(match, text))
        if self.match:
            if self.send_initial_events is None:
                text = f"{match} is forbidden for watch unless sendInitialEvents is provided"
                errors.append(field.forbidden(match, text))
            if self.match != NOT_OLDER_THAN:
                errors.append(field.not_supported(match, self.match, [NOT_OLDER_THAN]))
            if self.token:
                errors.append(field.forbidden(match, f"{match} is forbidden when continue is provided"))
        return errors

    @property
    def is_exact(self) -> bool:
        """Whether a list asks for one revision; a limit alone asks for it too, as it always did."""
        return self.match == EXACT or (not self.match and self.limit > 0 and self.revision > 0)

    @property
    def revision(self) -> int:
        """The wanted revision as a number, 0 where any will do; raises ApiError 400."""
        text = self.resource_version or "0"
        if not text.isascii() or not text.isdigit():
            fault = f'Invalid value: "{text}": strconv.ParseUint: parsing "{text}": invalid syntax'
            raise status.bad_request(f"invalid resource version: resourceVersion: {fault}")
        return int(text)

    def check_not_future(self, newest: int) -> None:
        """A server waits for the wanted revision, and gives up: raises ApiError 504 where it is not there yet."""
        if self.revision > newest:
            raise _too_large(self.revision, newest)


def _too_large(wanted: int, newest: int) -> status.ApiError:
    text = f"Timeout: Too large resource version: {wanted}, current: {newest}"
    cause = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
    return status.failure(504, "Timeout", text, {"causes": [cause], "retryAfterSeconds": 1})


def _integer(query: Mapping[str, str], name: str) -> int:
    text = query.get(name) or "0"
    try:
        return int(text)
    except ValueError:
        raise status.bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None


def _boolean(query: Mapping[str, str], name: str) -> bool | None:
    return _BOOLEANS.get(query[name], True) if name in query else None


def write_token(key: str, prefix: str, revision: int) -> str:
    """The token with which a list goes on after *key*, in the revision that it began with."""
    token = {"v": _TOKEN_VERSION, "rv": revision, "start": key.removeprefix(prefix) + "\0"}
    text = json.dumps(token, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_token(text: str, prefix: str) -> tuple[str, int]:
    """The key at which a list goes on, and its revision; raises ApiError 400."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        token: Any = json.loads(data)
        version, revision, start = token["v"], int(token["rv"]), str(token["start"])
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise status.bad_request("continue key is not valid: encoded continue token is malformed") from None
    if version != _TOKEN_VERSION:
        text = f"continue key is not valid: server does not recognize this encoded version {version}"
        raise status.bad_request(text)
    if not revision:
        text = "continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)"
        raise status.bad_request(text)
    if not start:
        raise status.bad_request("continue key is not valid: encoded start key empty (version meta.k8s.io/v1)")
    return prefix + start, revision


def inconsistent(key: str, prefix: str) -> status.ApiError:
    """410: the revision of a chunked list is gone; the answer has a token with which to go on all the same."""
    error = status.expired(INCONSISTENT_CONTINUE)
    token = write_token(key.removesuffix("\0"), prefix, NEWEST)
    return status.ApiError({**error.status, "metadata": {"continue": token}})
