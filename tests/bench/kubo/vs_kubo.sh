#!/usr/bin/env bash
# A file to CAR and piece CID: Weir in one pass against Kubo's add and export
# and stream-commp, in turns within one run; wall time, best of the rounds. Then
# commP alone against go-fil-commp-hashhash, of processor time.
# Usage: vs_kubo.sh BUILD_FOLDER [MIB] [ROUNDS]. Exit status 77 without a Go
# that can build them. KUBO and STREAM_COMMP name binaries that exist.
set -euo pipefail
build=$(readlink -f "${1:?a build folder}")
size=${2:-1024} rounds=${3:-2}
peers=$(dirname "$build")/interop
kubo=${KUBO:-$peers/ipfs} commp=${STREAM_COMMP:-$peers/stream-commp}
ninja -C "$build" import_file commp_file >/dev/null

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

make_peer() { # BINARY MODULE_FOLDER PACKAGE
  [ -x "$1" ] && return 0
  PATH=$PATH:/usr/local/go/bin command -v go >/dev/null || { echo "skipped: no Go here"; exit 77; }
  mkdir -p "$(dirname "$1")"
  (cd "$2" && PATH=$PATH:/usr/local/go/bin GOTOOLCHAIN=auto GOFLAGS=-mod=mod go build -o "$1" "$3") >"$dir/log" 2>&1 \
    || { echo "skipped: $3 does not build here"; tail -3 "$dir/log"; exit 77; }
}
mkdir "$dir/kubo"
printf 'module bench\n\nrequire github.com/ipfs/kubo v0.43.0\n' >"$dir/kubo/go.mod"
make_peer "$kubo" "$dir/kubo" github.com/ipfs/kubo/cmd/ipfs
cp -r "$(dirname "$(readlink -f "$0")")/commp" "$dir/commp-module"
make_peer "$commp" "$dir/commp-module" .

head -c "${size}M" /dev/urandom >"$dir/file"
seconds() { # COMMAND...: its wall time
  local begin=$EPOCHREALTIME
  "$@"
  awk "BEGIN {printf \"%.2f\\n\", $EPOCHREALTIME - $begin}"
}
theirs() {
  rm -rf "$dir/repo"
  IPFS_PATH=$dir/repo "$kubo" init --profile unixfs-v1-2025 >/dev/null
  seconds by_hand
}
by_hand() {
  export IPFS_PATH=$dir/repo
  "$kubo" add --offline -Q "$dir/file" >"$dir/root"
  "$kubo" dag export --offline --progress=false "$(cat "$dir/root")" >"$dir/kubo.car"
  "$commp" <"$dir/kubo.car" >"$dir/commp" 2>&1
}
in_one_pass() { "$build/import_file" "$dir/file" "$dir/weir.car" >"$dir/weir"; }
ours() { seconds in_one_pass; }

cpu_seconds() { # FILE COMMAND...: its user and system time; its output into FILE
  local out=$1
  shift
  { TIMEFORMAT='%U %S'; time "$@" >"$out"; } 2>&1 | awk '{ printf "%.3f\n", $1 + $2 }'
}
commp_alone() {
  "$commp" <"$dir/weir.car"
}

for ((i = 0; i < rounds; ++i)); do
  theirs >>"$dir/a"
  ours >>"$dir/b"
  cpu_seconds "$dir/commp-theirs" commp_alone >>"$dir/c"
  cpu_seconds "$dir/commp-ours" "$build/commp_file" "$dir/weir.car" >>"$dir/d"
done
[ "$(cat "$dir/root")" = "$(cut -d' ' -f1 <"$dir/weir")" ] || { echo "the roots differ"; exit 1; }
# The one pass puts leaves before what links to them, the export after it: two CARs of one DAG.
cmp -s "$dir/commp-ours" "$dir/commp-theirs" || { echo "the piece CIDs differ"; exit 1; }
[ "$(cat "$dir/commp-theirs")" = "$(cut -d' ' -f2 <"$dir/weir")" ] || { echo "the piece CID is wrong"; exit 1; }
a=$(sort -g "$dir/a" | head -1) b=$(sort -g "$dir/b" | head -1)
echo "$size MiB to CAR and piece CID: $b s against $a s of Kubo and stream-commp, $(awk "BEGIN {printf \"%.1f\", $a / $b}") times as fast (same root; the piece CID is what the Go library says)"
c=$(sort -g "$dir/c" | head -1) d=$(sort -g "$dir/d" | head -1)
echo "commP of that CAR: $d processor seconds against $c of go-fil-commp-hashhash, $(awk "BEGIN {printf \"%.1f\", $c / $d}") times"
