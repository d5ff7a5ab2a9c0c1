"""Metrics and white-box autoscaling (scenario.md, sections 4 and 7)."""

from __future__ import annotations

from k8scourse.scenario.words import unsimulated_actions, unsimulated_expectations

unsimulated_actions("metrics", "metric")
unsimulated_actions("autoscaling", "autoscaling.pods", "autoscaling.jobs", "autoscaling.sync")
unsimulated_expectations("autoscaling", "autoscaling.jobs_created", "autoscaling.each_job")
