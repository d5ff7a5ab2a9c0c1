"""Takes the README's picture of the course: a chapter in a real JupyterLab, run, with its lab in view.

python tools/take_picture.py [docs/images/course.png]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from lab_in_browser import ROOT, running_browser, running_lab

CHAPTER = "03-taints-and-tolerations.ipynb"
SHOWN = "ManifestEditor("
"""The picture begins at the last cell with this text."""
PICTURE = ROOT / "docs" / "images" / "course.png"
WIDTH, HEIGHT = 1200, 1080
_REST = 2_000
"""Milliseconds until nothing moves any more."""
_SCROLL = """text => {
  window.jupyterapp.shell.collapseLeft();
  const notebook = window.jupyterapp.shell.currentWidget.content;
  const index = notebook.widgets.findLastIndex(cell => cell.model.sharedModel.source.includes(text));
  notebook.activeCellIndex = index;
  return notebook.scrollToItem(index, "start");
}"""


def take(picture: Path) -> None:
    """Write the picture; raises BrowserNotFound without a browser."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_lab(Path(folder)) as lab,
        running_browser(Path(folder)) as browser,
    ):
        shutil.copyfile(ROOT / "notebooks" / CHAPTER, lab.work / CHAPTER)
        page = browser.new_page()
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        lab.open(page, CHAPTER)
        lab.run_all(page)
        page.evaluate(_SCROLL, SHOWN)
        page.wait_for_selector(".k8scourse-widget .cm-editor")
        page.evaluate(_SCROLL, SHOWN)
        page.wait_for_timeout(_REST)
        picture.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=picture)


if __name__ == "__main__":
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE)
