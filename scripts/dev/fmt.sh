## fmt: format every C++ file
dev_fmt() {
  install_missing clang-format-14
  git ls-files -co --exclude-standard '*.hpp' '*.cpp' | sort -u | while read -r f; do [ -f "$f" ] && echo "$f"; done \
    | xargs -P2 -n20 clang-format-14 -i
}
