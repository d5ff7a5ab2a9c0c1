"""A real JupyterLab in a real Chromium, for browser tests and benchmarks."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from find_browser import find_browser
from playwright.sync_api import BrowserContext, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "js" / "node_modules" / "axe-core" / "axe.min.js"
TOKEN = "course"
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_START = 60
"""Seconds within which the server must answer."""


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab; *work* is its folder."""

    url: str
    work: Path

    def write_notebook(self, name: str, cells: Sequence[str]) -> None:
        """Store a notebook of code cells under *name*."""
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": _METADATA, "cells": [
            {"cell_type": "code", "id": f"cell-{number}", "metadata": {}, "execution_count": None, "outputs": [],
             "source": source}
            for number, source in enumerate(cells)
        ]}  # fmt: skip
        (self.work / name).write_text(json.dumps(notebook), encoding="utf-8")

    def open(self, page: Page, name: str) -> None:
        """Open a notebook of the folder in *page*, with its kernel running."""
        workspace = name.removesuffix(".ipynb")
        page.goto(f"{self.url}/lab/workspaces/{workspace}/tree/{name}?token={TOKEN}&reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_function(_KERNEL_IS_IDLE, timeout=60_000)

    def run_all(self, page: Page) -> None:
        """Run every cell of the open notebook and wait until the kernel rests."""
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(_KERNEL_IS_IDLE, timeout=120_000)


_SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
_METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
_KERNEL_IS_IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"


@contextmanager
def running_lab(folder: Path) -> Iterator[Lab]:
    """Start JupyterLab in an empty folder of *folder*, without any settings of the person who runs this."""
    work = folder / "work"
    work.mkdir()
    port = _free_port()
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(_command(port), cwd=work, env=_environment(folder), stdout=log, stderr=log)
        try:
            _wait_until_up(server, port, folder / "server.log")
            yield Lab(f"http://127.0.0.1:{port}", work)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _command(port: int) -> list[str]:
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    return [*command, "--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else command


def _environment(folder: Path) -> dict[str, str]:
    settings = folder / "jupyter_config_dir" / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(_SETTINGS), encoding="utf-8")
    home = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, **home, "PYTHONPATH": path, "JUPYTER_PREFER_ENV_PATH": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_up(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up = time.monotonic() + _START
    while time.monotonic() < give_up and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={TOKEN}", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


@contextmanager
def running_browser(folder: Path) -> Iterator[BrowserContext]:
    """Start Chromium with an empty profile in *folder*. Raises BrowserNotFound when there is none."""
    program = find_browser()
    flags = [*FLAGS, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else list(FLAGS)
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(folder / "profile"),
            executable_path=program,
            headless=True,
            args=flags,
            chromium_sandbox=None,
            viewport={"width": 1280, "height": 1000},
        )
        try:
            yield context
        finally:
            context.close()


def axe_findings(page: Page, root: Locator) -> list[dict[str, Any]]:
    """What axe-core objects to inside *root*: rule and elements, worst first."""
    if not AXE.is_file():
        raise RuntimeError(f"{AXE.relative_to(ROOT)} is missing: run `npm ci` in js/, or `make test`, which does")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = root.evaluate("async (node) => (await axe.run(node)).violations")
    return [{"rule": one["id"], "impact": one["impact"], "nodes": [n["html"] for n in one["nodes"]]} for one in found]
