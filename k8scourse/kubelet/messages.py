"""The texts of the kubelet's events and statuses (Kubernetes 1.36).

Sources: pkg/kubelet/kuberuntime/kuberuntime_container.go, pkg/kubelet/images/image_manager.go,
pkg/kubelet/kuberuntime/kuberuntime_manager.go (doBackOff), pkg/kubelet/lifecycle/predicate.go,
pkg/kubelet/images/image_gc_manager.go, pkg/kubelet/apis/config/validation/validation.go
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
FREE_DISK_SPACE_FAILED = (
    "Insufficient free disk space on the node's image filesystem ({usage}% of {size} used). "
    "Failed to free sufficient space by deleting unused images (freed {freed} bytes). "
    "Investigate disk usage, as it could be used by active images, logs, volumes, or other data."
)
INVALID_CAPACITY = "invalid capacity 0 on image filesystem"
IMAGE_GC_PERCENT = (
    "invalid configuration: imageGC{name}ThresholdPercent (--image-gc-{flag}-threshold) {value} "
    "must be between 0 and 100, inclusive"
)
IMAGE_GC_ORDER = (
    "invalid configuration: imageGCLowThresholdPercent (--image-gc-low-threshold) {low} "
    "must be less than imageGCHighThresholdPercent (--image-gc-high-threshold) {high}"
)
IMAGE_GC_NEGATIVE_AGE = "invalid configuration: {name} {age} must not be negative"
IMAGE_GC_AGE_ORDER = (
    "invalid configuration: imageMaximumGCAge {longest} must be greater than imageMinimumGCAge {shortest}"
)
