"""`kubectl wait`: let virtual time pass until a condition holds.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/wait (wait.go, condition.go, json.go, create.go, delete.go).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8scourse.kubectl.commands.delete import wait_until_gone
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.printers.objects import relaxed_path, result_printer
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import SECOND, Session
from k8scourse.machinery.go_format import go_quote, go_quote_list, go_value
from k8scourse.machinery.status import ApiError, not_found

Object = dict[str, Any]
Check = Callable[[Object], bool]

_WEEK = 168 * 3600 * SECOND
_TIMED_OUT = "timed out waiting for the condition"
_JSON_PATH_FORM = (
    "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 "
    "or --for=jsonpath='{.status.readyReplicas}'"
)
_JSON_PATH_VALUE = "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3"


def run(session: Session) -> None:
    """Wait for the objects that the command line names. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("local")
    goals = _goals(session.flag("for"))
    timeout = session.flag("timeout")
    end = session.clock.now + (_WEEK if timeout < 0 else timeout)
    if "create" in goals:
        _wait_for_creation(session, max(0, end - session.clock.now))
    result = _builder(session).do()
    result.ignore_not_found = "delete" in goals
    seen: list[Info] = []

    def wait(info: Info) -> None:
        seen.append(info)
        for goal, check in goals.items():
            if goal == "create":
                obj = info.obj or {}
            elif check is None:
                obj = _deleted(session, info, end)
            else:
                obj = _checked(session, info, check, end)
            result_printer(session)(obj, "condition met")

    result.visit(wait)
    if not seen and "delete" not in goals:
        raise KubectlError("no matching resources found")


def _builder(session: Session) -> Builder:
    return Builder(
        session,
        words=session.words,
        files=session.flag("filename"),
        recursive=session.flag("recursive"),
        label_selector=session.flag("selector") or ("" if session.flag("all") else None),
        field_selector=session.flag("field-selector"),
        select_all=session.flag("all"),
        all_namespaces=session.flag("all-namespaces"),
        flatten=True,
        latest=True,
    )


def _goals(texts: list[str]) -> dict[str, Check | None]:
    """What to wait for, in order; no check for `create` and `delete`."""
    goals: dict[str, Check | None] = {}
    for text in texts:
        if text.lower() in ("create", "delete"):
            goals[text.lower()] = None
        elif text.startswith("condition="):
            name, _, value = text.removeprefix("condition=").partition("=")
            goals[text] = _condition(name, value or "true")
        elif text.startswith("jsonpath="):
            goals[text] = _json_path(text.removeprefix("jsonpath="))
        else:
            raise KubectlError(f"unrecognized condition: {go_quote(text)}")
    if not goals:
        raise KubectlError(f"unrecognized condition: {go_quote_list([])}")
    return goals


def _condition(name: str, value: str) -> Check:
    def check(obj: Object) -> bool:
        status = obj.get("status") or {}
        for condition in status.get("conditions") or []:
            if condition.get("type", "").casefold() == name.casefold() and "status" in condition:
                generation = obj["metadata"].get("generation")
                observed = condition.get("observedGeneration", status.get("observedGeneration"))
                if generation is not None and observed is not None and observed < generation:
                    return False
                return condition["status"].casefold() == value.casefold()
        return False

    return check


def _json_path(text: str) -> Check:
    parts = [part.replace("\0", "==") for part in text.replace("==", "\0").split("=")]
    if len(parts) > 2:
        raise KubectlError(_JSON_PATH_FORM)
    wanted = parts[1].strip("'\"") if len(parts) == 2 else None
    if wanted == "":
        raise KubectlError(_JSON_PATH_VALUE)
    path = relaxed_path(parts[0])

    def check(obj: Object) -> bool:
        values = path.values(obj)
        if not values:
            return False
        if len(values) > 1:
            raise KubectlError("given jsonpath expression matches more than one value")
        if isinstance(values[0], dict | list):
            raise KubectlError("jsonpath leads to a nested object or list which is not supported")
        return wanted is None or go_value(values[0]).strip() == wanted.strip()

    return check


def _wait_for_creation(session: Session, timeout: int) -> None:
    def created() -> bool:
        infos, errors = _builder(session).do().infos()
        for error in errors:
            if not (isinstance(error, ApiError) and error.reason == "NotFound"):
                raise error
        return bool(infos)

    if not session.clock.run_until(created, timeout):
        raise KubectlError(_TIMED_OUT)


def _deleted(session: Session, info: Info, end: int) -> Object:
    obj = info.obj or {}
    left = end - session.clock.now
    if not wait_until_gone(session, info, obj["metadata"].get("uid", ""), max(0, left)):
        raise _late(session, info)
    return obj


def _checked(session: Session, info: Info, check: Check, end: int) -> Object:
    latest: Object = info.obj or {}

    def holds() -> bool:
        nonlocal latest
        found = session.api.find(info.resource, info.namespace, info.name)
        if found is None:
            raise not_found(info.resource.group_resource, info.name)
        latest = found
        return check(found)

    if not session.clock.run_until(holds, max(0, end - session.clock.now)):
        raise _late(session, info)
    return latest


def _late(session: Session, info: Info) -> KubectlError:
    if session.flag("timeout") == 0:
        return KubectlError(f"condition not met for {info.label}")
    return KubectlError(f"{_TIMED_OUT} on {info.label}")
