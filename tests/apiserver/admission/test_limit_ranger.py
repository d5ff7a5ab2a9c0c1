"""Limits of a namespace. Cases follow kubernetes plugin/pkg/admission/limitranger/admission_test.go."""

import copy

import pytest

from k8scourse.apiserver.admission.limit_ranger import ANNOTATION, LimitRanger
from k8scourse.apiserver.defaults import default_object
from k8scourse.machinery.status import ApiError


def limit_range(*items, name="l"):
    obj = {"metadata": {"name": name, "namespace": "n"}, "spec": {"limits": list(items)}}
    default_object("", "LimitRange", obj)
    return "limitranges", obj


def pod(*containers, **spec):
    items = [{"name": f"c{index}", "resources": resources} for index, resources in enumerate(containers)]
    return {"metadata": {"name": "p", "namespace": "n"}, "spec": {"containers": items, **spec}}


def refusal(make_request, obj, *ranges, **more):
    try:
        LimitRanger().validate(make_request(obj, *ranges, **more))
    except ApiError as error:
        assert error.code == 403
        return error.message
    return None


def test_containers_get_what_they_lack_and_an_annotation_says_so(make_request):
    given = limit_range(
        {"type": "Container", "default": {"cpu": "1"}, "defaultRequest": {"cpu": "100m", "memory": "1Gi"}}
    )
    obj = pod({}, {"requests": {"cpu": "5m"}}, initContainers=[{"name": "i"}])
    LimitRanger().admit(make_request(obj, given))

    first, second = obj["spec"]["containers"]
    assert first["resources"] == {"limits": {"cpu": "1"}, "requests": {"cpu": "100m", "memory": "1Gi"}}
    assert second["resources"] == {"limits": {"cpu": "1"}, "requests": {"cpu": "5m", "memory": "1Gi"}}
    assert obj["metadata"]["annotations"][ANNOTATION] == (
        "LimitRanger plugin set: cpu, memory request for container c0; cpu limit for container c0; "
        "memory request for container c1; cpu limit for container c1; "
        "cpu, memory request for init container i; cpu limit for init container i"
    )


def test_stored_pods_get_no_defaults(make_request):
    given = limit_range({"type": "Container", "default": {"cpu": "1"}})
    obj = pod({})
    LimitRanger().admit(make_request(obj, given, operation="UPDATE", old=copy.deepcopy(obj)))

    assert obj == pod({})


def test_the_maximum_is_the_default_limit_and_the_limit_the_default_request():
    (item,) = limit_range({"type": "Container", "max": {"cpu": "2000m"}, "min": {"memory": "1Mi"}})[1]["spec"]["limits"]

    assert item["default"] == {"cpu": "2"}
    assert item["defaultRequest"] == {"cpu": "2", "memory": "1Mi"}


@pytest.mark.parametrize(
    ("item", "resources", "expected"),
    [
        ({"max": {"cpu": "1"}}, {"limits": {"cpu": "1"}}, None),
        ({"max": {"cpu": "1"}}, {"limits": {"cpu": "2"}}, "maximum cpu usage per Container is 1, but limit is 2"),
        ({"max": {"cpu": "1"}}, {}, "maximum cpu usage per Container is 1.  No limit is specified"),
        (
            {"min": {"cpu": "200m"}},
            {"requests": {"cpu": "100m"}},
            "minimum cpu usage per Container is 200m, but request is 100m",
        ),
        ({"min": {"cpu": "200m"}}, {}, "minimum cpu usage per Container is 200m.  No request is specified"),
        (
            {"min": {"cpu": "200m"}, "max": {"memory": "1Mi"}},
            {},
            "[minimum cpu usage per Container is 200m.  No request is specified, maximum memory usage per Container is "
            "1Mi.  No limit is specified]",
        ),
        (
            {"maxLimitRequestRatio": {"cpu": "2"}},
            {"limits": {"cpu": "3"}, "requests": {"cpu": "1"}},
            "cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000",
        ),
        (
            {"maxLimitRequestRatio": {"cpu": "2"}},
            {"limits": {"cpu": "3"}},
            "cpu max limit to request ratio per Container is 2, but no request is specified or request is 0",
        ),
    ],
)
def test_bounds_of_containers(make_request, item, resources, expected):
    message = refusal(make_request, pod(resources), limit_range({"type": "Container", **item}))

    assert message == (expected and f'pods "p" is forbidden: {expected}')


def test_bounds_of_pods_are_about_the_sum(make_request):
    given = limit_range({"type": "Pod", "max": {"cpu": "2"}})
    one = {"limits": {"cpu": "1"}, "requests": {"cpu": "1"}}

    assert refusal(make_request, pod(one, one), given) is None
    assert refusal(make_request, pod(one, one, one), given) == (
        'pods "p" is forbidden: maximum cpu usage per Pod is 2, but limit is 3'
    )


def test_bounds_of_claims_hold_for_updates_too(make_request):
    given = limit_range({"type": "PersistentVolumeClaim", "max": {"storage": "2Gi"}, "min": {"storage": "1Gi"}})
    claims = ("v1", "persistentvolumeclaims")

    def claim(size):
        requests = {"storage": size} if size else {}
        return {"metadata": {"name": "p", "namespace": "n"}, "spec": {"resources": {"requests": requests}}}

    assert refusal(make_request, claim("1Gi"), given, resource=claims) is None
    for size, fault in (
        ("3Gi", "maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi"),
        ("1Mi", "minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi"),
    ):
        changed = {"resource": claims, "operation": "UPDATE", "old": claim("1Gi")}
        assert refusal(make_request, claim(size), given, **changed) == (
            f'persistentvolumeclaims "p" is forbidden: {fault}'
        )


def test_limits_of_other_namespaces_do_not_count(make_request):
    resource, foreign = limit_range({"type": "Container", "max": {"cpu": "1"}})
    foreign["metadata"]["namespace"] = "other"

    assert refusal(make_request, pod({}), (resource, foreign)) is None
