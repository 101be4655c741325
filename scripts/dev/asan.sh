## asan [TEST...]: build with AddressSanitizer and UndefinedBehaviorSanitizer, and run the unit tests
dev_asan() {
  dev_setup
  configure asan
  local tests=("$@")
  [ ${#tests[@]} -gt 0 ] || tests=(types_test messages_test storage_test actors_test adapters_test node_test)
  cmake --build --preset asan --target "${tests[@]}"
  for test in "${tests[@]}"; do
    UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 "build/asan/$test" --gtest_brief=1
  done
}
