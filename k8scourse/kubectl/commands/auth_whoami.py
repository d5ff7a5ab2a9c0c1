"""`kubectl auth whoami`: the user that the API server sees.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/auth/whoami.go.
"""

from __future__ import annotations

from k8scourse.kubectl.printers import tabwriter
from k8scourse.kubectl.printers.objects import object_printer
from k8scourse.kubectl.session import Session
from k8scourse.machinery.timestamps import format_time


def run(session: Session) -> None:
    """Print name and groups of the user. Raises KubectlError."""
    user, groups = session.api.identity
    printer = object_printer(session, session.flag("output"))
    if printer is None:
        lines = ["ATTRIBUTE\tVALUE\n", f"Username\t{user}\n"]
        if groups:
            lines.append(f"Groups\t[{' '.join(groups)}]\n")
        return session.terminal.out(tabwriter.table("".join(lines)))
    review = {
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "SelfSubjectReview",
        "metadata": {"creationTimestamp": format_time(session.clock.now)},
        "status": {"userInfo": {"username": user, **({"groups": list(groups)} if groups else {})}},
    }
    return session.terminal.out(printer.print(review))
