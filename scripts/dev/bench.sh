## bench [NAME] [--json]: benchmarks, as ratios within one run
dev_bench() {
  dev_build weir_bench weir
  build/release/weir_bench "$@"
}
