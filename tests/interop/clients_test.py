#!/usr/bin/env python3
"""The C++ and the Node program of docs/remote-clients.md, as they stand there,
against a node on its devnet: store a file, watch it until its deals are active.
The one in Node goes by capnp-es, which nobody here wrote; it is left out, with a
word, where that cannot be had.
"""
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from document import lines_of
from harness import ROOT, check, devnet_node, run_tests, weir

BUILD = ROOT / "build/release"
PLACE = ROOT / "build/interop/node"
PACKAGES = ["capnp-es@0.0.16", "typescript@5.9"]
STATES = ["content.stored", "content.packed", "content.active"]


def run(words, **more):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=240, check=False, **more)


def stores_and_watches(folder, program_of):
    """`program_of(socket, file)` gives the words to run."""
    file = folder / "file.bin"
    file.write_bytes(bytes(range(256)) * 4001)
    with devnet_node(folder) as (node, api, _):
        weir(api, "bucket", "create", "one", "--count", "1")
        ran = run(program_of(node.addresses["socket"], file))
        check(ran.returncode == 0, f"it failed: {ran.stdout}{ran.stderr}")
        for state in STATES:
            check(state in ran.stdout, f"{state} is not in what it said: {ran.stdout}")
        contents = api.get("/api/v1/contents")["items"]
        check([c["state"] for c in contents] == ["active"], f"there is {contents}")
        check(contents[0]["size"] == file.stat().st_size, "the size differs")


def the_documents_cpp_stores_and_watches(folder):
    (folder / "store.cpp").write_text(lines_of("cpp"))
    libraries = [BUILD / "adapters/rpc/libweir_client.a", BUILD / "adapters/rpc/libweir_wire.a",
                 BUILD / "messages/libweir_types.a"]
    made = run(["c++", "-std=c++20", f"-I{ROOT}", folder / "store.cpp", *libraries, "-o", folder / "store", "-lkj-tls",
                "-lcapnp-rpc", "-lcapnp", "-lkj-async", "-lkj", "-lssl", "-lcrypto", "-lb2", "-lpthread"])
    check(made.returncode == 0, f"it does not compile: {made.stderr}")
    stores_and_watches(folder, lambda socket, file: [folder / "store", f"unix:{socket}", file])


def the_documents_javascript_stores_and_watches(folder):
    if not shutil.which("npm"):
        print("left out: there is no Node here")
        return
    PLACE.mkdir(parents=True, exist_ok=True)
    got = run(["npm", "install", "--prefix", PLACE, "--no-audit", "--no-fund", *PACKAGES])
    if got.returncode != 0:
        print(f"left out: {PACKAGES[0]} cannot be had: {got.stderr.strip()[-200:]}")
        return
    schema = (ROOT / "messages/rpc/weir.capnp").read_text()
    schema = schema.replace("-> stream;", "-> ();").replace("\n  segment @", "\n  place @")
    (folder / "weir.capnp").write_text(schema)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(PLACE / "node_modules")
    made = run([folder / "node_modules/.bin/capnp-es", "weir.capnp", "-ojs"], cwd=folder)
    check((folder / "weir.js").exists(), f"the schema does not compile: {made.stdout}{made.stderr}")
    (folder / "store.mjs").write_text(lines_of("javascript"))
    (folder / "transport.mjs").write_text(lines_of("js"))
    stores_and_watches(folder, lambda socket, file: ["node", folder / "store.mjs", socket, file])


run_tests([the_documents_cpp_stores_and_watches, the_documents_javascript_stores_and_watches])
