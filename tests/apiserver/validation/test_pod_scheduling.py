"""Fields of a pod that the scheduler reads.

Cases follow kubernetes pkg/apis/core/validation/validation_test.go TestValidatePod and
TestValidateTopologySpreadConstraints.
"""

import pytest

from k8scourse.apiserver.validation.pod import validate_pod

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
LABEL_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)


@pytest.mark.parametrize(
    ("toleration", "expected"),
    [
        ({"operator": "Exists"}, None),
        ({"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": -1}, None),
        (
            {"operator": "Equal", "value": "bar"},
            'operator: Invalid value: "Equal": operator must be Exists when `key` is empty, '
            'which means "match all values and all keys"',
        ),
        (
            {"key": "a", "operator": "Exists", "value": "b"},
            "operator: Invalid value: \"b\": value must be empty when `operator` is 'Exists'",
        ),
        (
            {"key": "a", "operator": "Exists", "tolerationSeconds": 20},
            "effect: Invalid value: \"\": effect must be 'NoExecute' when `tolerationSeconds` is set",
        ),
        ({"key": "a", "value": "not valid!"}, f'operator: Invalid value: "not valid!": {LABEL_RULE}'),
        (
            {"key": "a", "operator": "Gt", "value": "1"},
            'operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"',
        ),
        ({"key": "a", "operator": "Is"}, 'operator: Unsupported value: "Is": supported values: "Equal", "Exists"'),
        (
            {"key": "a", "operator": "Exists", "effect": "noschedule"},
            'effect: Unsupported value: "noschedule": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
        ),
    ],
)
def test_a_toleration_is_judged_in_the_words_of_kubernetes(make_pod, texts, toleration, expected):
    found = texts(validate_pod(make_pod(tolerations=[toleration])))

    assert found == ([f"spec.tolerations[0].{expected}"] if expected else [])


def test_duplicate_tolerations_are_accepted(make_pod):
    assert validate_pod(make_pod(tolerations=[{"key": "a", "operator": "Exists"}] * 2)) == []


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        ({"key": "a", "operator": "Gt", "values": ["1"]}, []),
        ({"key": "a", "operator": "DoesNotExist"}, []),
        (
            {"key": "a", "operator": "In"},
            ["values: Required value: must be specified when `operator` is 'In' or 'NotIn'"],
        ),
        (
            {"key": "a", "operator": "Exists", "values": ["x"]},
            ["values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"],
        ),
        (
            {"key": "a", "operator": "Lt", "values": ["1", "2"]},
            ["values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'"],
        ),
        ({"key": "a", "operator": "in"}, ['operator: Invalid value: "in": not a valid selector operator']),
        (
            {"key": "a", "operator": "In", "values": ["no no"]},
            [f'values[0]: Invalid value: "no no": {LABEL_RULE}'],
        ),
    ],
)
def test_a_required_node_affinity_checks_operator_and_values(make_pod, texts, requirement, expected):
    affinity = {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": [{"matchExpressions": [requirement]}]}}}
    path = f"spec.affinity.nodeAffinity.{REQUIRED}.nodeSelectorTerms[0].matchExpressions[0]"

    assert texts(validate_pod(make_pod(affinity=affinity))) == [f"{path}.{text}" for text in expected]


def test_node_affinity_needs_a_term(make_pod, texts):
    affinity = {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": []}}}

    assert texts(validate_pod(make_pod(affinity=affinity))) == [
        f"spec.affinity.nodeAffinity.{REQUIRED}.nodeSelectorTerms: Required value: "
        "must have at least one node selector term"
    ]


def test_match_fields_know_the_name_of_the_node_only(make_pod, texts):
    fields = [{"key": "metadata.name", "operator": "In", "values": ["n1", "n2"]}, {"key": "x", "operator": "Exists"}]
    affinity = {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": [{"matchFields": fields}]}}}
    path = f"spec.affinity.nodeAffinity.{REQUIRED}.nodeSelectorTerms[0].matchFields"

    assert texts(validate_pod(make_pod(affinity=affinity))) == [
        f"{path}[0].values: Required value: must be only one value when `operator` is 'In' or 'NotIn' "
        "for node field selector",
        f'{path}[1].operator: Invalid value: "Exists": not a valid selector operator',
        f'{path}[1].key: Invalid value: "x": not a valid field selector key',
    ]


@pytest.mark.parametrize("weight", [0, 101])
def test_weights_lie_between_1_and_100(make_pod, texts, weight):
    term = {"weight": weight, "podAffinityTerm": {"topologyKey": "zone", "labelSelector": {}}}
    found = texts(validate_pod(make_pod(affinity={"podAntiAffinity": {PREFERRED: [term]}})))

    assert found == [
        f"spec.affinity.podAntiAffinity.{PREFERRED}[0].weight: Invalid value: {weight}: must be in the range 1-100"
    ]


def test_pod_affinity_needs_a_topology_key(make_pod, texts):
    found = texts(validate_pod(make_pod(affinity={"podAffinity": {REQUIRED: [{"labelSelector": {}}]}})))

    assert found[0] == f"spec.affinity.podAffinity.{REQUIRED}[0].topologyKey: Required value: can not be empty"


def test_match_label_keys_need_a_selector_and_exclude_mismatch(make_pod, texts):
    alone = {"topologyKey": "zone", "matchLabelKeys": ["a"]}
    both = {"topologyKey": "zone", "labelSelector": {}, "matchLabelKeys": ["a"], "mismatchLabelKeys": ["a"]}
    found = texts(validate_pod(make_pod(affinity={"podAffinity": {REQUIRED: [alone, both]}})))
    path = f"spec.affinity.podAffinity.{REQUIRED}"

    assert found == [
        f"{path}[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
        f'{path}[1].matchLabelKeys[0]: Invalid value: "a": exists in both matchLabelKeys and mismatchLabelKeys',
    ]


def spread(**changes):
    return {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {}, **changes}


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        (spread(maxSkew=0), "maxSkew: Invalid value: 0: must be greater than zero"),
        (spread(topologyKey=""), "topologyKey: Required value: can not be empty"),
        (
            spread(whenUnsatisfiable="Maybe"),
            'whenUnsatisfiable: Unsupported value: "Maybe": supported values: "DoNotSchedule", "ScheduleAnyway"',
        ),
        (
            spread(whenUnsatisfiable="ScheduleAnyway", minDomains=2),
            "minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, "
            "not ScheduleAnyway",
        ),
        (
            spread(nodeTaintsPolicy="honor"),
            'nodeTaintsPolicy: Unsupported value: "honor": supported values: "Honor", "Ignore"',
        ),
    ],
)
def test_a_spread_constraint_is_judged_field_by_field(make_pod, texts, constraint, expected):
    found = texts(validate_pod(make_pod(topologySpreadConstraints=[constraint])))

    assert found == [f"spec.topologySpreadConstraints[0].{expected}"]


def test_two_spread_constraints_on_one_key_and_action_repeat_each_other(make_pod, texts):
    assert texts(validate_pod(make_pod(topologySpreadConstraints=[spread(), spread(maxSkew=2)]))) == [
        'spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"'
    ]


def test_a_gated_pod_has_no_node(make_pod, texts):
    pod = make_pod(nodeName="n1", schedulingGates=[{"name": "a/b"}, {"name": "a/b"}])

    assert texts(validate_pod(pod)) == [
        'spec.schedulingGates[1]: Duplicate value: "a/b"',
        "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared",
    ]
