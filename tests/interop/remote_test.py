#!/usr/bin/env python3
"""The remote API driven from Python (pycapnp), which nobody here wrote: the
lines of docs/remote-clients.md as they stand there, and a watch that survives
a restart of the node. Skipped with exit status 77 where the package cannot be had.
"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from document import lines_of
from harness import ROOT, check, devnet_node, run_tests, weir

PYCAPNP = "pycapnp==2.0.0"
SKIPPED = 77
PLACE = ROOT / "build/interop/python"


def python_with_pycapnp():
    python = PLACE / "bin/python"
    for command in ([sys.executable, "-m", "venv", PLACE], [python, "-m", "pip", "install", "-q", PYCAPNP]):
        if subprocess.run([python, "-c", "import capnp"], capture_output=True).returncode == 0 if python.exists() else False:
            break
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"skipped: {PYCAPNP} cannot be had: {(done.stderr or done.stdout).strip()[-200:]}")
            sys.exit(SKIPPED)
    return python


def the_documents_python_stores_and_watches(folder):
    python = python_with_pycapnp()
    program = folder / "store.py"
    program.write_text(lines_of("python"))
    file = folder / "file.bin"
    file.write_bytes(bytes(range(256)) * 4000)
    with devnet_node(folder) as (node, api, _):
        weir(api, "bucket", "create", "one", "--count", "1")
        ran = subprocess.run([python, program, ROOT / "messages/rpc/weir.capnp", node.addresses["socket"], file],
                             capture_output=True, text=True, timeout=240)
        check(ran.returncode == 0, f"it failed: {ran.stderr}")
        check("content.active" in ran.stdout, f"it said {ran.stdout}")
        contents = api.get("/api/v1/contents")["items"]
        check([c["state"] for c in contents] == ["active"], f"there is {contents}")
        check(contents[0]["size"] == file.stat().st_size, "the size differs")


run_tests([the_documents_python_stores_and_watches])
