#!/usr/bin/env python3
"""Scenarios of FFS on the devnet, named as in docs/ffs-scenarios.md: both layers, records, logs, wallets."""
from ffs_tenant import BOTH, COLD, ENDS, HOT, Tenant, active, refused, uuids
from harness import check, devnet_node, run_tests, weir


def f1_f2_f3_filters(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        cid = a.stage(b"f1" * 3000)
        a.done(a.push(cid))
        chosen = active(a.cid(cid))[0]["provider"]
        others = [p["id"] for p in api.get("/api/v1/providers")["items"] if p["id"] != chosen]
        second = a.stage(b"f2" * 3000)
        a.done(a.push(second, {"cold": {"excludedMiners": [chosen], "trustedMiners": [others[3]]}}))
        check([d["provider"] for d in active(a.cid(second))] == [others[3]], "the trusted one was not taken")
        reasons = {r["provider"]: r["reason"] for s in a.cid(second)["selections"] for r in s["rejections"]}
        check("excludes" in reasons[chosen], f"{reasons}")
        api.request("PATCH", f"/api/v1/providers/{others[1]}", {"country": "CH"})
        third = a.stage(b"f3" * 3000)
        a.done(a.push(third, {"cold": {"countryCodes": ["CH"]}}))
        check([d["provider"] for d in active(a.cid(third))] == [others[1]], "another country")


def f4_price_cap(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        asks = [int(p["price"]) for p in api.get("/api/v1/providers")["items"]]
        cid = a.stage(b"f4" * 3000)
        if min(asks) == 0:
            for provider in api.get("/api/v1/devnet/providers"):
                api.post(f"/api/v1/devnet/providers/{provider['id']}", {"price": "500"})
        ended = a.failed(a.push(cid, {"cold": {"maxPrice": "1"}}), "no-providers")
        check("price limit" in ended["err"]["message"], f"{ended['err']}")
        a.done(a.push(cid, {"cold": {"maxPrice": "0"}}, override=True))


def f5_r1_r2_r3_replication(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        cid = a.stage(b"r1" * 3000)
        a.done(a.push(cid, {"cold": {"repFactor": 1}}))
        first = active(a.cid(cid))
        check(len(first) == 1, f"{first}")
        a.done(a.push(cid, {"cold": {"repFactor": 2}}, override=True))
        both = active(a.cid(cid))
        check(len({d["provider"] for d in both}) == 2 and first[0]["uuid"] in {d["uuid"] for d in both}, f"{both}")
        a.done(a.push(cid, {"cold": {"repFactor": 1}}, override=True))
        check(len(active(a.cid(cid))) == 2, "a deal was dropped")


def r4_k2_one_refuses_then_repair(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        ids = [p["id"] for p in api.get("/api/v1/providers")["items"]]
        good, bad = ids[0], ids[1]
        others = ids[2:]
        api.post(f"/api/v1/devnet/providers/{bad}", {"refuse": "not today"})
        cid = a.stage(b"r4" * 3000)
        ended = a.done(a.push(cid, {"cold": {"repFactor": 2, "excludedMiners": others}, "repairable": True}))
        check(len(active(a.cid(cid))) == 1, "more than one deal")
        check([(e["provider"], "not today" in e["message"]) for e in ended["dealErrors"]] == [(bad, True)],
              f"{ended['dealErrors']}")
        api.post(f"/api/v1/devnet/providers/{bad}", {"refuse": ""})
        weir(api, "devnet", "advance", "2d")
        for kind, job in a.events("/watch", cid=cid):
            if kind == "job" and job["why"] == "repair" and job["state"] in ENDS:
                check(job["state"] == "done", f"{job}")
                break
        check({d["provider"] for d in active(a.cid(cid))} == {good, bad}, f"{active(a.cid(cid))}")


def p1_p3_replace(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        old, new = a.stage(b"old" * 1000), a.stage(b"new" * 1000)
        by = f"{a.base}/cids/{old}/replace"
        refused("not-found", a.call, "POST", by, {"by": new})
        a.done(a.push(old, HOT))
        missing = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
        job = a.call("POST", by, {"by": missing})["job"]
        a.failed(job, "not-found")
        check(a.data(old) == b"old" * 1000, "a failed replacement took the old one")
        a.done(a.call("POST", by, {"by": new})["job"])
        check(a.data(new) == b"new" * 1000 and a.cid(new)["config"]["cold"]["enabled"] is False, "the new one")
        refused("not-found", a.cid, old)


def u1_u2_unfreeze(folder):
    with devnet_node(folder) as (_, api, watch):
        a, data = Tenant(api), b"frozen" * 5000
        cid = a.stage(data)
        a.done(a.push(cid, COLD))
        watch.wait_for(lambda e: e["kind"] == "piece.offloaded")
        refused("precondition", a.data, cid)
        ended = a.failed(a.push(cid, BOTH, override=True), "not-found")
        check("allowUnfreeze" in ended["err"]["message"], f"{ended['err']}")
        thaw = {"hot": {"enabled": True, "allowUnfreeze": True}, "cold": {"enabled": True}}
        job = a.push(cid, thaw, override=True)
        check(a.done(job)["unfroze"], "it came from elsewhere")
        check(a.data(cid) == data, "other bytes")
        record = a.get("/retrievals")["items"][0]
        check(record["id"] == job and record["started"] <= record["ended"] and record["bytesReceived"] > 0, f"{record}")
        check(record["err"]["code"] == "none" and not record["pending"], f"{record}")


def l1_l2_l3_log(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        cid = a.stage(b"log" * 1000)
        job = a.push(cid)
        live = []
        for kind, line in a.events(f"/cids/{cid}/log/watch", job=job):
            if kind == "log":
                live.append(line)
                if "is done" in line["message"]:
                    break
        listed = a.log(cid)
        check(len(listed) > 3 and {x["job"] for x in listed} == {job}, f"{listed}")
        check([x["time"] for x in listed] == sorted(x["time"] for x in listed), "not in order")
        check([x["message"] for x in live] == [x["message"] for x in listed], f"{live} {listed}")
        check(a.log(cid, job="nobody") == [], "a wrong job")


def h1_h3_h8_h9_h11_staged_and_gc(folder):
    with devnet_node(folder) as (_, api, _w):
        a, b = Tenant(api, "a"), Tenant(api, "b")
        kept, loose = a.stage(b"kept" * 500), a.stage(b"loose" * 500)
        check(a.stage(b"loose" * 500) == loose and b.stage(b"loose" * 500) == loose, "other CIDs")
        a.done(a.push(kept, HOT))
        a.stage(b"kept" * 500)
        pinned = [(p["cid"], p["instance"], p["staged"]) for p in api.get("/api/v1/ffs/pinned")["items"]]
        check((kept, a.made["id"], False) in pinned and (loose, b.made["id"], True) in pinned, f"{pinned}")
        check(api.post("/api/v1/ffs/gc")["items"] == [], "what is younger than the grace time went")
        gone = api.post("/api/v1/ffs/gc", {"olderThan": "0"})["items"]
        check(set(gone) == {kept, loose} and len(gone) == 4, f"{gone}")
        check(api.post("/api/v1/ffs/gc", {"olderThan": "0"})["items"] == [], "the second run found something")
        check(a.data(kept) == b"kept" * 500, "the pinned one went with what was staged")


def t1_tenants_apart(folder):
    """Events, deals, pieces, messages: each tenant's own; all of them for the operator."""
    with devnet_node(folder) as (_, api, _w):
        a, b = Tenant(api, "a"), Tenant(api, "b")
        pays = a.call("POST", a.base + "/wallets", {"name": "pays"})["addr"]
        api.post("/api/v1/devnet/fund", {"address": pays, "amount": "10FIL"})
        alone, shared = b"alone" * 1000, b"the same bytes" * 1000
        mine, both = a.stage(alone), a.stage(shared)
        a.done(a.push(mine, COLD))
        a.done(a.push(both, COLD))
        check(b.stage(shared) == both, "other CIDs")
        b.done(b.push(both, COLD))

        def subjects(call, group):
            pages = call("GET", f"/api/v1/events?kind={group}&limit=1000")["items"]
            return {(e["subject"], e["owner"]) for t in pages for e in t["events"]}

        def owner(tenant):
            return "ffs/" + tenant.made["id"]

        for tenant, cids in ((a, (mine, both)), (b, (both,))):
            own = {d for cid in cids for d in uuids(tenant, cid)}
            check({s for s, _ in subjects(tenant.call, "deal")} == own, "deals that are not its own")
            check({d["uuid"] for d in tenant.call("GET", "/api/v1/deals")["items"]} == own, "of the list")
            pieces = tenant.call("GET", "/api/v1/pieces")["items"]
            check({d["uuid"] for p in pieces for d in p["deals"]} == own, "of its pieces")
            for group in ("message", "wallet", "content", "job", "provider", "piece", "token", "chain", "node"):
                heard = {o for _, o in subjects(tenant.call, group)}
                check(heard <= {owner(tenant)}, f"{group}: {heard}")
        check(subjects(a.call, "message") and not subjects(b.call, "message"), "a's escrow is a's alone")
        theirs = next(iter(uuids(b, both)))
        refused("not-found", a.call, "GET", f"/api/v1/deals/{theirs}")
        every = {s for s, _ in subjects(api.request, "deal")}
        check(every == uuids(a, mine) | uuids(a, both) | uuids(b, both), "the operator misses some")


def d1_d2_d3_d4_deal_records(folder):
    with devnet_node(folder) as (_, api, _w):
        a, b = Tenant(api, "a"), Tenant(api, "b")
        first, second = a.stage(b"d1" * 3000), a.stage(b"d2" * 3000)
        a.done(a.push(first))
        provider = active(a.cid(first))[0]["provider"]
        for other in api.get("/api/v1/devnet/providers"):
            api.post(f"/api/v1/devnet/providers/{other['id']}", {"refuse": "full"})
        a.failed(a.push(second), "deal-rejected")
        good = a.get("/deals", state="active")["items"]
        check([(d["cid"], d["provider"]) for d in good] == [(first, provider)], f"{good}")
        bad = a.get("/deals", state="failed")["items"]
        check(bad and all(d["cid"] == second and "full" in d["problem"]["message"] for d in bad), f"{bad}")
        check(a.get("/deals", state="pending")["items"] == [] and b.get("/deals")["items"] == [], "other lists")
        check([d["cid"] for d in a.get("/deals", cid=first)["items"]] == [first], "by CID")
        feed = api.get("/api/v1/ffs/deals", since=1)["items"]
        times = [d["updated"] for d in feed]
        check(len(feed) == 1 + len(bad) and times == sorted(times), f"{times}")
        check(len(api.get("/api/v1/ffs/deals", since=times[0])["items"]) < len(feed), "since")


def w1_w2_w3_w4_w5_wallets(folder):
    with devnet_node(folder) as (_, api, watch):
        a, b = Tenant(api, "a"), Tenant(api, "b")
        wallets = a.base + "/wallets"
        check(a.get("/wallets")["items"] == [], "an address from nowhere")
        one = a.call("POST", wallets, {"name": "one"})["addr"]
        two = a.call("POST", wallets, {"name": "two"})["addr"]
        refused("already-exists", a.call, "POST", wallets, {"name": "two"})
        theirs = b.call("POST", wallets, {"name": "one"})["addr"]
        sent = api.post(f"/api/v1/ffs/instances/{a.made['id']}/wallets/{one}/fund", {"amount": "50FIL"})
        check(sent["message"], f"{sent}")
        watch.wait_for(lambda e: e["kind"] == "message.landed")
        balances = {w["addr"]: (int(w["balance"]), w["default"]) for w in a.get("/wallets")["items"]}
        check(balances == {one: (50 * 10**18, True), two: (0, False)}, f"{balances}")
        cid = a.stage(b"paid by itself" * 500)
        a.done(a.push(cid))
        check(active(a.cid(cid))[0]["client"] == one, "somebody else paid")
        a.call("POST", f"{wallets}/{one}/send", {"to": two, "amount": "1FIL"})
        watch.wait_for(lambda e: e["kind"] == "message.landed" and
                       any(int(w["balance"]) == 10**18 for w in a.get("/wallets")["items"]))
        a.call("POST", f"{wallets}/{two}/default", {})
        check([w["addr"] for w in a.get("/wallets")["items"] if w["default"]] == [two], "the default")
        signature = a.call("POST", f"{wallets}/{one}/sign", {"message": b"hello".hex()})["signature"]
        asked = {"message": b"hello".hex(), "signature": signature}
        check(a.call("POST", "/api/v1/ffs/verify", {"address": one, **asked})["valid"], "the signature")
        check(not a.call("POST", "/api/v1/ffs/verify", {"address": two, **asked})["valid"], "another's signature")
        refused("not-found", a.call, "POST", f"{wallets}/{theirs}/send", {"to": one, "amount": "1FIL"})
        refused("not-found", a.call, "POST", f"{wallets}/{theirs}/sign", {"message": "00"})
        refused("invalid-argument", a.push, cid, {"cold": {"address": theirs}}, override=True)
        refused("insufficient-funds", a.call, "POST", f"{wallets}/{two}/send", {"to": one, "amount": "1000FIL"})


def n1_n2_renewal(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        cid = a.stage(b"renewed" * 500)
        config = {"cold": {"renew": True, "renewThreshold": 510_000, "repFactor": 1}}
        a.done(a.push(cid, config))
        old = active(a.cid(cid))[0]
        check(a.cid(cid)["renewAt"] == old["end"] - 510_000, f"{a.cid(cid)['renewAt']} {old}")
        weir(api, "devnet", "advance", "7d")
        for kind, job in a.events("/watch", cid=cid):
            if kind == "job" and job["why"] == "renew" and job["state"] in ENDS:
                check(job["state"] == "done", f"{job}")
                break
        entry = a.cid(cid)
        fresh = [d for d in active(entry) if d["uuid"] != old["uuid"]]
        check(len(fresh) == 1 and fresh[0]["replaces"] == old["uuid"], f"{active(entry)}")
        check(entry["renewAt"] == fresh[0]["end"] - 510_000, f"{entry['renewAt']}")


def k2_a_slashed_deal_is_replaced(folder):
    with devnet_node(folder) as (_, api, watch):
        a = Tenant(api)
        cid = a.stage(b"slashed" * 500)
        a.done(a.push(cid, {"repairable": True}))
        old = active(a.cid(cid))[0]
        api.post("/api/v1/devnet/slash", {"deal": old["id"]})
        watch.wait_for(lambda e: e["kind"] == "deal.slashed" and e["subject"] == old["uuid"])
        for kind, job in a.events("/watch", cid=cid):
            if kind == "job" and job["why"] == "repair" and job["state"] in ENDS:
                check(job["state"] == "done", f"{job}")
                break
        check(len(active(a.cid(cid))) == 1 and active(a.cid(cid))[0]["uuid"] != old["uuid"], f"{a.cid(cid)}")


def by_the_command_line(folder):
    with devnet_node(folder) as (_, api, _w):
        made = weir(api, "ffs", "create", "a")[0]
        mine = ("--token", made["token"])
        source = folder / "a.bin"
        source.write_bytes(b"by hand" * 1000)
        cid = weir(api, "ffs", "stage", source, *mine)[0]["cid"]
        told = weir(api, "ffs", "push", cid, "--set", "cold.repFactor=2", "--watch", *mine, json_lines=False)
        check("began" in told and "stored hot" in told and told.strip().endswith("done"), told)
        job = weir(api, "ffs", "jobs", *mine)[0]["id"]
        check(weir(api, "ffs", "job", job, *mine)[0]["config"]["cold"]["repFactor"] == 2, "ffs job")
        check(weir(api, "ffs", "cid", cid, *mine)[0]["hot"]["enabled"], "ffs cid")
        weir(api, "ffs", "get", cid, folder / "back.bin", *mine)
        check((folder / "back.bin").read_bytes() == source.read_bytes(), "ffs get")
        check(len(weir(api, "ffs", "log", cid, *mine)) > 3, "ffs log")
        weir(api, "ffs", "cancel", job, *mine, expect=1)
        check(weir(api, "ffs", "config", "--set", "cold.enabled=false", *mine)[0]["cold"]["enabled"] is False, "config")


run_tests([f1_f2_f3_filters, f4_price_cap, f5_r1_r2_r3_replication, r4_k2_one_refuses_then_repair, p1_p3_replace,
           u1_u2_unfreeze, l1_l2_l3_log, h1_h3_h8_h9_h11_staged_and_gc, d1_d2_d3_d4_deal_records, t1_tenants_apart,
           w1_w2_w3_w4_w5_wallets, n1_n2_renewal, k2_a_slashed_deal_is_replaced, by_the_command_line])
