#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# The house rules that need no database: imports, types, style, and the architecture tests.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/lint-imports --config pyproject.toml
.venv/bin/mypy
.venv/bin/pytest -q tests/architecture
