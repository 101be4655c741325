#!/usr/bin/env python3
"""The remote API on the unix socket of a node of its own: empty calls, upload, download.

usage: rpc_bench.py [--seconds S] [--mib SIZE] [--json]
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WEIR = os.environ.get("WEIR_BINARY", str(ROOT / "build/release/weir"))
BENCH = os.environ.get("WEIR_RPC_BENCH", str(ROOT / "build/release/rpc_bench"))


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=3)
    options.add_argument("--mib", type=int, default=1024)
    options.add_argument("--json", action="store_true")
    wish = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="weir-rpc-") as name:
        data = pathlib.Path(name) / "data"
        listeners = [word for which in ("api", "gateway", "pieces") for word in (f"--{which}", "127.0.0.1:0")]
        with subprocess.Popen([WEIR, "node", "--data", data, *listeners, "--log-level", "warn"],
                              stdout=subprocess.DEVNULL) as node:
            try:
                while not (data / "addresses.json").exists():
                    if node.poll() is not None:
                        sys.exit("the node does not start")
                    time.sleep(0.05)
                socket = json.loads((data / "addresses.json").read_text())["socket"]
                ran = subprocess.run([BENCH, socket, str(wish.seconds), str(wish.mib)], stdout=subprocess.PIPE, text=True,
                                     check=True)
            finally:
                node.terminate()
        for line in ran.stdout.splitlines():
            figure = json.loads(line)
            print(line if wish.json else f"{figure['name']:36}{figure['value']:12,.1f} {figure['unit']}")


main()
