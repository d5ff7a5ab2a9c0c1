"""An expectation that exercises have beside those of scenarios: how many pods were ready at every moment.

    - ready_pods: {selector: app=db, at_least: 2}       # also at_most, namespace

It looks at every revision since the answer began, so that a gap that has closed again still counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8scourse.apiserver.storage import key_prefix
from k8scourse.course.answer_world import AnswerWorld
from k8scourse.machinery.labels import Selector, parse_selector
from k8scourse.scenario.context import Context
from k8scourse.scenario.objects import condition_of
from k8scourse.scenario.words import Miss, NoMeaning, expectation


@expectation("ready_pods")
def ready_pods(context: Context, argument: Mapping[str, Any]) -> Miss | None:
    world = context.world
    if not isinstance(world, AnswerWorld):
        raise NoMeaning("ready_pods is for exercises: it asks what was since the answer began")
    least, most = argument.get("at_least", 0), argument.get("at_most")
    for names in _ready(world, argument.get("namespace", "default"), parse_selector(argument["selector"])):
        if len(names) < least or (most is not None and len(names) > most):
            listed = f": {', '.join(sorted(names))}" if names else ""
            return Miss(f"at one moment {len(names)} ready pods{listed}")
    return None


def _ready(world: AnswerWorld, namespace: str, selector: Selector) -> Iterator[set[str]]:
    """The names of the matching pods that were ready, at the answer's begin and after every change since."""
    prefix = f"{key_prefix('pods')}{namespace}/"
    store = world.cluster.store
    ready = {key for key, record in store.at(world.answered_at).range(prefix) if _counts(record.value, selector)}
    yield {_name(key) for key in ready}
    for change in store.changes(world.answered_at):
        if not change.key.startswith(prefix):
            continue
        if change.record is not None and _counts(change.record.value, selector):
            ready = ready | {change.key}
        else:
            ready = ready - {change.key}
        yield {_name(key) for key in ready}


def _name(key: str) -> str:
    return key.rpartition("/")[2]


def _counts(pod: Mapping[str, Any], selector: Selector) -> bool:
    """Whether a pod matches, is ready and is not on its way out."""
    metadata = pod["metadata"]
    ready = condition_of(pod, "Ready") or {}
    return (
        ready.get("status") == "True"
        and "deletionTimestamp" not in metadata
        and selector.matches(metadata.get("labels") or {})
    )
