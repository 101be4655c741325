# `./dev test long`: every crash point and 200 random kills, of contents and of FFS jobs; 10,000 random steps of FFS.

dev_test_long() {
  dev_build weir actors_test
  WEIR_OPERATIONS=10000 build/release/actors_test --gtest_filter='ffs_random.*'
  python3 tests/e2e/kill_test.py --all --random 200 "$@"
  python3 tests/e2e/ffs_kill_test.py --all --random 200 "$@"
}
