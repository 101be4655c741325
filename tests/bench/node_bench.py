#!/usr/bin/env python3
"""Figures of a whole node: its start with 100,000 contents, memory while 4 GiB go in and out, an idle node's share of a core.

usage: node_bench.py [--size GIB] [--json]
"""
import argparse
import http.client
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from harness import devnet_node, scratch

MIB = 1 << 20


def peak_memory(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def chunks(size):
    block = os.urandom(MIB)
    for i in range(size // MIB):
        yield i.to_bytes(8, "little") + block[8:]


def connection(api):
    return http.client.HTTPConnection(urllib.parse.urlparse(api.base).netloc, timeout=600)


def upload(api, size):
    ticket = api.post("/api/v1/uploads", {"name": "large"})["id"]
    line = connection(api)
    begin = time.monotonic()
    line.request("PUT", f"/api/v1/uploads/{ticket}/files/large.bin", chunks(size), {"Content-Length": str(size)})
    reply = line.getresponse()
    assert reply.status in (200, 201), reply.read()
    reply.read()
    content = api.post(f"/api/v1/uploads/{ticket}/commit")
    return content["id"], size / (time.monotonic() - begin)


def download(api, content, size):
    line = connection(api)
    begin = time.monotonic()
    line.request("GET", f"/api/v1/contents/{content}/data/large.bin")
    reply = line.getresponse()
    assert reply.status == 200, reply.read()
    got = 0
    while block := reply.read(MIB):
        got += len(block)
    assert got == size, got
    return size / (time.monotonic() - begin)


def idle_share(node, seconds):
    time.sleep(2)
    before, begin = processor_seconds(node.child.pid), time.monotonic()
    time.sleep(seconds)
    return (processor_seconds(node.child.pid) - before) / (time.monotonic() - begin)


def start_with(folder, contents):
    """Seconds from the start of the process until its API answers, with so many contents in its records."""
    with devnet_node(folder):
        pass
    filled = pathlib.Path(os.environ["WEIR_BINARY"]).parent / "fill_records"
    subprocess.run([filled, folder / "node", str(contents)], check=True)
    begin = time.monotonic()
    with devnet_node(folder) as (_, api, _watch):
        api.get("/api/v1/contents?limit=1")
        return time.monotonic() - begin


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=float, default=4.0, help="GiB")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    size = int(options.size * 1024) * MIB
    with scratch() as folder:
        figures = {"secondsToStartWith100kContents": round(start_with(folder, 100_000), 2)}
    with scratch() as folder, devnet_node(folder) as (node, api, _):
        figures |= {"idleCoreShare": round(idle_share(node, 10), 4)}
        content, rate = upload(api, size)
        figures |= {"uploadMiBps": round(rate / MIB), "peakAfterUploadMiB": peak_memory(node.child.pid) // MIB}
        rate = download(api, content, size)
        figures |= {"downloadMiBps": round(rate / MIB), "peakAfterDownloadMiB": peak_memory(node.child.pid) // MIB}
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:32} {value}")


if __name__ == "__main__":
    main()
