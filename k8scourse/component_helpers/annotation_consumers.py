"""Which program reads which annotation: what it does with it, on which kinds, and which values it understands.

Sources: kubernetes staging/src/k8s.io/api/core/v1/annotation_key_constants.go and the readers named in each entry;
https://kubernetes.io/docs/reference/labels-annotations-taints/; for programs outside Kubernetes their documentation.
"""

from __future__ import annotations

from k8scourse.component_helpers.annotation_consumer import (
    TEMPLATE,
    Consumer,
    is_boolean,
    is_cidr_list,
    is_go_boolean,
    is_int32,
    is_true,
)

_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
_PODS = ("Pod",)
_INT32 = "a 32-bit integer, such as -5 or 100"
_KUBECTL = (
    Consumer(
        "kubectl.kubernetes.io/last-applied-configuration",
        "kubectl apply",
        "holds the manifest of the last apply; fields that have left the file since then are removed",
        values="JSON",
    ),
    Consumer(
        "kubernetes.io/change-cause",
        "kubectl rollout history",
        "is the text in the column CHANGE-CAUSE",
        (*_WORKLOADS, "ControllerRevision"),
    ),
    Consumer(
        "kubectl.kubernetes.io/restartedAt",
        "the controller of the workload",
        "makes the template another one, so the pods are replaced; the value itself is read by nobody",
        (TEMPLATE,),
    ),
    Consumer(
        "kubectl.kubernetes.io/default-container",
        "kubectl logs, exec, attach",
        "names the container to use when you name none",
        _PODS,
        "the name of a container",
    ),
)
_CONTROLLERS = (
    Consumer(
        "controller.kubernetes.io/pod-deletion-cost",
        "replicaset-controller",
        "when scaling down, pods with a lower cost go first, after unassigned, pending and unready ones",
        _PODS,
        _INT32,
        is_int32,
    ),
    Consumer(
        "deployment.kubernetes.io/revision",
        "deployment-controller",
        "counts the rollouts; rollout history and undo go by it",
        ("Deployment", "ReplicaSet"),
        "a number",
        role="writes",
    ),
    Consumer(
        "deployment.kubernetes.io/revision-history",
        "deployment-controller",
        "keeps the earlier numbers of a template that came back",
        ("ReplicaSet",),
        role="writes",
    ),
    Consumer(
        "deployment.kubernetes.io/desired-replicas",
        "deployment-controller",
        "remembers the wanted replicas, to scale in proportion",
        ("ReplicaSet",),
        role="writes",
    ),
    Consumer(
        "deployment.kubernetes.io/max-replicas",
        "deployment-controller",
        "remembers the most replicas allowed, to scale in proportion",
        ("ReplicaSet",),
        role="writes",
    ),
    Consumer(
        "deprecated.daemonset.template.generation",
        "daemonset-controller",
        "numbers the template, from the time before revisions",
        ("DaemonSet", "ControllerRevision"),
        role="writes",
    ),
    Consumer(
        "batch.kubernetes.io/job-completion-index",
        "job-controller",
        "is the index of the pod in an Indexed Job",
        _PODS,
        role="writes",
    ),
    Consumer(
        "batch.kubernetes.io/cronjob-scheduled-timestamp",
        "cronjob-controller",
        "is the time that the Job was due",
        ("Job",),
        role="writes",
    ),
    Consumer(
        "endpoints.kubernetes.io/last-change-trigger-time",
        "endpointslice-controller",
        "is the time of the change that the addresses follow",
        ("Endpoints", "EndpointSlice"),
        role="writes",
    ),
    Consumer(
        "kubernetes.io/limit-ranger",
        "LimitRanger (admission)",
        "tells which requests and limits came from a LimitRange",
        _PODS,
        role="writes",
    ),
    Consumer(
        "node.alpha.kubernetes.io/ttl",
        "ttl-controller, kubelet",
        "says how long a kubelet may cache Secrets and ConfigMaps",
        ("Node",),
        role="writes",
        simulated=False,
    ),
    Consumer(
        "volumes.kubernetes.io/controller-managed-attach-detach",
        "kubelet, attach-detach-controller",
        "says who attaches volumes to this node",
        ("Node",),
        role="writes",
        simulated=False,
    ),
)
_API_SERVER = (
    Consumer(
        "ingressclass.kubernetes.io/is-default-class",
        "DefaultIngressClass (admission)",
        "Ingresses that name no class get this one; of several the youngest",
        ("IngressClass",),
        'exactly "true"',
        is_true,
    ),
    Consumer(
        "kubernetes.io/ingress.class",
        "ingress controller, API server",
        "names the class; deprecated, use spec.ingressClassName",
        ("Ingress",),
        "the same as spec.ingressClassName, if that is set on creation",
    ),
    Consumer(
        "kubernetes.io/enforce-mountable-secrets",
        "ServiceAccount (admission)",
        "pods of the account may use the Secrets that it lists, and no others; deprecated since 1.32",
        ("ServiceAccount",),
        "a boolean as Go reads it",
        is_go_boolean,
    ),
    Consumer(
        "service.kubernetes.io/topology-aware-hints",
        "API server",
        "is deprecated, use spec.trafficDistribution",
        ("Service",),
        "the same as service.kubernetes.io/topology-mode, if that is there too",
    ),
    Consumer(
        "service.kubernetes.io/topology-mode",
        "endpointslice-controller",
        "asks for hints that keep traffic in its zone",
        ("Service",),
        "Auto",
        lambda value: value.lower() in ("auto", "disabled"),
        simulated=False,
    ),
    Consumer(
        "kubernetes.io/service-account.name",
        "API server, token controller",
        "names the account whose token is to be put into the Secret",
        ("Secret",),
        "the name of a ServiceAccount",
        bool,
        simulated=False,
    ),
    Consumer(
        "rbac.authorization.kubernetes.io/autoupdate",
        "API server, at its start",
        '"false" keeps a default role from being repaired',
        ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"),
        '"true" or "false"',
        is_boolean,
        simulated=False,
    ),
    Consumer(
        "volume.beta.kubernetes.io/storage-class",
        "DefaultStorageClass (admission), persistentvolume-binder",
        "names the class; deprecated, use spec.storageClassName",
        ("PersistentVolumeClaim", "PersistentVolume"),
    ),
    Consumer(
        "service.beta.kubernetes.io/load-balancer-source-ranges",
        "API server",
        "is checked by the API server; a cloud's load balancer lets only these ranges in",
        ("Service",),
        "network ranges with commas between them",
        is_cidr_list,
    ),
)
_PODS_OF_OLD = (
    Consumer("kubernetes.io/config.mirror", "kubelet, kubectl drain", "marks the copy of a static pod", _PODS),
    Consumer(
        "kubernetes.io/config.source",
        "kubelet",
        "says where the kubelet has the pod from",
        _PODS,
        role="writes",
        simulated=False,
    ),
    Consumer(
        "container.apparmor.security.beta.kubernetes.io/*",
        "API server, kubelet",
        "sets a container's AppArmor profile; deprecated since 1.30, use appArmorProfile",
        _PODS,
    ),
    Consumer(
        "scheduler.alpha.kubernetes.io/critical-pod",
        "kubelet",
        "is not read since 1.16, use priorityClassName",
        _PODS,
        role="ignores",
    ),
    Consumer(
        "security.alpha.kubernetes.io/sysctls",
        "kubelet",
        "is not read since 1.11, use securityContext.sysctls",
        _PODS,
        role="ignores",
    ),
    Consumer(
        "security.alpha.kubernetes.io/unsafe-sysctls",
        "kubelet",
        "is not read since 1.11, use securityContext.sysctls",
        _PODS,
        role="ignores",
    ),
    Consumer(
        "seccomp.security.alpha.kubernetes.io/pod",
        "kubelet",
        "is not read since 1.27, use seccompProfile",
        _PODS,
        role="ignores",
    ),
    Consumer(
        "container.seccomp.security.alpha.kubernetes.io/*",
        "kubelet",
        "is not read since 1.27, use seccompProfile",
        _PODS,
        role="ignores",
    ),
    Consumer(
        "scheduler.alpha.kubernetes.io/tolerations",
        "kube-scheduler",
        "is not read, use spec.tolerations",
        _PODS,
        role="ignores",
    ),
    Consumer(
        "scheduler.alpha.kubernetes.io/affinity",
        "kube-scheduler",
        "is not read, use spec.affinity",
        _PODS,
        role="ignores",
    ),
    Consumer(
        "pod.beta.kubernetes.io/init-containers",
        "kubelet",
        "is not read, use spec.initContainers",
        _PODS,
        role="ignores",
    ),
    Consumer(
        "pod.alpha.kubernetes.io/init-containers",
        "kubelet",
        "is not read, use spec.initContainers",
        _PODS,
        role="ignores",
    ),
    Consumer(
        "kubectl.kubernetes.io/default-logs-container",
        "kubectl logs",
        "is not read, use kubectl.kubernetes.io/default-container",
        _PODS,
        role="ignores",
    ),
)
_STORAGE = tuple(
    Consumer(
        key,
        "DefaultStorageClass (admission)",
        "claims that name no class get this one; of several the youngest",
        ("StorageClass",),
        'exactly "true"',
        is_true,
    )
    for key in ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")
) + tuple(
    Consumer(key, reader, effect, ("PersistentVolumeClaim", "PersistentVolume"), role="writes", simulated=False)
    for key, reader, effect in (
        ("pv.kubernetes.io/bind-completed", "persistentvolume-binder", "says that the binding is done"),
        ("pv.kubernetes.io/bound-by-controller", "persistentvolume-binder", "says that the binder chose the volume"),
        ("pv.kubernetes.io/provisioned-by", "the provisioner", "says which program made the volume"),
        ("volume.kubernetes.io/selected-node", "kube-scheduler, the provisioner", "is the node to provision for"),
        ("volume.kubernetes.io/storage-provisioner", "persistentvolume-binder", "names who is to make the volume"),
    )
)
_ELSEWHERE = tuple(
    Consumer(key, reader, effect, kinds, values, understands, simulated=False)
    for key, reader, effect, kinds, values, understands in (
        (
            "cluster-autoscaler.kubernetes.io/safe-to-evict",
            "Cluster Autoscaler",
            '"false" keeps the pod\'s node, "true" lets go of one that would be kept',
            _PODS,
            '"true" or "false"',
            is_boolean,
        ),
        (
            "cluster-autoscaler.kubernetes.io/scale-down-disabled",
            "Cluster Autoscaler",
            '"true" keeps the node',
            ("Node",),
            '"true"',
            is_true,
        ),
        (
            "karpenter.sh/do-not-disrupt",
            "Karpenter",
            '"true" keeps the pod and its node from being moved',
            ("Pod", "Node"),
            '"true"',
            is_true,
        ),
        (
            "autoscaling.keda.sh/*",
            "KEDA",
            "pauses or forces the scaling",
            ("ScaledObject", "ScaledJob"),
            "by the key",
            None,
        ),
        (
            "nginx.ingress.kubernetes.io/*",
            "ingress-nginx (retired in March 2026)",
            "sets a feature such as auth-url or rewrite-target; other ingress controllers ignore it silently",
            ("Ingress",),
            "by the key",
            None,
        ),
        (
            "cert-manager.io/*",
            "cert-manager",
            "asks for a certificate",
            ("Ingress", "Gateway", "Secret", "Certificate"),
            "by the key",
            None,
        ),
        (
            "external-dns.alpha.kubernetes.io/*",
            "ExternalDNS",
            "asks for a DNS record",
            ("Service", "Ingress", "Node", "Gateway"),
            "by the key",
            None,
        ),
        (
            "service.beta.kubernetes.io/aws-load-balancer-*",
            "the AWS cloud controller",
            "shapes the load balancer; not part of Kubernetes since 1.31",
            ("Service",),
            "by the key",
            None,
        ),
        *(
            (
                f"prometheus.io/{name}",
                "Prometheus, if its scrape configuration says so",
                "is a convention of some configurations; the Prometheus Operator ignores it, use a ServiceMonitor",
                ("Pod", "Service", "Endpoints"),
                values,
                understands,
            )
            for name, values, understands in (
                ("scrape", '"true"', is_true),
                ("port", "a port number", str.isdigit),
                ("path", "a path", None),
            )
        ),
    )
)
CONSUMERS: tuple[Consumer, ...] = (
    *_KUBECTL,
    *_CONTROLLERS,
    *_API_SERVER,
    *_PODS_OF_OLD,
    *_STORAGE,
    *_ELSEWHERE,
)
"""Every consumer that we know, those of the simulated cluster first."""

LABELS = {
    "app.kubernetes.io/": "a recommended label; as an annotation no selector and no Service sees it",
    "pod-security.kubernetes.io/": "a label of namespaces; as an annotation it does nothing",
    "topology.kubernetes.io/": "a label of nodes; as an annotation it does nothing",
    "node.kubernetes.io/instance-type": "a label of nodes; as an annotation it does nothing",
}
"""Keys, or how they begin, that mean something as labels only."""
