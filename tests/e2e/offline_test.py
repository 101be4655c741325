#!/usr/bin/env python3
"""Data made ready for deals without a node: CARs, their pieces, a manifest."""
import base64
import hashlib
import json
import subprocess

from harness import WEIR, check, devnet_node, run_tests, same_trees, test_tree, weir, write_tree


def piece_cid(data):
    """commP by its definition: 127 bytes become four field elements of 254 bits, over them a tree of SHA-256."""
    size = 128
    while size * 127 < len(data) * 128:
        size *= 2
    data = data.ljust(size // 128 * 127, b"\0")
    level = []
    for at in range(0, len(data), 127):
        bits = int.from_bytes(data[at:at + 127], "little")
        level += [(bits >> 254 * i & (1 << 254) - 1).to_bytes(32, "little") for i in range(4)]
    while len(level) > 1:
        pairs = (hashlib.sha256(a + b).digest() for a, b in zip(level[::2], level[1::2]))
        level = [node[:31] + bytes([node[31] & 0x3F]) for node in pairs]
    return "b" + base64.b32encode(b"\x01\x81\xe2\x03\x92\x20\x20" + level[0]).decode().lower().rstrip("="), size


def piped(text, *arguments, expect=0):
    done = subprocess.run([str(WEIR), *map(str, arguments)], input=text, capture_output=True)
    check(done.returncode == expect, f"{arguments} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def o1_prepared_data_have_the_pieces_of_the_reference(folder):
    cars = folder / "cars"
    cars.mkdir()
    for i, size in enumerate((100, 30_000, 200_000)):
        write_tree(folder / f"data{i}", test_tree(i, files=3, size=size))
        weir(None, "offline", "car", folder / f"data{i}", "-o", cars / f"{i}.car")
    listed = weir(None, "offline", "manifest", cars)
    check([e["file"] for e in listed] == ["0.car", "1.car", "2.car"], f"{listed}")
    for entry in listed:
        data = (cars / entry["file"]).read_bytes()
        check((entry["pieceCid"], entry["pieceSize"]) == piece_cid(data), f"{entry} and not {piece_cid(data)}")
        check(entry["carSize"] == len(data), f"{entry}")
        said = json.loads(piped(data, "offline", "commp", "-", "--json"))
        check(said["pieceCid"] == entry["pieceCid"], f"out of a pipe: {said}")
    aggregate = weir(None, "offline", "aggregate", *sorted(cars.iterdir()), "-o", folder / "all.piece")[0]
    check(aggregate["pieceCid"] == piece_cid((folder / "all.piece").read_bytes())[0], f"{aggregate}")
    check({s["pieceCid"] for s in aggregate["segments"]} == {e["pieceCid"] for e in listed}, f"{aggregate}")


def o1_a_manifest_travels_with_the_cars(folder):
    """One side writes it, the other side checks what arrived and stores it."""
    cars = folder / "cars"
    cars.mkdir()
    write_tree(folder / "data", test_tree(7, files=4, size=60_000))
    weir(None, "offline", "car", folder / "data", "-o", cars / "data.car")
    manifest = cars / "manifest.csv"
    weir(None, "offline", "manifest", cars, "-o", manifest)
    check(weir(None, "offline", "verify", manifest) == [{"file": "data.car", "good": True, "mismatches": []}], "good")
    piped(manifest.read_bytes(), "offline", "verify", "-", cars)
    with devnet_node(folder) as (_, api, _watch):
        cid = weir(api, "dag", "import", cars / "data.car")[0]["cid"]
        check(manifest.read_text().splitlines()[1].startswith(cid + ","), "the root is another")
        weir(api, "get", cid, "-o", folder / "back")
        check(same_trees(folder / "data", folder / "back"), "the bytes that came back differ")
    whole = (cars / "data.car").read_bytes()
    for damaged, what in ((whole[:-1] + bytes([whole[-1] ^ 1]), {"piece CID", "blocks"}),
                          (whole[:-1], {"size", "piece CID", "blocks"}), (whole + b"\0", {"size"})):
        (cars / "data.car").write_bytes(damaged)
        told = weir(None, "offline", "verify", manifest, expect=1)[0]
        check({m["what"] for m in told["mismatches"]} == what, f"{told}")


if __name__ == "__main__":
    run_tests([o1_prepared_data_have_the_pieces_of_the_reference, o1_a_manifest_travels_with_the_cars])
