"""Expectations about connections, routes and names (scenario.md, section 6, "Network")."""

from __future__ import annotations

from k8scourse.scenario.words import unsimulated_expectations

unsimulated_expectations("NetworkPolicy", "connect", "connect_matrix")
unsimulated_expectations("Ingress routing", "route")
unsimulated_expectations("cluster DNS", "dns")
