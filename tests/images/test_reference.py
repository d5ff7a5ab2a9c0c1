"""Image references. Cases follow kubernetes pkg/util/parsers/parsers_test.go and distribution/reference."""

import pytest

from k8scourse.images.reference import ImageReferenceError, default_pull_policy, parse_image

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "repository", "tag", "digest"),
    [
        ("root", "docker.io/library/root", "latest", ""),
        ("root:tag", "docker.io/library/root", "tag", ""),
        (f"root@{DIGEST}", "docker.io/library/root", "", DIGEST),
        (f"root:1@{DIGEST}", "docker.io/library/root", "1", DIGEST),
        ("user/repo", "docker.io/user/repo", "latest", ""),
        ("url:5000/repo", "url:5000/repo", "latest", ""),
        ("url:5000/repo:tag", "url:5000/repo", "tag", ""),
        ("localhost/repo", "localhost/repo", "latest", ""),
        ("index.docker.io/nginx", "docker.io/library/nginx", "latest", ""),
        ("ghcr.io/a/b/c:v1.2", "ghcr.io/a/b/c", "v1.2", ""),
    ],
)
def test_a_reference_is_normalised(text, repository, tag, digest):
    found = parse_image(text)

    assert (found.repository, found.tag, found.digest) == (repository, tag, digest)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ROOT", "invalid reference format: repository name (library/ROOT) must be lowercase"),
        ("http://root", "invalid reference format"),
        ("", "invalid reference format"),
        ("root:tag:tag", "invalid reference format"),
        ("a" * 64, f"invalid repository name ({'a' * 64}), cannot specify 64-byte hexadecimal strings"),
    ],
)
def test_a_text_that_is_no_reference_is_refused_in_the_runtimes_words(text, expected):
    with pytest.raises(ImageReferenceError) as caught:
        parse_image(text)

    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        ("nginx", "Always"),
        ("nginx:latest", "Always"),
        ("host:5000/x", "Always"),
        ("nginx:1.27", "IfNotPresent"),
        (f"nginx@{DIGEST}", "IfNotPresent"),
        ("NGINX", "IfNotPresent"),
        ("", "IfNotPresent"),
    ],
)
def test_only_latest_is_always_pulled(image, policy):
    assert default_pull_policy(image) == policy


def test_a_reference_prints_in_full():
    assert str(parse_image("nginx")) == "docker.io/library/nginx:latest"
