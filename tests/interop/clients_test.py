#!/usr/bin/env python3
"""The C++ and the Node program of docs/remote-clients.md, as they stand there,
against a node on its devnet: store a file, watch its job until it is done.
The one in Node goes by capnp-es, which nobody here wrote; it is left out, with a
word, where that cannot be had.
"""
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from document import lines_of
from harness import ROOT, check, run_tests
from programs import resumes, stored_and_done

BUILD = ROOT / "build/release"
PLACE = ROOT / "build/interop/node"
PACKAGES = ["capnp-es@0.0.16", "typescript@5.9"]


def run(words, **more):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=240, check=False, **more)


def the_documents_cpp_stores_and_watches_the_job(folder):
    (folder / "store.cpp").write_text(lines_of("cpp"))
    libraries = [BUILD / "adapters/rpc/libweir_client.a", BUILD / "adapters/rpc/libweir_wire.a",
                 BUILD / "messages/libweir_types.a"]
    made = run(["c++", "-std=c++20", f"-I{ROOT}", folder / "store.cpp", *libraries, "-o", folder / "store", "-lkj-tls",
                "-lcapnp-rpc", "-lcapnp", "-lkj-async", "-lkj", "-lssl", "-lcrypto", "-lb2", "-lpthread"])
    check(made.returncode == 0, f"it does not compile: {made.stderr}")
    stored_and_done(folder, lambda socket, token, file: [folder / "store", f"unix:{socket}", token, file])


def javascript(folder, program, source):
    """The words of a program beside the schema's code and the document's transport; None where it cannot be had."""
    if not shutil.which("npm"):
        print("left out: there is no Node here")
        return None
    PLACE.mkdir(parents=True, exist_ok=True)
    if not (PLACE / "node_modules/capnp-es").exists():
        got = run(["npm", "install", "--prefix", PLACE, "--no-audit", "--no-fund", *PACKAGES])
        if got.returncode != 0:
            print(f"left out: {PACKAGES[0]} cannot be had: {got.stderr.strip()[-200:]}")
            return None
    schema = (ROOT / "messages/rpc/weir.capnp").read_text()
    schema = schema.replace("-> stream;", "-> ();").replace("\n  segment @", "\n  place @")
    (folder / "weir.capnp").write_text(schema)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(PLACE / "node_modules")
    made = run([folder / "node_modules/.bin/capnp-es", "weir.capnp", "-ojs"], cwd=folder)
    check((folder / "weir.js").exists(), f"the schema does not compile: {made.stdout}{made.stderr}")
    (folder / program).write_text(source)
    (folder / "transport.mjs").write_text(lines_of("js"))
    return ["node", folder / program]


def the_documents_javascript_stores_and_watches_the_job(folder):
    words = javascript(folder, "store.mjs", lines_of("javascript"))
    if words:
        stored_and_done(folder, lambda socket, token, file: [*words, socket, token, file])


def a_javascript_watch_goes_on_after_a_restart(folder):
    words = javascript(folder, "resume.mjs", (ROOT / "tests/interop/clients/resume.mjs").read_text())
    if words:
        resumes(folder, lambda socket, token: [*words, socket, token])


run_tests([the_documents_cpp_stores_and_watches_the_job, the_documents_javascript_stores_and_watches_the_job,
           a_javascript_watch_goes_on_after_a_restart])
