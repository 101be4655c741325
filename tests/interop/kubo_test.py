#!/usr/bin/env python3
"""Kubo (the version that kubo/go.mod pins) against `weir cid` and `weir car create`.

Random trees, made here from a seed that is printed: Kubo has to give the same
roots, export the same bytes as we write, and take our CARs in.
Exit status 77 (skipped, with the reason) where Kubo cannot be built.
"""
import filecmp
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile

from gobuild import ROOT, built, run

WEIR = os.environ.get("WEIR_BINARY", str(ROOT / "build/release/weir"))

V1 = ["--cid-version=1", "--raw-leaves=true", "--chunker=size-1048576", "--max-file-links=1024"]
OPTIONS = [
    ["--cid-version=0", "--raw-leaves=false", "--chunker=size-262144", "--max-file-links=174"],
    V1,
    V1[:2] + ["--chunker=size-1000", "--max-file-links=5"],
    V1[:2] + ["--chunker=size-1000", "--max-file-links=5", "--trickle"],
    V1[:2] + ["--chunker=rabin-4096-8192-16384", "--max-file-links=174"],
    V1[:2] + ["--chunker=buzhash", "--max-file-links=174"],
    V1 + ["--hash=sha2-512"],
    V1 + ["--hash=blake2b-256", "--hidden"],
    V1 + ["--inline", "--inline-limit=64"],
    V1 + ["--max-directory-links=3", "--max-hamt-fanout=8"],
    ["--cid-version=1", "--raw-leaves=false", "--chunker=size-262144", "--max-file-links=174",
     "--preserve-mode", "--preserve-mtime"],
]


def make_tree(folder, dice):
    """Files around the sizes that matter, nested folders, links, odd names."""
    names = ["a", "Ab", "b c", "ünï", ".hidden", "z" * 100, "-", "0", "n\nl"]
    folder.mkdir()
    (folder / "nothing").touch()
    for i in range(dice.randint(2, 9)):
        name = dice.choice(names) + str(i)
        kind = dice.random()
        if kind < 0.15:
            make_tree(folder / name, dice)
        elif kind < 0.25:
            (folder / name).symlink_to(dice.choice(["a", "../b", "/nowhere"]))
        else:
            size = dice.choice([0, 1, 31, 32, 33, 64, 65, 999, 1000, 1001, 5001, 262144, 262145, 1 << 20, 3_000_001])
            (folder / name).write_bytes(dice.randbytes(size))


def check(name, ours, theirs, options):
    if ours != theirs:
        sys.exit(f"{name} differs with {' '.join(options)}:\n  weir {ours}\n  kubo {theirs}")


def main():
    ipfs = built("kubo", "github.com/ipfs/kubo/cmd/ipfs", "ipfs")
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    print(f"{run(ipfs, 'version').decode().strip()}, seed {seed}", flush=True)
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="weir-kubo-") as name:
        folder = pathlib.Path(name)
        env = dict(os.environ, IPFS_PATH=str(folder / "repo"))
        run(ipfs, "init", "--empty-repo", env=env)
        for i, options in enumerate(OPTIONS):
            tree = folder / f"tree{i}"
            make_tree(tree, dice)
            theirs = run(ipfs, "add", "-r", "-Q", "--offline", *options, tree, env=env).decode().strip()
            # Kubo sizes folders by their links unless its configuration says otherwise.
            ours = run(WEIR, "cid", "--profile=legacy-cid-v1", *options, tree).decode().split()[0]
            check("root", ours, theirs, options)
            car = folder / "ours.car"
            made = json.loads(run(WEIR, "car", "create", tree, "-o", car, "--json", "--profile=legacy-cid-v1", *options))
            check("root of the CAR", made["root"], theirs, options)
            (folder / "theirs.car").write_bytes(run(ipfs, "dag", "export", "--offline", "-p=false", theirs, env=env))
            print(f"tree {i}: {theirs}", flush=True)
            check("bytes of the CAR", True, filecmp.cmp(car, folder / "theirs.car", shallow=False), options)
            shutil.rmtree(env["IPFS_PATH"])
            run(ipfs, "init", "--empty-repo", env=env)
            taken = run(ipfs, "dag", "import", "--offline", "--stats", car, env=env).decode()
            if theirs not in taken or f"{made['blocks']} blocks" not in taken:
                sys.exit(f"Kubo takes our CAR otherwise ({made['blocks']} blocks): {taken}")
    print(f"{len(OPTIONS)} random trees: same roots, same CARs, taken in by Kubo")


main()
