## bench [NAME] [--json]: benchmarks, as ratios within one run; http: against nginx; node: a whole node; rpc: the remote API; ffs: jobs and watchers over it; kubo: against Kubo
dev_bench() {
  case "${1:-}" in
    http)
      dev_build http_bench_server
      bash tests/bench/http/vs_nginx.sh build/release "${@:2}"
      ;;
    node)
      dev_build weir fill_records
      WEIR_BINARY=$root/build/release/weir python3 tests/bench/node_bench.py "${@:2}"
      ;;
    rpc)
      dev_build weir rpc_bench
      WEIR_BINARY=$root/build/release/weir python3 tests/bench/rpc_bench.py "${@:2}"
      ;;
    ffs)
      dev_build weir rpc_bench ffs_bench
      WEIR_BINARY=$root/build/release/weir python3 tests/bench/ffs_bench.py "${@:2}"
      ;;
    kubo)
      dev_build import_file commp_file
      bash tests/bench/kubo/vs_kubo.sh build/release "${@:2}"
      ;;
    *)
      dev_build weir_bench
      build/release/weir_bench "$@"
      ;;
  esac
}
