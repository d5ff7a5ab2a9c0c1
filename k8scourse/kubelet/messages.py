"""The texts of the kubelet's events and statuses (Kubernetes 1.36).

Sources: pkg/kubelet/kuberuntime/kuberuntime_container.go, pkg/kubelet/images/image_manager.go,
pkg/kubelet/kuberuntime/kuberuntime_manager.go (doBackOff), pkg/kubelet/lifecycle/predicate.go, pkg/kubelet/prober,
pkg/probe, pkg/kubelet/active_deadline.go, pkg/kubelet/kubelet_pods.go, containerd internal/cri
"""

from __future__ import annotations

PULLING = 'Pulling image "{image}"'
PULLED = 'Successfully pulled image "{image}" in 0s (0s including waiting). Image size: {size} bytes.'
PRESENT = 'Container image "{image}" already present on machine and can be accessed by the pod'
NOT_PRESENT = 'Container image "{image}" is not present with pull policy of Never'
PULL_FAILED = 'Failed to pull image "{image}": {error}'
PULL_ERROR = (
    'rpc error: code = NotFound desc = failed to pull and unpack image "{reference}": '
    'failed to resolve reference "{reference}": {reference}: not found'
)
PULL_BACK_OFF = 'Back-off pulling image "{image}"'
INVALID_IMAGE = 'Failed to apply default image tag "{image}": couldn\'t parse image name "{image}": {error}'
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

# what keeps a container from being created or started

NOT_FOUND = '{word} "{name}" not found'
NO_KEY = "couldn't find key {key} in {kind} {namespace}/{name}"
FAILED_MOUNT = 'MountVolume.SetUp failed for volume "{volume}" : {reason}'
NO_SUCH_KEY = "references non-existent config key: {key}"
NO_SUCH_SECRET_KEY = "references non-existent secret key: {key}"
ROOT_USER = 'container\'s runAsUser breaks non-root policy (pod: "{pod}", container: {container})'
NAMED_USER = (
    "container has runAsNonRoot and image has non-numeric user ({user}), cannot verify user is non-root "
    '(pod: "{pod}", container: {container})'
)
ROOT_IMAGE = 'container has runAsNonRoot and image will run as root (pod: "{pod}", container: {container})'
NO_COMMAND = 'failed to generate container "{id}" spec: failed to generate spec: no command specified'
START_ERROR = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
    "unable to start container process: error during container init: {error}"
)
EXEC_ERROR = (
    'failed to exec in container: failed to start exec "{id}": OCI runtime exec failed: exec failed: '
    "unable to start container process: {error}"
)
NOT_IN_PATH = 'exec: "{name}": executable file not found in $PATH'
NO_SUCH_FILE = 'exec: "{name}": stat {name}: no such file or directory'

# probes and hooks

PROBE_FAILED = "{probe} probe failed: {output}"
PROBE_ERRORED = "{probe} probe errored and resulted in unknown state: {error}"
KILLED_BY_PROBE = "{container} failed {probe} probe"
DEFINITION_CHANGED = "{container} definition changed"
RESTARTED = "{message}, will be restarted"
HTTP_CODE = "HTTP probe failed with statuscode: {code}"
REFUSED = "dial tcp {address}: connect: connection refused"
NO_ANSWER = "dial tcp {address}: i/o timeout"
GET = 'Get "{url}": {error}'
NO_HTTPS = "http: server gave HTTP response to HTTPS client"
NO_HTTP = 'net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x00"'
HTTP_TIMEOUT = (
    "net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)"
)
GRPC_TIMEOUT = 'timeout: failed to connect service "{address}" within {timeout}: context deadline exceeded'
BAD_PORT = 'strconv.Atoi: parsing "{port}": invalid syntax'
COMMAND_TIMEOUT = 'command timed out: "{command}" timed out after {timeout}'
POST_START_FAILED = "PostStartHook failed"
PRE_STOP_FAILED = "PreStopHook failed"
FAILED_POST_START = "FailedPostStartHook"

# the end

DEADLINE = "Pod was active on the node longer than the specified deadline"
RESTARTING_ALL = "The container is removed because RestartAllContainers in place"

# logs

NO_PREVIOUS = 'previous terminated container "{container}" in pod "{pod}" not found'
IS_TERMINATED = 'container "{container}" in pod "{pod}" is terminated'
NOT_AVAILABLE = 'container "{container}" in pod "{pod}" is not available'
WAITING_FOR = 'container "{container}" in pod "{pod}" is waiting to start: {reason}'
CANNOT_PULL = "image can't be pulled"
FAILING_TO_PULL = "trying and failing to pull image"
NOT_RUNNING = 'container not found ("{container}")'

# image garbage collection

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
