#!/usr/bin/env python3
"""Kills the node at every step of the life of FFS jobs; nothing is lost and nothing is done twice.

For each named crash point of a job (and for random ones, anywhere) the node is
killed there while the devnet goes on as a process of its own, then started
again. A tenant stores a file hot and cold with two deals, cancels another job,
lets go of the hot copy, has it unfrozen, is moved to another scheduler and
pushes again. In the end every job that there was has one end, the watcher that
resumed from its last revision saw each of them once, there are exactly two
active deals with two providers, no provider saw a proposal twice, and the
bytes are right.

usage: ffs_kill_test.py [--quick | --all | --random N] [--seed S] [POINT...]
"""
import collections
import random
import sys
import urllib.error

from ffs_tenant import ENDS, Tenant, active
from harness import check
from kills import KilledFlow, all_points, kill_main

QUICK = ["ffs.enqueued", "ffs.begun", "ffs.hot_done", "ffs.terms_open", "ffs.cancelled"]
# What else a job goes through, in rooms that do not know of it.
BELOW = ["content.after_commit", "piece.after_record", "deal.intended", "deal.sent", "tracker.published",
         "tracker.active", "restore.before_commit"]
# Only with a hot layer outside: tests/actors/ffs/layers_test.cpp kills there.
OUTSIDE = ["ffs.brought"]
TWO = {"hot": {"enabled": True, "allowUnfreeze": True}, "cold": {"enabled": True, "repFactor": 2}}
TWO_COLD = {"hot": {"enabled": False}, "cold": {"enabled": True, "repFactor": 2}}


def ffs_points():
    return [p for p in all_points() if p.startswith("ffs.") and p not in OUTSIDE] + BELOW


class FfsFlow(KilledFlow):
    def __init__(self, folder, environment):
        super().__init__(folder, environment)
        config = folder / "weir.toml"
        config.write_text("[schedulers.second]\nparallel = 5\n")
        self.node.arguments += ["--config", str(config)]
        self.tries = 0
        self.made = self.job = None
        self.jobs = {}

    def steps(self):
        return [self.make_instance, self.stage, self.store, self.cancel_another, self.freeze, self.thaw, self.move,
                self.store_again, self.stop_and_start, self.verify]

    @property
    def tenant(self):
        return Tenant(self.api, made=self.made)

    def make_instance(self):
        """Its token is shown once: if the answer is lost there is another one."""
        self.fund(self.api)
        self.tries += 1
        self.made = self.api.post("/api/v1/ffs/instances", {"name": f"try {self.tries}"})
        return True

    def stage(self):
        self.cid = self.tenant.stage(self.data)
        self.other = self.tenant.stage(self.data + b" and more")
        return True

    def pushed(self, step, cid, config):
        """The job of this step: it may have been committed before the node died."""
        if step not in self.jobs:
            known = set(self.jobs.values())
            fresh = [j["id"] for j in self.tenant.get("/jobs", cid=cid)["items"] if j["id"] not in known]
            self.jobs[step] = fresh[0] if fresh else self.tenant.push(cid, config, override=True)
        return self.jobs[step]

    def ended(self, job, *states):
        """Once it has an end; it has to be one of these."""
        def is_end(event):
            return event["subject"] == job and event["kind"] in {f"job.{s}" for s in ENDS}
        if self.watch.wait_for(is_end, while_running=self.node) is None:
            return False
        found = self.tenant.job(job)
        check(found["state"] in states, f"{found['state']}: {found['err']}")
        return True

    def store(self):
        return self.ended(self.pushed("store", self.cid, TWO), "done")

    def cancel_another(self):
        job = self.pushed("cancel", self.other, TWO)
        try:
            self.tenant.call("POST", f"{self.tenant.base}/jobs/{job}/cancel", {})
        except urllib.error.HTTPError as error:
            check(error.code == 412 or error.code == 409, f"{error.code}: {error.read()}")
        return self.ended(job, "cancelled", "done")

    def freeze(self):
        if not self.ended(self.pushed("freeze", self.cid, TWO_COLD), "done"):
            return False
        piece = active(self.tenant.cid(self.cid))[0]["piece"]
        if not self.api.get(f"/api/v1/pieces/{piece}")["local"]:
            return True
        return self.heard("piece.offloaded", piece)

    def thaw(self):
        return self.ended(self.pushed("thaw", self.cid, TWO), "done")

    def move(self):
        self.api.request("PATCH", f"/api/v1/ffs/instances/{self.made['id']}", {"scheduler": "second"})
        return True

    def store_again(self):
        return self.ended(self.pushed("again", self.cid, TWO), "done")

    def verify(self):
        tenant = self.tenant
        jobs = tenant.get("/jobs", limit=500)["items"]
        check({j["id"] for j in jobs} == set(self.jobs.values()), f"other jobs: {jobs} {self.jobs}")
        check(all(j["state"] in ENDS for j in jobs), f"{jobs}")
        check({j["id"]: j["scheduler"] for j in jobs}[self.jobs["again"]] == "second", "it was not moved")
        ends = collections.Counter(e["subject"] for _, e in self.watch.events()
                                   if e["kind"] in {f"job.{s}" for s in ENDS})
        check(ends == {j: 1 for j in self.jobs.values()}, f"the watch saw these ends: {ends}")
        deals = active(tenant.cid(self.cid))
        check(len(deals) == 2 and len({d["provider"] for d in deals}) == 2, f"{deals}")
        check(tenant.data(self.cid) == self.data, "other bytes")
        staged = [p for p in self.api.get("/api/v1/ffs/pinned")["items"] if p["staged"] and p["cid"] == self.cid]
        check(staged == [], f"what was staged is left behind: {staged}")
        for provider in self.control.get("/devnet/providers"):
            taken = dict(provider["deals"])
            check(taken.pop("repeated", 0) == 0, f"{provider['id']} was sent a proposal twice")
            check(sum(taken.values()) <= 2, f"{provider['id']} took more than one proposal for a content: {taken}")
        self.watch.check_gapless(self.api)
        return True


def data(_, seed):
    return random.Random(seed).randbytes(60_000)


if __name__ == "__main__":
    sys.exit(kill_main("ffs_kill_test", FfsFlow, ffs_points(), QUICK, data))
