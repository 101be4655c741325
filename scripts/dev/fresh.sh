# The two commands, proved in a bare Debian 12: `./dev test fresh`.
#
# debootstrap makes a minimal system in a temporary folder; a clone of HEAD is
# put in it, and `./dev run --once` and `./dev test` run there as root, with
# nothing of this machine but its way to the package registries.

fresh_home=/srv/home

fresh_bind() { mount --bind "$1" "$2/$1" && fresh_mounts+=("$2/$1"); }

fresh_clean() {
  local mount
  for mount in "${fresh_mounts[@]}"; do umount -l "$mount" 2>/dev/null || true; done
  rm -rf --one-file-system "$fresh_root"
}

fresh_registry_access() { # ROOT: certificates and settings that a registry may need here
  local bundle=${NODE_EXTRA_CA_CERTS:-${SSL_CERT_FILE:-}}
  mkdir -p "$1/usr/local/share/weir" "$1$fresh_home"
  if [ -n "$bundle" ] && [ -f "$bundle" ]; then
    cp -L "$bundle" "$1/usr/local/share/weir/authorities.crt"
    echo "NODE_EXTRA_CA_CERTS=/usr/local/share/weir/authorities.crt" >>"$1/etc/environment"
  fi
  cp -L /etc/resolv.conf "$1/etc/resolv.conf" 2>/dev/null || true
  cp -L /etc/hosts "$1/etc/hosts" 2>/dev/null || true
  [ -f "$HOME/.npmrc" ] && grep -v '^nodedir' "$HOME/.npmrc" >"$1$fresh_home/.npmrc" || true
}

dev_test_fresh() {
  [ "$(id -u)" = 0 ] || { echo "./dev test fresh needs root (debootstrap, chroot)" >&2; return 1; }
  install_missing debootstrap
  fresh_mounts=()
  fresh_root=$(mktemp -d "${TMPDIR:-/tmp}/weir-fresh-XXXXXX")
  trap fresh_clean EXIT
  debootstrap --variant=minbase bookworm "$fresh_root" >/dev/null
  fresh_registry_access "$fresh_root"
  local mount
  for mount in /proc /dev /sys; do fresh_bind $mount "$fresh_root"; done
  git clone -q "$root" "$fresh_root/srv/weir"
  local inside="set -a; . /etc/environment; set +a; cd /srv/weir"
  chroot "$fresh_root" /usr/bin/env -i HOME=$fresh_home PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    bash -c "$inside; ./dev run --once && ./dev test"
  echo "fresh: ./dev run --once and ./dev test passed in a bare Debian 12"
}
