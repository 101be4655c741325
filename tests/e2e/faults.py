"""What the tests of faults share: refusals that are explained, the promise that holds all the same."""
import contextlib
import json
import os
import subprocess
import urllib.error

from harness import DEADLINE, WEIR, check, devnet_node, test_tree, weir


def event(kind, subject=None):
    return lambda e: e["kind"] == kind and (subject is None or e["subject"] == subject)


def run_weir(*arguments, **options):
    return subprocess.run([WEIR, *map(str, arguments)], capture_output=True, text=True, errors="replace",
                          timeout=DEADLINE, stdin=subprocess.DEVNULL, **options)


def refused(api, code, *arguments, words=(), status=1):
    """The command fails with this code, and its error names what is asked for."""
    done = run_weir(*arguments, "--api", api.base)
    said = done.stdout + done.stderr
    check(done.returncode == status, f"{arguments} ended with {done.returncode}: {said}")
    for word in (code, *words):
        check(word in said, f"{arguments}: '{word}' is not in: {said}")
    return said


def answer(api, method, path, body=None, headers=None):
    """Status and problem of a request that must fail."""
    try:
        api.request(method, path, body, headers, raw=True)
    except urllib.error.HTTPError as problem:
            return problem.code, json.loads(problem.read() or b"{}")
    check(False, f"{method} {path} was taken")


def bucket_and_upload(api, seed=5, name="tree"):
    weir(api, "bucket", "create", name, "--count", "1")
    return api.upload(name, test_tree(seed, files=3, size=20_000), bucket=name)["id"]


def six_with_six(api, content):
    deals = [d for d in api.get(f"/api/v1/contents/{content}")["deals"] if d["state"] == "active"]
    check(len(deals) == 6 and len({d["provider"] for d in deals}) == 6, f"active deals: {deals}")
    return deals


def nothing_is_sent_twice(api):
    for provider in api.get("/api/v1/devnet/providers"):
        check(provider["deals"].get("repeated", 0) == 0, f"{provider['id']} was sent a proposal twice")


@contextlib.contextmanager
def small_disk(folder, megabytes):
    """A file system of its own; None where this user may not mount one."""
    place = folder / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "weir-test", place], capture_output=True)
    if done.returncode != 0:
        print("     skipped: no small file system can be mounted here")
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def peak_memory(node):
    """KiB that the process had at most."""
    return int(next(l for l in open(f"/proc/{node.child.pid}/status") if l.startswith("VmHWM")).split()[1])
