#!/usr/bin/env python3
"""Bad input and faults of the outside world: a clear error, nothing lost."""
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import urllib.error
import urllib.request

from harness import (DEADLINE, WEIR, Api, Process, Watch, check, devnet_node, run_tests, same_trees, test_tree, weir,
                     write_tree)

OURS = [f"f0100{i}" for i in range(8)]


def event(kind, subject=None):
    return lambda e: e["kind"] == kind and (subject is None or e["subject"] == subject)


def run_weir(*arguments, **options):
    return subprocess.run([WEIR, *map(str, arguments)], capture_output=True, text=True, errors="replace",
                          timeout=DEADLINE, stdin=subprocess.DEVNULL, **options)


def refused(api, code, *arguments, words=(), status=1):
    """The command fails with this code, and its error names what is asked for."""
    done = run_weir(*arguments, "--api", api.base)
    said = done.stdout + done.stderr
    check(done.returncode == status, f"{arguments} ended with {done.returncode}: {said}")
    for word in (code, *words):
        check(word in said, f"{arguments}: '{word}' is not in: {said}")
    return said


def answer(api, method, path, body=None, headers=None):
    """Status and problem of a request that must fail."""
    try:
        api.request(method, path, body, headers, raw=True)
    except urllib.error.HTTPError as problem:
            return problem.code, json.loads(problem.read() or b"{}")
    check(False, f"{method} {path} was taken")


def bucket_and_upload(api, seed=5, name="tree"):
    weir(api, "bucket", "create", name, "--count", "1")
    return api.upload(name, test_tree(seed, files=3, size=20_000), bucket=name)["id"]


def six_with_six(api, content):
    deals = [d for d in api.get(f"/api/v1/contents/{content}")["deals"] if d["state"] == "active"]
    check(len(deals) == 6 and len({d["provider"] for d in deals}) == 6, f"active deals: {deals}")
    return deals


def nothing_is_sent_twice(api):
    for provider in api.get("/api/v1/devnet/providers"):
        check(provider["deals"].get("repeated", 0) == 0, f"{provider['id']} was sent a proposal twice")


# ---- what the caller gives

def paths_that_cannot_be_added(folder):
    with devnet_node(folder) as (_, api, _w):
        refused(api, "not-found", "add", folder / "nowhere", words=[str(folder / "nowhere")])
        (folder / "a").symlink_to("b")
        (folder / "b").symlink_to("a")
        refused(api, "", "add", folder / "a", words=[str(folder / "a")])
        odd = folder / "odd"
        odd.mkdir()
        with open(os.fsencode(odd) + b"/\xff\xfe.bin", "wb") as out:
            out.write(b"x")
        refused(api, "invalid-path", "add", odd, words=["UTF-8"])
        os.mkfifo(folder / "pipe")
        refused(api, "unsupported", "add", folder / "pipe", words=["pipe"])
        check(api.get("/api/v1/contents")["items"] == [], "something was added all the same")


def an_unreadable_file_is_named(folder):
    secret = folder / "top/secret.bin"
    secret.parent.mkdir()
    secret.write_bytes(b"x" * 1000)
    secret.chmod(0)
    folder.chmod(0o755)
    options = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}  # root reads everything
    with devnet_node(folder) as (_, api, _w):
        try:
            done = run_weir("add", secret.parent, "--api", api.base, **options)
        except PermissionError:
            print("     skipped: nobody but root can run the program here")
            return
        check(done.returncode == 1 and "secret.bin" in done.stderr, f"{done}")
        check(api.get("/api/v1/contents")["items"] == [], "something was added all the same")


def links_loops_and_odd_names_come_back(folder):
    source = folder / "odd"
    write_tree(source, {"with\nnewline.txt": b"1", "sub/ü 100%.txt": b"2"})
    (source / "loop").symlink_to(".")
    with devnet_node(folder) as (_, api, _w):
        cid = weir(api, "add", source)[-1]["cid"]
        weir(api, "get", cid, "-o", folder / "back")
        check((folder / "back/with\nnewline.txt").read_bytes() == b"1", "the name with a newline is lost")
        check((folder / "back/sub/ü 100%.txt").read_bytes() == b"2", "the name with a sign is lost")
        check(os.readlink(folder / "back/loop") == ".", "the loop is not a link any more")


def malformed_requests_are_explained(folder):
    with devnet_node(folder) as (_, api, _w):
        status, problem = answer(api, "POST", "/api/v1/buckets", b"{\"name\": ", {"Content-Type": "application/json"})
        check(status == 400 and problem["code"] == "malformed", f"JSON: {status} {problem}")
        refused(api, "invalid-cid", "status", "bafynonsense", words=["bafynonsense"])
        status, problem = answer(api, "GET", "/api/v1/contents?limit=many")
        check(status == 400 and "many" in str(problem), f"limit: {status} {problem}")
        host, port = api.base.split("//")[1].split(":")
        for head, wanted in ((b"GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n", b" 400 "),
                             (b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b" 414 "),
                             (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                              b" 400 "),
                             (b"nonsense\r\n\r\n", b" 400 ")):
            with socket.create_connection((host, int(port)), timeout=DEADLINE) as wire:
                wire.sendall(head)
                got = wire.recv(4096)
            check(wanted in got.split(b"\r\n")[0], f"{head[:40]}: {got[:100]}")


def a_range_beyond_the_end_is_refused(folder):
    with devnet_node(folder) as (_, api, watch):
        content = api.upload("one", {"a.bin": b"x" * 5000})
        path = f"/api/v1/contents/{content['id']}/data/a.bin"
        check(api.request("GET", path, headers={"Range": "bytes=10-19"}, raw=True) == b"x" * 10, "a range")
        status, problem = answer(api, "GET", path, headers={"Range": "bytes=5000-"})
        check(status == 416, f"{status} {problem}")
        watch.close()


def a_newer_data_folder_is_refused(folder):
    with devnet_node(folder) as (node, _, _w):
        pass
    version = node.folder / "version"
    version.write_text("99\n")
    done = run_weir("node", "--data", node.folder, "--devnet", "--api", "127.0.0.1:0", "--gateway", "127.0.0.1:0",
                    "--pieces", "127.0.0.1:0")
    said = done.stdout + done.stderr
    check(done.returncode == 1 and "data-too-new" in said and "99" in said, f"{done.returncode}: {said}")
    version.write_text("1\n")
    with devnet_node(folder):
        pass


# ---- the disk

@contextlib.contextmanager
def small_disk(folder, megabytes):
    """A file system of its own; None where this user may not mount one."""
    place = folder / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "weir-test", place], capture_output=True)
    if done.returncode != 0:
        print("     skipped: no small file system can be mounted here")
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def a_full_disk_refuses_and_goes_on(folder):
    with small_disk(folder, 48) as disk:
        if disk is None:
            return
        with devnet_node(disk) as (node, api, watch):
            kept = bucket_and_upload(api)
            watch.wait_for(event("content.active", kept))
            ballast = disk / "ballast"
            free = os.statvfs(disk)
            ballast.write_bytes(b"\0" * (free.f_bavail * free.f_frsize - 2_000_000))
            try:
                api.upload("large", {"large.bin": os.urandom(8_000_000)})
                check(False, "8 MB were taken where 2 MB were free")
            except urllib.error.HTTPError as problem:
                told = json.loads(problem.read())
                check(problem.code == 507 and told["code"] == "disk-full", f"{problem.code} {told}")
            check(node.child.poll() is None, f"the node ended: {node.tail()}")
            six_with_six(api, kept)
            ballast.unlink()
            again = api.upload("large", {"large.bin": os.urandom(8_000_000)})
            weir(api, "get", again["cid"], "-o", folder / "back")
        with devnet_node(disk) as (_, api, _w):
            six_with_six(api, kept)


def a_disk_that_is_full_while_packing_packs_later(folder):
    with small_disk(folder, 320) as disk:
        if disk is None:
            return
        with devnet_node(disk) as (node, api, watch):
            weir(api, "bucket", "create", "one")
            content = api.upload("tree", {"a.bin": os.urandom(10_000_000)}, bucket="one")["id"]
            watch.wait_for(event("content.assigned", content))
            ballast = disk / "ballast"
            free = os.statvfs(disk)
            ballast.write_bytes(b"\0" * (free.f_bavail * free.f_frsize - 4_000_000))
            weir(api, "bucket", "close", "one")
            said = watch.wait_for(lambda e: e["kind"].endswith(".problem"))
            check("space" in str(said), f"the problem is {said}")
            ballast.unlink()
            watch.wait_for(event("content.active", content))
            six_with_six(api, content)
            check(node.child.poll() is None, f"the node ended: {node.tail()}")


# ---- the chain

def a_chain_that_is_down_for_an_hour(folder):
    with devnet_node(folder) as (_, api, watch):
        api.post("/api/v1/devnet/rpc-outage", {"on": True})
        content = bucket_and_upload(api)
        watch.wait_for(event("chain.lost"))
        weir(api, "devnet", "advance", "1h")
        api.post("/api/v1/devnet/rpc-outage", {"on": False})
        watch.wait_for(event("chain.back"))
        watch.wait_for(event("content.active", content))
        six_with_six(api, content)
        nothing_is_sent_twice(api)


def a_chain_that_is_out_of_sync(folder):
    with devnet_node(folder) as (_, api, watch):
        api.post("/api/v1/devnet/out-of-sync", {"on": True})
        content = bucket_and_upload(api)
        weir(api, "devnet", "advance", "10m")
        api.post("/api/v1/devnet/out-of-sync", {"on": False})
        watch.wait_for(event("content.active", content))
        six_with_six(api, content)
        nothing_is_sent_twice(api)


def a_reorganisation_that_removes_published_deals(folder):
    with devnet_node(folder) as (_, api, watch):
        content = bucket_and_upload(api)
        watch.wait_for(event("deal.published"))
        api.post("/api/v1/devnet/reorg", {"depth": 2, "drop": True})
        watch.wait_for(event("chain.reorg"))
        weir(api, "devnet", "advance", "1h")
        watch.wait_for(event("content.active", content))
        six_with_six(api, content)
        nothing_is_sent_twice(api)


def an_empty_wallet_says_what_it_lacks(folder):
    devnet = Process("devnet", folder / "devnet", ["devnet", "--data", folder / "devnet"])
    devnet.folder.mkdir()
    devnet.start()
    (folder / "node").mkdir()
    node = Process("node", folder / "node", ["node", "--data", folder / "node", "--api", "127.0.0.1:0", "--gateway",
                                             "127.0.0.1:0", "--pieces", "127.0.0.1:0", "--chain"])
    watch = Watch()
    try:
        check(devnet.wait_ready(), devnet.tail())
        node.arguments.append(devnet.addresses["rpc"])
        node.start()
        check(node.wait_ready(), node.tail())
        api = Api(node.addresses["api"])
        watch.attach(api)
        wallets = api.get("/api/v1/wallets")["items"]
        wallet = wallets[0]["addr"] if wallets else api.post("/api/v1/wallets", {"name": "main"})["addr"]
        content = bucket_and_upload(api)
        told = watch.wait_for(lambda e: e["kind"].endswith(".problem") and "lacks" in str(e))
        check("FIL" in str(told), f"it does not say by how much: {told}")
        Api(devnet.addresses["control"]).post("/devnet/fund", {"address": wallet, "amount": "10 FIL"})
        Api(devnet.addresses["control"]).post("/devnet/advance", {"epochs": 20})
        watch.wait_for(event("content.active", content))
        six_with_six(api, content)
    finally:
        watch.close()
        node.kill()
        devnet.kill()


# ---- the providers

def replaced(folder, behaviour, who="f01001"):
    """One of the first choice behaves so from the start; six others take its place."""
    with devnet_node(folder) as (node, api, watch):
        weir(api, "devnet", "set", who, behaviour)
        content = bucket_and_upload(api)
        watch.wait_for(event("content.active", content))
        check(who not in {d["provider"] for d in six_with_six(api, content)}, f"{who} has a deal")
        failed = [d for d in api.get(f"/api/v1/contents/{content}")["deals"] if d["provider"] == who]
        check(failed and all(d["problem"]["message"] for d in failed), f"no word of {who}: {failed}")
        nothing_is_sent_twice(api)
        check(node.child.poll() is None, node.tail())
        watch.check_gapless(api)


def a_provider_that_refuses(folder):
    replaced(folder, "refuse=not today")


def a_provider_that_finds_another_commp(folder):
    replaced(folder, "wrong-commp=on")


def a_provider_that_vanishes(folder):
    replaced(folder, "offline=on")


def endured(folder, behaviour, who="f01001"):
    """Nobody can tell whether it took the proposal: it is asked, then given up or found on the chain."""
    with devnet_node(folder) as (node, api, watch):
        weir(api, "devnet", "set", who, behaviour)
        content = bucket_and_upload(api)
        watch.wait_for(event("content.active", content))
        six_with_six(api, content)
        nothing_is_sent_twice(api)
        check(node.child.poll() is None, node.tail())
        peak = int(next(l for l in open(f"/proc/{node.child.pid}/status") if l.startswith("VmHWM")).split()[1])
        check(peak < 512 << 10, f"the node used {peak} KiB")


def a_provider_that_answers_garbage(folder):
    endured(folder, "answer=garbage")


def a_provider_that_answers_ten_gigabytes(folder):
    endured(folder, "answer=flood")


def a_download_that_breaks_off_is_resumed(folder):
    with devnet_node(folder) as (_, api, watch):
        weir(api, "devnet", "set", "f01001", "disconnect=on")
        content = bucket_and_upload(api)
        watch.wait_for(event("content.proposed", content))
        weir(api, "devnet", "set", "f01001", "disconnect=off")
        weir(api, "devnet", "advance", "1h")
        watch.wait_for(event("content.active", content))
        six_with_six(api, content)
        nothing_is_sent_twice(api)


def retrieval_goes_round_providers_that_lie(folder):
    source = test_tree(5, files=3, size=20_000)
    with devnet_node(folder) as (_, api, watch):
        content = bucket_and_upload(api)
        watch.wait_for(event("content.active", content))
        cid = api.get(f"/api/v1/contents/{content}")["cid"]
        holders = [d["provider"] for d in six_with_six(api, content)]
        for who, how in zip(holders, ("corrupt-retrieval=on", "short-retrieval=on", "offline=on",
                                      "corrupt-retrieval=on", "short-retrieval=on")):
            weir(api, "devnet", "set", who, how)
        weir(api, "offload", cid)
        weir(api, "get", cid, "-o", folder / "back", "--from", "provider")
        write_tree(folder / "source", source)
        check(same_trees(folder / "source", folder / "back"), "the bytes differ")


def lies_of_all_providers_are_an_error(folder):
    with devnet_node(folder) as (_, api, watch):
        content = bucket_and_upload(api)
        watch.wait_for(event("content.active", content))
        cid = api.get(f"/api/v1/contents/{content}")["cid"]
        for deal in six_with_six(api, content):
            weir(api, "devnet", "set", deal["provider"], "corrupt-retrieval=on")
        weir(api, "offload", cid)
        refused(api, "", "get", cid, "-o", folder / "back", "--from", "provider")


def a_flipped_byte_in_a_block_is_found_and_fetched_again(folder):
    with devnet_node(folder) as (node, api, watch):
        content = bucket_and_upload(api)
        watch.wait_for(event("content.active", content))
        cid = api.get(f"/api/v1/contents/{content}")["cid"]
    blocks = sorted(pathlib.Path(node.folder, "blocks").rglob("*.data"), key=lambda p: p.stat().st_size)
    check(blocks, "there are no block files")
    with open(blocks[-1], "r+b") as out:
        out.seek(100)
        byte = out.read(1)
        out.seek(100)
        out.write(bytes([byte[0] ^ 1]))
    with devnet_node(folder) as (node, api, watch):
        weir(api, "get", cid, "-o", folder / "back")
        write_tree(folder / "source", test_tree(5, files=3, size=20_000))
        check(same_trees(folder / "source", folder / "back"), "wrong bytes were given")



run_tests([paths_that_cannot_be_added, an_unreadable_file_is_named, links_loops_and_odd_names_come_back,
           malformed_requests_are_explained, a_range_beyond_the_end_is_refused, a_newer_data_folder_is_refused,
           a_full_disk_refuses_and_goes_on, a_disk_that_is_full_while_packing_packs_later,
           a_chain_that_is_down_for_an_hour, a_chain_that_is_out_of_sync,
           a_reorganisation_that_removes_published_deals, an_empty_wallet_says_what_it_lacks,
           a_provider_that_refuses, a_provider_that_finds_another_commp, a_provider_that_vanishes,
           a_provider_that_answers_garbage, a_provider_that_answers_ten_gigabytes,
           a_download_that_breaks_off_is_resumed, retrieval_goes_round_providers_that_lie,
           lies_of_all_providers_are_an_error,
           a_flipped_byte_in_a_block_is_found_and_fetched_again])
