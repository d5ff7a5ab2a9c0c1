"""Which components a cluster runs, in the order in which they hear of changes."""

from __future__ import annotations

from k8scourse.client.component import Component, Context
from k8scourse.controllers.cronjob import CronJobController
from k8scourse.controllers.daemonset import DaemonSetController
from k8scourse.controllers.deployment import DeploymentController
from k8scourse.controllers.disruption import DisruptionController
from k8scourse.controllers.endpoints import EndpointsController
from k8scourse.controllers.endpointslice import EndpointSliceController
from k8scourse.controllers.endpointslice_mirroring import EndpointSliceMirroringController
from k8scourse.controllers.garbage_collector import GarbageCollector
from k8scourse.controllers.job import JobController
from k8scourse.controllers.namespace import NamespaceController
from k8scourse.controllers.node_lifecycle import NodeLifecycleController
from k8scourse.controllers.persistent_volume_binder import PersistentVolumeBinder
from k8scourse.controllers.pod_gc import PodGCController
from k8scourse.controllers.pv_protection import PersistentVolumeProtectionController
from k8scourse.controllers.pvc_protection import PersistentVolumeClaimProtectionController
from k8scourse.controllers.replicaset import ReplicaSetController
from k8scourse.controllers.replicationcontroller import ReplicationManager
from k8scourse.controllers.resource_quota import ResourceQuotaController
from k8scourse.controllers.serviceaccount import RootCACertPublisher, ServiceAccountController
from k8scourse.controllers.statefulset import StatefulSetController
from k8scourse.controllers.taint_eviction import TaintEvictionController
from k8scourse.controllers.ttl_after_finished import TTLAfterFinishedController
from k8scourse.kubelet.kubelet import Kubelet
from k8scourse.scheduler.scheduler import Scheduler
from k8scourse.world import World

PROGRAMS: dict[str, tuple[type[Component], ...]] = {
    "kube-controller-manager": (
        ServiceAccountController,
        RootCACertPublisher,
        ResourceQuotaController,
        NodeLifecycleController,
        TaintEvictionController,
        DeploymentController,
        ReplicaSetController,
        ReplicationManager,
        StatefulSetController,
        DaemonSetController,
        JobController,
        CronJobController,
        TTLAfterFinishedController,
        DisruptionController,
        EndpointSliceController,
        EndpointsController,
        EndpointSliceMirroringController,
        PersistentVolumeBinder,
        PersistentVolumeClaimProtectionController,
        PersistentVolumeProtectionController,
        GarbageCollector,
        NamespaceController,
        PodGCController,
    ),
    "kube-scheduler": (Scheduler,),
    "kubelet": (Kubelet,),
}
"""The components by the program that they are part of."""


def components_of(context: Context, world: World) -> list[Component]:
    """Every component of the programs that *world* runs, in a fixed order."""
    return [
        component(context)
        for program, components in PROGRAMS.items()
        if program in world.components
        for component in components
    ]
