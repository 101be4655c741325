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
import sys

from harness import check, test_tree
from kills import KilledFlow, all_points, kill_main

# One of each kind of step; all of them run in `./dev test long`.
QUICK = ["content.after_commit", "piece.after_record", "deal.intended", "deal.sent", "tracker.published"]
# Only what comes after the first 64 MiB of an upload goes into packs of the store's own.
LARGE = ["packs.written", "packs.compacted", "packs.replaced"]


def crash_points():
    # Loose blocks are not in this flow since uploads have packs of their own: tests/storage/blocks kills at theirs.
    return [p for p in all_points() if not p.startswith(("ffs.", "blocks."))]


class Flow(KilledFlow):
    """A client that adds one content, and what becomes of it."""
    content = victim = removed = None

    def steps(self):
        return [self.add, self.become_active, self.offload, self.restore, self.slash, self.top_up, self.offload,
                self.remove_another, self.stop_and_start, self.verify]

    def find(self, name):
        return next((c for c in self.api.everything("/api/v1/contents")
                     if c["name"] == name and c["state"] != "removed"), None)

    def add(self):
        self.fund(self.api)
        known = self.find("tree")
        if not known:
            if not any(b["name"] == "one" for b in self.api.everything("/api/v1/buckets")):
                self.api.post("/api/v1/buckets", {"name": "one", "maxCount": 1})
            known = self.api.upload("tree", self.data, bucket="one")
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

    def verify(self):
        deals = self.active()
        providers = {d["provider"] for d in deals}
        check(len(deals) == 6 and len(providers) == 6, f"{len(deals)} active deals with {len(providers)} providers")
        check(self.victim["uuid"] not in {d["uuid"] for d in deals}, "the slashed deal counts")
        for path, data in self.data.items():
            url = f"/api/v1/contents/{self.content}/data/{path}"
            check(self.api.request("GET", url, raw=True) == data, f"{path} is not what was added")
        for provider in self.control.get("/devnet/providers"):
            taken = dict(provider["deals"])
            check(taken.pop("repeated", 0) == 0, f"{provider['id']} was sent a proposal twice")
            check(sum(taken.values()) <= 1, f"{provider['id']} took more than one proposal: {taken}")
        self.watch.check_gapless(self.api)
        return True


def data(name, seed):
    return test_tree(seed, files=3, size=27_000_000 if name in LARGE else 30_000)


if __name__ == "__main__":
    sys.exit(kill_main("kill_test", Flow, crash_points(), QUICK, data))
