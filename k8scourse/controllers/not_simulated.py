"""Controllers of kube-controller-manager that do not run here; the fidelity page is made from this table.

Source: kubernetes: cmd/kube-controller-manager/names/controller_names.go
"""

from __future__ import annotations

from collections.abc import Mapping

NOT_SIMULATED: Mapping[str, str] = {
    "horizontal-pod-autoscaler-controller": "nothing is scaled by itself",
    "ephemeral-volume-controller": "pods with ephemeral volumes get no claims",
    "provisioners": "claims are bound to volumes that exist; nobody makes volumes, or deletes those of CSI drivers",
    "persistentvolume-attach-detach-controller, persistentvolume-expander-controller": "volumes are not attached",
    "volumeattributesclass-protection-controller": "volume attributes classes are not protected from deletion",
    "selinux-warning-controller": "nobody warns of conflicting SELinux labels",
    "clusterrole-aggregation-controller": "aggregated roles stay empty",
    "certificatesigningrequest-signing-controller, certificatesigningrequest-approving-controller, "
    "certificatesigningrequest-cleaner-controller, podcertificaterequest-cleaner-controller": "nothing is signed",
    "serviceaccount-token-controller, legacy-serviceaccount-token-cleaner-controller, bootstrap-signer-controller, "
    "token-cleaner-controller": "tokens are not made",
    "resourceclaim-controller, resourcepoolstatusrequest-controller, device-taint-eviction-controller": "devices are "
    "not allocated",
    "node-ipam-controller, service-cidr-controller": "addresses come from the world",
    "podgroup-protection-controller": "pod groups get no finalizer",
    "service-ca-certificate-publisher-controller, "
    "kube-apiserver-serving-clustertrustbundle-publisher-controller": "only kube-root-ca.crt is published",
    "storageversion-garbage-collector-controller, storage-version-migrator-controller": "there is one storage version",
    "validatingadmissionpolicy-status-controller": "policies get no status",
    "ttl-controller": "nodes get no annotation about how long kubelets may cache",
}
"""Controllers -> what a learner would notice."""
