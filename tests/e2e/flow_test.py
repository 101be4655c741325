#!/usr/bin/env python3
"""The rules of seed 001 on the devnet's clock: age, schedule, count, top-up after a slash, renewal, GC."""
from harness import check, devnet_node, run_tests, test_tree, weir

SMALL = {"a.bin": b"x" * 30_000}


def event(kind, subject=None):
    return lambda e: e["kind"] == kind and (subject is None or e["subject"] == subject)


def bucket_of(api, content):
    return api.get(f"/api/v1/contents/{content}")["bucket"]


def advance(api, duration):
    weir(api, "devnet", "advance", duration)


def a_bucket_is_ready_after_two_days(folder):
    with devnet_node(folder) as (_, api, watch):
        content = api.upload("old", SMALL)["id"]
        watch.wait_for(event("content.assigned", content))
        bucket = bucket_of(api, content)
        advance(api, "47h")
        check(api.get(f"/api/v1/buckets/{bucket}")["ready"] == "open", "ready before two days")
        advance(api, "2h")
        ready = watch.wait_for(event("bucket.ready", bucket))
        check(ready["fields"]["why"] == "age", f"why: {ready}")
        watch.wait_for(event("content.active", content))
        check(api.get(f"/api/v1/buckets/{bucket}")["state"] == "complete", "the bucket is not complete")


def a_schedule_makes_a_bucket_ready(folder):
    with devnet_node(folder) as (_, api, watch):
        weir(api, "bucket", "create", "daily", "--every", "1d")
        content = api.upload("scheduled", SMALL, bucket="daily")["id"]
        watch.wait_for(event("content.assigned", content))
        bucket = bucket_of(api, content)
        advance(api, "25h")
        ready = watch.wait_for(event("bucket.ready", bucket))
        check(ready["fields"]["why"] == "schedule", f"why: {ready}")
        late = api.upload("late", {"b": b"y" * 1000}, bucket="daily")["id"]
        watch.wait_for(event("content.assigned", late))
        check(bucket_of(api, late) != bucket, "what came late went to the ready bucket")


def size_count_and_hand_make_buckets_ready(folder):
    with devnet_node(folder) as (_, api, watch):
        for name, option, why in (("size", ["--size", "20KiB"], "size"), ("count", ["--count", "1"], "count"),
                                  ("hand", [], "closed")):
            weir(api, "bucket", "create", name, *option)
            content = api.upload(name, {f"{name}.bin": name.encode() * 10_000}, bucket=name)["id"]
            watch.wait_for(event("content.assigned", content))
            bucket = bucket_of(api, content)
            if why == "closed":
                weir(api, "bucket", "close", name)
            ready = watch.wait_for(event("bucket.ready", bucket))
            check(ready["fields"]["why"] == why, f"{name}: {ready}")


def active_content(api, watch, name="tree", **files):
    weir(api, "bucket", "create", name, "--count", "1")
    content = api.upload(name, files or test_tree(3, files=3, size=20_000), bucket=name)["id"]
    watch.wait_for(event("content.active", content))
    return content


def active_deals(api, content):
    return [d for d in api.get(f"/api/v1/contents/{content}")["deals"] if d["state"] == "active"]


def a_slashed_deal_is_replaced(folder):
    with devnet_node(folder) as (_, api, watch):
        content = active_content(api, watch)
        victim = active_deals(api, content)[0]
        api.post("/api/v1/devnet/slash", {"deal": victim["id"]})
        watch.wait_for(event("deal.slashed", victim["uuid"]))
        watch.wait_for(event("content.degraded", content))
        seen = len([e for _, e in watch.events() if event("content.active", content)(e)])
        watch.wait_for(lambda e: sum(event("content.active", content)(x) for _, x in watch.events()) > seen)
        deals = active_deals(api, content)
        check(len({d["provider"] for d in deals}) == 6, f"{deals}")
        check(victim["uuid"] not in {d["uuid"] for d in deals}, "the slashed deal is still there")


def too_few_providers_are_reported_and_tried_again(folder):
    with devnet_node(folder) as (_, api, watch):
        for provider in ("f01005", "f01006", "f01007"):
            weir(api, "devnet", "set", provider, "refuse=not today")
        weir(api, "bucket", "create", "one", "--count", "1")
        content = api.upload("tree", SMALL, bucket="one")["id"]
        watch.wait_for(event("content.problem", content))
        explained = api.get(f"/api/v1/contents/{content}/explain")
        said = str(explained)
        check("not today" in said, f"the provider's words are missing: {said}")
        for provider in ("f01005", "f01006", "f01007"):
            weir(api, "devnet", "set", provider, "refuse=")
        advance(api, "2d")
        watch.wait_for(event("content.active", content))


def old_buckets_are_collected(folder):
    with devnet_node(folder) as (_, api, watch):
        content = active_content(api, watch)
        bucket = bucket_of(api, content)
        advance(api, "91d")
        watch.wait_for(event("bucket.collected", bucket))
        check(bucket not in {b["id"] for b in api.everything("/api/v1/buckets")}, "the bucket's record is still there")
        check(len(active_deals(api, content)) == 6, "the promise ended with the bucket")


def a_watch_replays_a_life_and_shows_that_nothing_is_missing(folder):
    with devnet_node(folder) as (_, api, watch):
        content = active_content(api, watch)
        watch.check_gapless(api)
        for kinds in ([], ["--kind", "content"], ["--kind", "deal.active", "--kind", "bucket"]):
            wanted = {k.split(".")[0] for k in kinds if k != "--kind"}
            count = sum(any(not wanted or (e["kind"].split(".")[0] in wanted and
                                           (e["kind"].startswith("deal") <= (e["kind"] == "deal.active")))
                            for e in t["events"]) for t in list(watch.transactions))
            replayed = weir(api, "watch", "--from", "0", "--count", count, *kinds)
            check([t["previous"] for t in replayed] == [0] + [t["revision"] for t in replayed[:-1]],
                  f"{kinds}: {[(t['previous'], t['revision']) for t in replayed]}")
            life = [e["kind"] for t in replayed for e in t["events"] if e["subject"] == content]
            steps = [f"content.{step}" for step in ("stored", "assigned", "packed", "proposed", "published", "active")]
            check("--kind" in kinds[2:] or life == steps or life == steps[:4] + steps[5:], f"{kinds}: {life}")


run_tests([a_bucket_is_ready_after_two_days, a_schedule_makes_a_bucket_ready, size_count_and_hand_make_buckets_ready,
           a_slashed_deal_is_replaced, too_few_providers_are_reported_and_tried_again, old_buckets_are_collected,
           a_watch_replays_a_life_and_shows_that_nothing_is_missing])
