"""The house: licence, notices, hooks and the links between the documents."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def read(name: str) -> str:
    """A file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_licence_is_the_apache_licence_as_the_project_says() -> None:
    assert "Version 2.0, January 2004" in read("LICENSE")
    assert "END OF TERMS AND CONDITIONS" in read("LICENSE")
    assert tomllib.loads(read("pyproject.toml"))["project"]["license"] == "Apache-2.0"


def test_the_notice_names_those_whose_work_is_inside() -> None:
    notice = read("NOTICE")
    assert "Copyright The Kubernetes Authors" in notice
    assert "Marijn Haverbeke" in notice
    assert "Permission is hereby granted, free of charge" in notice


def test_the_hooks_use_the_linter_that_the_project_pins() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    pinned = next(line for line in project["optional-dependencies"]["lint"] if line.startswith("ruff=="))
    hooks = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    ruff = next(repo for repo in hooks if repo["repo"].endswith("ruff-pre-commit"))
    assert ruff["rev"] == f"v{pinned.removeprefix('ruff==')}"


def test_the_readme_starts_with_the_two_commands() -> None:
    assert read("README.md").index("make lab") < 1500
    assert read("README.md").index("make test") < 1500


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) + re.findall(r'src="([^"]+)"', text):
        if "://" not in target:
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_pictures_have_words(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert not re.search(r"!\[\s*\]\(", text)
    assert len(re.findall("<img", text)) == len(re.findall('<img[^>]* alt="[^"]+"', text))
