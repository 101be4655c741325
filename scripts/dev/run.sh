## run [PATH] [--once]: a node with a devnet does the main job on real input, then stays with its dashboard

# Prints the first folder with 64 to 512 MiB in 200 to 3,000 files, or makes one.
run_input() { # FOLDER to make it in
  local candidate size files
  for candidate in /usr/lib/python3.11 /usr/share/perl /usr/lib/gcc /usr/share/vim /usr/share/cmake-3.25; do
    [ -d "$candidate" ] || continue
    size=$(du -sm --apparent-size "$candidate" 2>/dev/null | cut -f1)
    files=$(find "$candidate" -type f 2>/dev/null | head -n 3001 | wc -l)
    if [ "${size:-0}" -ge 64 ] && [ "${size:-0}" -le 512 ] && [ "$files" -ge 200 ] && [ "$files" -le 3000 ]; then
      echo "$candidate"
      return
    fi
  done
  mkdir -p "$1"
  python3 - "$1" <<'PYTHON'
import pathlib, random, sys
source = random.Random(1)
for i in range(256):
    path = pathlib.Path(sys.argv[1]) / f"folder{i % 16}" / f"file{i}.bin"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(source.randbytes(300_000))
PYTHON
  echo "$1"
}

run_stop() {
  # Ctrl-C has reached the node as well: how it ends says nothing here.
  if [ -n "${run_node:-}" ]; then
    kill "$run_node" 2>/dev/null || true
    wait "$run_node" 2>/dev/null || true
  fi
  rm -rf "$run_folder"
}

run_field() { # NAME: a field of the node's addresses
  python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$run_folder/node/addresses.json" "$1"
}

run_start_node() {
  mkdir -p "$run_folder/node"
  build/release/weir node --data "$run_folder/node" --devnet --api 127.0.0.1:0 --gateway 127.0.0.1:0 \
    --pieces 127.0.0.1:0 >"$run_folder/node.log" 2>&1 &
  run_node=$!
  until [ -s "$run_folder/node/addresses.json" ]; do
    kill -0 "$run_node" 2>/dev/null || { cat "$run_folder/node.log" >&2; return 1; }
    sleep 0.05
  done
  WEIR_API=$(run_field api)
  export WEIR_API
}

run_job() { # PATH
  local weir=build/release/weir cid
  "$weir" bucket create run --count 1 >/dev/null
  echo "adding $1"
  "$weir" add "$1" --bucket run --wait active
  cid=$("$weir" ls --json | python3 -c 'import json, sys; print(json.loads(sys.stdin.readline())["cid"])')
  "$weir" offload "$cid"
  "$weir" get "$cid" -o "$run_folder/back" --from provider
  diff -r --no-dereference "$1" "$run_folder/back"
  echo "what came back from a provider equals $1 byte for byte"
  rm -rf "$run_folder/back"
  "$weir" status "$cid"
}

dev_run() { # relative paths are those of the caller
  local path="" once=no argument
  for argument in "$@"; do
    case $argument in
      --once) once=yes ;;
      -*) echo "usage: ./dev run [PATH] [--once]" >&2; return 2 ;;
      *) path=$argument ;;
    esac
  done
  [ -z "$path" ] || path=$(cd "$dev_caller" && realpath -m "$path")
  [ -z "$path" ] || [ -e "$path" ] || { echo "there is no $path" >&2; return 1; }
  dev_build weir
  run_folder=$(mktemp -d "${TMPDIR:-/tmp}/weir-run-XXXXXX")
  run_node=""
  trap run_stop EXIT
  path=${path:-$(run_input "$run_folder/input")}
  run_start_node
  run_job "$path"
  echo "the dashboard: $WEIR_API"
  [ $once = yes ] && return 0
  echo "Ctrl-C ends it (data in $run_folder goes with it)"
  trap 'exit 0' INT TERM
  wait "$run_node"
}
