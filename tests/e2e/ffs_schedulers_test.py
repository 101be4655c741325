#!/usr/bin/env python3
"""Scenarios of FFS on the devnet, named as in docs/ffs-scenarios.md: several schedulers, and what the configuration gives each."""
import contextlib

from ffs_tenant import BOTH, HOT, Tenant, active, refused, sealing
from harness import check, devnet_node, run_tests, weir


def miners(folder):
    """Those of the devnet; the same at each start of the same seed."""
    with devnet_node(folder) as (_, api, _w):
        return sorted(p["id"] for p in api.get("/api/v1/providers")["items"])


@contextlib.contextmanager
def node_with(folder, config):
    file = folder / "weir.toml"
    file.write_text(config)
    with devnet_node(folder, "--config", file) as (node, api, watch):
        yield node, api, watch


def on_scheduler(api, name, scheduler):
    return Tenant(api, made=api.post("/api/v1/ffs/instances", {"name": name, "scheduler": scheduler}))


def a1_two_instances_on_two_schedulers(folder):
    ids = miners(folder)
    text = (f"[schedulers.archive]\nselector = 'fixed'\nminers = '{ids[2]}, {ids[5]}'\n"
            "[schedulers.rated]\nselector = 'reputation'\nparallel = 7\n")
    with node_with(folder, text) as (_, api, _w):
        listed = {s["name"]: s for s in api.get("/api/v1/ffs/schedulers")["items"]}
        check(set(listed) == {"default", "archive", "rated"}, f"{listed}")
        check(listed["archive"]["selector"] == "fixed" and listed["archive"]["miners"] == [ids[2], ids[5]], f"{listed}")
        check(listed["rated"]["selector"] == "reputation" and listed["rated"]["parallel"] == 7, f"{listed}")
        a, b = Tenant(api, "a"), on_scheduler(api, "b", "archive")
        told = refused("not-found", on_scheduler, api, "c", "archives")
        check(told["limit"] == "default, archive, rated", f"{told}")
        cid = a.stage(b"a1" * 2000)
        check(b.stage(b"a1" * 2000) == cid, "another CID")
        a.done(a.push(cid))
        job = b.done(b.push(cid, {"cold": {"repFactor": 2}}))
        check(job["scheduler"] == "archive", f"{job}")
        check({d["provider"] for d in active(b.cid(cid))} == {ids[2], ids[5]}, "its selector knows no others")
        check(len(active(a.cid(cid))) == 1, "one took the other's deals")


def a1_an_instance_is_moved(folder):
    with node_with(folder, "[schedulers.second]\nparallel = 3\n") as (_, api, watch):
        a = Tenant(api)
        sealing(api, False)
        cid, other = a.stage(b"moved" * 2000), a.stage(b"other" * 2000)
        first = a.push(cid)
        a.wait(first, "in_progress")
        waits = a.push(cid)
        refused("not-found", api.request, "PATCH", f"/api/v1/ffs/instances/{a.made['id']}", {"scheduler": "third"})
        moved = weir(api, "ffs", "move", a.made["id"], "second")[0]
        check(moved["scheduler"] == "second", f"{moved}")
        # Whoever watches is told when nothing of it is left with the other one.
        watch.wait_for(lambda e: e["kind"] == "instance.changed" and e["subject"] == a.made["id"]
                       and e["fields"].get("scheduler") == "second")
        left = api.get(f"/api/v1/ffs/instances/{a.made['id']}").get("movedFrom")
        check(not left, f"it was still said to be moved from {left}")
        job = a.done(a.push(other, HOT))
        check(job["scheduler"] == "second", f"{job}")
        check(a.job(first)["scheduler"] == "default" and a.job(waits)["state"] == "queued", "two of a CID at once")
        sealing(api, True)
        check(a.done(first)["scheduler"] == "default", "what ran ends where it began")
        check(a.done(waits)["scheduler"] == "second", "what waited goes over")
        check(len(active(a.cid(cid))) == 1, "two deals")
        check(a.data(cid) == b"moved" * 2000, "other bytes")


def s5_in_order_with_limit_1(folder):
    with node_with(folder, "[schedulers.default]\nparallel = 1\n") as (_, api, _w):
        a = Tenant(api)
        sealing(api, False)
        jobs = [a.push(a.stage(f"s5 {i}".encode() * 500)) for i in range(3)]
        a.wait(jobs[0], "in_progress")
        states = [a.job(j)["state"] for j in jobs]
        check(states == ["in_progress", "queued", "queued"], f"{states}")
        sealing(api, True)
        done = [a.done(j) for j in jobs]
        check(all(x["ended"] <= y["started"] for x, y in zip(done, done[1:])), "one began before the other's end")


def g5_smaller_than_the_scheduler_takes(folder):
    with node_with(folder, "[schedulers.default]\nleast-size = '1MiB'\n") as (_, api, _w):
        a = Tenant(api)
        small = a.stage(b"g5" * 1000)
        ended = a.failed(a.push(small), "invalid-argument")
        check(ended["err"]["limit"] == str(1 << 20), f"{ended['err']}")
        check(a.cid(small)["proposals"] == [], "a deal was made")
        a.done(a.push(small, HOT, override=True))
        large = a.stage(b"".join(i.to_bytes(4, "big") for i in range(1 << 19)))
        a.done(a.push(large, BOTH))


def f4_the_schedulers_price_cap(folder):
    with node_with(folder, "[schedulers.cheap]\nmax-price = '0.000000000000000001FIL'\n") as (_, api, _w):
        for provider in api.get("/api/v1/devnet/providers"):
            api.post(f"/api/v1/devnet/providers/{provider['id']}", {"price": "500"})
        a, b = Tenant(api, "a"), on_scheduler(api, "b", "cheap")
        data = b"price" * 900
        cid = a.stage(data)
        b.stage(data)
        a.done(a.push(cid))
        ended = b.failed(b.push(cid), "no-providers")
        check("price limit" in ended["err"]["message"], f"{ended['err']}")


def a_configuration_that_makes_no_sense(folder):
    for text, word in (("[schedulers.a]\nhot = 'nowhere'\n", "hot layer"), ("[schedulers.a]\nselector = 'fixed'\n", "miners"),
                       ("[schedulers.a]\nparalel = 3\n", "parallel"), ("[schedulers.a]\nparallel = 0\n", "at once")):
        file = folder / "wrong.toml"
        file.write_text(text)
        done = weir_refuses(folder, file)
        check(word in done, f"{text}: {done}")


def weir_refuses(folder, file):
    import subprocess
    from harness import WEIR
    done = subprocess.run([WEIR, "node", "--data", folder / "none", "--devnet", "--config", file, "--api", "127.0.0.1:0"],
                          capture_output=True, text=True, timeout=60)
    check(done.returncode in (1, 2), f"ended with {done.returncode}: {done.stderr}")
    return done.stderr


run_tests([a1_two_instances_on_two_schedulers, a1_an_instance_is_moved, s5_in_order_with_limit_1,
           g5_smaller_than_the_scheduler_takes, f4_the_schedulers_price_cap, a_configuration_that_makes_no_sense])
