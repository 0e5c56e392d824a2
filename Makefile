# Two commands are enough on a fresh Debian 12 machine: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
TUIDANG_DATA ?= var
export TUIDANG_DATA
BIN := .venv/bin
PAGE := package-lock.json scripts/page.sh $(shell find tuidang/verify/page/src -type f 2>/dev/null)
KERNEL := hatch_build.py tuidang/pure/merkle/kernel.c tuidang/pure/merkle/sha256.h

.PHONY: help setup run test fuzz bench check lock clean
help:
	@echo "make run     start an installation: public site :8000, office :8001"
	@echo "make test    every test, on SQLite and PostgreSQL, in a real browser"
	@echo "make fuzz    every parser with 10,000 cases instead of 500"
	@echo "make check   the house rules: imports, types, style, sizes, words"
	@echo "make bench   the figures, written to docs/benchmarks.md"
	@echo "make setup   only install what 'make run' needs, into .venv"
	@echo "make lock    write the locked requirement files anew"

setup: .venv/run.stamp

# The run-time set is a part of the test set, so a test environment also serves `make run`.
.venv/run.stamp: requirements/run.txt pyproject.toml scripts/setup.sh $(KERNEL) $(PAGE) $(shell find tuidang -name '*.po' 2>/dev/null)
	@scripts/setup.sh run

.venv/test.stamp: requirements/test.txt pyproject.toml scripts/setup.sh $(KERNEL) $(PAGE) $(shell find tuidang -name '*.po' 2>/dev/null)
	@scripts/setup.sh test

# The page is tried again, should npm have been out of reach at set-up; it takes no time once it is there.
run: .venv/run.stamp
	@scripts/page.sh
	@exec $(BIN)/tuidang run

test: .venv/test.stamp
	@scripts/test.sh

fuzz: .venv/test.stamp
	@scripts/fuzz.sh

check: .venv/test.stamp
	@scripts/check.sh

bench: .venv/test.stamp
	@scripts/bench.sh

lock:
	@scripts/lock.sh

clean:
	rm -rf .venv .uv out dist
