#!/usr/bin/env python3
"""Scenarios of FFS on the devnet, named as in docs/ffs-scenarios.md: limits, faults, several at once."""
import json
import urllib.parse
import urllib.request

from ffs_tenant import BOTH, COLD, ENDS, HOT, NONE, Tenant, active, refused, sealing
from harness import DEADLINE, Api, check, devnet_node, run_tests, weir


def g9_consistent_over_pushes(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        cids = [a.stage(f"g9 {i}".encode() * 500) for i in range(2)]
        first = {}
        for cid in cids:
            a.done(a.push(cid))
            first[cid] = active(a.cid(cid))[0]
        for cid in cids:
            a.done(a.push(cid))
            check([d["uuid"] for d in active(a.cid(cid))] == [first[cid]["uuid"]], "another deal")
        listed = [e["cid"] for e in a.get("/cids")["items"]]
        check(sorted(listed) == sorted(cids), f"{listed}")


def s5_several_at_once(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        sealing(api, False)
        jobs = [a.push(a.stage(f"s5 {i}".encode() * 500)) for i in range(3)]
        for job in jobs:
            a.wait(job, "in_progress")
        running = {j["id"] for j in a.get("/jobs", state="in_progress")["items"]}
        check(running == set(jobs), f"{running}")
        sealing(api, True)
        for job in jobs:
            a.done(job)


def s7_a_reader_that_stops_sees_every_end(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        cids = [a.stage(f"stalled {i}".encode() * 50) for i in range(10)]
        with a.stream("/watch") as stream:
            jobs = []
            for push in range(20):
                config = HOT if push % 2 == 0 else NONE
                jobs += [a.push(cid, config, override=True) for cid in cids]
            for job in jobs[-10:]:
                a.wait(job)
            ends, kind = {}, ""
            for line in stream:
                text = line.decode().strip()
                if text.startswith("event:"):
                    kind = text[6:].strip()
                elif text.startswith("data:") and kind == "job":
                    record = json.loads(text[5:])
                    if record["state"] in ENDS:
                        ends[record["id"]] = record["state"]
                if len(ends) == len(jobs):
                    break
        check(set(ends) == set(jobs), f"{len(ends)} of {len(jobs)}")
        stored = {j["id"]: j["state"] for j in api_all(a, "/jobs")}
        check(stored == ends, "the watch and the list differ")


def api_all(tenant, path):
    after = None
    while True:
        page = tenant.get(path, limit=100, **({"after": after} if after else {}))
        yield from page["items"]
        after = page["next"]
        if not after:
            return


def s9_a_deal_that_sticks_ends_with_the_timeout(folder):
    with devnet_node(folder) as (_, api, watch):
        a = Tenant(api)
        sealing(api, False)
        job = a.push(a.stage(b"s9" * 500), {"cold": {"dealTimeout": 100}})
        watch.wait_for(lambda e: e["kind"] == "deal.published")
        weir(api, "devnet", "advance", "2h")
        ended = a.failed(job, "timeout")
        check(ended["err"]["limit"] == "100", f"{ended['err']}")


def h13_staged_again_and_enabled_again(folder):
    with devnet_node(folder) as (_, api, _w):
        a, data = Tenant(api), b"h13" * 500
        cid = a.stage(data)
        a.done(a.push(cid, HOT))
        a.done(a.push(cid, NONE, override=True))
        check(a.stage(data) == cid, "another CID")
        a.done(a.push(cid, HOT, override=True))
        api.post("/api/v1/ffs/gc", {"olderThan": "0"})
        check(a.data(cid) == data, "the data went")


def h14_a_folder_there_and_back(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        files = {"a.txt": b"a" * 1000, "deep/b.txt": b"b" * 2000, "deep/er/c.txt": b""}
        upload = a.call("POST", "/api/v1/uploads", {"name": "folder"})["id"]
        for path, data in files.items():
            a.call("PUT", f"/api/v1/uploads/{upload}/files/{urllib.parse.quote(path)}", data)
        cid = a.call("POST", f"/api/v1/uploads/{upload}/commit", {})["cid"]
        a.done(a.push(cid, BOTH))
        for path, data in files.items():
            check(a.call("GET", f"{a.base}/cids/{cid}/data/{path}", raw=True) == data, path)
        refused("invalid-path", a.call, "GET", f"{a.base}/cids/{cid}/data/deep")


def p2_two_tenants_replace_in_turn(folder):
    with devnet_node(folder) as (_, api, _w):
        tenants = [Tenant(api, "a"), Tenant(api, "b")]
        old, new = b"p2 old" * 100, b"p2 new" * 100
        for t in tenants:
            t.one, t.two = t.stage(old), t.stage(new)
            t.done(t.push(t.one, HOT))
        for t in tenants:
            t.done(t.call("POST", f"{t.base}/cids/{t.one}/replace", {"by": t.two})["job"])
            check(t.data(t.two) == new, "the new one")
        check(tenants[0].data(tenants[0].two) == new, "one took the other's")


def n2_only_what_is_wanted_is_renewed(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        cid = a.stage(b"n2" * 500)
        a.done(a.push(cid, {"cold": {"repFactor": 2, "renew": True, "renewThreshold": 510_000}}))
        old = {d["uuid"] for d in active(a.cid(cid))}
        a.done(a.push(cid, {"cold": {"repFactor": 1, "renew": True, "renewThreshold": 510_000}}, override=True))
        weir(api, "devnet", "advance", "7d")
        for kind, job in a.events("/watch", cid=cid):
            if kind == "job" and job["why"] == "renew" and job["state"] in ENDS:
                check(job["state"] == "done", f"{job}")
                break
        fresh = [d for d in active(a.cid(cid)) if d["uuid"] not in old]
        check(len(fresh) == 1 and fresh[0]["replaces"] in old, f"{fresh}")


def u3_the_first_provider_fails_and_the_second_gives(folder):
    with devnet_node(folder) as (_, api, watch):
        a, data = Tenant(api), b"u3" * 9000
        cid = a.stage(data)
        a.done(a.push(cid, {"hot": {"enabled": False}, "cold": {"repFactor": 2}}))
        watch.wait_for(lambda e: e["kind"] == "piece.offloaded")
        first = sorted(d["provider"] for d in active(a.cid(cid)))[0]
        api.post(f"/api/v1/devnet/providers/{first}", {"corrupt-retrieval": "on"})
        thaw = {"hot": {"enabled": True, "allowUnfreeze": True}, "cold": {"repFactor": 2}}
        a.done(a.push(cid, thaw, override=True))
        check(a.data(cid) == data, "other bytes")


def f7_reasons_of_those_not_chosen(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        cid = a.stage(b"f7" * 500)
        a.done(a.push(cid))
        chosen = {p for s in a.cid(cid)["selections"] for p in s["chosen"]}
        reasons = {r["provider"]: r["reason"] for s in a.cid(cid)["selections"] for r in s["rejections"]}
        known = {p["id"] for p in api.get("/api/v1/providers")["items"]}
        check(chosen | set(reasons) == known and all(reasons.values()), f"{chosen} {reasons}")


def h4_h5_pinned_twice_and_let_go_twice(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        cid = a.stage(b"h4" * 500)
        a.done(a.push(cid, HOT))
        a.done(a.push(cid, HOT))
        pins = [p["cid"] for p in api.everything("/api/v1/pins")]
        check(pins == [cid], f"{pins}")
        a.done(a.push(cid, NONE, override=True))
        a.done(a.push(cid, NONE))
        check(list(api.everything("/api/v1/pins")) == [], "still pinned")
        a.call("DELETE", f"{a.base}/cids/{cid}")
        refused("not-found", a.call, "DELETE", f"{a.base}/cids/{cid}")


def h6_h7_replaced_with_and_without_anothers_pin(folder):
    with devnet_node(folder) as (_, api, _w):
        a, b = Tenant(api, "a"), Tenant(api, "b")
        old, new = a.stage(b"h6 old" * 500), a.stage(b"h6 new" * 500)
        b.stage(b"h6 old" * 500)
        a.done(a.push(old, HOT))
        b.done(b.push(old, HOT))
        a.done(a.call("POST", f"{a.base}/cids/{old}/replace", {"by": new})["job"])
        check(b.data(old) == b"h6 old" * 500 and a.data(new) == b"h6 new" * 500, "other bytes")
        pins = sorted((p["cid"], p["owner"]) for p in api.everything("/api/v1/pins"))
        check(pins == sorted([(old, "ffs/" + b.made["id"]), (new, "ffs/" + a.made["id"])]), f"{pins}")
        newer = b.stage(b"h6 newer" * 500)
        b.done(b.call("POST", f"{b.base}/cids/{old}/replace", {"by": newer})["job"])
        pins = {p["cid"] for p in api.everything("/api/v1/pins")}
        check(pins == {new, newer}, f"{pins}")


def u4_a_part_from_a_provider(folder):
    with devnet_node(folder) as (_, api, watch):
        a = Tenant(api)
        files = {"a.bin": bytes(range(256)) * 400, "deep/b.bin": b"deep" * 90_000}
        upload = a.call("POST", "/api/v1/uploads", {"name": "u4"})["id"]
        for path, data in files.items():
            a.call("PUT", f"/api/v1/uploads/{upload}/files/{path}", data)
        cid = a.call("POST", f"/api/v1/uploads/{upload}/commit", {})["cid"]
        a.done(a.push(cid, {"hot": {"enabled": False, "allowUnfreeze": True}, "cold": {"enabled": True}}))
        watch.wait_for(lambda e: e["kind"] == "piece.offloaded")
        cold = f"{a.base}/cids/{cid}/cold/"
        check(a.call("GET", cold + "deep/b.bin", raw=True) == files["deep/b.bin"], "other bytes")
        part = api.request("GET", cold + "a.bin", headers=dict(a.head, Range="bytes=1000-1999"), raw=True)
        check(part == files["a.bin"][1000:2000], "another range")
        refused("invalid-path", a.call, "GET", cold + "deep")
        refused("not-found", Tenant(api, "b").call, "GET", f"{a.base}/cids/{cid}/cold/a.bin")
        refused("precondition", a.data, cid)
        held = api.get(f"/api/v1/contents/{a.cid(cid)['cold']['content']}")
        check(not held["local"], "all of it came back")
        a.push(cid, {"hot": {"enabled": False}, "cold": {"enabled": True}}, override=True, noExec=True)
        refused("precondition", a.call, "GET", cold + "a.bin")


def quota_of_jobs(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        api.request("PATCH", f"/api/v1/ffs/instances/{a.made['id']}", {"limits": {"jobs": 1}})
        sealing(api, False)
        cid = a.stage(b"quota" * 100)
        a.wait(a.push(cid), "in_progress")
        a.push(cid)
        refused("overloaded", a.push, a.stage(b"one more" * 100))


def figures(api):
    """What GET /metrics says, by name and label."""
    text = api.request("GET", "/metrics", raw=True).decode()
    return {name: float(value) for name, value in
            (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))}


def z2_metrics_say_how_ffs_stands(folder):
    config = folder / "weir.toml"
    config.write_text("[schedulers.archive]\nparallel = 1\n")
    with devnet_node(folder, "--config", config) as (node, api, _w):
        a, b = Tenant(api, "a"), Tenant(api, "b")
        api.request("PATCH", f"/api/v1/ffs/instances/{b.made['id']}", {"scheduler": "archive"})
        before = figures(api)
        check(before["weir_ffs_instances"] == 2, f"{before}")
        sealing(api, False)
        a.done(a.push(a.stage(b"z2 done" * 100), HOT))
        late = a.stage(b"z2 cancelled" * 100)
        running, waiting = (b.push(b.stage(f"z2 {i}".encode() * 100), BOTH) for i in range(2))
        b.wait(running, "in_progress")
        a.call("POST", f"{a.base}/jobs/{a.push(late, BOTH)}/cancel", {})
        with a.stream("/watch"), a.stream("/watch"):
            now = figures(api)
        check(now['weir_ffs_jobs{state="queued"}'] == 1 and now['weir_ffs_jobs{state="in_progress"}'] == 1, f"{now}")
        check(now['weir_ffs_open_jobs{scheduler="archive"}'] == 2, f"{now}")
        check(now['weir_ffs_open_jobs{scheduler="default"}'] == 0, f"{now}")
        ended = {s: now[f'weir_ffs_jobs_ended_total{{state="{s}"}}'] for s in ENDS}
        check(ended == {"done": 1, "failed": 0, "cancelled": 1}, f"{ended}")
        watches = 'weir_queue_length{queue="state watches"}'
        check(now[watches] == before[watches] + 2, f"{before[watches]} watches became {now[watches]}")
        sealing(api, True)
        b.done(running)
        b.done(waiting)
        check(figures(api)['weir_deals{state="active"}'] >= 2, "deals")
        node.stop()
        node.start()
        check(node.wait_ready(), node.tail())
        again = figures(Api(node.addresses["api"]))
        check(again['weir_ffs_jobs{state="in_progress"}'] == 0, f"{again}")


def rpc(api, method, *parameters):
    """What the devnet's chain says."""
    where = api.get("/api/v1/devnet")["rpc"]
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "Filecoin." + method, "params": parameters}).encode()
    request = urllib.request.Request(where, data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
        return json.loads(answer.read())["result"]


def limits(api, tenant, **what):
    return api.request("PATCH", f"/api/v1/ffs/instances/{tenant.made['id']}", {"limits": what})["limits"]


def usage(tenant):
    return tenant.get("", usage=1)["usage"]


def quota_of_bytes(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        refused("invalid-argument", limits, api, a, spend="-1")
        first = a.stage(b"1" * 100_000)
        size = usage(a)["bytes"]
        check(size >= 100_000, f"{size}")
        check(api.get("/api/v1/ffs/usage")["items"] == [], "nobody has a limit")
        limits(api, a, bytes=2 * size)
        one = api.get("/api/v1/ffs/usage")["items"][0]
        check(one["id"] == a.made["id"] and one["limits"]["bytes"] == 2 * size, f"{one}")
        check(one["usage"] == {"bytes": size, "jobs": 0, "spend": "0"} == usage(a), f"{one}")
        a.stage(b"2" * 100_000)
        told = refused("disk-full", a.stage, b"3" * 10)
        check(int(told["value"]) > int(told["limit"]) == 2 * size, f"{told}")
        check(a.stage(b"1" * 100_000) == first, "the same bytes take nothing")
        a.done(a.push(first, HOT))
        check(usage(a)["bytes"] == 2 * size, "hot and staged count once")
        a.done(a.push(first, NONE, override=True))
        a.call("DELETE", f"{a.base}/cids/{first}")
        check(usage(a)["bytes"] == size, f"{usage(a)}")
        a.stage(b"3" * 100_000)
        limits(api, a, bytes=3 * size)
        a.stage(b"4" * 100_000)
        refused("disk-full", a.stage, b"5" * 10)


def quota_of_spend(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        a.done(a.push(a.stage(b"one" * 1000), COLD))
        price = int(usage(a)["spend"])
        check(price > 0, "deals of the devnet cost something")
        limits(api, a, spend=str(2 * price - 1))
        dear = a.stage(b"two" * 1000)
        told = a.failed(a.push(dear, COLD), "insufficient-funds")
        check("0.000000000000000001 FIL too much" in told["err"]["message"], f"{told['err']}")
        check(int(usage(a)["spend"]) == price, "it was promised all the same")
        limits(api, a, spend=str(2 * price))
        a.done(a.push(dear, COLD, override=True))
        check(int(usage(a)["spend"]) == 2 * price, f"{usage(a)}")
        spare = a.call("POST", a.base + "/wallets", {"name": "spare"})["addr"]
        api.post("/api/v1/devnet/fund", {"address": spare, "amount": "1FIL"})
        send = (a.call, "POST", f"{a.base}/wallets/{spare}/send", {"to": "f01000", "amount": "0.1FIL"})
        refused("insufficient-funds", *send)
        limits(api, a, spend=str(2 * price + 10**17))
        send[0](*send[1:])
        check(int(usage(a)["spend"]) == 2 * price + 10**17, f"{usage(a)}")


def f6_verified_deals(folder):
    """No verified client, too little DataCap, enough; what a deal takes is gone."""
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        pays = a.call("POST", a.base + "/wallets", {"name": "verified"})["addr"]
        api.post("/api/v1/devnet/fund", {"address": pays, "amount": "10FIL"})
        verified = {"hot": {"enabled": False}, "cold": {"verifiedDeal": True, "repFactor": 2}}
        cid = a.stage(bytes(range(256)) * 6000)

        def missing(words):
            told = a.failed(a.push(cid, verified, override=True), "insufficient-funds")["err"]["message"]
            check(words in told and "bytes of DataCap are missing" in told, told)
            check(a.cid(cid)["proposals"] == [], "a proposal left")
            return int(told.split(" bytes of DataCap are missing")[0].split()[-1])

        needed = missing("is no verified client")
        check(needed % (2 << 20) == 0, f"{needed}")
        weir(api, "devnet", "datacap", pays, needed - (1 << 20))
        check(missing("does not suffice") == 1 << 20, "another amount is missing")
        weir(api, "devnet", "datacap", pays, 1 << 20)
        a.done(a.push(cid, verified, override=True))
        deals = active(a.cid(cid))
        check(len(deals) == 2 and all(d["verified"] for d in deals), f"{deals}")
        held = rpc(api, "StateVerifiedClientStatus", pays, [])
        check(held is None, f"{held} is left")
        small = a.stage(b"a small thing")
        refused_small = a.failed(a.push(small, verified), "no-providers")["err"]["message"]
        check("1 MiB" in refused_small, refused_small)


run_tests([g9_consistent_over_pushes, s5_several_at_once, s7_a_reader_that_stops_sees_every_end,
           s9_a_deal_that_sticks_ends_with_the_timeout, h13_staged_again_and_enabled_again,
           h14_a_folder_there_and_back, p2_two_tenants_replace_in_turn, n2_only_what_is_wanted_is_renewed,
           u3_the_first_provider_fails_and_the_second_gives, f7_reasons_of_those_not_chosen, h4_h5_pinned_twice_and_let_go_twice,
           h6_h7_replaced_with_and_without_anothers_pin, u4_a_part_from_a_provider, quota_of_jobs,
           z2_metrics_say_how_ffs_stands,
           quota_of_bytes, quota_of_spend, f6_verified_deals])
