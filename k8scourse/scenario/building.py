"""Building images (scenario.md, section 5)."""

from __future__ import annotations

from k8scourse.scenario.words import unsimulated_actions, unsimulated_expectations

_BUILDS = "building images"

unsimulated_actions(_BUILDS, "build", answer=True, fills=False)
unsimulated_actions(_BUILDS, "write_files", "touch_files", fills=False)
unsimulated_expectations(_BUILDS, "built", "build_error", about_answer=True)
unsimulated_expectations(_BUILDS, "image", "image_file", "image_run", "image_exec", "lint", "no_lint")
unsimulated_expectations(_BUILDS, "not_pulled", "layer_bytes", "build_cache")
unsimulated_expectations("reading image references", "image_reference")
