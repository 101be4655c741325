#!/usr/bin/env bash
# Every C++ file is formatted as .clang-format says (./dev fmt does it).
cd "$(dirname "$0")/../.."
git ls-files -co --exclude-standard '*.hpp' '*.cpp' | sort -u | while read -r f; do [ -f "$f" ] && echo "$f"; done \
  | xargs -P2 -n20 clang-format-14 --dry-run -Werror 2>&1 | grep -o '^[^:]*' | sort -u | sed 's/^/format: run .\/dev fmt on /' >"${TMPDIR:-/tmp}/weir-format.$$"
cat "${TMPDIR:-/tmp}/weir-format.$$"
[ ! -s "${TMPDIR:-/tmp}/weir-format.$$" ]; status=$?
rm -f "${TMPDIR:-/tmp}/weir-format.$$"
exit $status
