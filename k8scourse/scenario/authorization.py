"""Expectations about who may do what (scenario.md, section 6, "Authorization")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.request import request_info
from k8scourse.scenario.context import Context
from k8scourse.scenario.values import show
from k8scourse.scenario.words import Miss, expectation, unsimulated_expectations

unsimulated_expectations("RBAC authorization", "can_i", "can_request", "rules")


@expectation("request_attributes")
def request_attributes(_: Context, argument: Mapping[str, Any]) -> Miss | None:
    """What the authorizer is asked for a request; what is not listed is empty."""
    path, _, query = argument["url"].partition("?")
    watches = any(part in ("watch", "watch=1", "watch=true", "watch=True") for part in query.split("&"))
    info = request_info(argument["method"], path, watches)
    found = {
        "resource_request": info.is_resource_request,
        "verb": info.verb,
        "api_group": info.group,
        "resource": info.resource,
        "subresource": info.subresource,
        "namespace": info.namespace,
        "name": info.name,
    }
    wanted = {key: argument.get(key, key == "resource_request" or "") for key in found}
    return None if found == wanted else Miss(show({key: value for key, value in found.items() if value != ""}))
