#!/bin/sh
# Everything `make test` checks, cheapest first; stops at the first thing that is wrong. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."

heading() { printf '\n== %s\n' "$1"; }

heading "Tools, as locked"
sh scripts/venv.sh dev
heading "Chromium"
CHROMIUM=$(sh scripts/chromium.sh)
export CHROMIUM
echo "$CHROMIUM"
heading "ruff"
.venv/bin/python -m ruff check .
.venv/bin/python -m ruff format --check .
heading "mypy --strict"
.venv/bin/python -m mypy
heading "import-linter"
.venv/bin/python .venv/bin/lint-imports --no-logo
heading "djlint"
.venv/bin/python -m djlint templates --lint
heading "pytest"
# One process per core, at most two: each holds a PostgreSQL database and perhaps a browser.
exec .venv/bin/python -m pytest --numprocesses 2 --dist loadfile "$@"
