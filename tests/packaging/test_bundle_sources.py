"""What the repository promises about the widgets' JavaScript."""

from __future__ import annotations

import json
from pathlib import Path

import bundle

from k8scourse.widgets.bundle import loader

ROOT = Path(__file__).resolve().parents[2]
LOCK = json.loads((ROOT / "js" / "package-lock.json").read_text(encoding="utf-8"))


def test_the_lock_names_no_registry_but_pins_every_package_by_hash() -> None:
    packages = {name: entry for name, entry in LOCK["packages"].items() if name}
    assert all("resolved" not in entry for entry in packages.values())
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())


def test_the_lock_agrees_with_the_manifest() -> None:
    manifest = json.loads((ROOT / "js" / "package.json").read_text(encoding="utf-8"))
    for group in ("dependencies", "devDependencies"):
        assert LOCK["packages"][""][group] == manifest[group]


def test_the_loader_stays_under_three_kilobytes() -> None:
    assert len(loader().encode()) < 3 * 1024


def test_the_bundle_is_current_only_while_its_sources_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "js" / "src").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "build.mjs", "src/index.js"):
        (tmp_path / "js" / name).write_text(name, encoding="utf-8")
    assert not bundle.is_current(tmp_path)
    static = bundle.static_dir(tmp_path)
    static.mkdir(parents=True)
    (static / bundle.HASH_FILE).write_text(bundle.source_hash(tmp_path), encoding="ascii")
    assert bundle.is_current(tmp_path)
    (tmp_path / "js" / "src" / "index.js").write_text("changed", encoding="utf-8")
    assert not bundle.is_current(tmp_path)


def test_k8scourse_no_js_builds_without_javascript(monkeypatch) -> None:
    monkeypatch.setenv("K8SCOURSE_NO_JS", "1")
    assert not bundle.wanted()
    monkeypatch.delenv("K8SCOURSE_NO_JS")
    assert bundle.wanted()


def test_a_missing_node_is_told_in_one_sentence_with_advice(monkeypatch) -> None:
    monkeypatch.setattr(bundle, "_node_of_wheel", lambda: None)
    monkeypatch.setenv("PATH", "")
    try:
        bundle.find_node()
    except bundle.BundleError as error:
        assert "install Node.js" in str(error) and "\n" not in str(error)
    else:
        raise AssertionError("there is no node on an empty PATH")
