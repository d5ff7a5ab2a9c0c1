"""Nodes.

Cases follow kubernetes pkg/apis/core/validation/validation_test.go TestValidateNode, TestValidateNodeUpdate.
"""

from k8scourse.apiserver.validation.node import validate_node, validate_node_change, validate_node_update


def node(spec=None, status=None, **metadata):
    return {
        "metadata": {"name": "n1", "uid": "1", "resourceVersion": "1", **metadata},
        "spec": spec or {},
        "status": status or {},
    }


def test_taints_are_unique_by_key_and_effect_and_reported_under_metadata(texts):
    taints = [{"key": "a", "value": "1", "effect": "NoSchedule"}, {"key": "a", "value": "2", "effect": "NoSchedule"}]

    assert texts(validate_node(node({"taints": taints}))) == [
        'metadata.taints[1]: Duplicate value: {"Key":"a","Value":"2","Effect":"NoSchedule","TimeAdded":null}: '
        "taints must be unique by key and effect pair"
    ]


def test_one_key_may_have_several_effects():
    taints = [{"key": "a", "effect": "NoSchedule"}, {"key": "a", "effect": "NoExecute"}]

    assert validate_node(node({"taints": taints})) == []


def test_a_taint_needs_key_and_effect(texts):
    found = texts(validate_node(node({"taints": [{"value": "some value!"}, {"key": "a", "effect": "noExecute"}]})))

    assert found[0] == 'metadata.taints[0].key: Invalid value: "": name part must be non-empty'
    assert found[-2:] == [
        "metadata.taints[0].effect: Required value",
        'metadata.taints[1].effect: Unsupported value: "noExecute": supported values: "NoSchedule", '
        '"PreferNoSchedule", "NoExecute"',
    ]
    assert found[-3].startswith('metadata.taints[0].value: Invalid value: "some value!": a valid label must be')


def test_capacity_is_not_negative_and_extended_resources_are_whole(texts):
    found = texts(validate_node(node(status={"capacity": {"cpu": "-1", "a.io/gpu": "500m"}})))

    assert found == [
        'status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0',
        'status.capacity.a.io/gpu: Invalid value: "500m": must be an integer',
    ]


def test_pod_cidrs_and_provider_stay_once_set(texts):
    old = node({"podCIDRs": ["10.0.0.0/24"], "providerID": "x"})

    assert texts(validate_node_change(node(), old)) == [
        'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
        'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
    ]
    assert validate_node_update(old, node()) == []


def test_pod_cidrs_are_blocks_of_different_families(texts):
    assert texts(validate_node(node({"podCIDRs": ["10.0.0.1/24"]}))) == [
        'spec.podCIDRs[0]: Invalid value: "10.0.0.1/24": must not have bits set beyond the prefix length'
    ]
    assert texts(validate_node(node({"podCIDRs": ["10.0.0.0/24", "10.0.1.0/24"]}))) == [
        'spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.0.1.0/24"]: '
        "may specify no more than one CIDR for each IP family"
    ]


def test_addresses_are_unique(texts):
    address = {"type": "InternalIP", "address": "10.0.0.1"}

    assert texts(validate_node_change(node(status={"addresses": [address] * 2}), node())) == [
        'status.addresses[1]: Duplicate value: {"Type":"InternalIP","Address":"10.0.0.1"}'
    ]


def test_declared_features_are_sorted_camel_case(texts):
    found = texts(validate_node(node(status={"declaredFeatures": ["B", "A", "x"]})))

    assert found[0] == 'status.declaredFeatures[1]: Invalid value: "A": list must be sorted alphabetically'
    assert found[1].startswith('status.declaredFeatures[2]: Invalid value: "x": invalid feature name "x": must start')
