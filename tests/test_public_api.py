"""What `k8scourse` promises to those who import it: these names, quickly, and nothing heavy behind them."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import k8scourse

ROOT = Path(__file__).parent.parent
HEAVY = (
    "IPython",
    "ipykernel",
    "ipywidgets",
    "anywidget",
    "jupyterlab",
    "graphviz",
    "jsonschema",
    "rich",
    "sqlalchemy",
)


def test_the_public_names() -> None:
    assert k8scourse.__all__ == [
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


def test_every_public_name_leads_somewhere_and_shows_up_in_completion() -> None:
    for name in k8scourse.__all__:
        assert getattr(k8scourse, name) is not None
        assert name in dir(k8scourse)


def test_no_other_name_is_found() -> None:
    with pytest.raises(AttributeError, match="module 'k8scourse' has no attribute 'Kluster'"):
        k8scourse.Kluster  # noqa: B018 - the access itself is the test


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" in project.get("dynamic", ()) or project["version"] == k8scourse.__version__


def imported_by(code: str) -> set[str]:
    """The top-level modules in a fresh interpreter after *code*."""
    script = f"{code}\nimport sys; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


def test_importing_the_package_imports_no_room() -> None:
    code = "import k8scourse, sys; assert not [name for name in sys.modules if name.startswith('k8scourse.')]"
    assert "yaml" not in imported_by(code)


def test_the_simulator_needs_pyyaml_and_nothing_else() -> None:
    code = "from k8scourse import Cluster; c = Cluster(nodes=1); c.kubectl('get nodes'); repr(c)"
    imported = imported_by(code)
    assert imported.isdisjoint(HEAVY)
    assert imported - set(sys.stdlib_module_names) <= {"k8scourse"} | imported_by("import yaml")
