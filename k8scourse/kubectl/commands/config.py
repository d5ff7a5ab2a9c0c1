"""`kubectl config view`, `current-context` and `get-contexts`; the configuration can't be changed.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/config.
"""

from __future__ import annotations

from k8scourse.kubectl import kube_config
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.printers import tabwriter
from k8scourse.kubectl.printers.objects import object_printer
from k8scourse.kubectl.session import Session


def run(session: Session) -> None:
    """Print the configuration or a part of it. Raises KubectlError."""
    user = session.api.identity[0]
    match session.command.rpartition(" ")[2]:
        case "view":
            if session.words:
                raise session.usage(f"unexpected arguments: [{' '.join(session.words)}]")
            printer = object_printer(session, session.flag("output") or "yaml")
            if printer is not None:
                session.terminal.out(printer.print(kube_config.config(user)))
        case "current-context":
            session.terminal.line(kube_config.context_name(user))
        case _:
            _contexts(session, user)


def _contexts(session: Session, user: str) -> None:
    output, name = session.flag("output"), kube_config.context_name(user)
    if output not in ("", "name"):
        raise KubectlError(
            f"--output {output} is not available in kubectl config get-contexts; resetting to default output format"
        )
    wanted = session.words or [name]
    lines = [] if output or session.flag("no-headers") else ["CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n"]
    if name in wanted:
        lines.append(f"{name}\n" if output else f"*\t{name}\t{kube_config.CLUSTER}\t{user}\t\n")
    session.terminal.out(tabwriter.table("".join(lines)))
    raise_all([KubectlError(f"context {each} not found") for each in wanted if each != name])
