"""On which ports containers listen."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.images.listening import listening_ports, speaks_http

IMAGES: dict[str, Any] = {"api": {"listens": [8080, 9090]}, "quiet": {"listens": []}, "plain": {}}
DECLARED = {"ports": [{"containerPort": 5000}]}


@pytest.mark.parametrize(
    ("container", "ports"),
    [
        ({"image": "api:1", **DECLARED}, {8080, 9090}),
        ({"image": "quiet", **DECLARED}, set()),
        ({"image": "plain", **DECLARED}, {5000}),
        ({"image": "unknown", **DECLARED}, {5000}),
        ({"image": "unknown"}, set()),
        ({"image": "unknown", "readinessProbe": {"httpGet": {"port": 81}}}, {81}),
        ({"image": "unknown", "readinessProbe": {"httpGet": {"port": 81}}, **DECLARED}, {5000}),
        ({"image": "nginx:1.27", **DECLARED}, {80}),
        ({"image": "docker.io/library/nginx"}, {80}),
        ({"image": "nginx", "command": ["sleep", "10"], **DECLARED}, set()),
        ({"image": "nginx", "command": ["nginx", "-g", "daemon off;"]}, {80}),
        ({"image": "busybox", **DECLARED}, set()),
        ({"image": "busybox", "command": ["httpd", "-f"], **DECLARED}, {5000}),
        ({"image": "redis:7"}, {6379}),
    ],
)
def test_ports(container: dict[str, Any], ports: set[int]):
    assert listening_ports(container, IMAGES) == ports


def test_databases_do_not_speak_http():
    assert not speaks_http({"image": "redis:7"}, IMAGES)
    assert speaks_http({"image": "unknown"}, IMAGES)
