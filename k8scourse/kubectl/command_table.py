"""The commands of kubectl and their flags, as data.

A flag is written `name/short:kind=default[value when bare]`, see command_line.flag_table. Facts from kubectl 1.36.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from k8scourse.kubectl.command_line import Flag, flag_table

GLOBAL_FLAGS = (
    "as:string as-group:array as-uid:string as-user-extra:array cache-dir:string certificate-authority:string "
    "client-certificate:string client-key:string cluster:string context:string disable-compression:bool "
    "insecure-skip-tls-verify:bool kubeconfig:string kuberc:string log-flush-frequency:duration=5s "
    "match-server-version:bool namespace/n:string password:string profile:string=none "
    "profile-output:string=profile.pprof request-timeout:string=0 server/s:string tls-server-name:string token:string "
    "user:string username:string v/v:int=0 vmodule:string warnings-as-errors:bool"
)

_FILES = "filename/f:slice kustomize/k:string recursive/R:bool"
_PRINT = "allow-missing-template-keys:bool=true output/o:string show-managed-fields:bool template:string"
_OVERRIDES = "override-type:string=merge overrides:string"
_DRY_RUN = "dry-run:string=none[unchanged]"
_VALIDATE = "validate:string=strict[strict]"
_DELETE = "cascade:string=background[background] force:bool grace-period:int=-1 timeout:duration=0s wait:bool"
_SELECTOR = "selector/l:string"
_SERVICE = "tcp:slice"
_DATA = "append-hash:bool from-env-file:slice from-file:slice from-literal:array"
_SUBJECTS = "group:array serviceaccount:array user:array"
_RULES = "resource:slice resource-name:array verb:slice"
_CREATE = f"{_PRINT} {_DRY_RUN} {_VALIDATE} field-manager:string=kubectl-create save-config:bool"
_METADATA = (
    f"{_FILES} {_PRINT} {_DRY_RUN} {_SELECTOR} all:bool all-namespaces/A:bool field-selector:string list:bool "
    "local:bool overwrite:bool resource-version:string"
)

_RECORD = "record:bool"
_SET = f"{_FILES} {_PRINT} {_DRY_RUN} {_SELECTOR} all:bool field-manager:string=kubectl-set local:bool"
_ROLLOUT = f"{_FILES} {_PRINT} {_SELECTOR}"

COMMANDS: Mapping[str, str] = {
    "annotate": f"{_METADATA} field-manager:string=kubectl-annotate",
    "api-resources": "api-group:string cached:bool categories:slice namespaced:bool=true no-headers:bool "
    "output/o:string show-managed-fields:bool sort-by:string verbs:slice",
    "api-versions": "",
    "apply": f"{_FILES} {_PRINT} {_DRY_RUN} {_VALIDATE} {_DELETE} {_SELECTOR} all:bool "
    "field-manager:string=kubectl-client-side-apply force-conflicts:bool openapi-patch:bool=true overwrite:bool=true "
    "prune:bool prune-allowlist:array server-side:bool subresource:string",
    "auth whoami": _PRINT,
    "autoscale": f"{_FILES} {_PRINT} {_DRY_RUN} record:bool cpu:string cpu-percent:int=-1 "
    "field-manager:string=kubectl-autoscale max:int=-1 memory:string min:int=-1 name:string save-config:bool",
    "cluster-info": "",
    "config current-context": "",
    "config get-contexts": "no-headers:bool output/o:string",
    "config view": f"{_PRINT} flatten:bool merge:bool minify:bool raw:bool",
    "cordon": f"{_DRY_RUN} {_SELECTOR}",
    "create": f"{_FILES} {_CREATE} {_SELECTOR} edit:bool raw:string windows-line-endings:bool",
    "create clusterrole": f"{_CREATE} {_RULES} aggregation-rule:slice non-resource-url:slice",
    "create clusterrolebinding": f"{_CREATE} {_SUBJECTS} clusterrole:string",
    "create configmap": f"{_CREATE} {_DATA}",
    "create cronjob": f"{_CREATE} image:string restart:string schedule:string",
    "create deployment": f"{_CREATE} image:slice port:int=-1 replicas/r:int=1",
    "create ingress": f"{_CREATE} annotation:array class:string default-backend:string rule:array",
    "create job": f"{_CREATE} from:string image:string",
    "create namespace": _CREATE,
    "create poddisruptionbudget": f"{_CREATE} max-unavailable:string min-available:string selector:string",
    "create priorityclass": f"{_CREATE} description:string global-default:bool "
    "preemption-policy:string=PreemptLowerPriority value:int=0",
    "create quota": f"{_CREATE} hard:string scopes:string",
    "create role": f"{_CREATE} {_RULES}",
    "create rolebinding": f"{_CREATE} {_SUBJECTS} clusterrole:string role:string",
    "create secret docker-registry": f"{_CREATE} append-hash:bool docker-email:string docker-password:string "
    "docker-server:string=https://index.docker.io/v1/ docker-username:string from-file:slice",
    "create secret generic": f"{_CREATE} {_DATA} type:string",
    "create secret tls": f"{_CREATE} append-hash:bool cert:string key:string",
    "create service clusterip": f"{_CREATE} {_SERVICE} clusterip:string",
    "create service externalname": f"{_CREATE} {_SERVICE} external-name:string",
    "create service loadbalancer": f"{_CREATE} {_SERVICE}",
    "create service nodeport": f"{_CREATE} {_SERVICE} node-port:int=0",
    "create serviceaccount": _CREATE,
    "delete": f"{_FILES} {_DRY_RUN} {_SELECTOR} all:bool all-namespaces/A:bool cascade:string=background[background] "
    "field-selector:string force:bool grace-period:int=-1 ignore-not-found:bool interactive/i:bool now:bool "
    "output/o:string raw:string timeout:duration=0s wait:bool=true",
    "describe": f"{_FILES} {_SELECTOR} all-namespaces/A:bool chunk-size:int=500 show-events:bool=true",
    "diff": f"{_FILES} {_SELECTOR} concurrency:int=1 field-manager:string=kubectl-client-side-apply "
    "force-conflicts:bool prune:bool prune-allowlist:array server-side:bool show-managed-fields:bool "
    "show-secrets:bool",
    "drain": f"{_DRY_RUN} {_SELECTOR} chunk-size:int=500 delete-emptydir-data:bool disable-eviction:bool force:bool "
    "grace-period:int=-1 ignore-daemonsets:bool pod-selector:string skip-wait-for-delete-timeout:int=0 "
    "timeout:duration=0s",
    "edit": f"{_FILES} {_PRINT} {_VALIDATE} record:bool field-manager:string=kubectl-edit output-patch:bool "
    "save-config:bool subresource:string windows-line-endings:bool",
    "events": f"{_PRINT} all-namespaces/A:bool chunk-size:int=500 for:string no-headers:bool types:slice watch/w:bool",
    "exec": "container/c:string filename/f:slice pod-running-timeout:duration=1m0s quiet/q:bool stdin/i:bool "
    "tty/t:bool",
    "explain": "api-version:string output/o:string=plaintext recursive:bool",
    "expose": f"{_FILES} {_PRINT} {_DRY_RUN} {_OVERRIDES} record:bool cluster-ip:string external-ip:string "
    "field-manager:string=kubectl-expose labels/l:string load-balancer-ip:string name:string port:string "
    "protocol:string save-config:bool selector:string session-affinity:string target-port:string type:string",
    "get": f"{_FILES} {_PRINT} {_SELECTOR} all-namespaces/A:bool chunk-size:int=500 field-selector:string "
    "ignore-not-found:bool label-columns/L:slice no-headers:bool output-watch-events:bool raw:string "
    "server-print:bool=true show-kind:bool show-labels:bool sort-by:string subresource:string watch/w:bool "
    "watch-only:bool",
    "label": f"{_METADATA} field-manager:string=kubectl-label",
    "logs": f"{_SELECTOR} all-containers:bool all-pods:bool container/c:string follow/f:bool ignore-errors:bool "
    "insecure-skip-tls-verify-backend:bool limit-bytes:int=0 max-log-requests:int=5 "
    "pod-running-timeout:duration=20s prefix:bool previous/p:bool since:duration=0s since-time:string tail:int=-1 "
    "timestamps:bool",
    "patch": f"{_FILES} {_PRINT} {_DRY_RUN} field-manager:string=kubectl-patch local:bool patch/p:string "
    "patch-file:string subresource:string type:string=strategic",
    "replace": f"{_FILES} {_PRINT} {_DRY_RUN} {_VALIDATE} {_DELETE} field-manager:string=kubectl-replace raw:string "
    "save-config:bool subresource:string",
    "rollout history": f"{_ROLLOUT} revision:int=0",
    "rollout pause": f"{_ROLLOUT} field-manager:string=kubectl-rollout",
    "rollout restart": f"{_ROLLOUT} field-manager:string=kubectl-rollout",
    "rollout resume": f"{_ROLLOUT} field-manager:string=kubectl-rollout",
    "rollout status": f"{_FILES} {_SELECTOR} revision:int=0 timeout:duration=0s watch/w:bool=true",
    "rollout undo": f"{_ROLLOUT} {_DRY_RUN} to-revision:int=0",
    "run": f"{_FILES} {_PRINT} {_DRY_RUN} {_DELETE} annotations:array attach:bool command:bool env:array expose:bool "
    "field-manager:string=kubectl-run image:string image-pull-policy:string labels/l:string leave-stdin-open:bool "
    f"{_OVERRIDES} record:bool pod-running-timeout:duration=1m0s port:string privileged:bool "
    "quiet/q:bool restart:string=Always rm:bool save-config:bool stdin/i:bool tty/t:bool",
    "scale": f"{_FILES} {_PRINT} {_DRY_RUN} {_SELECTOR} record:bool all:bool current-replicas:int=-1 replicas:int=0 "
    "resource-version:string timeout:duration=0s",
    "set env": f"{_SET} containers/c:string=* env/e:array from:string keys:slice list:bool overwrite:bool=true "
    "prefix:string resolve:bool",
    "set image": f"{_SET} {_RECORD}",
    "set resources": f"{_SET} {_RECORD} containers/c:string=* limits:string requests:string",
    "set selector": f"{_FILES} {_PRINT} {_DRY_RUN} {_RECORD} all:bool field-manager:string=kubectl-set local:bool "
    "resource-version:string",
    "set serviceaccount": f"{_FILES} {_PRINT} {_DRY_RUN} {_RECORD} all:bool field-manager:string=kubectl-set "
    "local:bool",
    "set subject": f"{_SET} group:array serviceaccount:array user:array",
    "taint": f"{_PRINT} {_DRY_RUN} {_VALIDATE} {_SELECTOR} all:bool field-manager:string=kubectl-taint overwrite:bool",
    "top node": f"{_SELECTOR} no-headers:bool show-capacity:bool show-swap:bool sort-by:string "
    "use-protocol-buffers:bool=true",
    "top pod": f"{_SELECTOR} all-namespaces/A:bool containers:bool field-selector:string no-headers:bool "
    "show-swap:bool sort-by:string sum:bool use-protocol-buffers:bool=true",
    "uncordon": f"{_DRY_RUN} {_SELECTOR}",
    "version": "client:bool output/o:string",
    "wait": f"{_PRINT} {_SELECTOR} all:bool all-namespaces/A:bool field-selector:string filename/f:slice for:array "
    "local:bool recursive/R:bool=true timeout:duration=30s",
}

REAL_COMMANDS = (
    "create",
    "expose",
    "run",
    "set",
    "explain",
    "get",
    "edit",
    "delete",
    "rollout",
    "scale",
    "autoscale",
    "certificate",
    "cluster-info",
    "top",
    "cordon",
    "uncordon",
    "drain",
    "taint",
    "describe",
    "logs",
    "attach",
    "exec",
    "port-forward",
    "proxy",
    "cp",
    "auth",
    "debug",
    "events",
    "diff",
    "apply",
    "patch",
    "replace",
    "wait",
    "kustomize",
    "label",
    "annotate",
    "completion",
    "alpha",
    "config",
    "plugin",
    "version",
    "api-versions",
    "api-resources",
    "options",
    "kuberc",
)
"""Every command of the real program, in its order."""

SUGGEST_FOR: Mapping[str, tuple[str, ...]] = {
    "delete": ("rm", "remove"),
    "describe": ("inspect",),
    "get": ("list", "ls"),
    "top": ("stats",),
}
"""Other programs' words for a command."""

SUBCOMMANDS: Mapping[str, tuple[str, ...]] = {
    "auth": ("can-i", "reconcile", "whoami"),
    "config": (
        *("current-context", "delete-cluster", "delete-context", "delete-user", "get-clusters", "get-contexts"),
        *("get-users", "rename-context", "set", "set-cluster", "set-context", "set-credentials", "unset"),
        *("use-context", "view"),
    ),
    "create secret": ("docker-registry", "generic", "tls"),
    "create service": ("clusterip", "externalname", "loadbalancer", "nodeport"),
    "rollout": ("history", "pause", "resume", "undo", "status", "restart"),
    "set": ("image", "resources", "selector", "subject", "serviceaccount", "env"),
    "top": ("node", "pod"),
}
"""Commands that do nothing themselves, and what they lead to."""

SUBCOMMAND_ALIASES: Mapping[str, str] = {
    "set sa": "set serviceaccount",
    "top no": "top node",
    "top nodes": "top node",
    "top po": "top pod",
    "top pods": "top pod",
}
"""Short forms of subcommands."""

APPLY_COMMANDS = ("edit-last-applied", "set-last-applied", "view-last-applied")

CREATE_KINDS = (
    "clusterrole",
    "clusterrolebinding",
    "configmap",
    "cronjob",
    "deployment",
    "ingress",
    "job",
    "namespace",
    "poddisruptionbudget",
    "priorityclass",
    "quota",
    "role",
    "rolebinding",
    "secret",
    "service",
    "serviceaccount",
    "token",
)

CREATE_ALIASES: Mapping[str, str] = {
    "cj": "cronjob",
    "cm": "configmap",
    "deploy": "deployment",
    "ing": "ingress",
    "ns": "namespace",
    "pc": "priorityclass",
    "pdb": "poddisruptionbudget",
    "resourcequota": "quota",
    "sa": "serviceaccount",
    "svc": "service",
}


@lru_cache(maxsize=64)
def flags_of(command: str) -> Mapping[str, Flag]:
    """The flags of *command* (`create deployment`), the global ones included; `""` for the program itself."""
    own = flag_table(COMMANDS[command]) if command else {}
    return {**flag_table(GLOBAL_FLAGS), **own}
