"""The class that Ingresses get (kubernetes: plugin/pkg/admission/network/defaultingressclass/admission_test.go)."""

import pytest

from k8scourse.apiserver.admission.default_ingress_class import DefaultIngressClass

INGRESSES = ("networking.k8s.io/v1", "ingresses")


def ingress_class(name, created, *, default="true"):
    annotations = {"ingressclass.kubernetes.io/is-default-class": default}
    metadata = {"name": name, "annotations": annotations, "creationTimestamp": f"2026-01-01T00:00:0{created}Z"}
    return "ingressclasses.networking.k8s.io", {"metadata": metadata}


@pytest.mark.parametrize(
    ("classes", "spec", "annotations", "expected"),
    [
        ([ingress_class("a", 1)], {}, {}, "a"),
        ([ingress_class("a", 1, default="false")], {}, {}, None),
        ([ingress_class("a", 1), ingress_class("c", 2), ingress_class("b", 2)], {}, {}, "b"),
        ([ingress_class("a", 1)], {"ingressClassName": "z"}, {}, "z"),
        ([ingress_class("a", 1)], {}, {"kubernetes.io/ingress.class": "z"}, None),
    ],
)
def test_an_ingress_without_class_gets_the_newest_default(make_request, classes, spec, annotations, expected):
    ingress = {"metadata": {"name": "i", "namespace": "n", "annotations": annotations}, "spec": spec}
    DefaultIngressClass().admit(make_request(ingress, *classes, resource=INGRESSES))

    assert ingress["spec"].get("ingressClassName") == expected
