"""`kubectl explain`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/explain/explain.go.
"""

from __future__ import annotations

from k8scourse.apiserver.kinds import ResourceInfo, split_group_version
from k8scourse.kubectl.errors import KubectlError, NotSimulated
from k8scourse.kubectl.explanation import explain
from k8scourse.kubectl.session import Session

_NO_TYPE = (
    'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported '
    "resources."
)


def run(session: Session) -> None:
    """Print what the schema says about a type or field. Raises KubectlError."""
    if not session.words:
        raise KubectlError(_NO_TYPE)
    if len(session.words) > 1:
        raise KubectlError("We accept only this format: explain RESOURCE")
    if session.flag("output") != "plaintext":
        raise NotSimulated(f"`kubectl explain --output={session.flag('output')}`")
    resource, path = _split(session, session.words[0])
    group, version = resource.group, resource.version
    if session.flag("api-version"):
        group, version = split_group_version(session.flag("api-version"))
    schema = session.schemas.find_kind(f"{group}/{version}" if group else version, resource.kind)
    if schema is None:
        raise KubectlError(f'couldn\'t find resource for "{group}/{version}, Resource={resource.plural}"')
    session.terminal.out(explain(group, resource.kind, version, schema, path, recursive=session.flag("recursive")))


def _split(session: Session, text: str) -> tuple[ResourceInfo, list[str]]:
    """The resource and the field path; `deployments.apps.spec` names the group, too."""
    first, *path = text.removesuffix(".").split(".")
    for count in range(len(path), 0, -1):
        group = ".".join(path[:count])
        for resource in session.mapper.resources:
            if resource.group == group and first.lower() in resource.names:
                return resource, path[count:]
    return session.discovery.lookup(session.api, lambda mapper: mapper.strictly(first)), path
