#!/usr/bin/env python3
"""Scenarios of FFS on the devnet, named as in docs/ffs-scenarios.md: deals that somebody else made."""
from ffs_tenant import COLD, Tenant, active, refused
from harness import check, devnet_node, run_tests, weir

FIELDS = ("piece", "paddedSize", "provider", "label", "start", "end", "id", "sector", "sectorStart")


def frozen_deal(a, data):
    """A CID of the tenant with a deal, and the deal."""
    cid = a.stage(data)
    a.done(a.push(cid, COLD))
    return cid, active(a.cid(cid))[0]


def i1_import_without_retrieval(folder):
    with devnet_node(folder) as (_, api, _w):
        a, b = Tenant(api, "a"), Tenant(api, "b")
        cid, deal = frozen_deal(a, b"i1" * 3000)
        job = b.done(b.push(cid, COLD, importDeals=[deal["id"]]))
        check(job["instance"] == b.made["id"], f"{job}")
        mine = active(b.cid(cid))
        check(len(mine) == 1 and all(mine[0][f] == deal[f] for f in FIELDS), f"{mine} {deal}")
        check(mine[0]["imported"] and mine[0]["uuid"] != deal["uuid"], f"{mine}")
        check(len(active(a.cid(cid))) == 1 and not active(a.cid(cid))[0]["imported"], "the other's deal changed")
        c = Tenant(api, "c")
        check(c.push(cid, COLD, importDeals=[str(deal["id"])], noExec=True) is None, "a job was made")
        check([d["id"] for d in active(c.cid(cid))] == [deal["id"]], "only records")


def i2_import_and_unfreeze(folder):
    with devnet_node(folder) as (_, api, watch):
        a, b, data = Tenant(api, "a"), Tenant(api, "b"), b"i2" * 5000
        cid, deal = frozen_deal(a, data)
        watch.wait_for(lambda e: e["kind"] == "piece.offloaded")
        thaw = {"hot": {"enabled": True, "allowUnfreeze": True}, "cold": {"enabled": True}}
        job = b.done(b.push(cid, thaw, importDeals=[deal["id"]]))
        check(job["unfroze"], "it came from elsewhere")
        check(b.data(cid) == data, "other bytes")
        check(len(b.cid(cid)["proposals"]) == 1, "another deal was made")


def i3_what_is_refused(folder):
    with devnet_node(folder) as (_, api, watch):
        a, b = Tenant(api, "a"), Tenant(api, "b")
        cid, deal = frozen_deal(a, b"i3" * 3000)
        other, another = frozen_deal(a, b"i3, another" * 3000)
        refused("not-found", b.push, cid, COLD, importDeals=[987654])
        refused("invalid-argument", b.push, cid, COLD, importDeals=[deal["id"], another["id"]])
        refused("invalid-argument", b.push, cid, COLD, importDeals=[another["id"]])
        refused("invalid-argument", b.push, cid, COLD, importDeals=["many"])
        refused("invalid-argument", a.push, cid, COLD, importDeals=[another["id"]])
        refused("not-found", b.cid, cid)
        api.post("/api/v1/devnet/slash", {"deal": another["id"]})
        watch.wait_for(lambda e: e["kind"] == "deal.slashed" and e["subject"] == another["uuid"])
        # The chain forgets a slashed deal at once; one that still shows it is refused by tests/actors/ffs/imports_test.cpp.
        refused("not-found", b.push, other, COLD, importDeals=[another["id"]])


def i3_an_imported_deal_that_is_slashed_later(folder):
    with devnet_node(folder) as (_, api, watch):
        a, b = Tenant(api, "a"), Tenant(api, "b")
        cid, deal = frozen_deal(a, b"slashed later" * 500)
        b.done(b.push(cid, COLD, importDeals=[deal["id"]]))
        mine = active(b.cid(cid))[0]
        api.post("/api/v1/devnet/slash", {"deal": deal["id"]})
        for uuid in (deal["uuid"], mine["uuid"]):
            watch.wait_for(lambda e: e["kind"] == "deal.slashed" and e["subject"] == uuid)


def i4_duplicates(folder):
    with devnet_node(folder) as (_, api, _w):
        a, b = Tenant(api, "a"), Tenant(api, "b")
        cid, deal = frozen_deal(a, b"i4" * 3000)
        twice = [deal["id"], deal["id"]]
        b.done(b.push(cid, COLD, importDeals=twice))
        b.done(b.push(cid, COLD, importDeals=twice))
        a.done(a.push(cid, COLD, importDeals=twice))
        check(len(b.cid(cid)["proposals"]) == 1 and len(a.cid(cid)["proposals"]) == 1, "a deal came twice")
        pushed = weir(api, "ffs", "push", cid, "--import-deal", deal["id"], "--config", config_file(folder), "--token",
                      b.made["token"])[0]
        b.done(pushed["job"])
        check(len(b.cid(cid)["proposals"]) == 1, "a deal came twice")


def config_file(folder):
    path = folder / "config.json"
    path.write_text('{"hot": {"enabled": false}, "cold": {"enabled": true}}')
    return path


run_tests([i1_import_without_retrieval, i2_import_and_unfreeze, i3_what_is_refused,
           i3_an_imported_deal_that_is_slashed_later, i4_duplicates])
