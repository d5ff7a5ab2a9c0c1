"""`kubectl describe`: the page of each object; `TYPE PREFIX` describes all whose names begin so.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/describe/describe.go.
"""

from __future__ import annotations

from k8scourse.kubectl.describe import Subject, describe
from k8scourse.kubectl.errors import KubectlError, NotSimulated, Several, raise_all
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery.status import ApiError

_NO_TYPE = (
    'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported '
    "resources."
)


def run(session: Session) -> None:
    """Print the pages of what the command line names. Raises KubectlError, ApiError or Several."""
    if session.flag("kustomize"):
        raise NotSimulated("kustomize (-k)")
    words = session.words
    if not words and not session.flag("filename"):
        raise KubectlError(_NO_TYPE)
    infos, errors = _builder(session, words).do().infos()
    events = session.flag("show-events")
    if (errors or len(infos) > 1) and not session.changed("show-events"):
        events = False
    if errors and len(words) == 2 and _not_found(errors[0]):
        return _by_prefix(session, words, errors[0])
    first = True
    for info in infos:
        try:
            text = _page(session, info, events)
        except (ApiError, KubectlError) as error:
            errors.append(error)
            continue
        session.terminal.out(text if first else f"\n\n{text}")
        first = False
    if not infos and not errors:
        where = "" if session.flag("all-namespaces") else f" in {session.namespace} namespace."
        session.terminal.err(f"No resources found{where}\n")
    return raise_all([each for error in errors for each in (error.errors if isinstance(error, Several) else [error])])


def _builder(session: Session, words: list[str]) -> Builder:
    return Builder(
        session,
        words=words,
        files=session.flag("filename"),
        recursive=session.flag("recursive"),
        label_selector=session.flag("selector"),
        all_namespaces=session.flag("all-namespaces"),
        allow_empty_selector=True,
        flatten=True,
    )


def _not_found(error: Exception) -> bool:
    return isinstance(error, ApiError) and error.reason == "NotFound"


def _page(session: Session, info: Info, events: bool) -> str:
    obj = info.obj or {}
    if info.manifest is not None:
        obj = session.api.get(info.resource, info.namespace, info.name)
    return describe(Subject(session, info.resource, obj, events))


def _by_prefix(session: Session, words: list[str], not_found: Exception) -> None:
    builder = _builder(session, words[:1])
    builder.single_type = True
    infos, errors = builder.do().infos()
    raise_all(errors)
    found = [info for info in infos if info.name.startswith(words[1])]
    if not found:
        raise not_found
    events = session.flag("show-events") if session.changed("show-events") else False
    for info in found:
        session.terminal.out(_page(session, info, events) + "\n")
