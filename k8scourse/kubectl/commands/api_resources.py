"""`kubectl api-resources` and `kubectl api-versions`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/apiresources.
"""

from __future__ import annotations

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.kubectl.errors import KubectlError, NotSimulated
from k8scourse.kubectl.printers import tabwriter
from k8scourse.kubectl.session import Session


def run(session: Session) -> None:
    """Print what the server has. Raises KubectlError."""
    if session.command.endswith("api-versions"):
        return _versions(session)
    if session.words:
        raise session.usage(f"unexpected arguments: [{' '.join(session.words)}]")
    return _resources(session)


def _versions(session: Session) -> None:
    if session.words:
        raise session.usage(f"unexpected arguments: [{' '.join(session.words)}]")
    for version in sorted({resource.group_version for resource in session.mapper.resources}):
        session.terminal.line(version)


def _resources(session: Session) -> None:
    output = session.flag("output")
    if output not in ("", "wide", "name"):
        if output in ("json", "yaml"):
            raise NotSimulated(f"`kubectl api-resources -o {output}`")
        raise KubectlError(
            f'unable to match a printer suitable for the output format "{output}", allowed formats are: '
            "json,name,wide,yaml"
        )
    resources = sorted(filter(lambda each: _wanted(session, each), session.mapper.preferred()), key=_order(session))
    if output == "name":
        session.terminal.out("".join(f"{resource.group_resource}\n" for resource in resources))
        return
    lines = [_line(resource, wide=output == "wide") for resource in resources]
    if not session.flag("no-headers"):
        wide = ["VERBS", "CATEGORIES"] if output == "wide" else []
        lines.insert(0, ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND", *wide])
    session.terminal.out(tabwriter.table("".join("\t".join(line) + "\n" for line in lines)))


def _wanted(session: Session, resource: ResourceInfo) -> bool:
    return (
        bool(resource.verbs)
        and (not session.changed("api-group") or resource.group == session.flag("api-group"))
        and (not session.changed("namespaced") or resource.namespaced == session.flag("namespaced"))
        and set(session.flag("verbs")) <= set(resource.verbs)
        and set(session.flag("categories")) <= set(resource.categories)
    )


def _order(session: Session):
    by = session.flag("sort-by")
    if by not in ("", "name", "kind"):
        raise KubectlError("--sort-by accepts only name or kind")
    first = {"name": lambda r: r.plural, "kind": lambda r: r.kind, "": lambda r: r.group}[by]
    return lambda resource: (first(resource), resource.plural)


def _line(resource: ResourceInfo, *, wide: bool) -> list[str]:
    line = [
        resource.plural,
        ",".join(resource.short_names),
        resource.group_version,
        "true" if resource.namespaced else "false",
        resource.kind,
    ]
    return [*line, ",".join(resource.verbs), ",".join(resource.categories)] if wide else line
