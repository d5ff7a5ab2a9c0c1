"""Admission plugins.

Cases follow kubernetes plugin/pkg/admission/{serviceaccount,priority,defaulttolerationseconds,nodetaint} and
staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle, each admission_test.go.
"""

import copy

import pytest

from k8scourse.apiserver.admission import DEFAULT_PLUGINS, NOT_SIMULATED, Attributes
from k8scourse.apiserver.admission.default_toleration_seconds import DefaultTolerationSeconds
from k8scourse.apiserver.admission.namespace_lifecycle import NamespaceLifecycle
from k8scourse.apiserver.admission.pod_topology_labels import PodTopologyLabels
from k8scourse.apiserver.admission.priority import Priority
from k8scourse.apiserver.admission.service_account import ServiceAccount
from k8scourse.apiserver.admission.taint_nodes_by_condition import TaintNodesByCondition
from k8scourse.apiserver.kinds import Registry
from k8scourse.machinery.status import ApiError
from k8scourse.simulation.names import Names

REGISTRY = Registry()
CLASSES = "priorityclasses.scheduling.k8s.io"
NOT_READY = {
    "key": "node.kubernetes.io/not-ready",
    "operator": "Exists",
    "effect": "NoExecute",
    "tolerationSeconds": 300,
}
UNREACHABLE = {**NOT_READY, "key": "node.kubernetes.io/unreachable"}


class Stored:
    """A few stored objects by (group resource, namespace, name)."""

    def __init__(self, objects=()):
        self.objects = {
            (resource, obj["metadata"].get("namespace", ""), obj["metadata"]["name"]): obj for resource, obj in objects
        }

    def get(self, group_resource, namespace, name):
        return self.objects.get((group_resource, namespace, name))

    def list(self, group_resource, namespace=""):
        return [obj for key, obj in self.objects.items() if key[0] == group_resource]


def account(**fields):
    return "serviceaccounts", {
        "metadata": {"name": "default", "namespace": "n", **fields.pop("metadata", {})},
        **fields,
    }


def priority_class(name, value, **fields):
    return CLASSES, {"metadata": {"name": name}, "value": value, **fields}


def request(obj, *stored, operation="CREATE", resource=("v1", "pods"), old=None, subresource=""):
    info = REGISTRY.resource(*resource)
    return Attributes(
        operation=operation,
        resource=info,
        subresource=subresource,
        namespace="n" if info.namespaced else "",
        name=((obj or old or {}).get("metadata") or {}).get("name", ""),
        object=obj,
        old_object=old,
        user="me",
        groups=(),
        options={},
        reader=Stored(stored),
        names=Names(1),
    )


def pod(**spec):
    return {"metadata": {"name": "p", "namespace": "n"}, "spec": {"containers": [{"name": "c"}], **spec}}


def test_plugins_run_in_the_order_of_the_real_server():
    assert [plugin.name for plugin in DEFAULT_PLUGINS] == [
        "NamespaceLifecycle",
        "LimitRanger",
        "ServiceAccount",
        "TaintNodesByCondition",
        "PodSecurity",
        "Priority",
        "DefaultTolerationSeconds",
        "DefaultStorageClass",
        "StorageObjectInUseProtection",
        "DefaultIngressClass",
        "PodTopologyLabels",
        "ResourceQuota",
    ]
    assert not {plugin.name for plugin in DEFAULT_PLUGINS}.intersection(NOT_SIMULATED)


def test_nothing_is_created_in_an_absent_namespace():
    with pytest.raises(ApiError, match=r'^namespaces "n" not found$'):
        NamespaceLifecycle().admit(request(pod()))


def test_nothing_is_created_in_a_terminating_namespace_but_updates_go_on():
    dying = "namespaces", {"metadata": {"name": "n"}, "status": {"phase": "Terminating"}}
    NamespaceLifecycle().admit(request(pod(), dying, operation="UPDATE", old=pod()))

    with pytest.raises(ApiError) as caught:
        NamespaceLifecycle().admit(request(pod(), dying))

    assert str(caught.value) == (
        'pods "p" is forbidden: unable to create new content in namespace n because it is being terminated'
    )
    assert caught.value.causes == [
        {"reason": "NamespaceTerminating", "message": "namespace n is being terminated", "field": "metadata.namespace"}
    ]


@pytest.mark.parametrize("name", ["default", "kube-system", "kube-public"])
def test_system_namespaces_are_immortal(name):
    attributes = request(None, operation="DELETE", resource=("v1", "namespaces"), old={"metadata": {"name": name}})

    with pytest.raises(ApiError, match=f'namespaces "{name}" is forbidden: this namespace may not be deleted'):
        NamespaceLifecycle().admit(attributes)


def test_a_pod_runs_as_default_and_gets_a_token():
    new = pod(initContainers=[{"name": "i"}])
    ServiceAccount().admit(request(new, account(imagePullSecrets=[{"name": "s"}])))
    spec = new["spec"]
    (volume,) = spec["volumes"]
    name = volume["name"]

    assert (spec["serviceAccountName"], spec["serviceAccount"]) == ("default", "default")
    assert name.startswith("kube-api-access-") and len(name) == len("kube-api-access-") + 5
    assert volume["projected"] == {
        "sources": [
            {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
            {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
            {
                "downwardAPI": {
                    "items": [
                        {"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}
                    ]
                }
            },
        ],
        "defaultMode": 420,
    }
    mount = {"name": name, "readOnly": True, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}
    assert spec["containers"][0]["volumeMounts"] == [mount] == spec["initContainers"][0]["volumeMounts"]
    assert spec["imagePullSecrets"] == [{"name": "s"}]


@pytest.mark.parametrize(("of_pod", "of_account", "mounted"), [(False, True, 0), (None, False, 0), (True, False, 1)])
def test_the_pod_decides_about_its_token_before_its_account(of_pod, of_account, mounted):
    new = pod() if of_pod is None else pod(automountServiceAccountToken=of_pod)
    ServiceAccount().admit(request(new, account(automountServiceAccountToken=of_account)))

    assert len(new["spec"].get("volumes", [])) == mounted


def test_a_container_that_mounts_something_at_the_tokens_path_is_left_alone():
    mounts = [{"name": "own", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}]
    new = pod(containers=[{"name": "c", "volumeMounts": mounts}])
    ServiceAccount().admit(request(new, account()))

    assert new["spec"]["containers"][0]["volumeMounts"] == mounts
    assert "volumes" not in new["spec"]


def test_an_absent_account_is_refused():
    with pytest.raises(ApiError) as caught:
        ServiceAccount().admit(request(pod()))

    assert str(caught.value) == (
        'pods "p" is forbidden: error looking up service account n/default: serviceaccount "default" not found'
    )


def test_an_account_may_restrict_secrets():
    restricted = account(metadata={"annotations": {"kubernetes.io/enforce-mountable-secrets": "true"}})
    new = pod(volumes=[{"name": "v", "secret": {"secretName": "s"}}])

    with pytest.raises(
        ApiError, match=r'volume with secret\.secretName="s" is not allowed because service account def'
    ):
        ServiceAccount().admit(request(new, restricted))


def test_a_new_node_is_not_ready():
    node = {"metadata": {"name": "n1"}, "spec": {"taints": [{"key": "a", "effect": "NoSchedule"}]}}
    attributes = request(node, resource=("v1", "nodes"))
    TaintNodesByCondition().admit(attributes)
    TaintNodesByCondition().admit(attributes)

    assert node["spec"]["taints"][1:] == [{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}]


def test_an_updated_node_gets_no_taint():
    node = {"metadata": {"name": "n1"}, "spec": {}}
    TaintNodesByCondition().admit(request(node, operation="UPDATE", resource=("v1", "nodes"), old=node))

    assert node["spec"] == {}


def test_a_pod_without_class_has_priority_zero():
    new = pod()
    Priority().admit(request(new))

    assert (new["spec"]["priority"], new["spec"]["preemptionPolicy"]) == (0, "PreemptLowerPriority")
    assert "priorityClassName" not in new["spec"]


def test_the_default_class_names_itself_in_the_pod():
    new = pod()
    Priority().admit(request(new, priority_class("std", 42, globalDefault=True, preemptionPolicy="Never")))

    assert new["spec"]["priorityClassName"] == "std"
    assert (new["spec"]["priority"], new["spec"]["preemptionPolicy"]) == (42, "Never")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"priorityClassName": "x"}, "no PriorityClass with name x was found"),
        (
            {"priority": 7},
            "the integer value of priority (7) must not be provided in pod spec; priority admission controller "
            "computed 0 from the given PriorityClass name",
        ),
        (
            {"preemptionPolicy": "Never"},
            "the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission "
            "controller computed PreemptLowerPriority from the given PriorityClass name",
        ),
    ],
)
def test_a_priority_that_contradicts_its_class_is_refused(spec, expected):
    with pytest.raises(ApiError) as caught:
        Priority().admit(request(pod(**spec)))

    assert str(caught.value) == f'pods "p" is forbidden: {expected}'


def test_an_update_keeps_the_priority():
    new = pod()
    Priority().admit(request(new, operation="UPDATE", old=pod(priority=5, preemptionPolicy="Never")))

    assert (new["spec"]["priority"], new["spec"]["preemptionPolicy"]) == (5, "Never")


def test_there_is_one_default_class():
    first, second = (priority_class(name, 1, globalDefault=True)[1] for name in ("a", "b"))
    resource = ("scheduling.k8s.io/v1", "priorityclasses")
    Priority().validate(request(first, (CLASSES, first), operation="UPDATE", resource=resource, old=first))

    with pytest.raises(ApiError, match=r"PriorityClass a is already marked as default\. Only one default can exist"):
        Priority().validate(request(second, (CLASSES, first), resource=resource))


@pytest.mark.parametrize(
    ("tolerations", "added"),
    [
        ([], [NOT_READY, UNREACHABLE]),
        ([{"operator": "Exists"}], []),
        ([{"operator": "Exists", "effect": "NoSchedule"}], [NOT_READY, UNREACHABLE]),
        ([{"operator": "Exists", "effect": "NoExecute"}], []),
        ([{"key": "node.kubernetes.io/not-ready", "operator": "Exists"}], [UNREACHABLE]),
    ],
)
def test_pods_stay_five_minutes_on_a_lost_node(tolerations, added):
    new = pod(tolerations=copy.deepcopy(tolerations)) if tolerations else pod()
    DefaultTolerationSeconds().admit(request(new))

    assert new["spec"].get("tolerations", []) == tolerations + added


def test_tolerations_of_the_stored_pod_are_not_touched():
    stored = pod(tolerations=[{"key": "a", "operator": "Exists"}])
    DefaultTolerationSeconds().admit(request({**stored, "spec": {**stored["spec"]}}, operation="UPDATE", old=stored))

    assert stored["spec"]["tolerations"] == [{"key": "a", "operator": "Exists"}]


def test_a_pod_created_on_a_node_takes_over_its_zone():
    labels = {"topology.kubernetes.io/zone": "z", "other": "x"}
    new = pod(nodeName="n1")
    PodTopologyLabels().admit(request(new, ("nodes", {"metadata": {"name": "n1", "labels": labels}})))

    assert new["metadata"]["labels"] == {"topology.kubernetes.io/zone": "z"}
