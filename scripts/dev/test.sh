## test [quick|long|interop|fresh]: all tests of a change; or every kill, foreign programs, a bare Debian
dev_test() {
  local kind=${1:-quick}
  [ $# -gt 0 ] && shift
  if ! declare -F "dev_test_$kind" >/dev/null; then
    echo "usage: ./dev test [quick|long|interop|fresh]" >&2
    return 2
  fi
  "dev_test_$kind" "$@"
}

dev_test_quick() {
  # The dashboard's tests want a browser; any Chromium that is there will do.
  command -v chromium chromium-browser google-chrome >/dev/null || install_missing chromium fonts-dejavu-core
  dev_build
  ctest --test-dir build/release --output-on-failure -j2 "$@"
}
