## lint [all]: one rule a script, all of tests/lint; those named slow_… only with "all"
dev_lint() {
  install_missing clang-format-14
  local failed=0 rule
  for rule in tests/lint/*.py tests/lint/*.sh; do
    case $rule in
      tests/lint/common.py) continue ;;
      tests/lint/slow_*) [ "${1:-}" = all ] || continue ;;
    esac
    case $rule in
      *.py) python3 "$rule" ;;
      *) bash "$rule" ;;
    esac || { failed=$((failed + 1)); echo "lint: $(basename "$rule") complains"; }
  done
  [ $failed -eq 0 ] && echo "lint: all rules hold"
  return $failed
}
