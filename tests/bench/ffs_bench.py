#!/usr/bin/env python3
"""FFS over the remote API on the unix socket of a node of its own: jobs, a start with jobs that wait, watchers, bytes.

usage: ffs_bench.py [--seconds S] [--watchers N] [--storm UPDATES] [--mib SIZE] [--json]

Exit status 1 when a figure misses its limit.
"""
import argparse
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WEIR = os.environ.get("WEIR_BINARY", str(ROOT / "build/release/weir"))
BUILD = pathlib.Path(os.environ.get("WEIR_BUILD", ROOT / "build/release"))
WAITING = 10_000

# name: (at least, at most)
LIMITS = {
    "enqueue / empty call": (0.4, None),
    f"start with {WAITING} jobs that wait, more than without": (None, 1),
    "push to watcher, p99": (None, 10),
    "memory growth in the storm": (None, 64),
    "processor when idle, with all watchers": (None, 1),
    "rpc upload, durable": (400, None),
    "rpc download": (400, None),
}


@contextlib.contextmanager
def node(data, *more):
    """A node, its socket and how long it took until it listened."""
    (data / "addresses.json").unlink(missing_ok=True)
    listeners = [word for which in ("api", "gateway", "pieces") for word in (f"--{which}", "127.0.0.1:0")]
    begin = time.monotonic()
    with subprocess.Popen([WEIR, "node", "--data", data, *listeners, "--log-level", "error", *more],
                          stdout=subprocess.DEVNULL) as child:
        try:
            while not (data / "addresses.json").exists():
                if child.poll() is not None:
                    sys.exit("the node does not start")
                time.sleep(0.005)
            took = time.monotonic() - begin
            yield child.pid, json.loads((data / "addresses.json").read_text())["socket"], took
        finally:
            child.terminate()


class Report:
    def __init__(self, as_json):
        self.json, self.good = as_json, True

    def add(self, name, value, unit):
        least, most = LIMITS.get(name, (None, None))
        good = (least is None or value >= least) and (most is None or value <= most)
        self.good = self.good and good
        if self.json:
            print(json.dumps({"name": name, "value": value, "unit": unit, "atLeast": least, "atMost": most, "good": good}),
                  flush=True)
            return
        limit = "" if least is None and most is None else \
            f"{f'at least {least:g}' if least is not None else f'at most {most:g}'}: {'yes' if good else 'NO'}"
        print(f"  {name:44} {value:12,.2f} {unit:10} {limit}", flush=True)

    def run(self, *words):
        ran = subprocess.run([str(w) for w in words], stdout=subprocess.PIPE, text=True, check=True)
        for line in ran.stdout.splitlines():
            figure = json.loads(line)
            self.add(figure["name"], figure["value"], figure["unit"])


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=6)
    options.add_argument("--watchers", type=int, default=1000)
    options.add_argument("--storm", type=int, default=50_000)
    options.add_argument("--mib", type=int, default=1024)
    options.add_argument("--json", action="store_true")
    wish = options.parse_args()
    report = Report(wish.json)
    bench = BUILD / "ffs_bench" if (BUILD / "ffs_bench").exists() else BUILD / "tests/bench/ffs_bench"
    bytes_bench = bench.with_name("rpc_bench")
    # A chain that does not answer: the node has no clock, so jobs wait and none begins.
    no_clock = ("--chain", "http://127.0.0.1:9/rpc/v1")
    with tempfile.TemporaryDirectory(prefix="weir-ffs-") as name:
        data = pathlib.Path(name) / "data"
        data.mkdir()
        with node(data, *no_clock) as (pid, socket, _):
            report.run(bench, "enqueue", socket, pid, 64, wish.seconds)
            report.run(bench, "watch", socket, pid, wish.watchers, 1000, wish.seconds, wish.storm)
        data = pathlib.Path(name) / "waiting"
        data.mkdir()
        with node(data, *no_clock):
            pass
        with node(data, *no_clock) as (pid, socket, empty): # it asks the chain a few times before it goes on
            report.run(bench, "fill", socket, pid, WAITING)
        with node(data, *no_clock) as (pid, socket, took):
            report.add(f"start with {WAITING} jobs that wait, more than without", took - empty, "s")
        data = pathlib.Path(name) / "bytes"
        data.mkdir()
        with node(data) as (pid, socket, _):
            report.run(bytes_bench, socket, 1, wish.mib)
    sys.exit(0 if report.good else 1)


main()
