"""ResourceQuotas and LimitRanges.

Cases follow kubernetes pkg/apis/core/validation/validation_test.go TestValidateResourceQuota, TestValidateLimitRange*.
"""

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import strategy_for
from k8scourse.apiserver.validation.limit_range import validate_limit_range
from k8scourse.apiserver.validation.quota import validate_resource_quota, validate_resource_quota_update

QUOTAS = strategy_for(Registry().resource("v1", "resourcequotas"))
METADATA = {"name": "q", "namespace": "n", "uid": "1", "resourceVersion": "1"}


def quota(**spec):
    obj = {"metadata": dict(METADATA), "spec": spec}
    default_object("", "ResourceQuota", obj)
    return obj


def limit_range(*items):
    obj = {"metadata": dict(METADATA), "spec": {"limits": list(items)}}
    default_object("", "LimitRange", obj)
    return obj


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"hard": {"pods": "1", "requests.cpu": "1", "count/jobs.batch": "2", "requests.nvidia.com/gpu": 1}}, []),
        ({"hard": {"pods": "-1"}}, ['spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0']),
        ({"hard": {"pods": "500m"}}, ['spec.hard[pods]: Invalid value: "500m": must be an integer']),
        (
            {"hard": {"storage": "1"}},
            ['spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota'],
        ),
        (
            {"hard": {"cup": "1"}},
            [
                'spec.hard[cup]: Invalid value: "cup": must be a standard resource type or fully qualified',
                'spec.hard[cup]: Invalid value: "cup": must be a standard resource for quota',
            ],
        ),
        ({"hard": {}, "scopes": ["Best"]}, ['spec.scopes: Invalid value: ["Best"]: unsupported scope']),
        (
            {"hard": {"cpu": "1"}, "scopes": ["BestEffort"]},
            ['spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource'],
        ),
        (
            {"hard": {"pods": "1"}, "scopes": ["Terminating", "NotTerminating"]},
            ['spec.scopes: Invalid value: ["Terminating","NotTerminating"]: conflicting scopes'],
        ),
        (
            {
                "hard": {"pods": "1"},
                "scopeSelector": {"matchExpressions": [{"scopeName": "PriorityClass", "operator": "In"}]},
            },
            [
                "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when "
                "`operator` is 'In' or 'NotIn' for scope selector"
            ],
        ),
    ],
)
def test_faults_of_a_quota(texts, spec, expected):
    assert texts(validate_resource_quota(quota(**spec))) == expected


def test_the_scopes_of_a_quota_stay(texts):
    new, old = quota(hard={"pods": "2"}, scopes=["BestEffort"]), quota(hard={"pods": "1"})

    assert texts(validate_resource_quota_update(new, old)) == [
        'spec.scopes: Invalid value: ["BestEffort"]: field is immutable'
    ]
    assert validate_resource_quota_update(quota(hard={"pods": "2"}), old) == []


def test_more_requests_than_limits_are_warned_of():
    assert QUOTAS.warnings_on_create(quota(hard={"cpu": "2", "limits.cpu": "1"})) == [
        "ResourceQuota cpu (2) should be less than limits.cpu (1)"
    ]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"type": "Container", "max": {"cpu": "1"}, "min": {"cpu": "100m"}}, []),
        (
            {"type": "Node"},
            ['spec.limits[0].type: Invalid value: "Node": must be a standard limit type or fully qualified'],
        ),
        (
            {"type": "Pod", "default": {"cpu": "1"}},
            ["spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'"],
        ),
        (
            {"type": "Pod", "max": {"cpu": "1"}, "min": {"cpu": "2"}},
            ['spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1'],
        ),
        (
            {"type": "Container", "default": {"cpu": "1"}, "defaultRequest": {"cpu": "2"}},
            [
                'spec.limits[0].defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than '
                "default limit value 1"
            ],
        ),
        (
            {"type": "Container", "max": {"cpu": "1"}, "default": {"cpu": "2"}, "defaultRequest": {"cpu": "1"}},
            ['spec.limits[0].default[cpu]: Invalid value: "1": default value 2 is greater than max value 1'],
        ),
        (
            {"type": "PersistentVolumeClaim"},
            [
                "spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but "
                "neither was provided"
            ],
        ),
        (
            {"type": "Pod", "maxLimitRequestRatio": {"cpu": "3"}, "max": {"cpu": "2"}, "min": {"cpu": "1"}},
            [
                'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = '
                "2.000000"
            ],
        ),
        (
            {"type": "Container", "max": {"storage": "1"}},
            [
                f'spec.limits[0].{field}[storage]: Invalid value: "storage": must be a standard resource for containers'
                for field in ("max", "default", "defaultRequest")
            ],
        ),
    ],
)
def test_faults_of_a_limit_range(texts, item, expected):
    assert texts(validate_limit_range(limit_range(item))) == expected


def test_a_type_is_limited_once(texts):
    items = ({"type": "Pod", "max": {"cpu": "1"}}, {"type": "Pod", "max": {"cpu": "1"}})

    assert texts(validate_limit_range(limit_range(*items))) == ['spec.limits[1].type: Duplicate value: "Pod"']
