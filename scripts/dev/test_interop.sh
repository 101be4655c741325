# `./dev test interop`: against programs that nobody here wrote.

dev_test_interop() {
  dev_build weir weir_client adapters_test
  local failed=0 status test
  for test in kubo_test flatfs_test peers_test provider_test remote_test clients_test hot_test; do
    status=0
    python3 "tests/interop/$test.py" || status=$?
    if [ $status -eq 77 ]; then
      echo "interop: $test did not run"
    elif [ $status -ne 0 ]; then
      failed=1
    fi
  done
  return $failed
}
