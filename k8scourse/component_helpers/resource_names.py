"""What the name of a resource (``cpu``, ``hugepages-2Mi``, ``nvidia.com/gpu``) says about it.

Source: kubernetes pkg/apis/core/helper/helpers.go.
"""

from functools import lru_cache

from k8scourse.machinery.names import is_qualified_name
from k8scourse.machinery.quantity import Quantity, QuantityError, parse_quantity

CPU = "cpu"
MEMORY = "memory"
EPHEMERAL_STORAGE = "ephemeral-storage"
PODS = "pods"
HUGE_PAGES_PREFIX = "hugepages-"
REQUESTS_PREFIX = "requests."
NATIVE_DOMAIN = "kubernetes.io/"

_CONTAINER_RESOURCES = frozenset({CPU, MEMORY, EPHEMERAL_STORAGE})
_COUNTED_OBJECTS = frozenset(
    {
        PODS,
        "resourcequotas",
        "services",
        "replicationcontrollers",
        "secrets",
        "configmaps",
        "persistentvolumeclaims",
        "services.nodeports",
        "services.loadbalancers",
    }
)
_STANDARD_RESOURCES = (
    _CONTAINER_RESOURCES
    | _COUNTED_OBJECTS
    | {f"{kind}.{name}" for kind in ("requests", "limits") for name in _CONTAINER_RESOURCES}
    | {"storage", "requests.storage"}
)


def is_huge_page(name: str) -> bool:
    """Whether *name* is a page size such as ``hugepages-2Mi``."""
    return name.startswith(HUGE_PAGES_PREFIX)


def is_native(name: str) -> bool:
    """Whether Kubernetes itself defines the resource: no domain, or one of kubernetes.io."""
    return "/" not in name or NATIVE_DOMAIN in name


@lru_cache(maxsize=1024)
def is_extended(name: str) -> bool:
    """Whether *name* is an extended resource such as ``nvidia.com/gpu``."""
    if is_native(name) or name.startswith(REQUESTS_PREFIX):
        return False
    return not is_qualified_name(REQUESTS_PREFIX + name)


def is_overcommit_allowed(name: str) -> bool:
    """Whether the request may be smaller than the limit (not for huge pages and extended resources)."""
    return is_native(name) and not is_huge_page(name)


@lru_cache(maxsize=1024)
def is_integer(name: str) -> bool:
    """Whether only whole numbers of the resource exist."""
    return name in _COUNTED_OBJECTS or is_extended(name)


def is_standard(name: str) -> bool:
    """Whether a name without domain is one Kubernetes knows anywhere (containers, nodes, quotas)."""
    return name in _STANDARD_RESOURCES or name.startswith((HUGE_PAGES_PREFIX, REQUESTS_PREFIX + HUGE_PAGES_PREFIX))


def is_standard_for_quota(name: str) -> bool:
    """Whether a ResourceQuota may limit a resource of this name without domain."""
    return name != "storage" and is_standard(name)


def is_standard_for_container(name: str) -> bool:
    """Whether a container may request a resource of this name without domain."""
    return name in _CONTAINER_RESOURCES or is_huge_page(name)


def is_pod_level(name: str) -> bool:
    """Whether spec.resources of a pod may name it (kubernetes: component-helpers/resource/helpers.go)."""
    return name in (CPU, MEMORY) or is_huge_page(name)


def is_multiple_of_page_size(name: str, amount: Quantity) -> bool:
    """Whether *amount* is a whole number of the pages that *name* (``hugepages-2Mi``) speaks of."""
    try:
        size = parse_quantity(name.removeprefix(HUGE_PAGES_PREFIX))
    except QuantityError:
        return False
    if size.milli_value() <= 0 or size.milli_value() % 1000:
        return False
    return amount.value() % size.value() == 0
