#!/usr/bin/env python3
"""The main job through the command line, as a user does it."""
import json
import os
import resource
import signal
import socket
import subprocess

from harness import (DEADLINE, WEIR, Api, Process, Watch, check, devnet_node, run_tests, same_trees, test_tree, weir,
                     write_tree)


def add_offload_and_get_back(folder):
    source = folder / "photos"
    write_tree(source, test_tree(1, files=20, size=50_000))
    (source / "link").symlink_to("folder0/file0.bin")
    with devnet_node(folder) as (_, api, watch):
        weir(api, "bucket", "create", "one", "--count", "1")
        added = weir(api, "add", source, "--bucket", "one", "--wait", "active")[-1]
        cid = added["cid"]
        status = weir(api, "status", cid)[0]
        check(status["state"] == "active", f"state is {status['state']}")
        deals = [d for d in status["deals"] if d["state"] == "active"]
        check(len({d["provider"] for d in deals}) == 6, f"deals: {deals}")
        for key in ("size", "bucket", "piece", "pieceSize"):
            check(status.get(key), f"status has no {key}")
        for key in ("id", "startEpoch", "endEpoch"):
            check(all(key in d for d in deals), f"deals have no {key}")
        check(weir(api, "explain", cid), "explain says nothing")
        weir(api, "offload", cid)
        weir(api, "get", cid, "-o", folder / "local", "--from", "local", expect=1)
        weir(api, "get", cid, "-o", folder / "back", "--from", "provider")
        check(same_trees(source, folder / "back"), "the bytes that came back differ")
        check(os.readlink(folder / "back/link") == "folder0/file0.bin", "the symlink did not come back")
        weir(api, "get", f"{cid}/folder1/file1.bin", "-o", folder / "one.bin", "--from", "provider")
        check((folder / "one.bin").read_bytes() == (source / "folder1/file1.bin").read_bytes(), "one file differs")
        watch.wait_for(lambda e: e["kind"] == "retrieval.done")
        watch.check_gapless(api)


def every_content_is_proved_to_lie_in_its_piece(folder):
    with devnet_node(folder) as (_, api, watch):
        weir(api, "bucket", "create", "four", "--count", "4")
        for name, size in (("one", 900), ("two", 30_000), ("three", 1), ("big", 700_000)):
            (folder / name).write_bytes(name.encode() * (size // len(name) + 1))
            weir(api, "add", folder / name, "--bucket", "four", *(["--wait", "packed"] if name == "big" else []))
        proofs = folder / "proofs.json"
        proofs.write_text(weir(api, "piece", "prove", "--bucket", "four", json_lines=False))
        lines = proofs.read_text().splitlines()
        piece = json.loads(lines[0])["pieceCid"]
        said = weir(None, "piece", "verify", proofs, "--piece", piece)[0]
        check(said["proofs"] == 4 and said["whole"] >= 3, f"{said}")
        for line in lines:
            for change in tampered(json.loads(line)):
                proofs.write_text(json.dumps(change) + "\n")
                weir(None, "piece", "verify", proofs, "--piece", piece, expect=1)


def tampered(proof):
    """The proof with one thing changed at a time."""
    def flip(text):
        return text[:9] + ("0" if text[9] != "0" else "1") + text[10:]
    for path in (("subtree", "path", -1), ("entry", "path", 0), ("place", "nodes", 0)):
        copy = json.loads(json.dumps(proof))
        nodes = copy[path[0]][path[1]]
        if nodes:
            nodes[path[2]] = flip(nodes[path[2]])
            yield copy
    yield dict(proof, segmentSize=proof["segmentSize"] * 2)
    place = json.loads(json.dumps(proof["place"]))
    data = place["shown"][0]["data"]
    place["shown"][0]["data"] = data[:20] + ("A" if data[20] != "A" else "B") + data[21:]
    yield dict(proof, place=place)
    yield dict(proof, place=dict(proof["place"], blocks=[dict(proof["place"]["blocks"][0], offset=0)]))


def the_whole_life_is_replayed(folder):
    source = folder / "a.txt"
    source.write_bytes(b"a small file")
    with devnet_node(folder) as (_, api, watch):
        weir(api, "bucket", "create", "one", "--count", "1")
        weir(api, "add", source, "--bucket", "one", "--wait", "active")
        watch.wait_for(lambda e: e["kind"] == "content.active")
        last = max(t["revision"] for t in watch.transactions)
        child = subprocess.Popen([WEIR, "watch", "--from", "0", "--json", "--api", api.base], stdout=subprocess.PIPE,
                                 text=True)
        revisions, kinds = [], set()
        for line in child.stdout:
            entry = json.loads(line)
            revisions.append(entry["revision"])
            kinds.update(e["kind"] for e in entry["events"])
            if entry["revision"] >= last:
                break
        child.kill()
        child.wait()
        check(revisions == list(range(1, last + 1)), f"revisions {revisions}")
        life = {"content.stored", "content.assigned", "bucket.ready", "content.packed", "piece.built", "deal.intended",
                "deal.proposed", "deal.published", "deal.active", "content.active"}
        check(life <= kinds, f"missing: {life - kinds}")


def a_second_start_finds_everything(folder):
    source = folder / "tree"
    write_tree(source, test_tree(2))
    with devnet_node(folder) as (_, api, _watch):
        weir(api, "bucket", "create", "one", "--count", "1")
        cid = weir(api, "add", source, "--bucket", "one", "--wait", "active")[-1]["cid"]
        before = weir(api, "status", cid)[0]
    with devnet_node(folder) as (_, api, _watch):
        after = weir(api, "status", cid)[0]
        check(after["deals"] == before["deals"] and after["state"] == "active", f"{before} became {after}")
        weir(api, "get", cid, "-o", folder / "back")
        check(same_trees(source, folder / "back"), "the bytes differ")


def two_nodes_side_by_side(folder):
    for name in ("a", "b"):
        (folder / name).mkdir()
    with devnet_node(folder / "a") as (_, first, _w), devnet_node(folder / "b") as (_, second, _x):
        check(first.base != second.base, "both have the same address")
        check(first.get("/api/v1/node")["network"] == second.get("/api/v1/node")["network"], "networks differ")


def a_data_folder_belongs_to_one_process(folder):
    with devnet_node(folder) as (node, _, _w):
        other = subprocess.run([WEIR, "node", "--data", node.folder, "--devnet", "--api", "127.0.0.1:0", "--gateway",
                                "127.0.0.1:0", "--pieces", "127.0.0.1:0"], capture_output=True, text=True, timeout=DEADLINE)
        check(other.returncode == 1 and "data-in-use" in other.stdout + other.stderr, f"{other}")


def a_taken_port_is_named(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        (folder / "data").mkdir()
        done = subprocess.run([WEIR, "node", "--data", folder / "data", "--devnet", "--api", address, "--gateway",
                               "127.0.0.1:0", "--pieces", "127.0.0.1:0"], capture_output=True, text=True, timeout=DEADLINE)
        check(done.returncode == 1 and address in done.stdout + done.stderr, f"{done}")


def wrong_words_get_the_nearest(folder):
    for arguments in (["staus", "x"], ["bucket", "craete"], ["ls", "--jsn"]):
        done = subprocess.run([WEIR, *arguments], capture_output=True, text=True, timeout=DEADLINE)
        check(done.returncode == 2, f"{arguments} ended with {done.returncode}")
        check("did you mean" in (done.stdout + done.stderr).lower(), f"{arguments}: {done.stderr}")
    check(folder.is_dir(), "")


def it_stops_in_order_on_sigterm(folder):
    with devnet_node(folder) as (node, _, watch):
        node.child.send_signal(signal.SIGTERM)
        status = node.wait_exit(5)
        check(status == 0, f"it ended with {status}: {node.tail()}")
        watch.close()


def a_node_without_a_network_stores_and_says_so(folder):
    data = folder / "node"
    data.mkdir()
    node = Process("node", data, ["node", "--data", data, "--api", "127.0.0.1:0", "--gateway", "127.0.0.1:0",
                                  "--pieces", "127.0.0.1:0"])
    node.start()
    try:
        check(node.wait_ready(), node.tail())
        api = Api(node.addresses["api"])
        source = folder / "f.bin"
        source.write_bytes(os.urandom(3_000_000))
        cid = weir(api, "add", source)[-1]["cid"]
        weir(api, "get", cid, "-o", folder / "back.bin")
        check((folder / "back.bin").read_bytes() == source.read_bytes(), "the bytes differ")
        said = " ".join(weir(api, "explain", cid, json_lines=False).split())
        check("--devnet" in said or "--chain" in said, f"explain does not say that there is no network: {said}")
        node.stop()
    finally:
        node.kill()


def a_low_limit_of_open_files_is_raised(folder):
    data = folder / "node"
    data.mkdir()
    node = Process("node", data, ["node", "--data", data, "--api", "127.0.0.1:0", "--gateway", "127.0.0.1:0",
                                  "--pieces", "127.0.0.1:0"])
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, before[1]), before[1]))
    try:
        node.start()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    try:
        check(node.wait_ready(), node.tail())
        soft, hard = resource.prlimit(node.child.pid, resource.RLIMIT_NOFILE)
        check(soft == hard, f"the node may have {soft} of {hard} files open")
        node.stop()
    finally:
        node.kill()


run_tests([add_offload_and_get_back, every_content_is_proved_to_lie_in_its_piece, the_whole_life_is_replayed, a_second_start_finds_everything, two_nodes_side_by_side,
           a_data_folder_belongs_to_one_process, a_taken_port_is_named,
           wrong_words_get_the_nearest, it_stops_in_order_on_sigterm, a_node_without_a_network_stores_and_says_so,
           a_low_limit_of_open_files_is_raised])
