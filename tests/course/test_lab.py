import os
from pathlib import Path

import pytest

from k8scourse.course.content import content_dir
from k8scourse.course.lab import lab_command


def test_the_lab_opens_on_the_first_chapter(tmp_path: Path) -> None:
    for name in ("01-taints.ipynb", "00-start.ipynb"):
        (tmp_path / name).touch()
    assert "--LabApp.default_url=/lab/tree/00-start.ipynb" in lab_command(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are user ids on Unix only")
@pytest.mark.parametrize(("uid", "allowed"), [(0, True), (1000, False)])
def test_root_is_allowed_only_for_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uid: int, allowed: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    assert ("--allow-root" in lab_command(tmp_path)) is allowed


def test_the_checkout_has_its_chapters() -> None:
    assert content_dir("notebooks").is_dir()
