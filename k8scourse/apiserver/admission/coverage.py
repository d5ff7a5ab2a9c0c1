"""Which of the plugins that a default API server runs are not simulated, and what is missing without them.

Source: kubernetes pkg/kubeapiserver/options/plugins.go (AllOrderedPlugins, DefaultOffAdmissionPlugins).
"""

from collections.abc import Mapping
from types import MappingProxyType

NOT_SIMULATED: Mapping[str, str] = MappingProxyType(
    {
        "PodGroupProtection": "pod groups get no finalizer (its gate is off by default)",
        "PersistentVolumeClaimResize": "claims may grow whatever their class says",
        "RuntimeClass": "runtimeClassName sets neither overhead nor node constraints",
        "CertificateApproval": "approving a certificate needs no extra permission",
        "CertificateSigning": "signing a certificate needs no extra permission",
        "ClusterTrustBundleAttest": "trust bundles need no extra permission",
        "CertificateSubjectRestriction": "certificates for system:masters are not refused",
        "PodGroupWorkloadExists": "pod groups are not checked (its gate is off by default)",
        "NodeDeclaredFeatureValidator": "pod updates are not checked against the features of their node",
        "JobValidation": "jobs are not checked (its gate is off by default)",
        "PodResizeValidator": "resizes are not checked against the size of the node",
        "MutatingAdmissionPolicy": "policies change nothing",
        "MutatingAdmissionWebhook": "webhooks are not called",
        "ValidatingAdmissionPolicy": "policies forbid nothing",
        "ValidatingAdmissionWebhook": "webhooks are not called",
        "NodeRestriction": "kubelets may write more than their own node and pods (off by default, on with kubeadm)",
    }
)
"""Plugin -> what a learner would notice."""
