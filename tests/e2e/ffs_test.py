#!/usr/bin/env python3
"""FFS through the public API: the scenarios of docs/ffs-scenarios.md that are built."""
import contextlib
import json
import urllib.error
import urllib.request

from harness import DEADLINE, check, devnet_node, run_tests, weir


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def refused(status, api, method, path, token=None, body=None):
    """The code of the error; the request has to fail with this status."""
    try:
        api.request(method, path, body, bearer(token) if token else None)
    except urllib.error.HTTPError as error:
        text = error.read()
        check(error.code == status, f"{method} {path} gave {error.code}, not {status}: {text}")
        return json.loads(text)["code"]
    check(False, f"{method} {path} was not refused")
    return None


def create(api, name):
    return api.post("/api/v1/ffs/instances", {"name": name})


def upload(api, token, name, data):
    def call(method, path, body):
        return api.request(method, "/api/v1" + path, body, bearer(token))
    ticket = call("POST", "/uploads", {"name": name})["id"]
    call("PUT", f"/uploads/{ticket}/files/", data)
    return call("POST", f"/uploads/{ticket}/commit", {})


def m1_create(folder):
    with devnet_node(folder) as (_, api, watch):
        made = create(api, "a")
        check(made["token"].startswith("weir_") and made["id"], f"{made}")
        watch.wait_for(lambda e: e["kind"] == "instance.created" and e["subject"] == made["id"])
        seen = json.dumps([t for t in watch.transactions])
        check(made["token"] not in seen, "the token is in the event stream")
        check(made["token"] not in json.dumps(api.get("/api/v1/ffs/instances")), "the token is listed")
        check(refused(409, api, "POST", "/api/v1/ffs/instances", body={"name": "a"}) == "already-exists", "twice")


def m2_get_by_token(folder):
    with devnet_node(folder) as (_, api, _watch):
        made = create(api, "a")
        mine = api.request("GET", "/api/v1/ffs/instances/me", None, bearer(made["token"]))
        check(mine["id"] == made["id"], f"{mine}")
        check(refused(401, api, "GET", "/api/v1/ffs/instances/me", "weir_unknown") == "unauthenticated", "unknown")
        spare = api.request("POST", "/api/v1/ffs/instances/me/tokens", {"name": "spare"}, bearer(made["token"]))
    with devnet_node(folder) as (_, api, _watch):
        tokens = api.request("GET", f"/api/v1/ffs/instances/{made['id']}/tokens")["items"]
        used = {t["name"]: t["lastUse"] for t in tokens}
        check(used["first"] >= made["created"] and used["spare"] == 0, f"{used}")
        mine = api.request("GET", "/api/v1/ffs/instances/me", None, bearer(spare["token"]))
        check(mine["id"] == made["id"], "a restart forgot the token")


def m3_list(folder):
    with devnet_node(folder) as (_, api, _watch):
        for count in range(3):
            listed = list(api.everything("/api/v1/ffs/instances"))
            check(len(listed) == count, f"{count}: {listed}")
            create(api, f"instance {count}")


def m5_regenerate(folder):
    """Several tokens with scopes; one that is revoked is refused at once, on open watches too."""
    with devnet_node(folder) as (_, api, _watch):
        made = create(api, "a")
        tokens = "/api/v1/ffs/instances/me/tokens"
        look = api.request("POST", tokens, {"name": "look", "scopes": ["read"]}, bearer(made["token"]))
        check(look["scopes"] == ["read"], f"{look}")
        check(refused(409, api, "POST", tokens, made["token"], {"name": "look"}) == "already-exists", "same name")
        check(refused(400, api, "POST", tokens, made["token"], {"name": "x", "scopes": ["fly"]}) == "invalid-argument",
              "no such scope")
        check(refused(403, api, "POST", "/api/v1/uploads", look["token"], {"name": "x"}) == "forbidden", "stores")
        check(refused(403, api, "GET", tokens, look["token"]) == "forbidden", "sees tokens")
        listed = api.request("GET", tokens, None, bearer(made["token"]))["items"]
        check([t["name"] for t in listed] == ["first", "look"], f"{listed}")
        open_watch = urllib.request.Request(api.base + "/api/v1/watch", headers=bearer(look["token"]))
        with urllib.request.urlopen(open_watch, timeout=DEADLINE) as stream:
            api.request("DELETE", tokens + "/look", None, bearer(made["token"]))
            with contextlib.suppress(OSError):
                while stream.readline():
                    pass
        check(refused(401, api, "GET", "/api/v1/contents", look["token"]) == "unauthenticated", "revoked")
        fresh = api.request("POST", tokens, {"name": "second"}, bearer(made["token"]))
        api.request("DELETE", tokens + "/first", None, bearer(fresh["token"]))
        refused(401, api, "GET", "/api/v1/ffs/instances/me", made["token"])
        mine = api.request("GET", "/api/v1/ffs/instances/me", None, bearer(fresh["token"]))
        check(mine["id"] == made["id"], "the new token opens another instance")


def m6_admin(folder):
    with devnet_node(folder) as (_, api, _watch):
        made = create(api, "a")
        check(refused(403, api, "GET", "/api/v1/ffs/instances", made["token"]) == "forbidden", "lists")
        check(refused(403, api, "POST", "/api/v1/ffs/instances", made["token"], {"name": "b"}) == "forbidden", "makes")
        check(refused(401, api, "GET", "/api/v1/ffs/instances", "wrong") == "unauthenticated", "wrong token")
        admin = api.post("/api/v1/tokens", {"name": "root", "admin": True})["token"]
        check(len(api.request("GET", "/api/v1/ffs/instances", None, bearer(admin))["items"]) == 1, "admin token")


def two_tenants_never_meet(folder):
    """S12 in part: what belongs to another instance does not exist."""
    with devnet_node(folder) as (_, api, _watch):
        a, b = create(api, "a"), create(api, "b")
        kept = upload(api, a["token"], "a.bin", b"the bytes of a")
        same = upload(api, b["token"], "b.bin", b"the bytes of a")
        check(kept["cid"] == same["cid"] and kept["id"] != same["id"], "two tenants share a content")
        foreign = f"/api/v1/contents/{kept['id']}"
        check(refused(404, api, "GET", foreign, b["token"]) == "not-found", "a foreign content")
        check(refused(404, api, "DELETE", foreign, b["token"]) == "not-found", "a foreign content")
        check(refused(404, api, "GET", f"/api/v1/ffs/instances/{a['id']}", b["token"]) == "not-found", "foreign")
        check(refused(404, api, "GET", f"/api/v1/ffs/instances/{a['id']}/tokens", b["token"]) == "not-found", "tokens")
        mine = api.request("GET", "/api/v1/contents", None, bearer(b["token"]))["items"]
        check([c["id"] for c in mine] == [same["id"]], f"{mine}")


def a_deleted_instance_takes_its_data_along(folder):
    with devnet_node(folder) as (_, api, watch):
        a, b = create(api, "a"), create(api, "b")
        upload(api, a["token"], "1", b"one")
        upload(api, a["token"], "2", b"two")
        kept = upload(api, b["token"], "2", b"two")
        api.request("DELETE", f"/api/v1/ffs/instances/{a['id']}")
        watch.wait_for(lambda e: e["kind"] == "instance.deleted" and e["subject"] == a["id"])
        check(refused(401, api, "GET", "/api/v1/contents", a["token"]) == "unauthenticated", "its token")
        check(refused(404, api, "GET", f"/api/v1/ffs/instances/{a['id']}") == "not-found", "its record")
        left = api.everything("/api/v1/contents")
        check([c["id"] for c in left] == [kept["id"]], f"{left}")
        data = api.request("GET", f"/api/v1/contents/{kept['id']}/data/", None, bearer(b["token"]), raw=True)
        check(data == b"two", "the other one's bytes are gone")


def by_the_command_line(folder):
    with devnet_node(folder) as (_, api, _watch):
        made = weir(api, "ffs", "create", "a")[0]
        mine = ("--token", made["token"])
        check(weir(api, "ffs", "ls")[0]["id"] == made["id"], "ffs ls")
        check(weir(api, "ffs", "show", *mine)[0]["id"] == made["id"], "ffs show")
        look = weir(api, "ffs", "token", "new", "look", "--scopes", "read", *mine)[0]
        check([t["name"] for t in weir(api, "ffs", "token", "ls", *mine)] == ["first", "look"], "ffs token ls")
        weir(api, "ffs", "token", "rm", "look", *mine)
        weir(api, "ffs", "show", "--token", look["token"], expect=1)
        weir(api, "ffs", "rm", made["id"])
        check(weir(api, "ffs", "ls") == [], "ffs rm")


def changes_of(api, token, enough):
    """Tables and keys of the records that a watch from the beginning brings."""
    head = bearer(token) if token else {}
    request = urllib.request.Request(api.base + "/api/v1/watch?from=0&records=1", headers=head)
    seen = []
    with urllib.request.urlopen(request, timeout=DEADLINE) as stream:
        for line in stream:
            if line.startswith(b"data:"):
                seen += [(c["table"], c["key"]) for c in json.loads(line[5:]).get("changes", [])]
            if enough(seen):
                return seen
    return seen


def what_the_dashboard_asks(folder):
    """Searches, counts, pages; and a stream with the records of FFS, which names nothing foreign."""
    with devnet_node(folder) as (_, api, _watch):
        north, south = create(api, "North"), create(api, "south")
        path = "/api/v1/ffs/instances"
        found = list(api.everything(path, q="nor"))
        check([i["id"] for i in found] == [north["id"]] and found[0]["openJobs"] == 0, f"{found}")
        check(len(list(api.everything(path, q=south["id"][:9]))) == 1, "an id that begins so")
        kept = {}
        for one in (north, south):
            cid = kept[one["id"]] = upload(api, one["token"], one["name"], one["name"].encode())["cid"]
            body = {"config": {"cold": {"enabled": False}}, "noExec": True}
            api.request("PUT", f"{path}/me/cids/{cid}", body, bearer(one["token"]))
        mine = f"{path}/{north['id']}"
        cid = kept[north["id"]]
        listed = list(api.everything(mine + "/cids", q=cid[:20]))
        check([e["cid"] for e in listed] == [cid] and listed[0]["deals"] == [], f"{listed}")
        check(list(api.everything(mine + "/cids", q="bafynone")) == [], "a CID that begins so")
        check(refused(400, api, "GET", mine + "/deals?after=nonsense") == "invalid-argument", "a page of deals")
        theirs = ("ffs-cids", f"{south['id']}/{kept[south['id']]}")
        api.request("DELETE", mine)
        seen = changes_of(api, south["token"], lambda changes: theirs in changes)
        check(("ffs-instances", south["id"]) in seen, f"{seen}")
        check(not any(north["id"] in key for _, key in seen), f"a foreign instance is named: {seen}")
        both = changes_of(api, None, lambda changes: changes.count(("ffs-instances", north["id"])) >= 3)
        check(("ffs-cids", f"{north['id']}/{cid}") in both and theirs in both, f"{both}")


run_tests([m1_create, m2_get_by_token, m3_list, m5_regenerate, m6_admin, two_tenants_never_meet,
           a_deleted_instance_takes_its_data_along, what_the_dashboard_asks, by_the_command_line])
