"""NamespaceLifecycle: nothing is created in a namespace that is absent or on its way out.

Source: kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go.
"""

from k8scourse.apiserver.admission.attributes import CREATE, DELETE, Attributes
from k8scourse.machinery.status import forbidden, not_found

IMMORTAL = ("default", "kube-system", "kube-public")
_NAMESPACES = "namespaces"
_ACCESS_REVIEW = "localsubjectaccessreviews.authorization.k8s.io"


class NamespaceLifecycle:
    """Guards the life of namespaces."""

    name = "NamespaceLifecycle"

    def admit(self, attributes: Attributes) -> None:
        """Raise ApiError 404 for an absent namespace, 403 for a terminating one or the deletion of a system one."""
        if attributes.resource.group_resource == _NAMESPACES:
            if attributes.operation == DELETE and attributes.name in IMMORTAL:
                raise forbidden(_NAMESPACES, attributes.name, "this namespace may not be deleted")
            return
        namespace = attributes.namespace
        if not namespace or attributes.operation == DELETE or attributes.resource.group_resource == _ACCESS_REVIEW:
            return
        found = attributes.reader.get(_NAMESPACES, "", namespace)
        if found is None:
            raise not_found(_NAMESPACES, namespace)
        if attributes.operation == CREATE and (found.get("status") or {}).get("phase") == "Terminating":
            raise self._terminating(attributes)

    def _terminating(self, attributes: Attributes) -> Exception:
        namespace = attributes.namespace
        error = attributes.forbidden(
            f"unable to create new content in namespace {namespace} because it is being terminated"
        )
        cause = {
            "reason": "NamespaceTerminating",
            "message": f"namespace {namespace} is being terminated",
            "field": "metadata.namespace",
        }
        error.status.setdefault("details", {}).setdefault("causes", []).append(cause)
        return error
