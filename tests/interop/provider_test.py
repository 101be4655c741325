#!/usr/bin/env python3
"""A provider that is not ours joins the devnet and gets one of the six deals.

It is the Go program in tests/interop/provider: it checks signature, proposal
bytes and commP with go-crypto, go-state-types and go-fil-commp-hashhash.
Skipped with exit status 77 where there is no Go of a new enough version.
"""
import json
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from harness import check, devnet_node, run_tests, test_tree, weir

HERE = pathlib.Path(__file__).resolve().parent / "provider"
SKIPPED = 77


def build(folder):
    go = shutil.which("go")
    if not go:
        print("skipped: there is no Go here")
        sys.exit(SKIPPED)
    binary = folder / "provider"
    built = subprocess.run([go, "build", "-o", binary, "."], cwd=HERE, capture_output=True, text=True)
    if built.returncode != 0:
        if "requires go" in built.stderr or "toolchain" in built.stderr:
            print(f"skipped: this Go is too old: {built.stderr.strip().splitlines()[0]}")
            sys.exit(SKIPPED)
        check(False, f"the provider does not build: {built.stderr}")
    return binary


def a_foreign_provider_gets_one_of_the_six_deals(folder):
    binary = build(folder)
    key = folder / "key"
    worker = subprocess.run([binary, "-key", key], check=True, capture_output=True, text=True).stdout.strip()
    with devnet_node(folder) as (node, api, watch):
        rpc = node.addresses["devnet"] + "/rpc/v1"
        with open(folder / "provider.log", "w") as log:
            child = subprocess.Popen([binary, "-key", key, "-miner", "f02000", "-rpc", rpc, "-dir", folder / "pieces"],
                                     stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            hello = json.loads(child.stdout.readline())
            weir(api, "devnet", "add-provider", "f02000", "--worker", worker, "--multiaddr", hello["multiaddr"])
            # Who joined is heard of with the day's list of providers; its price makes it the first choice.
            weir(api, "devnet", "advance", "25h")
            weir(api, "bucket", "create", "one", "--count", "1")
            content = api.upload("tree", test_tree(4, files=5, size=40_000), bucket="one")["id"]
            watch.wait_for(lambda e: e["kind"] == "content.active" and e["subject"] == content)
            deals = {d["provider"]: d for d in api.get(f"/api/v1/contents/{content}")["deals"] if d["state"] == "active"}
            check("f02000" in deals, f"it has no deal; its log: {(folder / 'provider.log').read_text()}")
            proved = json.loads(child.stdout.readline())
            check(proved["deal"] == deals["f02000"]["id"], f"it proved {proved}, we have {deals['f02000']}")
        finally:
            child.kill()
            child.wait()


run_tests([a_foreign_provider_gets_one_of_the_six_deals])
