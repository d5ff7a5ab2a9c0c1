"""One edit in the manifest editor to its verdict on screen, in a real browser, debounce included.

The reference in the same run is a bare round trip between page and kernel, through the same server.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))

from lab_in_browser import running_browser, running_lab
from playwright.sync_api import Page

GOAL = 100  # milliseconds, p95
EDITS = 60
ROUNDS = 3  # the best one counts: what else runs on the machine only adds
PAUSE = 120  # milliseconds between keystrokes, a fast typist

MAKE = """
from k8scourse.cluster import Cluster
from k8scourse.widgets import ManifestEditor
import anywidget

class Echo(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
        globalThis.bareRoundTrip = () => new Promise((resolve) => {
            const start = performance.now();
            const back = () => { model.off("msg:custom", back); resolve(performance.now() - start); };
            model.on("msg:custom", back);
            model.send({});
        });
        el.textContent = "echo"; } };'''

cluster = Cluster(nodes=[{"name": "n1", "taints": ["gpu=true:NoSchedule"]}, "n2", "n3"])
echo = Echo()
echo.on_msg(lambda widget, message, buffers: widget.send(message))
echo
"""
SHOW = """
TEXT = '''apiVersion: v1
kind: Pod
metadata:
  name: gpu-pod
spec:
  tolerations:
  - key: gpu
    operator: Exists
    effect: NoSchedule
  containers:
  - name: app
    image: nginx
'''
ManifestEditor(TEXT, cluster=cluster, path="gpu-pod.yaml")
"""
WATCH = """() => {
  const answer = document.querySelector(".k8s-editor .k8s-answer");
  globalThis.times = [];
  let start = 0;
  document.addEventListener("keydown", (event) => { start = event.timeStamp; }, true);
  new MutationObserver(() => {
    const began = start;
    requestAnimationFrame(() => setTimeout(() => globalThis.times.push(performance.now() - began), 0));
  }).observe(answer, { attributes: true, attributeFilter: ["data-asked"] });
}"""


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def edits(page: Page) -> list[float]:
    """Milliseconds from each keystroke to the frame that shows its verdict."""
    page.evaluate("() => { globalThis.times = []; }")
    page.locator(".k8s-editor .cm-content").focus()
    for key in ["Control+Home", *["ArrowDown"] * 6, "End"]:
        page.keyboard.press(key)
    for number in range(EDITS):
        page.keyboard.press("x" if number % 2 == 0 else "Backspace")
        page.wait_for_timeout(PAUSE)
    page.wait_for_timeout(500)
    return page.evaluate("() => globalThis.times")


def bare(page: Page) -> list[float]:
    page.wait_for_function("() => globalThis.bareRoundTrip")
    return [page.evaluate("() => globalThis.bareRoundTrip()") for _ in range(EDITS)]


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running_lab(folder) as lab, running_browser(folder) as browser:
            page = browser.new_page()
            lab.write_notebook("editor.ipynb", [MAKE, SHOW])
            lab.open(page, "editor.ipynb")
            lab.run_all(page)
            page.locator(".k8s-editor .k8s-answer[data-status=accepted]").wait_for()
            page.evaluate(WATCH)
            rounds = [edits(page) for _ in range(ROUNDS)]
            reference = bare(page)
    verdicts = min(rounds, key=p95)
    ratio = median(verdicts) / median(reference)
    print(f"edit to verdict on screen, {EDITS} edits a round; goal: p95 < {GOAL} ms in the best round")
    for times in rounds:
        print(f"  {len(times)} answered one by one: median {median(times):.0f} ms, p95 {p95(times):.0f} ms")
    print(f"  bare round trip: median {median(reference):.0f} ms, p95 {p95(reference):.0f} ms; ratio {ratio:.1f}")
    return 0 if p95(verdicts) < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
