"""What the API server says about a field that a kind does not offer to field selectors.

Sources: staging/src/k8s.io/apimachinery/pkg/runtime/conversion.go DefaultMetaV1FieldSelectorConversion,
pkg/apis/{core,batch,certificates,resource}/v1/conversion.go
"""

from __future__ import annotations

from k8scourse.apiserver.kinds import ResourceInfo

_PLAIN = "field label not supported: {field}"
_DEFAULT = '"{field}" is not a known field selector: only "metadata.name", "metadata.namespace"'
_TEXTS = {
    **dict.fromkeys(
        (
            ("", "Event"),
            ("", "Namespace"),
            ("", "Node"),
            ("", "Pod"),
            ("", "ReplicationController"),
            ("", "Secret"),
            ("", "Service"),
            ("certificates.k8s.io", "CertificateSigningRequest"),
            ("events.k8s.io", "Event"),
        ),
        _PLAIN,
    ),
    ("batch", "Job"): 'field label "{field}" not supported for Job',
    ("resource.k8s.io", "ResourceSlice"): (
        "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: {field}"
    ),
}
"""Kinds that convert the names of fields themselves."""


def unknown_field(resource: ResourceInfo, field: str) -> str:
    """The text about *field*, which the kind of *resource* does not offer."""
    return _TEXTS.get((resource.group, resource.kind), _DEFAULT).format(field=field)
