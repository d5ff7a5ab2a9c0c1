"""binder/ says to repo2docker what it is meant to say (rules: repo2docker, buildpacks/python and buildpacks/base)."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent.parent
BINDER = ROOT / "binder"
PYTHONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
"""The versions that repo2docker has a locked environment for (buildpacks/conda/supported_python_version.py)."""
IMAGE = {"jupyterlab": "4.4.9", "ipywidgets": "8.1.7", "PyYAML": "6.0.3"}
"""What that environment brings (buildpacks/conda/environment.py-3.12-linux-64.lock)."""
KNOWN = {"runtime.txt", "requirements.txt", "apt.txt", "postBuild", "start"}


def requirements() -> list[Requirement]:
    """The lines of requirements.txt."""
    lines = (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]


def project() -> dict[str, object]:
    """The project table of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_there_is_one_binder_folder_and_every_file_in_it_means_something() -> None:
    assert not (ROOT / ".binder").exists()
    assert {path.name for path in BINDER.iterdir()} <= KNOWN


def test_no_file_chooses_another_build_pack() -> None:
    for name in ("Dockerfile", "environment.yml", "Pipfile", "Project.toml", "DESCRIPTION", "default.nix"):
        assert not (BINDER / name).exists()


def test_the_runtime_is_a_python_that_the_image_and_the_project_have() -> None:
    runtime = (BINDER / "runtime.txt").read_text(encoding="utf-8").strip()
    found = re.fullmatch(r"python-(\d+\.\d+)", runtime)
    assert found is not None
    assert found[1] in PYTHONS
    assert found[1] >= "3.11"


def test_every_requirement_is_pinned() -> None:
    for requirement in requirements():
        assert re.fullmatch(r"==[0-9][0-9a-z.]*", str(requirement.specifier)), requirement


def test_no_requirement_is_a_local_file_so_that_the_layer_is_built_before_the_repository_is_copied() -> None:
    text = (BINDER / "requirements.txt").read_text(encoding="utf-8")
    assert not re.search(r"^\s*(-|\.|.*://)", re.sub("#.*", "", text), re.MULTILINE)


@pytest.mark.parametrize("extra", ["", "notebook"])
def test_what_the_project_asks_for_is_there_in_a_version_that_it_allows(extra: str) -> None:
    wanted = project()["optional-dependencies"][extra] if extra else project()["dependencies"]  # type: ignore[index]
    pins = {one.name.lower(): str(one.specifier).removeprefix("==") for one in requirements()}
    pins |= {name.lower(): version for name, version in IMAGE.items()}
    for text in wanted:  # type: ignore[attr-defined]
        requirement = Requirement(text)
        assert pins[requirement.name.lower()] in requirement.specifier, text


def test_what_the_image_has_is_not_installed_a_second_time() -> None:
    assert {name.lower() for name in IMAGE}.isdisjoint(one.name.lower() for one in requirements())


def test_the_post_build_is_a_shell_script_that_can_be_run() -> None:
    script = BINDER / "postBuild"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").startswith("#!")
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_the_badge_opens_the_first_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"https://mybinder\.org/v2/gh/[\w-]+/[\w-]+/HEAD\?urlpath=lab/tree/([\w./-]+)", readme)
    assert found is not None
    assert (ROOT / found[1]).is_file()
