#!/usr/bin/env python3
"""Kills the node at every step of the flow; the promise must hold all the same.

For each named crash point (and for random ones) a node is killed there while
the devnet goes on as a process of its own, then started again. In the end
there are exactly six active deals with six providers, no provider ever saw a
second proposal for the piece, and a watcher that resumed from its last
revision saw every revision once.

usage: kill_test.py [--quick | --all | --random N] [--seed S] [POINT...]
"""
import argparse
import random
import subprocess
import sys
import urllib.error

from harness import CRASHED, WEIR, Api, Failure, Process, Watch, check, scratch, test_tree

# One of each kind of step; all of them run in `./dev test long`.
QUICK = ["content.after_commit", "piece.after_record", "deal.intended", "deal.sent", "tracker.published"]


def crash_points():
    out = subprocess.run([WEIR, "debug", "crash-points"], check=True, capture_output=True, text=True).stdout
    return out.split()


class Flow:
    """A devnet, a node that may die, a client that adds one content, a watcher."""

    def __init__(self, folder, environment):
        self.devnet = Process("devnet", folder / "devnet", ["devnet", "--data", folder / "devnet"])
        self.devnet.folder.mkdir()
        self.devnet.start()
        check(self.devnet.wait_ready(), f"the devnet ended: {self.devnet.tail()}")
        data = folder / "node"
        data.mkdir()
        self.node = Process("node", data, [
            "node", "--data", data, "--chain", self.devnet.addresses["rpc"], "--api", "127.0.0.1:0",
            "--gateway", "127.0.0.1:0", "--pieces", "127.0.0.1:0"])
        self.control = Api(self.devnet.addresses["control"])
        self.environment = environment
        self.watch = Watch()
        self.kills = 0

    def run(self, files):
        environment = self.environment
        content = None
        for _ in range(60):
            self.node.start(**environment)
            if self.node.wait_ready():
                api = Api(self.node.addresses["api"])
                self.watch.attach(api)
                content = content or self.find_or_add(api, files)
                if content and self.finished(content):
                    return api, content
            self.watch.attach(None)
            status = self.node.wait_exit()
            check(status == CRASHED, f"the node ended with {status}: {self.node.tail()}")
            self.kills += 1
            environment = self.next_environment()
        raise Failure("the node was killed sixty times and did not get to the end")

    def next_environment(self):
        """A named point is hit once; random ones go on with another seed."""
        text = self.environment.get("WEIR_CRASH_RANDOM")
        if not text or self.kills > 20:
            return {}
        seed, permille = text.split(":")
        return {"WEIR_CRASH_RANDOM": f"{int(seed) + self.kills}:{permille}"}

    def find_or_add(self, api, files):
        """As a client does that lost its connection: looks first, then adds again."""
        try:
            self.fund(api)
            for known in api.everything("/api/v1/contents"):
                if known["name"] == "tree":
                    return known["id"]
            if not any(b["name"] == "one" for b in api.everything("/api/v1/buckets")):
                api.post("/api/v1/buckets", {"name": "one", "maxCount": 1})
            return api.upload("tree", files, bucket="one")["id"]
        except (OSError, urllib.error.URLError, ValueError):
            return None

    def fund(self, api):
        wallets = api.get("/api/v1/wallets")["items"]
        wallet = wallets[0]["addr"] if wallets else api.post("/api/v1/wallets", {"name": "main"})["addr"]
        self.control.post("/devnet/fund", {"address": wallet, "amount": "10 FIL"})

    def finished(self, content):
        return self.watch.wait_for(
            lambda e: e["kind"] == "content.active" and e["subject"] == content, while_running=self.node)

    def verify(self, api, content):
        deals = [d for d in api.get(f"/api/v1/contents/{content}")["deals"] if d["state"] == "active"]
        providers = {d["provider"] for d in deals}
        check(len(deals) == 6 and len(providers) == 6, f"{len(deals)} active deals with {len(providers)} providers")
        for provider in self.control.get("/devnet/providers"):
            taken = dict(provider["deals"])
            check(taken.pop("repeated", 0) == 0, f"{provider['id']} was sent a proposal twice")
            check(sum(taken.values()) <= 1, f"{provider['id']} took more than one proposal: {taken}")
        self.watch.check_gapless(api)

    def close(self):
        self.watch.close()
        self.node.stop()
        self.devnet.stop()


def run_one(name, environment, seed):
    with scratch() as folder:
        flow = Flow(folder, environment)
        try:
            api, content = flow.run(test_tree(seed, files=3, size=30_000))
            flow.verify(api, content)
            flow.close()
        finally:
            flow.node.kill()
            flow.devnet.kill()
        print(f"ok   {name} ({flow.kills} kills, {len(flow.watch.transactions)} revisions)", flush=True)
        return flow.kills


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("points", nargs="*")
    options = parser.parse_args()
    points = options.points or (crash_points() if options.all else QUICK if options.quick else [])
    passed = failed = 0
    cases = [(p, {"WEIR_CRASH_AT": p}) for p in points]
    source = random.Random(options.seed)
    cases += [(f"random {i}", {"WEIR_CRASH_RANDOM": f"{source.randrange(1 << 30)}:30"}) for i in range(options.random)]
    for number, (name, environment) in enumerate(cases):
        try:
            kills = run_one(name, environment, options.seed + number)
            check(kills > 0 or "WEIR_CRASH_RANDOM" in environment, f"{name} was never reached")
            passed += 1
        except Failure as failure:
            failed += 1
            print(f"FAIL {name}: {failure}", flush=True)
    print(f"kill_test: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
