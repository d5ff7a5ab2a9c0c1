"""Finds keys that stand twice in one map of a YAML text, which readers that keep the last one hide."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from k8scourse.scenario.faults import Violation
from k8scourse.scenario.model import Path

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def repeated_keys(text: str) -> Iterator[Violation]:
    """One violation, with its line, for each key that its map has already; *text* is valid YAML."""
    root = yaml.compose(text, Loader=_LOADER)
    waiting: list[tuple[Path, yaml.Node | None]] = [((), root)]
    seen: set[int] = set()
    while waiting:
        path, node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += [((*path, index), item) for index, item in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            first: dict[str, int] = {}
            for key, value in node.value:
                name, line = str(key.value), key.start_mark.line + 1
                if name in first:
                    problem = f"stands twice in the same map, first on line {first[name]}; expected once"
                    yield Violation((*path, name), True, problem, line)
                first.setdefault(name, line)
                waiting.append(((*path, name), value))
