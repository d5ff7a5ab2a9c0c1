"""Every action and expectation of the language: importing the modules that define them registers them."""

from __future__ import annotations

from k8scourse.scenario import (
    answers,
    authorization,
    autoscaling,
    building,
    etcd,
    kubelet,
    lists,
    network,
    objects,
    pods,
    raft,
    scheduler,
    texts,
    writes,
)
from k8scourse.scenario.words import ACTIONS, EXPECTATIONS

MODULES = (
    answers,
    authorization,
    autoscaling,
    building,
    etcd,
    kubelet,
    lists,
    network,
    objects,
    pods,
    raft,
    scheduler,
    texts,
    writes,
)

__all__ = ["ACTIONS", "EXPECTATIONS", "MODULES"]
