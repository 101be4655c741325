#!/usr/bin/env python3
"""Scenarios of FFS on the devnet, named as in docs/ffs-scenarios.md: what is known of providers, and what follows from it."""
import random

from ffs_tenant import COLD, Tenant, active
from harness import check, devnet_node, run_tests, weir


def change(api, watch, **settings):
    """Every provider of the devnet gets its settings ({id: value} each), and the node has heard of all of them."""
    ids = sorted(p["id"] for p in api.get("/api/v1/devnet/providers"))
    seen = len(watch.transactions)
    for name, values in settings.items():
        for provider in ids:
            api.post(f"/api/v1/devnet/providers/{provider}", {name.replace("_", "-"): str(values[provider])})
    weir(api, "devnet", "advance", "3h")  # an ask is fresh for two hours
    for provider in ids:
        def told(event):
            return event["kind"] == "provider.changed" and event["subject"] == provider and any(
                event in t["events"] for t in watch.transactions[seen:])
        watch.wait_for(told)


def ids_of(api):
    return sorted(p["id"] for p in api.get("/api/v1/providers")["items"])


def s4_oversize_file(folder):
    with devnet_node(folder) as (_, api, watch):
        a, ids = Tenant(api), ids_of(api)
        change(api, watch, max_piece={p: 4096 if p == ids[2] else 2048 for p in ids})
        cid = a.stage(random.Random(4).randbytes(100_000))
        ended = a.failed(a.push(cid), "too-large")
        check(ended["err"]["value"] == "131072" and ended["err"]["limit"] == "4096", f"{ended['err']}")
        check({e["provider"] for e in ended["dealErrors"]} == set(ids), f"{ended['dealErrors']}")
        check(all(e["deal"] == "" and "limit" in e["message"] for e in ended["dealErrors"]), "a deal is named")
        check(a.cid(cid)["proposals"] == [] and not api.get("/api/v1/deals")["items"], "a proposal was sent")
        change(api, watch, max_piece={p: 1 << 35 for p in ids})
        a.done(a.push(cid))


def s4_a_block_that_no_piece_holds(folder):
    with devnet_node(folder, "--max-piece", "4096") as (_, api, _w):
        a = Tenant(api)
        large, small = a.stage(random.Random(5).randbytes(100_000)), a.stage(b"small" * 100)
        job, other = a.push(large), a.push(small)
        ended = a.failed(job, "too-large")
        check(ended["err"]["value"] == "100000" and ended["err"]["limit"] == "4064", f"{ended['err']}")
        check(a.cid(large)["proposals"] == [], "a proposal was sent")
        a.done(other)


def x1_indices_filled(folder):
    with devnet_node(folder) as (_, api, watch):
        a, data = Tenant(api), b"x1" * 9000
        cid = a.stage(data)
        a.done(a.push(cid, COLD))
        mine = active(a.cid(cid))[0]["provider"]
        watch.wait_for(lambda e: e["kind"] == "piece.offloaded")
        a.done(a.push(cid, {"hot": {"enabled": True, "allowUnfreeze": True}}, override=True))
        check(a.data(cid) == data, "other bytes")
        api.request("PATCH", f"/api/v1/providers/{mine}", {"country": "SE"})
        weir(api, "devnet", "advance", "3h")
        for p in api.get("/api/v1/providers")["items"]:
            check(p["reachable"] and int(p["price"]) > 0 and p["maxPiece"] > 0, f"no ask: {p}")
            check(int(p["power"]) > 0 and 0 < p["powerShare"] <= 1_000_000_000, f"no power: {p}")
            check(p["sectorsFaulty"] == 0 and p["sectorsActive"] == p["sectorsLive"], f"faults: {p}")
        watch.wait_for(lambda e: e["kind"] == "provider.changed" and e["subject"] == mine)
        p = weir(api, "provider", "show", mine)[0]
        check(p["dealsMade"] == 1 and p["dealsFailed"] == 0, f"our deals: {p}")
        check(p["retrievalsOk"] == 1 and p["retrievalsFailed"] == 0, f"our retrievals: {p}")
        check(p["country"] == "SE", f"where it is: {p}")


def x2_score_recomputed_on_change(folder):
    file = folder / "weir.toml"
    file.write_text("[schedulers.default]\nselector = 'reputation'\n")
    with devnet_node(folder, "--config", file) as (_, api, _w):
        a, ids, made = Tenant(api), ids_of(api), iter(range(100))

        def chosen(**cold):
            cid = a.stage(f"x2 {next(made)}".encode() * 500)
            a.done(a.push(cid, {"hot": {"enabled": False}, "cold": dict(cold, enabled=True)}))
            return active(a.cid(cid))[0]["provider"]

        first = chosen()
        other = next(p for p in ids if p != first)
        got = [chosen(trustedMiners=[other]) for _ in range(2)]
        check(got == [other] * 2, f"the trusted one first: {got}, not {other}")
        got = chosen()
        check(got == other, f"two kept deals are more than one: {got} before {other}")
        got = chosen(excludedMiners=[other])
        check(got == first, f"every selector honours the filter: {got}, not {first}")
        api.post(f"/api/v1/devnet/providers/{other}", {"refuse": "not today"})
        cid = a.stage(b"x2 refused" * 500)
        a.push(cid, {"cold": {"trustedMiners": [other]}})
        for kind, job in a.events("/watch", cid=cid):
            if kind == "job" and job["state"] in ("done", "failed"):
                break
        check(weir(api, "provider", "show", other)[0]["dealsFailed"] == 1, "the failure counts")
        check(chosen() != other, "it is not the first any more")


def x3_median_exact(folder):
    with devnet_node(folder) as (_, api, watch):
        ids = ids_of(api)
        prices = {p: 1_000 + 37 * i * i for i, p in enumerate(reversed(ids))}
        change(api, watch, price=prices, verified_price={p: 7 for p in ids})
        asks = api.get("/api/v1/providers")["asks"]
        ordered, middle = sorted(prices.values()), len(ids) // 2
        expected = ordered[middle] if len(ids) % 2 else (ordered[middle - 1] + ordered[middle]) // 2
        check(asks == {"providers": len(ids), "median": str(expected), "verifiedMedian": "7"}, f"{asks} {expected}")
        told = api.get("/api/v1/providers", limit=2)
        check("asks" in told and "asks" not in api.get("/api/v1/providers", after=told["next"]), "once is enough")
        api.post(f"/api/v1/devnet/providers/{ids[0]}", {"offline": "on"})
        weir(api, "devnet", "advance", "3h")
        watch.wait_for(lambda e: e["kind"] == "provider.lost" and e["subject"] == ids[0])
        left = sorted(v for p, v in prices.items() if p != ids[0])
        middle = len(left) // 2
        expected = left[middle] if len(left) % 2 else (left[middle - 1] + left[middle]) // 2
        check(api.get("/api/v1/providers")["asks"]["median"] == str(expected), "who does not answer does not count")


run_tests([s4_oversize_file, s4_a_block_that_no_piece_holds, x1_indices_filled, x2_score_recomputed_on_change,
           x3_median_exact])
