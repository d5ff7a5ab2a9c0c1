"""Quotas of a namespace.

Cases follow kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/admission_test.go and
pkg/quota/v1/evaluator/core/{pods,services}_test.go.
"""

import pytest

from k8scourse.apiserver.admission.resource_quota import ResourceQuota
from k8scourse.machinery.status import ApiError


class Ledger:
    """Takes down what is stored."""

    def __init__(self):
        self.used = {}

    def write(self, group_resource, obj):
        self.used[obj["metadata"]["name"]] = obj["status"]["used"]
        return obj


def quota(hard, used=None, name="q", **spec):
    zero = dict.fromkeys(hard, "0")
    return "resourcequotas", {
        "metadata": {"name": name, "namespace": "n"},
        "spec": {"hard": hard, **spec},
        "status": {"hard": hard, "used": zero if used is None else used},
    }


def pod(resources=None, **spec):
    container = {"name": "c", "resources": resources or {}}
    return {"metadata": {"name": "b", "namespace": "n"}, "spec": {"containers": [container], **spec}}


def judge(make_request, obj, *quotas, **more):
    """Return the refusal (or None) and what was charged."""
    attributes = make_request(obj, *quotas, **more)
    attributes.writer = ledger = Ledger()
    try:
        ResourceQuota().validate(attributes)
    except ApiError as error:
        assert error.code == 403
        return error.message, ledger.used
    return None, ledger.used


def test_a_pod_is_charged(make_request):
    given = quota({"pods": "2", "requests.cpu": "1"}, {"pods": "1", "requests.cpu": "500m"})

    assert judge(make_request, pod({"requests": {"cpu": "500m"}}), given) == (
        None,
        {"q": {"pods": "2", "requests.cpu": "1"}},
    )


def test_a_pod_beyond_the_quota_is_refused_and_not_charged(make_request):
    given = quota({"pods": "1", "limits.cpu": "9"}, {"pods": "1", "limits.cpu": "1"})

    assert judge(make_request, pod({"limits": {"cpu": "1"}}), given) == (
        'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
        {},
    )


def test_one_exhausted_quota_keeps_the_others_from_being_charged(make_request):
    _, charged = judge(make_request, pod(), quota({"pods": "5"}, name="a"), quota({"pods": "0"}, name="b"))

    assert charged == {}


def test_limited_amounts_must_be_stated(make_request):
    given = quota({"limits.memory": "1Gi", "requests.cpu": "1"})
    message, _ = judge(make_request, pod(), given)

    assert message == ('pods "b" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c')
    assert judge(make_request, pod(), quota({"requests.ephemeral-storage": "1"}))[0] is None


def test_a_quota_that_nobody_has_counted_yet_lets_nothing_pass(make_request):
    message, _ = judge(make_request, pod(), quota({"pods": "1"}, {}))

    assert message == 'pods "b" is forbidden: status unknown for quota: q, resources: pods'


@pytest.mark.parametrize(
    ("spec", "obj", "is_counted"),
    [
        ({"scopes": ["BestEffort"]}, pod(), True),
        ({"scopes": ["NotBestEffort"]}, pod(), False),
        ({"scopes": ["Terminating"]}, pod(activeDeadlineSeconds=5), True),
        ({"scopes": ["Terminating"]}, pod(), False),
        ({"scopes": ["NotTerminating", "NotBestEffort"]}, pod({"requests": {"cpu": "1"}}), True),
        (
            {
                "scopeSelector": {
                    "matchExpressions": [{"scopeName": "PriorityClass", "operator": "In", "values": ["a"]}]
                }
            },
            pod(priorityClassName="a"),
            True,
        ),
        (
            {
                "scopeSelector": {
                    "matchExpressions": [{"scopeName": "PriorityClass", "operator": "In", "values": ["a"]}]
                }
            },
            pod(),
            False,
        ),
    ],
)
def test_a_quota_with_scopes_counts_pods_in_all_of_them(make_request, spec, obj, is_counted):
    message, _ = judge(make_request, obj, quota({"pods": "0"}, **spec))

    assert (message is not None) == is_counted


def test_updates_of_pods_are_free(make_request):
    given = quota({"pods": "0"})

    assert judge(make_request, pod(), given, operation="UPDATE", old=pod()) == (None, {})


def test_a_service_is_charged_for_what_it_becomes(make_request):
    def service(kind, **spec):
        ports = [{"port": 80}, {"port": 81}]
        return {"metadata": {"name": "s", "namespace": "n"}, "spec": {"type": kind, "ports": ports, **spec}}

    services = {"resource": ("v1", "services")}
    given = quota({"services.nodeports": "2", "services": "1"}, {"services.nodeports": "0", "services": "1"})

    assert judge(
        make_request, service("NodePort"), given, operation="UPDATE", old=service("ClusterIP"), **services
    ) == (None, {"q": {"services": "1", "services.nodeports": "2"}})
    assert judge(make_request, service("ClusterIP"), given, **services)[0] == (
        'services "s" is forbidden: exceeded quota: q, requested: services=1, used: services=1, limited: services=1'
    )
    free = service("LoadBalancer", allocateLoadBalancerNodePorts=False)
    assert judge(make_request, free, quota({"services.nodeports": "0"}), **services)[0] is None


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        (("v1", "configmaps"), "configmaps"),
        (("v1", "configmaps"), "count/configmaps"),
        (("apps/v1", "deployments"), "count/deployments.apps"),
    ],
)
def test_any_kind_can_be_counted(make_request, resource, name):
    obj = {"metadata": {"name": "x", "namespace": "n"}}
    message, _ = judge(make_request, obj, quota({name: "0"}), resource=resource)

    assert message is not None
    assert message.endswith(f"exceeded quota: q, requested: {name}=1, used: {name}=0, limited: {name}=0")


def test_claims_are_charged_to_their_class_too(make_request):
    name = "gold.storageclass.storage.k8s.io/requests.storage"
    spec = {"storageClassName": "gold", "resources": {"requests": {"storage": "2Gi"}}}
    claim = {"metadata": {"name": "c", "namespace": "n"}, "spec": spec}
    message, _ = judge(make_request, claim, quota({name: "1Gi"}), resource=("v1", "persistentvolumeclaims"))

    assert message is not None
    assert f"requested: {name}=2Gi" in message


def test_a_dry_run_is_judged_and_not_charged(make_request):
    attributes = make_request(pod(), quota({"pods": "1"}))

    assert attributes.writer is None
    ResourceQuota().validate(attributes)
