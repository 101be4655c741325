#!/usr/bin/env bash
# Every C++ file is formatted as .clang-format says (./dev fmt does it).
cd "$(dirname "$0")/../.." || exit 1
complaints=0
while read -r file; do
  [ -f "$file" ] || continue
  clang-format-14 --dry-run -Werror "$file" >/dev/null 2>&1 || { echo "format: run ./dev fmt on $file"; complaints=1; }
done < <(git ls-files -co --exclude-standard '*.hpp' '*.cpp' | sort -u)
exit $complaints
