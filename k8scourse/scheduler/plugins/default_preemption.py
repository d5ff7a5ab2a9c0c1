"""DefaultPreemption: makes room by removing pods of lower priority (the work is in scheduler/preemption.py)."""

from __future__ import annotations

from k8scourse.scheduler.framework import Plugin


class DefaultPreemption(Plugin):
    """Source: kubernetes: plugins/defaultpreemption."""

    name = "DefaultPreemption"
