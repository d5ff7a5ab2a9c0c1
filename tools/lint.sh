#!/bin/sh
# lint.sh BIN: every check that reads the sources without running them.
set -e
bin="$1"
"$bin/ruff" check --quiet .
"$bin/ruff" format --quiet --check .
"$bin/lint-imports" >/dev/null || "$bin/lint-imports"
"$bin/pyright" --pythonpath "$bin/python"
