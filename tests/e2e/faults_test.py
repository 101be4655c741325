#!/usr/bin/env python3
"""Bad input and faults of the outside world: a clear error, nothing lost."""
import os
import socket

from faults import (answer, bucket_and_upload, event, nothing_is_sent_twice, peak_memory, refused, run_weir,
                    six_with_six)
from harness import (DEADLINE, Api, Process, Watch, check, devnet_node, run_tests, same_trees, test_tree, weir,
                     write_tree)


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
        peak = peak_memory(node)
        check(peak < 512 << 10, f"the node used {peak} KiB")


def a_provider_that_answers_garbage(folder):
    endured(folder, "answer=garbage")


def a_provider_that_answers_ten_gigabytes(folder):
    endured(folder, "answer=flood")


def a_provider_that_hangs(folder):
    """It offers, then answers no more: the proposal's fate is unknown until patience ends."""
    with devnet_node(folder) as (node, api, watch):
        first = bucket_and_upload(api)
        watch.wait_for(event("content.active", first))
        for who in ("f01001", "f01004"):
            weir(api, "devnet", "set", who, "hang=on")
        content = bucket_and_upload(api, seed=6, name="second")
        watch.wait_for(event("content.active", content))
        check(not {"f01001", "f01004"} & {d["provider"] for d in six_with_six(api, content)}, "they have deals")
        deals = api.get(f"/api/v1/contents/{content}")["deals"]
        for who in ("f01001", "f01004"):
            deal = next(d for d in deals if d["provider"] == who)
            said = watch.wait_for(event("deal.failed", deal["uuid"]))["fields"]["message"]
            check(deal["problem"]["code"] == "timeout" and "did not say within" in said, f"{who}: {deal} {said}")
            weir(api, "devnet", "set", who, "hang=off")
        nothing_is_sent_twice(api)
        check(node.child.poll() is None, node.tail())


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


def retrieval_goes_round(folder, *behaviours):
    """All holders but one misbehave: the bytes come all the same, and memory is bounded."""
    source = test_tree(5, files=3, size=20_000)
    with devnet_node(folder) as (node, api, watch):
        content = bucket_and_upload(api)
        watch.wait_for(event("content.active", content))
        cid = api.get(f"/api/v1/contents/{content}")["cid"]
        holders = [d["provider"] for d in six_with_six(api, content)]
        for who, how in zip(holders, behaviours * 5):
            if who != holders[-1]:
                weir(api, "devnet", "set", who, how)
        weir(api, "offload", cid)
        weir(api, "get", cid, "-o", folder / "back", "--from", "provider")
        write_tree(folder / "source", source)
        check(same_trees(folder / "source", folder / "back"), "the bytes differ")
        restored = api.post(f"/api/v1/contents/{content}/restore")
        check(restored["local"], f"it is not back: {restored}")
        check(node.child.poll() is None, node.tail())
        peak = peak_memory(node)
        check(peak < 512 << 10, f"the node used {peak} KiB")


def retrieval_goes_round_providers_that_lie(folder):
    retrieval_goes_round(folder, "corrupt-retrieval=on", "short-retrieval=on", "offline=on")


def retrieval_goes_round_garbage_and_ten_gigabytes(folder):
    retrieval_goes_round(folder, "retrieval=flood", "retrieval=garbage")


def lies_of_all_providers_are_an_error(folder):
    with devnet_node(folder) as (_, api, watch):
        content = bucket_and_upload(api)
        watch.wait_for(event("content.active", content))
        cid = api.get(f"/api/v1/contents/{content}")["cid"]
        deals = six_with_six(api, content)
        weir(api, "offload", cid)
        for corrupt, how, words in (("on", "normal", "not the block"), ("off", "flood", "longer than allowed"),
                                    ("off", "garbage", "range")):
            for deal in deals:
                weir(api, "devnet", "set", deal["provider"], f"retrieval={how}", f"corrupt-retrieval={corrupt}")
            refused(api, "unreachable", "get", cid, "-o", folder / "back", "--from", "provider",
                    words=[words, deals[0]["provider"]])


run_tests([paths_that_cannot_be_added, an_unreadable_file_is_named, links_loops_and_odd_names_come_back,
           malformed_requests_are_explained, a_range_beyond_the_end_is_refused, a_newer_data_folder_is_refused,
           a_chain_that_is_down_for_an_hour, a_chain_that_is_out_of_sync,
           a_reorganisation_that_removes_published_deals, an_empty_wallet_says_what_it_lacks,
           a_provider_that_refuses, a_provider_that_finds_another_commp, a_provider_that_vanishes,
           a_provider_that_answers_garbage, a_provider_that_answers_ten_gigabytes,
           a_download_that_breaks_off_is_resumed, retrieval_goes_round_providers_that_lie,
           retrieval_goes_round_garbage_and_ten_gigabytes, a_provider_that_hangs,
           lies_of_all_providers_are_an_error])
