from k8scourse.controllers.serviceaccount import ServiceAccountController, RootCACertPublisher
from k8scourse.controllers.taint_eviction import TaintEvictionController
from k8scourse.controllers.node_lifecycle import NodeLifecycleController
from k8scourse.kubelet.kubelet import Kubelet
from k8scourse.scheduler.scheduler import Scheduler
def components_of(context, world):
    return [c(context) for c in (ServiceAccountController, RootCACertPublisher, NodeLifecycleController, TaintEvictionController, Scheduler, Kubelet)]
