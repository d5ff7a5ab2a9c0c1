"""Writes docs/fidelity.md from the code: what is simulated, what is only stored, what differs from Kubernetes.

python tools/generate_fidelity.py            write it
python tools/generate_fidelity.py --check    say whether it is up to date; exit code 1 when it is not
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from k8scourse.apiserver import not_simulated as apiserver
from k8scourse.apiserver.admission import DEFAULT_PLUGINS
from k8scourse.apiserver.admission import NOT_SIMULATED as ADMISSION
from k8scourse.apiserver.kinds import Registry, ResourceInfo
from k8scourse.apiserver.strategies import stored_only
from k8scourse.components import PROGRAMS
from k8scourse.controllers import not_simulated as controllers
from k8scourse.kubectl import command_table
from k8scourse.kubelet import not_simulated as kubelet
from k8scourse.networking import not_simulated as networking
from k8scourse.scheduler import not_simulated as scheduler
from k8scourse.scheduler.profile import MULTI_POINT
from k8scourse.world import KUBELET_VERSION

PAGE = Path(__file__).resolve().parent.parent / "docs" / "fidelity.md"

HEAD = f"""\
# What is simulated, and what differs

k8scourse follows Kubernetes {KUBELET_VERSION.removeprefix("v")}. This page is made from the code by
`tools/generate_fidelity.py`; a test keeps the two in step. What is not simulated answers with a clear error or stands
below; nothing is passed over in silence.

A kind that is *simulated* is defaulted, validated and acted upon as by a real cluster. A kind that is *only stored* is
checked against its schema, kept, listed, watched and patched, and nothing acts on it: `cluster.explain` says so, and a
scenario that asks about one fails as "not simulated yet".
"""


def page() -> str:
    """The text of docs/fidelity.md."""
    registry = Registry()
    stored = stored_only(registry)
    simulated = [one for one in registry if one not in stored]
    absent = [
        word
        for word in command_table.REAL_COMMANDS
        if word not in (*_first_words(command_table.COMMANDS), "help", "options")
    ]
    creatable = {name.partition(" ")[2] for name in command_table.COMMANDS if name.startswith("create ")}
    parts = [
        HEAD,
        f"## Simulated kinds ({len({(one.group, one.kind) for one in simulated})})\n\n{_kinds(simulated)}",
        f"## Kinds that are only stored ({len({(one.group, one.kind) for one in stored})})\n\n{_kinds(stored)}",
        _section("API server", "Not simulated", apiserver.NOT_SIMULATED),
        _section("", "Different", apiserver.DIFFERENCES),
        f"## Admission\n\nSimulated: {_listed(plugin.name for plugin in DEFAULT_PLUGINS)}.",
        _section("", "Not simulated", ADMISSION),
        f"## Scheduler\n\nSimulated plugins: {_listed(_scheduler_plugins())}.",
        _section("", "Not simulated", scheduler.NOT_SIMULATED),
        _section("", "Different", scheduler.DIFFERENCES),
        f"## Controllers\n\nSimulated: {_listed(one.name for one in PROGRAMS['kube-controller-manager'])}.",
        _section("", "Not simulated", controllers.NOT_SIMULATED),
        _section("Network", "Not simulated", networking.NOT_SIMULATED),
        _section("", "Different", networking.DIFFERENCES),
        _section("Kubelet", "Not simulated", kubelet.NOT_SIMULATED),
        _section("", "Different", kubelet.DIFFERENCES),
        f"## kubectl\n\nCommands: {_listed(_first_words(command_table.COMMANDS))}.\n\n"
        f"`kubectl create` makes {_listed(sorted(creatable))} from flags, and everything from files.\n\n"
        f"Not simulated: {_listed(absent)}.",
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _first_words(commands: Iterable[str]) -> list[str]:
    return sorted({name.partition(" ")[0] for name in commands})


def _scheduler_plugins() -> Iterator[str]:
    return (name for name, _ in MULTI_POINT if name not in scheduler.NOT_SIMULATED)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _kinds(resources: Iterable[ResourceInfo]) -> str:
    groups: dict[str, list[str]] = {}
    for one in resources:
        names = groups.setdefault(one.group or "core", [])
        if one.kind not in names:
            names.append(one.kind)
    rows = [f"| {group} | {', '.join(sorted(kinds))} |" for group, kinds in groups.items()]
    return "\n".join(["| group | kinds |", "|---|---|", *rows])


def _section(title: str, name: str, table: Mapping[str, str]) -> str:
    rows = [f"- **{what}**: {text}" for what, text in table.items()]
    return "\n\n".join([*([f"## {title}"] if title else []), f"### {name}", "\n".join(rows)])


def main() -> int:
    """Write the page, or compare it; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    text = page()
    if not parser.parse_args().check:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE.name} is out of date: run python tools/generate_fidelity.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
