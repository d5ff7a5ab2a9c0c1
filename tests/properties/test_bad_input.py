"""Whatever a manifest holds, the answer is a typed one, the same each time, and a refusal leaves nothing behind."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError
from k8scourse.manifests import ManifestRefused
from tests.properties.mutations import almost_right

FUZZ = settings.get_current_profile_name() == "fuzz"
MANY = settings(
    max_examples=25_000 if FUZZ else 500, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=FUZZ
)


@lru_cache(maxsize=1)
def origin() -> Cluster:
    return Cluster(nodes=2)


def answer(cluster: Cluster, verb: str, manifest: dict[str, Any]) -> tuple[str, int]:
    output = cluster.kubectl([verb, "-f", "-"], json.dumps(manifest))
    return str(output), output.exit_code


@MANY
@given(almost_right(), st.sampled_from(["create", "apply", "replace"]))
def test_kubectl_answers_the_same_twice_and_keeps_nothing_that_it_refused(manifest: dict[str, Any], verb: str):
    first, second = origin().fork(), origin().fork()
    text, code = answer(first, verb, manifest)
    assert (text, code) == answer(second, verb, manifest)
    assert text
    if code:
        assert first.revision == origin().revision


@MANY
@given(almost_right())
def test_the_api_server_refuses_with_a_status_or_takes_it_whole(manifest: dict[str, Any]):
    cluster = origin().fork()
    try:
        cluster.create(manifest)
    except ApiError as error:
        assert 400 <= error.code < 600
        assert error.message
        assert cluster.revision == origin().revision
    cluster.run("1m")


@MANY
@given(almost_right(), almost_right())
def test_a_change_of_a_stored_object_is_refused_or_made(first: dict[str, Any], second: dict[str, Any]):
    cluster = origin().fork()
    try:
        cluster.apply(first)
        cluster.apply(second)
    except ApiError as error:
        assert isinstance(error, ManifestRefused)
    cluster.run("10s")


@MANY
@given(almost_right(), almost_right(), st.sampled_from(["strategic", "merge"]))
def test_a_patch_is_refused_or_made(manifest: dict[str, Any], patch: dict[str, Any], kind: str):
    cluster = origin().fork()
    try:
        stored = cluster.create(manifest)
        namespace = stored["metadata"].get("namespace", "default")
        cluster.patch(stored["kind"].lower(), stored["metadata"]["name"], patch, namespace=namespace, type=kind)
    except ApiError as error:
        assert error.message
    cluster.run("10s")
