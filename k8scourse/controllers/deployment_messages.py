"""The exact words of the deployment controller (pkg/controller/deployment/{sync,progress}.go)."""

SCALING = "ScalingReplicaSet"
SCALED_UP_NEW = "Scaled up replica set {name} from 0 to {count}"
SCALED = "Scaled {direction} replica set {name} from {before} to {after}"
SELECTING_ALL = "SelectingAll"
SELECTING_ALL_TEXT = "This deployment is selecting all pods. A non-empty selector is required."

REPLICA_SET_UPDATED = "ReplicaSetUpdated"
REPLICA_SET_CREATE_ERROR = "ReplicaSetCreateError"
NEW_REPLICA_SET_CREATED = "NewReplicaSetCreated"
FOUND_NEW_REPLICA_SET = "FoundNewReplicaSet"
NEW_REPLICA_SET_AVAILABLE = "NewReplicaSetAvailable"
PROGRESS_DEADLINE_EXCEEDED = "ProgressDeadlineExceeded"
DEPLOYMENT_PAUSED = "DeploymentPaused"
DEPLOYMENT_RESUMED = "DeploymentResumed"
MINIMUM_AVAILABLE = "MinimumReplicasAvailable"
MINIMUM_UNAVAILABLE = "MinimumReplicasUnavailable"

CREATED_SET = 'Created new replica set "{name}"'
FOUND_SET = 'Found new replica set "{name}"'
CREATE_FAILED = 'Failed to create new replica set "{name}": {error}'
PAUSED_TEXT = "Deployment is paused"
RESUMED_TEXT = "Deployment is resumed"
AVAILABLE_TEXT = "Deployment has minimum availability."
UNAVAILABLE_TEXT = "Deployment does not have minimum availability."
PROGRESSED = '{kind} "{name}" has successfully progressed.'
PROGRESSING = '{kind} "{name}" is progressing.'
TIMED_OUT = '{kind} "{name}" has timed out progressing.'
