# `./dev test long`: every crash point and 200 random kills.

dev_test_long() {
  dev_build weir
  python3 tests/e2e/kill_test.py --all --random 200 "$@"
}
