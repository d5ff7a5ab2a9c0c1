"""The wheel in an empty environment: the course opens from it, with chapters, widgets and field help inside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROBE = """
import json, pathlib, sys
import k8scourse
from k8scourse.apiserver.schemas import type_schema
from k8scourse.course.content import content_dir
home = pathlib.Path(k8scourse.__file__).parent
print(json.dumps({
    "home": str(home),
    "notebooks": str(content_dir("notebooks")),
    "chapters": sorted(path.name for path in content_dir("notebooks").glob("*.ipynb")),
    "static": sorted(path.name for path in (home / "widgets" / "static").iterdir()),
    "help": type_schema("core/v1.Toleration").fields["effect"].description,
    "heavy": [name for name in ("IPython", "ipywidgets", "jupyterlab") if name in sys.modules],
}))
"""


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder)
    (wheel,) = folder.glob("k8scourse-*.whl")
    run(sys.executable, "-m", "venv", folder / "env", cwd=folder)
    python = folder / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    return json.loads(run(python, "-c", PROBE, cwd=folder))


def test_chapters_are_inside_the_package(installed: dict[str, object]) -> None:
    expected = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert installed["chapters"] == expected
    if expected:
        assert str(installed["notebooks"]).startswith(str(installed["home"]))


def test_the_widgets_bundle_is_inside_with_its_licences(installed: dict[str, object]) -> None:
    assert installed["static"] == ["THIRD_PARTY.txt", "graphs.js", "k8scourse.css", "k8scourse.js", "sources.sha256"]


def test_field_help_is_inside(installed: dict[str, object]) -> None:
    assert "NoSchedule" in str(installed["help"])


def test_the_core_needs_no_jupyter(installed: dict[str, object]) -> None:
    assert installed["heavy"] == []
