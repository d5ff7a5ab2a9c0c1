"""The texts of the kubelet's events and statuses (Kubernetes 1.36).

Sources: pkg/kubelet/kuberuntime/kuberuntime_container.go, pkg/kubelet/images/image_manager.go,
pkg/kubelet/kuberuntime/kuberuntime_manager.go (doBackOff), pkg/kubelet/lifecycle/predicate.go
"""

from __future__ import annotations

PULLING = 'Pulling image "{image}"'
PULLED = 'Successfully pulled image "{image}" in 0s (0s including waiting). Image size: {size} bytes.'
PRESENT = 'Container image "{image}" already present on machine and can be accessed by the pod'
NOT_PRESENT = 'Container image "{image}" is not present with pull policy of Never'
PULL_FAILED = 'Failed to pull image "{image}": {error}'
PULL_ERROR = 'failed to pull and unpack image "{reference}": failed to resolve image: {reference}: not found'
PULL_BACK_OFF = 'Back-off pulling image "{image}"'
INVALID_IMAGE = (
    'Failed to apply default image tag "{image}": couldn\'t parse image name "{image}": invalid reference format'
)
CREATED = "Container created"
STARTED = "Container started"
STOPPING = "Stopping container {container}"
CRASH_EVENT = "Back-off restarting failed container {container} in pod {pod}"
CRASH_STATUS = "back-off {delay} restarting failed container={container} pod={pod}"
ERROR = "Error: {reason}"
REJECTED = "Pod was rejected: {message}"
NOT_ENOUGH = "Node didn't have enough resource: {name}, requested: {requested}, used: {used}, capacity: {capacity}"
PREDICATE_FAILED = "Predicate {name} failed: {reason}"
AFFINITY = "node(s) didn't match Pod's node affinity/selector"
PORTS = "node(s) didn't have free ports for the requested pod ports"
NODE_NAME = "node(s) didn't match the requested node name"
TAINTS = "node(s) had taints that the pod didn't tolerate"
