#!/usr/bin/env python3
"""Kills the node at every step of the flow; the promise must hold all the same.

For each named crash point (and for random ones) a node is killed there while
the devnet goes on as a process of its own, then started again. A content is
added, gets its deals, is offloaded and brought back, loses a deal and gets
another one, is offloaded once more; a second one is added and removed. In the
end there are exactly six active deals with six providers, the bytes come back
right, no provider ever saw a second proposal for the piece, and a watcher that
resumed from its last revision saw every revision once.

usage: kill_test.py [--quick | --all | --random N] [--seed S] [POINT...]
"""
import argparse
import http.client
import random
import subprocess
import sys
import urllib.error

from harness import CRASHED, WEIR, Api, Failure, Process, Watch, check, scratch, test_tree

# One of each kind of step; all of them run in `./dev test long`.
QUICK = ["content.after_commit", "piece.after_record", "deal.intended", "deal.sent", "tracker.published"]
# Only what comes after the first 64 MiB of an upload goes into packs of the store's own.
LARGE = ["packs.written", "packs.compacted", "packs.replaced"]


def all_points():
    return subprocess.run([WEIR, "debug", "crash-points"], check=True, capture_output=True, text=True).stdout.split()


def crash_points():
    return [p for p in all_points() if not p.startswith("ffs.")]


def ffs_points():
    """Those of ffs_kill_test.py."""
    return [p for p in all_points() if p.startswith("ffs.")]


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
        self.api = self.content = self.victim = self.removed = None
        self.stopped = False

    def steps(self):
        return [self.add, self.become_active, self.offload, self.restore, self.slash, self.top_up, self.offload,
                self.remove_another, self.stop_and_start, self.verify]

    def run(self, files):
        """Every step is begun again after a kill, as a client does that lost its connection."""
        environment = self.environment
        steps = self.steps()
        self.files = files
        for _ in range(60):
            self.now = environment
            self.node.start(**environment)
            if self.node.wait_ready():
                self.api = Api(self.node.addresses["api"])
                self.watch.attach(self.api)
                while steps and self.done(steps[0]):
                    steps.pop(0)
                if not steps:
                    return
            self.watch.attach(None)
            status = self.node.wait_exit()
            check(status == CRASHED, f"the node ended with {status}: {self.node.tail()}")
            self.kills += 1
            environment = self.next_environment()
        raise Failure("the node was killed sixty times and did not get to the end")

    def done(self, step):
        """False when the node died meanwhile."""
        try:
            return step()
        except (OSError, ValueError, http.client.HTTPException) as problem:
            told = problem.read().decode() if isinstance(problem, urllib.error.HTTPError) else problem
            check(self.node.wait_exit(10) is not None, f"{step.__name__}: {told}")
            return False

    def next_environment(self):
        """A named point is hit once; random ones go on with another seed."""
        text = self.environment.get("WEIR_CRASH_RANDOM")
        if not text or self.kills > 20:
            return {}
        seed, permille = text.split(":")
        return {"WEIR_CRASH_RANDOM": f"{int(seed) + self.kills}:{permille}"}

    # ---- steps: true when it is done, false when the node died before

    def heard(self, kind, subject, count=1):
        """So many events of a kind, now or later."""
        def enough(_):
            return sum(e["kind"] == kind and e["subject"] == subject for _, e in self.watch.events()) >= count
        return self.watch.wait_for(enough, while_running=self.node) is not None

    def find(self, name):
        return next((c for c in self.api.everything("/api/v1/contents")
                     if c["name"] == name and c["state"] != "removed"), None)

    def add(self):
        self.fund(self.api)
        known = self.find("tree")
        if not known:
            if not any(b["name"] == "one" for b in self.api.everything("/api/v1/buckets")):
                self.api.post("/api/v1/buckets", {"name": "one", "maxCount": 1})
            known = self.api.upload("tree", self.files, bucket="one")
        self.content = known["id"]
        return True

    def look(self):
        return self.api.get(f"/api/v1/contents/{self.content}")

    def active(self):
        return [d for d in self.look()["deals"] if d["state"] == "active"]

    def become_active(self):
        return self.heard("content.active", self.content)

    def offload(self):
        """Until the piece's file is gone, too."""
        if self.look()["local"]:
            self.api.post(f"/api/v1/contents/{self.content}/offload")
        piece = self.active()[0]["piece"]
        while self.api.get(f"/api/v1/pieces/{piece}")["local"]:
            before = sum(e["kind"] == "piece.offloaded" for _, e in self.watch.events())
            if not self.api.get(f"/api/v1/pieces/{piece}")["local"]:
                break
            if not self.heard("piece.offloaded", piece, before + 1):
                return False
        return True

    def restore(self):
        if not self.look()["local"]:
            self.api.post(f"/api/v1/contents/{self.content}/restore")
        return self.heard("content.restored", self.content)

    def slash(self):
        """The devnet does not die: it is told once."""
        if not self.victim:
            self.victim = self.active()[0]
            self.control.post("/devnet/slash", {"deal": self.victim["id"]})
        return self.heard("deal.slashed", self.victim["uuid"])

    def top_up(self):
        return self.heard("content.degraded", self.content) and self.heard("content.active", self.content, 2)

    def remove_another(self):
        another = self.find("another")
        if not another and not self.removed:
            another = self.api.upload("another", {"b.bin": b"another" * 9000})
            self.heard("content.assigned", another["id"])
        if another:
            self.removed = another["id"]
            self.api.request("DELETE", f"/api/v1/contents/{another['id']}")
        return self.heard("content.removed", self.removed)

    def fund(self, api):
        wallets = api.get("/api/v1/wallets")["items"]
        wallet = wallets[0]["addr"] if wallets else api.post("/api/v1/wallets", {"name": "main"})["addr"]
        self.control.post("/devnet/fund", {"address": wallet, "amount": "10 FIL"})

    def stop_and_start(self):
        """What was still to be done when it stopped is done now."""
        if not self.stopped:
            self.stopped = True
            self.watch.attach(None)
            if self.node.stop() == CRASHED:
                return False
            self.node.start(**self.now)
            if not self.node.wait_ready():
                return False
            self.api = Api(self.node.addresses["api"])
            self.watch.attach(self.api)
        return True

    def verify(self):
        deals = self.active()
        providers = {d["provider"] for d in deals}
        check(len(deals) == 6 and len(providers) == 6, f"{len(deals)} active deals with {len(providers)} providers")
        check(self.victim["uuid"] not in {d["uuid"] for d in deals}, "the slashed deal counts")
        for path, data in self.files.items():
            url = f"/api/v1/contents/{self.content}/data/{path}"
            check(self.api.request("GET", url, raw=True) == data, f"{path} is not what was added")
        for provider in self.control.get("/devnet/providers"):
            taken = dict(provider["deals"])
            check(taken.pop("repeated", 0) == 0, f"{provider['id']} was sent a proposal twice")
            check(sum(taken.values()) <= 1, f"{provider['id']} took more than one proposal: {taken}")
        self.watch.check_gapless(self.api)
        return True

    def close(self):
        self.watch.close()
        self.node.stop()
        self.devnet.stop()


def run_one(name, environment, seed):
    with scratch() as folder:
        flow = Flow(folder, environment)
        try:
            flow.run(test_tree(seed, files=3, size=27_000_000 if name in LARGE else 30_000))
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
