#!/usr/bin/env bash
# The dashboard's tests: words without a browser, then pages in a real headless
# Chromium over a mock of the API, then over a real node where one is built.
# run.sh [BUILD_FOLDER]; exit status 77 says that there is no Chromium here.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
root=$(cd ../.. && pwd)
build=${1:-$root/build/release}

[ -d "$root/webui/node_modules" ] || (cd "$root/webui" && npm ci --silent --no-audit --no-fund)
node --test words.test.mjs

if ! { [ -n "${CHROMIUM:-}" ] || command -v chromium chromium-browser google-chrome >/dev/null; }; then
  echo "skipped: there is no Chromium here (apt-get install chromium fonts-dejavu-core)"
  exit 77
fi
[ -d node_modules/playwright-core ] || npm ci --silent --no-audit --no-fund
node --test shell.test.mjs overview.test.mjs files.test.mjs content.test.mjs pins.test.mjs ffs.test.mjs limits.test.mjs operator.test.mjs
if [ -x "$build/weir" ]; then
  WEIR="$build/weir" node --test node.test.mjs nodeffs.test.mjs
else
  echo "skipped: no weir is built in $build, so no real node was looked at"
fi
