"""Jobs of FFS whose scheduler keeps things hot in a real Kubo: A2, C2, C7, G1, H2 and K3 of docs/ffs-scenarios.md."""
import json
import pathlib
import sys
import urllib.request
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from ffs_tenant import COLD, ENDS, HOT, Tenant, active  # noqa: E402
from harness import check, devnet_node, weir  # noqa: E402

NOWHERE = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
DATA = b"jobs of FFS through Kubo" * 9000


def ask(kubo, path, body=None, kind=None):
    request = urllib.request.Request(kubo + "/api/v0/" + path, data=body or b"", method="POST")
    if kind:
        request.add_header("Content-Type", kind)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return [json.loads(line) for line in answer.read().splitlines() if line.strip()]


def add_at(kubo, data):
    """A file that only Kubo has, as its own `add` makes it."""
    mark = uuid.uuid4().hex
    body = (f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n').encode()
    body += data + f"\r\n--{mark}--\r\n".encode()
    return ask(kubo, "add?cid-version=1&raw-leaves=true&pin=false", body, f"multipart/form-data; boundary={mark}")[0]["Hash"]


def pinned(kubo, cid):
    pins = ask(kubo, "pin/ls?type=recursive")
    return cid in (pins[0].get("Keys") or {})


def run(folder, kubo):
    config = folder / "weir.toml"
    config.write_text(f"[hot-layers.kubo]\nkind = 'ipfs'\nurl = '{kubo}'\n[schedulers.far]\nhot = 'kubo'\n")
    with devnet_node(folder, "--config", config) as (_, api, _w):
        a = Tenant(api, made=api.post("/api/v1/ffs/instances", {"name": "a", "scheduler": "far"}))
        cid = a.stage(DATA)
        a.done(a.push(cid, HOT))
        check(a.cid(cid)["hot"]["layer"] == "kubo" and pinned(kubo, cid), "it is not in Kubo")
        check([p for p in api.get("/api/v1/ffs/pinned")["items"] if p["staged"]] == [], "the staged copy is left")
        check(a.data(cid) == DATA, "other bytes came back out of Kubo")
        api.post("/api/v1/ffs/gc", {"olderThan": "0"})
        a.done(a.push(cid, {"hot": {"enabled": True}, "cold": {"enabled": True}}, override=True))
        check(len(active(a.cid(cid))) == 1, "no deal of what only Kubo had")
        a.done(a.push(cid, COLD, override=True))
        check(not pinned(kubo, cid), "hot off, and Kubo still has the pin")
        nowhere(a)
        staged_from_kubo(a, kubo)
        lost_in_kubo(a, api, kubo)
        moved_home(a, api, kubo)


def nowhere(a):
    job = a.push(NOWHERE, {"hot": {"enabled": True, "addTimeout": 1}, "cold": {"enabled": False}})
    ended = a.failed(job, "timeout")
    check("allowUnfreeze" in ended["err"]["message"], f"{ended['err']}")


def staged_from_kubo(a, kubo):
    data = b"only Kubo has it" * 20_000
    cid = add_at(kubo, data)
    made = a.call("POST", a.base + "/stage", {"cid": cid, "timeout": 30})
    check(made["cid"] == cid, f"{made}")
    a.done(a.push(cid, COLD))
    check(len(active(a.cid(cid))) == 1, "no deal")


def lost_in_kubo(a, api, kubo):
    """K3: the pin stays in the books, a block goes; the repair finds it and gives it again."""
    cid = a.stage(b"lost" * 50_000)
    a.done(a.push(cid, {"hot": {"enabled": True}, "cold": {"enabled": True}, "repairable": True}))
    ask(kubo, f"pin/rm?arg={cid}")
    ask(kubo, "repo/gc?quiet=true")
    weir(api, "devnet", "advance", "2d")
    for kind, job in a.events("/watch", cid=cid):
        if kind == "job" and job["why"] == "repair" and job["state"] in ENDS:
            check(job["state"] == "done", f"{job}")
            break
    check(pinned(kubo, cid), "it was not brought back")


def moved_home(a, api, kubo):
    """A1: moved to the scheduler on the node's own store, what is hot follows."""
    cid = a.stage(b"home" * 50_000)
    a.done(a.push(cid, HOT))
    check(pinned(kubo, cid), "it is not in Kubo")
    api.request("PATCH", f"/api/v1/ffs/instances/{a.made['id']}", {"scheduler": "default"})
    for kind, job in a.events("/watch", cid=cid):
        if kind == "job" and job["why"] == "move" and job["state"] in ENDS:
            check(job["state"] == "done", f"{job}")
            break
    check(a.cid(cid)["hot"]["layer"] == "store" and not pinned(kubo, cid), f"{a.cid(cid)['hot']}")
    check(a.data(cid) == b"home" * 50_000, "other bytes")
