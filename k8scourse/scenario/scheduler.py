"""White box: what the scheduler's plugins said (scenario.md, section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.scenario.context import Context, about_pod
from k8scourse.scenario.words import Miss, expectation


@expectation("scheduler.score")
def score(context: Context, argument: Mapping[str, Any]) -> Miss | None:
    found = context.world.score(
        argument["pod"], argument.get("namespace", "default"), argument["node"], argument["plugin"]
    )
    if found is None:
        return Miss(f"{argument['plugin']} gave {argument['node']} no score", about_pod(argument))
    return None if found == argument["equals"] else Miss(f"{found}", about_pod(argument))
