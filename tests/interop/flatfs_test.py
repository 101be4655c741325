#!/usr/bin/env python3
"""A `blocks` folder that Weir wrote, opened by Kubo, and one that Kubo wrote,
opened by Weir; CARs that go from one to the other and back.
Exit status 77 (skipped, with the reason) where Kubo cannot be built.
"""
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile

from gobuild import ROOT, built, run

sys.path.insert(0, str(ROOT / "tests/e2e"))
from harness import Api, Process, check, same_trees, weir, write_tree  # noqa: E402

PROFILE = ["--cid-version=1", "--raw-leaves=true", "--chunker=size-1048576", "--max-file-links=1024"]


class Node:
    """A node without a network over a data folder."""

    def __init__(self, data):
        self.process = Process("node", data, ["node", "--data", data, "--api", "127.0.0.1:0", "--gateway",
                                              "127.0.0.1:0", "--pieces", "127.0.0.1:0",
                                              "--small-block", "0"])

    def __enter__(self):
        self.process.start()
        check(self.process.wait_ready(), self.process.tail())
        return Api(self.process.addresses["api"])

    def __exit__(self, *_):
        self.process.stop()


def stored(blocks):
    return {p.name: p for p in blocks.rglob("*.data")}


def kubo_opens_ours(ipfs, folder, tree, env):
    with Node(folder / "data") as api:
        cid = weir(api, "add", tree)[-1]["cid"]
    shutil.rmtree(folder / "repo/blocks")
    shutil.copytree(folder / "data/blocks", folder / "repo/blocks")
    run(ipfs, "get", "--offline", "-o", folder / "by-kubo", cid, env=env)
    check(same_trees(tree, folder / "by-kubo"), "Kubo reads other bytes out of our folder")
    said = run(ipfs, "repo", "verify", env=env).decode()
    check("verify complete, all blocks validated" in said, f"Kubo says of our blocks: {said}")
    # It can also write into it.
    (folder / "more").write_bytes(b"from Kubo" * 1000)
    run(ipfs, "add", "-Q", "--offline", *PROFILE, folder / "more", env=env)
    print(f"Kubo reads and verifies the {len(stored(folder / 'data/blocks'))} blocks that Weir wrote", flush=True)


def weir_opens_kubos(ipfs, folder, tree, env):
    shutil.rmtree(folder / "repo")
    run(ipfs, "init", "--empty-repo", env=env)
    theirs = run(ipfs, "add", "-r", "-Q", "--offline", *PROFILE, tree, env=env).decode().strip()
    data = folder / "data2"
    data.mkdir()
    with Node(data):
        pass
    shutil.rmtree(data / "blocks")
    shutil.copytree(folder / "repo/blocks", data / "blocks")
    before = {name: path.stat().st_mtime_ns for name, path in stored(data / "blocks").items()}
    with Node(data) as api:
        cid = weir(api, "add", tree)[-1]["cid"]
        check(cid == theirs, f"we say {cid}, Kubo {theirs}")
        weir(api, "get", cid, "-o", folder / "by-weir")
        check(same_trees(tree, folder / "by-weir"), "we read other bytes out of Kubo's folder")
    after = {name: path.stat().st_mtime_ns for name, path in stored(data / "blocks").items()}
    check(before.items() <= after.items(), "blocks that Kubo wrote were written again")
    # What was read was what Kubo wrote: with one of them damaged it is not given out.
    leaf = max(stored(data / "blocks").values(), key=lambda p: p.stat().st_size)
    leaf.write_bytes(b"x" + leaf.read_bytes()[1:])
    with Node(data) as api:
        weir(api, "get", cid, "-o", folder / "damaged", expect=1)
    print(f"Weir reads the {len(before)} blocks that Kubo wrote, and stores none of them twice", flush=True)


def cars_go_both_ways(ipfs, folder, tree, env):
    options = ["--cid-version=1", "--raw-leaves=true", "--chunker=size-1000", "--max-directory-links=4"]
    cid = run(ipfs, "add", "-r", "-Q", "--offline", *options, tree, env=env).decode().strip()
    theirs, ours = folder / "theirs.car", folder / "ours.car"
    theirs.write_bytes(run(ipfs, "dag", "export", "--offline", "-p=false", cid, env=env))
    (folder / "data3").mkdir()
    with Node(folder / "data3") as api:
        taken = weir(api, "dag", "import", theirs, "--name", "tree")[-1]
        check(taken["cid"] == cid, f"we call Kubo's CAR {taken['cid']}")
        weir(api, "dag", "export", cid, "-o", ours)
        check(ours.read_bytes() == theirs.read_bytes(), "our dag export has other bytes")
        weir(api, "get", cid, "-o", folder / "imported")
        check(same_trees(tree, folder / "imported"), "the files of an imported CAR differ")
        for path in ("", "/d1", "/d1/f1"):
            said = json.loads(run(ipfs, "dag", "get", "--offline", said_cid(ipfs, cid + path, env), env=env))
            check(weir(api, "dag", "get", cid + path)[0] == said, f"dag get says something else of {path or cid}")
            counted = weir(api, "dag", "stat", cid + path)[0]
            said = json.loads(run(ipfs, "dag", "stat", "--offline", "--progress=false", "--enc=json",
                                  said_cid(ipfs, cid + path, env), env=env))
            one = said["DagStats"][0]
            check((counted["blocks"], counted["dagSize"]) == (one["NumBlocks"], one["Size"]), f"{counted} {said}")
    weir(None, "car", "extract", theirs, "-o", folder / "extracted")
    check(same_trees(tree, folder / "extracted"), "car extract gives other bytes")
    print(f"a CAR of {taken['blocks']} blocks came in from Kubo, went out the same, and was extracted", flush=True)


def said_cid(ipfs, path, env):
    return run(ipfs, "resolve", "--offline", f"/ipfs/{path}", env=env).decode().strip().removeprefix("/ipfs/")


def main():
    ipfs = built("kubo", "github.com/ipfs/kubo/cmd/ipfs", "ipfs")
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="weir-flatfs-") as name:
        folder = pathlib.Path(name)
        env = dict(os.environ, IPFS_PATH=str(folder / "repo"))
        run(ipfs, "init", "--empty-repo", env=env)
        tree = folder / "tree"
        write_tree(tree, {f"d{i % 5}/f{i}": dice.randbytes(dice.choice([1, 500, 70_000, 2_500_000])) for i in range(40)})
        (folder / "data").mkdir()
        kubo_opens_ours(ipfs, folder, tree, env)
        weir_opens_kubos(ipfs, folder, tree, env)
        cars_go_both_ways(ipfs, folder, tree, env)


try:
    main()
except Exception as problem:  # a harness's Failure, or a process that does not answer
    sys.exit(f"{type(problem).__name__}: {problem}")
