## fuzz NAME [SECONDS]: run one fuzzer of tests/fuzz with libFuzzer (clang), 60 seconds unless told
dev_fuzz() {
  if [ $# -eq 0 ]; then
    echo "usage: ./dev fuzz NAME [SECONDS]; there are:"
    for source in tests/fuzz/*_fuzz.cpp; do basename "$source" _fuzz.cpp; done
    return 2
  fi
  dev_setup
  install_missing clang-14 libclang-rt-14-dev
  configure fuzz
  cmake --build --preset fuzz --target "fuzz_$1"
  mkdir -p "build/fuzz/corpus/$1" "tests/fuzz/corpus/$1"
  "build/fuzz/fuzz_$1" -max_total_time="${2:-60}" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    "build/fuzz/corpus/$1" "tests/fuzz/corpus/$1"
}
