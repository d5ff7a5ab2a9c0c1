"""A request on its way through admission, with a few stored objects."""

import pytest

from k8scourse.apiserver.admission import Attributes
from k8scourse.apiserver.kinds import Registry
from k8scourse.simulation.names import Names

REGISTRY = Registry()


class Stored:
    """A few stored objects by (group resource, namespace, name)."""

    def __init__(self, objects=()):
        self.objects = {
            (resource, obj["metadata"].get("namespace", ""), obj["metadata"]["name"]): obj for resource, obj in objects
        }

    def get(self, group_resource, namespace, name):
        return self.objects.get((group_resource, namespace, name))

    def list(self, group_resource, namespace=""):
        return [
            obj
            for (resource, where, _), obj in self.objects.items()
            if resource == group_resource and namespace in ("", where)
        ]


@pytest.fixture
def make_request():
    """Build the attributes of a request about *obj*; *stored* are pairs of group resource and object."""

    def make(obj, *stored, operation="CREATE", resource=("v1", "pods"), old=None, subresource=""):
        info = REGISTRY.resource(*resource)
        metadata = (obj or old)["metadata"]
        return Attributes(
            operation=operation,
            resource=info,
            subresource=subresource,
            namespace=metadata.get("namespace", ""),
            name=metadata.get("name", ""),
            object=obj,
            old_object=old,
            user="tester",
            groups=("system:authenticated",),
            options={},
            reader=Stored(stored),
            names=Names(0),
        )

    return make
