"""DynamicResources: claims are not simulated; what remains is what it says about every pod that does not fit."""

from __future__ import annotations

from k8scourse.scheduler import messages
from k8scourse.scheduler.framework import Plugin


class DynamicResources(Plugin):
    """Source: kubernetes: plugins/dynamicresources (PostFilter)."""

    name = "DynamicResources"

    def post_filter_reason(self) -> str:
        """What it adds for a pod without claims."""
        return messages.TEXTS[messages.VERSION].no_claims
