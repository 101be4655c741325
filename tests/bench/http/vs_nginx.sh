#!/usr/bin/env bash
# Small GET and a 1 MiB file against nginx (one worker, no access log), in turns
# within one run; the ratios count, the absolute figures are the machine's.
# Usage: vs_nginx.sh BUILD_FOLDER [ROUNDS]. Exit status 77 without nginx or wrk.
set -euo pipefail
build=$(readlink -f "${1:?a build folder}")
rounds=${2:-3}
for tool in nginx wrk; do
  PATH=$PATH:/usr/sbin command -v $tool >/dev/null || { echo "skipped: no $tool here"; exit 77; }
done
PATH=$PATH:/usr/sbin
ninja -C "$build" http_bench_server >/dev/null

dir=$(mktemp -d)
server= nginx=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$nginx" ] || kill "$nginx" 2>/dev/null || true
  rm -rf "$dir"
}
trap finish EXIT

mkdir "$dir/www"
head -c 1048576 /dev/urandom >"$dir/www/file"
printf 'hello\n' >"$dir/www/hello"
mkfifo "$dir/in"
"$build/http_bench_server" "$dir/www/file" <"$dir/in" >"$dir/port" &
server=$!
exec 9>"$dir/in"
until [ -s "$dir/port" ]; do :; done
ours=$(cat "$dir/port")
theirs=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
cat >"$dir/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $dir/pid; error_log $dir/error.log;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; keepalive_requests 100000000; client_body_temp_path $dir;
  proxy_temp_path $dir; fastcgi_temp_path $dir; uwsgi_temp_path $dir; scgi_temp_path $dir;
  server { listen 127.0.0.1:$theirs; root $dir/www;
    location = /hello { default_type text/plain; return 200 "hello\n"; } }
}
CONF
chmod 755 "$dir"
nginx -c "$dir/nginx.conf" 2>/dev/null &
nginx=$!
until curl -s -o /dev/null "http://127.0.0.1:$theirs/hello"; do :; done

load() { # PORT PATH CONNECTIONS: requests a second
  wrk -t1 -c"$3" -d2s "http://127.0.0.1:$1$2" | awk '/Requests\/sec/ {print $2}'
}
best() { sort -g | tail -1; }
for what in "/hello 64" "/file 16"; do
  set -- $what
  : >"$dir/a"; : >"$dir/b"
  for ((i = 0; i < rounds; ++i)); do
    load "$theirs" "$1" "$2" >>"$dir/a"
    load "$ours" "$1" "$2" >>"$dir/b"
  done
  a=$(best <"$dir/a") b=$(best <"$dir/b")
  echo "http GET $1: $(awk "BEGIN {printf \"%.2f\", $b / $a}") of nginx ($b against $a requests/s, best of $rounds)"
done
