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
  dev_build
  ctest --test-dir build/release --output-on-failure -j2 "$@"
}
