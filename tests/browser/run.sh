#!/bin/sh
# Runs the browser tests: all, or the files named. Needs Node 20, npm, Chromium and a built gleaner.
#   GLEANER_BIN   the binary to test; without it, target/debug/gleaner of this repository
#   CHROMIUM      the browser; without it, /usr/bin/chromium
set -eu

# A relative path to the binary is meant from where the caller stands.
if [ -n "${GLEANER_BIN:-}" ]; then
  GLEANER_BIN=$(realpath "$GLEANER_BIN")
  export GLEANER_BIN
fi
cd "$(dirname "$0")"

# npm writes this file last, so an install that was cut short is done again.
installed=node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ "$installed" -ot package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund
  touch "$installed"
fi

if [ $# -eq 0 ]; then
  set -- *.test.mjs
fi
exec node --test --test-reporter=spec --test-concurrency=2 --test-timeout=600000 "$@"
