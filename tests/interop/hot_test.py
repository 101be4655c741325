#!/usr/bin/env python3
"""The hot layers against real peers: two Kubo nodes, an ipfs-cluster of two peers
over them, and MinIO (versions: kubo/, cluster/, minio/go.mod). The tests are
`real_peers.*` of adapters_test; this starts the peers, kills one when a test
asks for it, and ends them all. `hot_test.py ffs` runs jobs of a whole node
through Kubo instead (ffs_through_kubo.py).

Exit status 77 (skipped, with the reason) where the peers cannot be built.
"""
import contextlib
import json
import os
import pathlib
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from gobuild import ROOT, built, run
import ffs_through_kubo

TESTS = os.environ.get("WEIR_ADAPTERS_TEST", str(ROOT / "build/release/adapters_test"))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(url, who, **more):
    """Until the URL answers anything at all."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(urllib.request.Request(url, **more), timeout=5) as answer:
                return answer.read()
        except urllib.error.HTTPError:
            return b""
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{who} does not answer at {url}")


class Process:
    def __init__(self, log, *words, **env):
        self.words, self.env, self.log = [str(w) for w in words], dict(os.environ, **env), log
        self.start()

    def start(self):
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(self.words, env=self.env, stdout=log, stderr=log)

    def kill(self):
        self.child.kill()
        self.child.wait()


def kubo(ipfs, folder):
    api, swarm = free_port(), free_port()
    env = {"IPFS_PATH": str(folder)}
    run(ipfs, "init", "--profile=test", "--empty-repo", env=dict(os.environ, **env))
    addresses = {"API": f"/ip4/127.0.0.1/tcp/{api}", "Gateway": "/ip4/127.0.0.1/tcp/0",
                 "Swarm": [f"/ip4/127.0.0.1/tcp/{swarm}"]}
    for name, value in addresses.items():
        run(ipfs, "config", "--json", f"Addresses.{name}", json.dumps(value), env=dict(os.environ, **env))
    process = Process(folder / "log", ipfs, "daemon", **env)
    wait_for(f"http://127.0.0.1:{api}/api/v0/id", "Kubo", method="POST")
    return process, api


def cluster_peer(service, folder, secret, api, bootstrap):
    run(service, "--config", folder, "init", "--consensus", "crdt")
    path = folder / "service.json"
    config = json.loads(path.read_text())
    ports = [free_port() for _ in range(4)]
    where = [f"/ip4/127.0.0.1/tcp/{p}" for p in ports]
    config["cluster"].update({"secret": secret, "listen_multiaddress": [where[0]], "monitor_ping_interval": "1s",
                              "peername": folder.name, "mdns_interval": "0"})
    config["consensus"]["crdt"].update({"trusted_peers": ["*"], "rebroadcast_interval": "1s"})
    config["api"]["restapi"].update({"http_listen_multiaddress": where[1],
                                     "basic_auth_credentials": {"joe": "secret"}})
    config["api"]["ipfsproxy"].update({"listen_multiaddress": where[2], "node_multiaddress": f"/ip4/127.0.0.1/tcp/{api}"})
    config["api"]["pinsvcapi"].update({"http_listen_multiaddress": where[3]})
    config["ipfs_connector"]["ipfshttp"].update({"node_multiaddress": f"/ip4/127.0.0.1/tcp/{api}"})
    for informer in config["informer"].values():
        informer["metric_ttl"] = "2s"
    path.write_text(json.dumps(config))
    more = ["--bootstrap", bootstrap] if bootstrap else []
    process = Process(folder / "log", service, "--config", folder, "daemon", *more)
    wait_for(f"http://127.0.0.1:{ports[1]}/health", "ipfs-cluster")
    identity = json.loads((folder / "identity.json").read_text())["id"]
    return process, ports, f"{where[0]}/p2p/{identity}"


def count_peers(rest):
    request = urllib.request.Request(f"http://127.0.0.1:{rest}/peers", headers={"Authorization": "Basic am9lOnNlY3JldA=="})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return len(answer.read().splitlines())


def restart_on_wish(process, ipfs, folder):
    """Kills Kubo in the middle of a pin, gives it the blocks, starts it again."""
    while not (folder / "restart-kubo").exists():
        time.sleep(0.05)
    time.sleep(1)
    process.kill()
    # Before it is up: a pin that waits for the network is not told of an import.
    run(ipfs, "dag", "import", "--pin-roots=false", folder / "late.car", env=dict(os.environ, **process.env))
    process.start()


def jobs_through_kubo(ipfs):
    with tempfile.TemporaryDirectory(prefix="weir-hot-") as name, contextlib.ExitStack() as ends:
        folder = pathlib.Path(name)
        process, api = kubo(ipfs, folder / "kubo")
        ends.callback(process.kill)
        ffs_through_kubo.run(folder, f"http://127.0.0.1:{api}")
    print("ok   jobs of FFS through Kubo")


def main():
    ipfs = built("kubo", "github.com/ipfs/kubo/cmd/ipfs", "ipfs")
    if sys.argv[1:] in ([], ["ffs"]):
        jobs_through_kubo(ipfs)
    if sys.argv[1:] == ["ffs"]:
        return
    service = built("cluster", "github.com/ipfs-cluster/ipfs-cluster/cmd/ipfs-cluster-service", "ipfs-cluster-service")
    minio = built("minio", "github.com/minio/minio", "minio")
    with tempfile.TemporaryDirectory(prefix="weir-hot-") as name, contextlib.ExitStack() as ends:
        folder = pathlib.Path(name)
        nodes = [kubo(ipfs, folder / f"kubo{i}") for i in range(2)]
        secret, peers = secrets.token_hex(32), []
        for i, (process, _) in enumerate(nodes):
            ends.callback(process.kill)
        for i, (_, api) in enumerate(nodes):
            peers.append(cluster_peer(service, folder / f"peer{i}", secret, api, peers[0][2] if peers else None))
            ends.callback(peers[-1][0].kill)
        s3 = free_port()
        store = Process(folder / "minio.log", minio, "server", folder / "minio", "--address", f"127.0.0.1:{s3}",
                        MINIO_ROOT_USER="minio-user", MINIO_ROOT_PASSWORD="minio-secret", MINIO_BROWSER="off")
        ends.callback(store.kill)
        wait_for(f"http://127.0.0.1:{s3}/minio/health/live", "MinIO")
        for _ in range(300):
            if count_peers(peers[0][1][1]) == 2:
                break
            time.sleep(0.1)
        threading.Thread(target=restart_on_wish, args=(nodes[0][0], ipfs, folder), daemon=True).start()
        env = dict(os.environ, WEIR_TEST_KUBO=f"http://127.0.0.1:{nodes[0][1]}",
                   WEIR_TEST_CLUSTER=f"http://127.0.0.1:{peers[0][1][1]}",
                   WEIR_TEST_PROXY=f"http://127.0.0.1:{peers[0][1][2]}",
                   WEIR_TEST_CLUSTER_PEER=str(peers[1][0].child.pid), WEIR_TEST_S3=f"http://127.0.0.1:{s3}",
                   WEIR_TEST_FOLDER=str(folder))
        words = [TESTS, "--gtest_filter=" + (sys.argv[1] if len(sys.argv) > 1 else "real_peers.*"), "--gtest_brief=1"]
        status = subprocess.run(words, env=env, check=False).returncode
        if status != 0:
            for log in sorted(folder.glob("**/log")) + [folder / "minio.log"]:
                print(f"--- {log.relative_to(folder)}\n{log.read_text(errors='replace')[-1500:]}")
        sys.exit(status)


main()
