"""Ingress rules (https://kubernetes.io/docs/concepts/services-networking/ingress/#examples)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.networking.ingress_routing import certificate_for, class_of, find_backend, host_matches, path_matches

Object = dict[str, Any]


def ingress(*rules: tuple[str, str, str, str], default: str = "", name: str = "i", age: int = 1, **spec: Any) -> Object:
    """Rules are (host, path, pathType, Service)."""
    spec["rules"] = [
        {
            **({"host": host} if host else {}),
            "http": {"paths": [{"path": path, "pathType": kind, "backend": to(target)}]},
        }
        for host, path, kind, target in rules
    ]
    if default:
        spec["defaultBackend"] = to(default)
    metadata = {"name": name, "namespace": "default", "creationTimestamp": f"2026-01-01T00:00:0{age}Z"}
    return {"metadata": metadata, "spec": spec}


def to(service: str) -> Object:
    return {"service": {"name": service, "port": {"number": 80}}}


def sent(ingresses: list[Object], host: str, path: str) -> str | None:
    found = find_backend(ingresses, host, path)
    return found.service if found else None


@pytest.mark.parametrize(
    ("kind", "path", "requested", "matches"),
    [
        ("Prefix", "/", "/any/path", True),
        ("Exact", "/foo", "/foo", True),
        ("Exact", "/foo", "/bar", False),
        ("Exact", "/foo", "/foo/", False),
        ("Exact", "/foo/", "/foo", False),
        ("Exact", "/foo", "/FOO", False),
        ("Prefix", "/foo", "/foo", True),
        ("Prefix", "/foo", "/foo/", True),
        ("Prefix", "/foo/", "/foo", True),
        ("Prefix", "/foo/", "/foo/", True),
        ("Prefix", "/aaa/bb", "/aaa/bbb", False),
        ("Prefix", "/aaa/bbb", "/aaa/bbb", True),
        ("Prefix", "/aaa/bbb/", "/aaa/bbb", True),
        ("Prefix", "/aaa/bbb", "/aaa/bbb/", True),
        ("Prefix", "/aaa/bbb", "/aaa/bbb/ccc", True),
        ("Prefix", "/aaa/bbb", "/aaa/bbbxyz", False),
        ("Prefix", "/foo", "/FOO", False),
        ("ImplementationSpecific", "/foo", "/foo/bar", True),
    ],
)
def test_paths_match_as_the_documentation_lists(kind: str, path: str, requested: str, matches: bool) -> None:
    assert path_matches(path, kind, requested) == matches


@pytest.mark.parametrize(
    ("pattern", "host", "matches"),
    [
        ("*.foo.com", "bar.foo.com", True),
        ("*.foo.com", "baz.bar.foo.com", False),
        ("*.foo.com", "foo.com", False),
        ("foo.com", "FOO.com", True),
        ("foo.com", "bar.foo.com", False),
    ],
)
def test_a_wildcard_stands_for_one_label(pattern: str, host: str, matches: bool) -> None:
    assert host_matches(pattern, host) == matches


def test_the_longest_path_wins_and_then_exact() -> None:
    rules = [
        ("", "/", "Prefix", "root"),
        ("", "/aaa", "Prefix", "a"),
        ("", "/aaa/bbb", "Prefix", "ab"),
        ("", "/foo", "Prefix", "foo-prefix"),
        ("", "/foo", "Exact", "foo-exact"),
    ]
    found = {path: sent([ingress(*rules)], "h", path) for path in ("/aaa/bbb", "/aaa/ccc", "/ccc", "/foo", "/foo/bar")}
    assert found == {"/aaa/bbb": "ab", "/aaa/ccc": "a", "/ccc": "root", "/foo": "foo-exact", "/foo/bar": "foo-prefix"}


def test_the_query_is_no_part_of_the_path() -> None:
    assert sent([ingress(("", "/foo", "Exact", "a"))], "h", "/foo?x=/bar") == "a"


def test_an_exact_host_comes_before_a_wildcard_and_that_before_none() -> None:
    found = [
        ingress(("", "/", "Prefix", "any"), name="a"),
        ingress(("*.foo.com", "/", "Prefix", "wild"), name="b"),
        ingress(("bar.foo.com", "/", "Prefix", "exact"), name="c"),
    ]
    assert [sent(found, host, "/") for host in ("bar.foo.com", "qux.foo.com", "foo.com")] == ["exact", "wild", "any"]


def test_a_default_backend_takes_what_no_rule_has() -> None:
    found = [ingress(("foo.com", "/a", "Prefix", "a"), default="rest")]
    assert [sent(found, "foo.com", "/b"), sent(found, "other.com", "/a")] == ["rest", "rest"]
    assert sent([ingress(("foo.com", "/a", "Prefix", "a"))], "foo.com", "/b") is None


def test_a_host_without_paths_goes_to_the_default_backend() -> None:
    found = ingress(("", "/", "Prefix", "any"), default="rest")
    found["spec"]["rules"].append({"host": "foo.com"})
    assert (sent([found], "foo.com", "/"), sent([found], "x.com", "/")) == ("rest", "any")


def test_the_older_ingress_wins_a_tie() -> None:
    newer = ingress(("foo.com", "/", "Prefix", "newer"), name="a", age=2)
    older = ingress(("foo.com", "/", "Prefix", "older"), name="b", age=1)
    assert sent([newer, older], "foo.com", "/") == "older"


def test_the_certificate_follows_the_host() -> None:
    tls = [{"hosts": ["*.foo.com"], "secretName": "wild"}, {"hosts": ["bar.foo.com"], "secretName": "bar"}]
    found = [ingress(tls=tls)]
    assert certificate_for(found, "bar.foo.com") == ("default", "bar")
    assert certificate_for(found, "qux.foo.com") == ("default", "wild")
    assert certificate_for(found, "foo.com") is None


def test_the_class_may_stand_in_the_old_annotation() -> None:
    old = ingress()
    old["metadata"]["annotations"] = {"kubernetes.io/ingress.class": "nginx"}
    assert (class_of(old), class_of(ingress(ingressClassName="x")), class_of(ingress())) == ("nginx", "x", "")


paths = st.lists(st.sampled_from(["a", "b"]), max_size=3).map(lambda parts: "/" + "/".join(parts))
rules = st.tuples(
    st.sampled_from(["", "a.io", "*.io"]), paths, st.sampled_from(["Exact", "Prefix"]), st.sampled_from(["x", "y", "z"])
)


@given(
    st.lists(rules, max_size=6, unique_by=lambda rule: rule[:3]),
    st.sampled_from(["a.io", "b.io", "c"]),
    paths,
    st.randoms(),
)
def test_the_order_of_rules_and_the_names_of_services_do_not_matter(
    listed: list[Any], host: str, path: str, dice: Any
) -> None:
    before = sent([ingress(*listed)], host, path)
    renamed = [(rule[0], rule[1], rule[2], f"new-{rule[3]}") for rule in listed]
    dice.shuffle(renamed)
    after = sent([ingress(*renamed)], host, path)
    assert after == (f"new-{before}" if before else None)
