## setup: install the Debian packages that are missing
apt_packages="g++ cmake ninja-build ccache lld make file curl xz-utils pkg-config python3 ca-certificates git
  clang-format-14 libcaf-dev libuv1-dev libcapnp-dev capnproto libleveldb-dev libsnappy-dev libssl-dev nlohmann-json3-dev
  libspdlog-dev libsecp256k1-dev libb2-dev libgtest-dev libgmock-dev node-llhttp libcurl4-openssl-dev libcli11-dev zlib1g-dev"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_missing() { # PACKAGE...
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "installing: ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

dev_setup() {
  # shellcheck disable=SC2086
  install_missing $apt_packages
  # A nodejs that is not Debian's conflicts with Debian's npm package.
  command -v node >/dev/null && command -v npm >/dev/null || install_missing nodejs npm
}
