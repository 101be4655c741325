## ui [API]: build the dashboard at every change and serve it with a running node's API (default 127.0.0.1:3004)
## ui mock: the same over a made-up world that moves by itself, without a node
dev_ui() {
  command -v node >/dev/null && command -v npm >/dev/null || install_missing nodejs npm
  [ -d webui/node_modules ] || (cd webui && npm ci --silent --no-audit --no-fund)
  if [ "${1:-}" = mock ]; then
    node tests/webui/mock/main.mjs
  else
    node webui/watch.mjs "${1:-${WEIR_API:-127.0.0.1:3004}}"
  fi
}
