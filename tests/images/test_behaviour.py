"""What containers do by their image: declared in a world, known from the catalogue, or neither."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.images.behaviour import behaviour_of, image_of, process_of
from k8scourse.images.catalogue import CATALOGUE
from k8scourse.images.commands import Ending
from k8scourse.images.reference import parse_image
from k8scourse.machinery.status import ApiError

SECOND = 1_000_000_000
IMAGES: dict[str, Any] = {
    "app:1": {"entrypoint": ["/app"], "cmd": ["--serve"]},
    "app": {"exits": {"code": 2, "after": "3s"}},
    "*": {"pull": "fails"},
}


def test_a_tag_is_found_before_its_repository_and_before_the_star():
    assert image_of("app:1", IMAGES).entrypoint == ("/app",)
    assert image_of("app:2", IMAGES).ending == Ending(2, 3 * SECOND)
    assert not image_of("nginx", IMAGES).pulls


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_the_catalogue_knows_images_under_every_spelling(name: str):
    whole = str(parse_image(name))
    assert image_of(whole, {}) is image_of(name, {}) is CATALOGUE[name]


@pytest.mark.parametrize(
    ("fields", "argv"),
    [
        ({}, ["/app", "--serve"]),
        ({"command": ["a"]}, ["a"]),
        ({"args": ["b"]}, ["/app", "b"]),
        ({"command": ["a"], "args": ["b"]}, ["a", "b"]),
        ({"command": [], "args": []}, ["/app", "--serve"]),
    ],
)
def test_command_and_args_replace_entrypoint_and_cmd(fields: dict[str, Any], argv: list[str]):
    """containerd internal/cri/server/container_create_test.go TestContainerSpecCommand"""
    assert process_of({"image": "app:1", **fields}, image_of("app:1", IMAGES)) == argv


@pytest.mark.parametrize(
    ("container", "ending"),
    [
        ({"image": "busybox"}, Ending(0)),
        ({"image": "busybox", "stdin": True}, None),
        ({"image": "busybox", "args": ["sleep", "5"]}, Ending(0, 5 * SECOND)),
        ({"image": "hello-world"}, Ending(0)),
        ({"image": "nginx"}, None),
        ({"image": "unknown"}, None),
        ({"image": "app:2", "command": ["sleep", "9"]}, Ending(2, 3 * SECOND)),
    ],
)
def test_how_containers_end(container: dict[str, Any], ending: Ending | None):
    images = {"app": IMAGES["app"]}
    assert behaviour_of(container, images).ending == ending


def test_what_an_image_may_say():
    with pytest.raises(ValueError, match="has no key 'exitz'"):
        image_of("x", {"x": {"exitz": 1}})
    with pytest.raises(ApiError, match="onbuild"):
        image_of("x", {"x": {"onbuild": []}})
