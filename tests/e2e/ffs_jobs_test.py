#!/usr/bin/env python3
"""Scenarios of FFS on the devnet, named as in docs/ffs-scenarios.md: general, configs, jobs."""
import threading

from ffs_tenant import BOTH, COLD, ENDS, HOT, NONE, Tenant, active, refused, sealing, uuids
from harness import CRASHED, DEADLINE, check, devnet_node, run_tests


def g1_g3_g4_push_default_config(folder):
    with devnet_node(folder) as (_, api, _w):
        a, data = Tenant(api), b"some bytes" * 3000
        cid = a.stage(data)
        refused("not-found", a.cid, cid)
        job = a.push(cid)
        check(a.job(job)["state"] in ("queued", "in_progress"), "the job did not wait")
        a.done(job)
        entry = a.cid(cid)
        check(entry["hot"]["enabled"] and entry["hot"]["size"] > 0 and entry["hot"]["layer"] == "store", f"{entry['hot']}")
        check(entry["cold"]["enabled"] and entry["cold"]["pieceSize"] > 0, f"{entry['cold']}")
        deals = active(entry)
        check(len(deals) == 1 and deals[0]["id"] > 0 and deals[0]["piece"], f"{entry['proposals']}")
        check(entry["infoJob"] == job and entry["running"] == "" and entry["queued"] == "", f"{entry}")
        check(a.data(cid) == data, "other bytes came back")
        kept = a.call("GET", "/api/v1/contents")["items"][0]["id"]
        told = refused("precondition", a.call, "DELETE", f"/api/v1/contents/{kept}")
        check("weir ffs remove" in told["detail"], f"{told}")
        unused = a.stage(b"nobody asked for it")
        left = [c for c in a.call("GET", "/api/v1/contents")["items"] if c["cid"] == unused and c["state"] != "removed"]
        a.call("DELETE", f"/api/v1/contents/{left[0]['id']}")


def a_provider_says_why_it_was_not_chosen(folder):
    with devnet_node(folder) as (_, api, _w):
        a, b = Tenant(api), Tenant(api, "b")
        cid = a.stage(b"who wants it" * 500)
        a.done(a.push(cid))
        made = a.cid(cid)["selections"][0]
        path = f"/api/v1/providers/{made['rejections'][0]['provider']}"
        for ask in (a.call, lambda method, at: api.request(method, at)):
            told = ask("GET", path)["lastSelections"]
            check([s["piece"] for s in told] == [made["piece"]] and len(told[0]["rejections"]) == 1, f"{told}")
        check(b.call("GET", path)["lastSelections"] == [], "another tenant sees it")


def deal_records_come_in_pages(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        a.done(a.push(a.stage(b"pages" * 2000), {"cold": {"repFactor": 3}}))
        listed = a.get("/cids")["items"][0]
        check(len([d for d in listed["deals"] if d["state"] == "active"]) == 3, f"{listed['deals']}")
        for order in ({}, {"ascending": 1}):
            whole = [d["uuid"] for d in a.get("/deals", **order)["items"]]
            paged, after = [], ""
            while after is not None:
                page = a.get("/deals", limit=1, **order, **({"after": after} if after else {}))
                paged += [d["uuid"] for d in page["items"]]
                after = page["next"]
            check(paged == whole and len(whole) >= 3, f"{paged} instead of {whole}")


def g2_c6_custom_config_and_duration(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        cid = a.stage(b"x" * 9000)
        a.done(a.push(cid, {"hot": {"enabled": False}, "cold": {"dealMinDuration": 600_000}}))
        deal = active(a.cid(cid))[0]
        check(deal["end"] - deal["start"] >= 600_000, f"{deal}")
        check(not a.cid(cid)["hot"]["enabled"], "it is hot")
        refused("precondition", a.data, cid)


def g6_stage_then_cold_only_lets_the_bytes_go(folder):
    with devnet_node(folder) as (_, api, watch):
        a = Tenant(api)
        cid = a.stage(b"y" * 20_000)
        a.done(a.push(cid, COLD))
        content = a.cid(cid)["cold"]["content"]
        watch.wait_for(lambda e: e["kind"] == "piece.offloaded")
        check(not api.get(f"/api/v1/contents/{content}")["local"], "its local copy is still there")


def g7_remove(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        cid = a.stage(b"z" * 5000)
        a.done(a.push(cid, HOT))
        path = f"{a.base}/cids/{cid}"
        refused("precondition", a.call, "DELETE", path)
        a.done(a.push(cid, NONE, override=True))
        a.call("DELETE", path)
        refused("not-found", a.cid, cid)
        refused("not-found", a.call, "DELETE", path)


def g8_a_restart_keeps_everything(folder):
    with devnet_node(folder) as (_, api, _w):
        a, data = Tenant(api), b"kept" * 2000
        cid = a.stage(data)
        a.done(a.push(cid))
        before = a.cid(cid)
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api, made=a.made)
        after = a.cid(cid)
        check(after["hot"] == before["hot"] and after["cold"] == before["cold"], f"{before} {after}")
        check(a.data(cid) == data, "other bytes")


def c1_defaults_of_three_levels(folder):
    with devnet_node(folder) as (_, api, _w):
        api.request("PUT", "/api/v1/ffs/config", {"cold": {"repFactor": 2}})
        a = Tenant(api)
        check(a.get("/config")["cold"]["repFactor"] == 2, "the node's default does not count")
        a.call("PUT", a.base + "/config", {"cold": {"enabled": False}})
        mine = a.get("/config")
        check(mine["cold"]["repFactor"] == 2 and not mine["cold"]["enabled"], f"{mine}")
        cid = a.stage(b"c" * 1000)
        a.done(a.push(cid))
        check(a.cid(cid)["config"] == mine, "a push without a config takes another one")


def c2_hot_off_and_on(folder):
    with devnet_node(folder) as (_, api, _w):
        a, data = Tenant(api), b"hot" * 1000
        cid = a.stage(data)
        a.done(a.push(cid, BOTH))
        pinned = [p["cid"] for p in api.everything("/api/v1/pins")]
        check(cid in pinned, f"{pinned}")
        a.done(a.push(cid, COLD, override=True))
        check(list(api.everything("/api/v1/pins")) == [], "it is still pinned")
        refused("precondition", a.data, cid)
        a.done(a.push(cid, {"hot": {"enabled": True, "allowUnfreeze": True}, "cold": {"enabled": True}}, override=True))
        check(a.data(cid) == data, "other bytes")
        check(len(active(a.cid(cid))) == 1, "a second deal was made")


def c3_c4_cold_on_and_off(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        cid = a.stage(b"cold" * 3000)
        a.done(a.push(cid, HOT))
        check(a.cid(cid)["proposals"] == [], "a deal without a wish")
        a.done(a.push(cid, BOTH, override=True))
        check(len(active(a.cid(cid))) == 1, "no deal")
        a.done(a.push(cid, HOT, override=True))
        entry = a.cid(cid)
        check(not entry["cold"]["enabled"] and len(active(entry)) == 1, "its deal is gone")


def c8_rules(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        cid = a.stage(b"rules" * 100)
        refused("invalid-argument", a.push, cid, {"hot": {"enabled": False}, "cold": {"renew": True, "renewThreshold": 5}})
        told = refused("invalid-argument", a.push, cid, {"cold": {"dealMinDuration": 100}})
        check(told["limit"] == "518400" and told["value"] == "100", f"{told}")
        check("cold.repFacto" in refused("invalid-argument", a.push, cid, {"cold": {"repFacto": 2}})["value"], "typo")
        check(a.push(cid, HOT, noExec=True) is None, "a job in spite of noExec")
        check(a.cid(cid)["config"]["hot"]["enabled"] and a.get("/jobs")["items"] == [], "noExec")
        refused("precondition", a.push, cid, BOTH)
        a.done(a.push(cid, HOT))


def s1_s11_cancel_a_running_job(folder):
    """Cancelled within a second; the deal that becomes active later is seen all the same."""
    with devnet_node(folder) as (_, api, watch):
        a = Tenant(api)
        cid = a.stage(b"s1" * 4000)
        sealing(api, False)
        job = a.push(cid)
        watch.wait_for(lambda e: e["kind"] == "deal.proposed" and e["subject"] in uuids(a, cid))
        ended = a.call("POST", f"{a.base}/jobs/{job}/cancel", {})
        check(ended["state"] == "cancelled" and ended["err"]["code"] == "cancelled", f"{ended}")
        refused("precondition", a.call, "POST", f"{a.base}/jobs/{job}/cancel", {})
        sealing(api, True)
        watch.wait_for(lambda e: e["kind"] == "deal.active" and e["subject"] in uuids(a, cid))
        check(len(active(a.cid(cid))) == 1 and a.job(job)["state"] == "cancelled", "the deal is lost")


def s2_s3_newest_queued_wins(folder):
    with devnet_node(folder) as (_, api, watch):
        a = Tenant(api)
        cid = a.stage(b"s3" * 4000)
        sealing(api, False)
        first = a.push(cid)
        a.wait(first, "in_progress")
        second = a.push(cid, {"cold": {"repFactor": 2}}, override=True)
        third = a.push(cid, {"cold": {"repFactor": 1}}, override=True)
        check(a.job(second)["state"] == "cancelled", "the older one waits on")
        check(a.job(third)["state"] == "queued" and a.job(first)["state"] == "in_progress", "two run at once")
        fourth = a.push(cid, {"cold": {"repFactor": 1}}, override=True)
        a.call("POST", f"{a.base}/jobs/{fourth}/cancel", {})
        check(a.job(fourth)["state"] == "cancelled" and a.job(third)["state"] == "cancelled", "queued jobs")
        fifth = a.push(cid)
        sealing(api, True)
        a.done(first)
        a.done(fifth)
        check(len(active(a.cid(cid))) == 1, "a deal too many")


def s6_killed_in_the_middle(folder):
    for point in ("ffs.begun", "ffs.hot_done", "ffs.terms_open", "deal.sent", "ffs.cold_done", "ffs.let_go"):
        here = folder / point
        here.mkdir()
        with devnet_node(here) as (node, api, _w):
            a = Tenant(api)
            cid = a.stage(point.encode() * 999)
        made = a.made
        with devnet_node(here, WEIR_CRASH_AT=point) as (node, api, _w):
            a = Tenant(api, made=made)
            try:
                a.push(cid)
            except ConnectionError:
                pass  # it died before the answer was out
            check(node.wait_exit() == CRASHED, f"{point} was not reached")
        with devnet_node(here) as (_, api, _w):
            a = Tenant(api, made=made)
            jobs = a.get("/jobs")["items"]
            check(len(jobs) == 1, f"{point}: {jobs}")
            a.done(jobs[0]["id"])
            check(len(a.cid(cid)["proposals"]) == 1, f"{point}: {a.cid(cid)['proposals']}")


def s7_s10_s12_two_tenants(folder):
    with devnet_node(folder) as (_, api, _w):
        a, b = Tenant(api, "a"), Tenant(api, "b")
        data = b"shared" * 2000
        cid = a.stage(data)
        check(b.stage(data) == cid, "another CID")
        mine, theirs = a.push(cid), b.push(cid)
        refused("not-found", b.job, mine)
        refused("not-found", b.call, "POST", f"{b.base}/jobs/{mine}/cancel", {})
        a.done(mine)
        b.done(theirs)
        check([j["id"] for j in a.get("/jobs")["items"]] == [mine], "a sees b's jobs")
        one, other = active(a.cid(cid)), active(b.cid(cid))
        check(len(one) == 1 and len(other) == 1 and one[0]["uuid"] != other[0]["uuid"], f"{one} {other}")
        a.done(a.push(cid, NONE, override=True))
        a.call("DELETE", f"{a.base}/cids/{cid}")
        check(b.data(cid) == data, "b's bytes went with a's")


def s7_a_watcher_sees_every_end(folder):
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        ends, ready = {}, threading.Event()

        def listen(count):
            for kind, record in a.events("/watch"):
                ready.set()
                if kind == "job" and record["state"] in ENDS:
                    ends[record["id"]] = record["state"]
                if len(ends) == count:
                    return
        cids = [a.stage(f"watched {i}".encode() * 50) for i in range(20)]
        listener = threading.Thread(target=listen, args=(20,), daemon=True)
        listener.start()
        ready.wait(DEADLINE)
        jobs = [a.push(cid, HOT) for cid in cids]
        listener.join(DEADLINE)
        check(ends == {job: "done" for job in jobs}, f"{len(ends)} of {len(jobs)}")


def s8_lists(folder):
    with devnet_node(folder) as (_, api, _w):
        a, b = Tenant(api, "a"), Tenant(api, "b")
        cids = [a.stage(f"listed {i}".encode() * 50) for i in range(3)]
        jobs = [a.push(cid, HOT) for cid in cids]
        for job in jobs:
            a.done(job)
        listed = [j["id"] for j in a.get("/jobs")["items"]]
        check(listed == jobs[::-1], f"{listed}")
        check([j["id"] for j in a.get("/jobs", ascending=1)["items"]] == jobs, "ascending")
        page = a.get("/jobs", limit=2)
        rest = a.get("/jobs", limit=2, after=page["next"])
        check([j["id"] for j in page["items"] + rest["items"]] == jobs[::-1] and rest["next"] is None, "paging")
        check([j["id"] for j in a.get("/jobs", cid=cids[1])["items"]] == [jobs[1]], "by CID")
        check(len(a.get("/jobs", state="final")["items"]) == 3, "final ones")
        check(a.get("/jobs", state="queued")["items"] == [] and b.get("/jobs")["items"] == [], "other lists")


run_tests([g1_g3_g4_push_default_config, deal_records_come_in_pages,
           a_provider_says_why_it_was_not_chosen, g2_c6_custom_config_and_duration,
           g6_stage_then_cold_only_lets_the_bytes_go, g7_remove,
           g8_a_restart_keeps_everything, c1_defaults_of_three_levels, c2_hot_off_and_on,
           c3_c4_cold_on_and_off, c8_rules, s1_s11_cancel_a_running_job, s2_s3_newest_queued_wins,
           s6_killed_in_the_middle, s7_s10_s12_two_tenants, s7_a_watcher_sees_every_end, s8_lists])
