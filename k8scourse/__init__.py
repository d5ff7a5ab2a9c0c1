"""A Kubernetes that fits in one Python variable, and a Jupyter course on it.

The names below are the public interface; everything else may change from one version to the next. They are imported
when they are used, so that `import k8scourse` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster, PastCluster
    from k8scourse.etcd.store import RevisionCompacted
    from k8scourse.kubectl import Output
    from k8scourse.machinery.manifest_error import ManifestError
    from k8scourse.machinery.status import ApiError
    from k8scourse.simulation.engine import StepBudgetExceeded
    from k8scourse.views.explanation import Explanation

__version__ = "0.1.0"

__all__ = [
    "ApiError",
    "Cluster",
    "Explanation",
    "ManifestError",
    "Output",
    "PastCluster",
    "RevisionCompacted",
    "StepBudgetExceeded",
    "__version__",
]

_HOMES = {
    "ApiError": "machinery.status",
    "Cluster": "cluster",
    "Explanation": "views.explanation",
    "ManifestError": "machinery.manifest_error",
    "Output": "kubectl",
    "PastCluster": "cluster",
    "RevisionCompacted": "etcd.store",
    "StepBudgetExceeded": "simulation.engine",
}
"""The module of each public name."""


def __getattr__(name: str) -> Any:
    """A public name, imported at its first use (PEP 562); raises AttributeError for any other."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, for completion."""
    return sorted({*globals(), *__all__})


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext k8scourse` does: the course's magics, such as %%answer."""
    import_module(f"{__name__}.course.magics").load_ipython_extension(shell)
