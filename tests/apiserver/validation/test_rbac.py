"""Roles, ClusterRoles and their bindings.

Cases follow kubernetes pkg/apis/rbac/validation/validation_test.go.
"""

import copy

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import strategy_for

GROUP = "rbac.authorization.k8s.io"
RULE = {"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}
USER = {"kind": "User", "name": "ada"}
ACCOUNT = {"kind": "ServiceAccount", "name": "builder", "namespace": "ci"}


def strategy(kind):
    return strategy_for(Registry().kind(f"{GROUP}/v1", kind))


def metadata(kind, name="x"):
    here = {} if kind.startswith("Cluster") else {"namespace": "default"}
    return {"name": name, "uid": "1", "resourceVersion": "1", **here}


def role(kind="Role", *rules, name="x", **more):
    return {"metadata": metadata(kind, name), "rules": copy.deepcopy(list(rules)), **more}


def binding(kind="RoleBinding", *subjects, ref=None, name="x"):
    ref = {"kind": "ClusterRole", "name": "view"} if ref is None else dict(ref)
    obj = {"metadata": metadata(kind, name), "roleRef": ref, "subjects": copy.deepcopy(list(subjects))}
    default_object(GROUP, kind, obj)
    return obj


def faults(kind, obj):
    return [str(error) for error in strategy(kind).validate(obj)]


@pytest.mark.parametrize("kind", ["Role", "ClusterRole"])
def test_a_rule_about_resources_is_accepted(kind):
    assert faults(kind, role(kind, RULE, name="system:reader")) == []


@pytest.mark.parametrize("kind", ["RoleBinding", "ClusterRoleBinding"])
def test_users_groups_and_accounts_may_be_bound(kind):
    assert faults(kind, binding(kind, USER, {"kind": "Group", "name": "devs"}, ACCOUNT, name="a:b")) == []


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({"verbs": []}, "rules[0].verbs: Required value: verbs must contain at least one value"),
        ({"apiGroups": []}, "rules[0].apiGroups: Required value: resource rules must supply at least one api group"),
        ({"resources": []}, "rules[0].resources: Required value: resource rules must supply at least one resource"),
        (
            {"nonResourceURLs": ["/x"]},
            'rules[0].nonResourceURLs: Invalid value: ["/x"]: '
            "rules cannot apply to both regular resources and non-resource URLs",
        ),
    ],
)
def test_a_rule_names_verbs_and_one_kind_of_target(rule, fault):
    assert faults("ClusterRole", role("ClusterRole", {**RULE, **rule})) == [fault]


def test_only_cluster_roles_are_about_urls():
    rule = {"verbs": ["get"], "nonResourceURLs": ["/healthz"]}
    assert faults("ClusterRole", role("ClusterRole", rule)) == []
    text = "namespaced rules cannot apply to non-resource URLs"
    assert faults("Role", role("Role", rule)) == [f'rules[0].nonResourceURLs: Invalid value: ["/healthz"]: {text}']


def test_an_aggregation_needs_selectors():
    text = "at least one clusterRoleSelector required if aggregationRule is non-nil"
    found = faults("ClusterRole", role("ClusterRole", aggregationRule={"clusterRoleSelectors": []}))
    assert found == [f"aggregationRule.clusterRoleSelectors: Required value: {text}"]
    wrong = {"clusterRoleSelectors": [{"matchExpressions": [{"key": "a", "operator": "In"}]}]}
    [fault] = faults("ClusterRole", role("ClusterRole", aggregationRule=wrong))
    assert fault.startswith("aggregationRule.clusterRoleSelectors[0].matchExpressions[0].values: Required value")


def test_groups_of_roles_users_and_groups_are_filled_in():
    found = binding("RoleBinding", USER, {"kind": "Group", "name": "devs"}, ACCOUNT)
    assert found["roleRef"]["apiGroup"] == GROUP
    assert [subject.get("apiGroup") for subject in found["subjects"]] == [GROUP, GROUP, None]


@pytest.mark.parametrize(
    ("ref", "fault"),
    [
        (
            {"apiGroup": "x.io", "kind": "Role", "name": "r"},
            f'roleRef.apiGroup: Unsupported value: "x.io": supported values: "{GROUP}"',
        ),
        (
            {"kind": "Pod", "name": "r"},
            'roleRef.kind: Unsupported value: "Pod": supported values: "Role", "ClusterRole"',
        ),
        ({"kind": "Role"}, "roleRef.name: Required value"),
        ({"kind": "Role", "name": "a/b"}, "roleRef.name: Invalid value: \"a/b\": may not contain '/'"),
    ],
)
def test_a_binding_grants_a_role(ref, fault):
    assert faults("RoleBinding", binding("RoleBinding", USER, ref=ref)) == [fault]


def test_a_cluster_role_binding_grants_no_role_of_a_namespace():
    found = faults("ClusterRoleBinding", binding("ClusterRoleBinding", USER, ref={"kind": "Role", "name": "r"}))
    assert found == ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"']


@pytest.mark.parametrize(
    ("subject", "fault"),
    [
        ({"kind": "User"}, "subjects[0].name: Required value"),
        (
            {"kind": "Robot", "name": "r"},
            'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
        ),
        (
            {"kind": "User", "name": "u", "apiGroup": "x"},
            f'subjects[0].apiGroup: Unsupported value: "x": supported values: "{GROUP}"',
        ),
        (
            {**ACCOUNT, "apiGroup": GROUP},
            f'subjects[0].apiGroup: Unsupported value: "{GROUP}": supported values: ""',
        ),
        ({"kind": "ServiceAccount", "name": "a"}, "subjects[0].namespace: Required value"),
    ],
)
def test_subjects_are_checked_by_their_kind(subject, fault):
    assert faults("ClusterRoleBinding", binding("ClusterRoleBinding", subject)) == [fault]


def test_an_account_bound_in_a_namespace_may_leave_its_own_out():
    assert faults("RoleBinding", binding("RoleBinding", {"kind": "ServiceAccount", "name": "a"})) == []


@pytest.mark.parametrize("kind", ["RoleBinding", "ClusterRoleBinding"])
def test_what_a_binding_grants_is_immutable(kind):
    old, new = binding(kind, USER), binding(kind, USER, ref={"kind": "ClusterRole", "name": "edit"})
    shown = f'{{"APIGroup":"{GROUP}","Kind":"ClusterRole","Name":"edit"}}'
    found = [str(error) for error in strategy(kind).validate_update(new, old)]
    assert found == [f"roleRef: Invalid value: {shown}: cannot change roleRef"]


@pytest.mark.parametrize("kind", ["RoleBinding", "ClusterRoleBinding"])
def test_who_is_bound_may_change(kind):
    assert strategy(kind).validate_update(binding(kind, USER, ACCOUNT), binding(kind, USER)) == []


@pytest.mark.parametrize("kind", ["Role", "ClusterRole"])
def test_rules_may_change(kind):
    assert strategy(kind).validate_update(role(kind, RULE, RULE), role(kind, RULE)) == []
