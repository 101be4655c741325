#!/usr/bin/env python3
"""The libraries of others over our bytes: go-car reads our CARs and their
indexes, go-fil-commp-hashhash gives the same piece CIDs, go-data-segment
accepts our proofs and refuses tampered ones (versions: peers/go.mod).

Random input, made here from a seed that is printed.
Exit status 77 (skipped, with the reason) where no Go of a new enough version is.
"""
import copy
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

from gobuild import ROOT, built, run

WEIR = os.environ.get("WEIR_BINARY", str(ROOT / "build/release/weir"))
LENGTHS = [1, 126, 127, 128, 253, 254, 255, 1015, 1016, 1017, 127 * 1024 - 1, 127 * 1024, 127 * 1024 + 1, 127 * 4096]


# Published for the stream of go-random; the larger ones take minutes.
PUBLISHED = {
    96: "baga6ea4seaqo4jg2quvjpclvaoicqywb26mnjlme54tkeb3e3ceeahbyg7tviai",
    1016: "baga6ea4seaqnvlx4oaqkcjrog6v27jpouto6rbsymqvljftyxitm7jfalzpmwcq",
    1017: "baga6ea4seaqhx2zkltpeqwlnkvxfu2auzwv6xeqk35gd2keih65iocpjnrsqeoi",
    4161537: "baga6ea4seaqi7pwnuv5suyrs3kzx4i56wk4fjv232kyoj2fufzjsfqpeznwqcly",
    1065353216: "baga6ea4seaqhzngjihvdwnwlzvlto2q6darngj2fo5udshlri5v5pztombjm2gq",
}
# go-car's own samples: the blocks in them, or None for those that are damaged.
SAMPLES = {
    "sample-v1.car": 1049, "sample-v1-noidentity.car": 1043, "sample-wrapped-v2.car": 1049,
    "sample-v2-indexless.car": 1049, "sample-rw-bs-v2.car": 3, "sample-unixfs-v2.car": 3,
    "sample-v1-with-zero-len-section.car": 1049, "sample-v1-with-zero-len-section2.car": 20,
    "sample-v1-tailing-corrupt-section.car": None, "sample-v2-corrupt-data-and-index.car": None,
    "sample-corrupt-pragma.car": None, "sample-rootless-v42.car": None,
}


def weir(*words):
    return [json.loads(line) for line in run(WEIR, *words, "--json").splitlines()]


def check(what, ours, theirs):
    if ours != theirs:
        sys.exit(f"{what} differs:\n  weir  {ours}\n  peer  {theirs}")


def make_tree(folder, dice):
    folder.mkdir()
    for i in range(dice.randint(3, 30)):
        (folder / f"file{i}").write_bytes(dice.randbytes(dice.choice([0, 1, 1000, 65536, 1_200_000])))
    (folder / "link").symlink_to("file0")


def cars(peers, folder, dice):
    """Version 1, and version 2 with both kinds of index."""
    for i, options in enumerate(([], ["--cid-version=0"], ["--hash=blake2b-256"], ["--chunker=size-1000"])):
        make_tree(folder / f"tree{i}", dice)
        car = folder / f"{i}.car"
        made = weir("car", "create", folder / f"tree{i}", "-o", car, *options)[0]
        check("what go-car finds", f"{made['blocks']} [{made['root']}]", run(peers, "car", car).decode().strip())
        for form, codec in (("sorted", "car-index-sorted"), ("multihash-sorted", "car-multihash-index-sorted")):
            indexed = folder / f"{i}-{form}.car"
            weir("car", "index", car, "-o", indexed, f"--format={form}")
            check("kind of index", codec, run(peers, "index", indexed).decode().strip())
            run(peers, "car", indexed)
        damaged = bytearray(car.read_bytes())
        damaged[len(damaged) * 2 // 3] ^= 1
        (folder / "damaged.car").write_bytes(damaged)
        both = [subprocess.run(words, capture_output=True, check=False).returncode != 0
                for words in ([WEIR, "car", "verify", folder / "damaged.car"], [peers, "car", folder / "damaged.car"])]
        check("what is said of a damaged CAR", [True, True], both)
    print("go-car: 4 CARs and 8 indexes, every block found", flush=True)


def samples():
    where = pathlib.Path(run("go", "list", "-m", "-f", "{{.Dir}}", "github.com/ipld/go-car/v2",
                             cwd=ROOT / "tests/interop/peers").decode().strip()) / "testdata"
    for name, blocks in SAMPLES.items():
        done = subprocess.run([WEIR, "car", "verify", where / name, "--json"], capture_output=True, check=False)
        ours = json.loads(done.stdout)["blocks"] if done.returncode == 0 else None
        check(f"what is in {name}", ours, blocks)
    print(f"go-car: {len(SAMPLES)} of its samples read, or refused, as they should be", flush=True)


def streams(peers):
    for size, expected in PUBLISHED.items():
        with subprocess.Popen([peers, "random", str(size)], stdout=subprocess.PIPE) as stream:
            made = json.loads(run(WEIR, "commp", "-", "--json", stdin=stream.stdout))
        check(f"piece CID of {size} bytes of go-random", made["pieceCid"], expected)
    print(f"go-random: {len(PUBLISHED)} published piece CIDs", flush=True)


def commitments(peers, folder, dice):
    # The peer refuses less than 65 bytes, which no piece of the network is.
    lengths = [n for n in LENGTHS if n >= 65] + [dice.randrange(65, 3_000_000) for _ in range(40)]
    paths = []
    for i, length in enumerate(lengths):
        paths.append(folder / f"{i}.bin")
        paths[-1].write_bytes(dice.randbytes(length))
    theirs = run(peers, "commp", *paths).decode().splitlines()
    for path, length, line in zip(paths, lengths, theirs, strict=True):
        made = weir("commp", path)[0]
        check(f"piece CID of {length} bytes", f"{made['pieceCid']} {made['pieceSize']}", line)
    print(f"go-fil-commp-hashhash: {len(paths)} piece CIDs", flush=True)


def tampered(proof, dice):
    for part in ("subtree", "entry"):
        changed = copy.deepcopy(proof)
        nodes = changed[part]["path"]
        which, at = dice.randrange(len(nodes)), dice.randrange(60)
        nodes[which] = nodes[which][:at] + ("0" if nodes[which][at] != "0" else "1") + nodes[which][at + 1:]
        yield changed
        changed = copy.deepcopy(proof)
        changed[part]["index"] ^= 1
        yield changed
    yield dict(proof, segmentSize=proof["segmentSize"] * 2)


def proofs(peers, folder, dice):
    accepted = refused = 0
    for turn in range(5):
        files = []
        for i in range(dice.randint(2, 12)):
            files.append(folder / f"part{turn}-{i}")
            files[-1].write_bytes(dice.randbytes(dice.choice([127, 5000, 100_000, 700_000])))
        piece = folder / f"{turn}.piece"
        made = weir("piece", "aggregate", *files, "-o", piece)[0]
        lines = run(WEIR, "piece", "prove", piece).decode().splitlines()
        check("number of proofs", len(files), len(lines))
        theirs = run(peers, "proof", input="\n".join(lines).encode()).decode().splitlines()
        for line in theirs:
            check("what a proof proves", f"{made['pieceCid']} {made['pieceSize']}", line)
        accepted += len(lines)
        bad = [change for line in lines for change in tampered(json.loads(line), dice)]
        said = run(peers, "proof", input="\n".join(map(json.dumps, bad)).encode()).decode().splitlines()
        for change, line in zip(bad, said, strict=True):
            if not line.startswith("refused"):
                sys.exit(f"go-data-segment accepts a tampered proof: {change}")
            (folder / "bad.json").write_text(json.dumps(change) + "\n")
            ours = subprocess.run([WEIR, "piece", "verify", folder / "bad.json"], capture_output=True, check=False)
            check("what is said of a tampered proof", 1, ours.returncode)
        refused += len(bad)
    print(f"go-data-segment: {accepted} proofs accepted, {refused} tampered ones refused by both", flush=True)


def main():
    peers = built("peers", ".", "peers")
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="weir-peers-") as name:
        samples()
        streams(peers)
        for part in (cars, commitments, proofs):
            folder = pathlib.Path(name) / part.__name__
            folder.mkdir()
            part(peers, folder, dice)


main()
