#!/usr/bin/env python3
"""Contents whose bytes stay in the user's files: `weir add --reference`."""
import json
import os
import urllib.error

from faults import event, refused, run_weir, six_with_six
from harness import check, devnet_node, run_tests, same_trees, weir, write_tree


def data_set(folder):
    source = folder / "data"
    write_tree(source, {"large.bin": os.urandom(5_000_000), "deep/small.bin": os.urandom(3000), "empty": b""})
    return source


def blocks_on_disk(folder):
    return sum(p.stat().st_size for p in (folder / "node" / "blocks").rglob("*")
               if p.is_file() and p.suffix in (".data", ".car", ".refs"))


def a_data_set_is_added_without_a_copy(folder):
    source = data_set(folder)
    with devnet_node(folder, "--reference-root", folder) as (_, api, watch):
        weir(api, "bucket", "create", "one")
        made = weir(api, "add", source, "--reference", "--bucket", "one")[-1]
        check(made["cid"] == weir(None, "cid", source)[-1]["cid"], "the CID is another one")
        check(blocks_on_disk(folder) < 20_000, f"{blocks_on_disk(folder)} bytes were written")
        check(weir(api, "store", "stat")[-1]["packs"]["references"] == 1, "store stat does not know of it")
        weir(api, "get", made["cid"], "-o", folder / "back")
        check(same_trees(source, folder / "back"), "what came back is not what was added")
    with devnet_node(folder, "--reference-root", folder) as (_, api, watch):
        weir(api, "bucket", "close", "one")
        watch.wait_for(event("content.active", made["id"]))
        six_with_six(api, made["id"])
        os.rename(source, folder / "moved")
        weir(api, "get", made["cid"], "-o", folder / "again")
        check(same_trees(folder / "moved", folder / "again"), "the piece does not have it")
        check(weir(api, "store", "stat")[-1]["packs"]["references"] == 0, "the references stayed")


def a_file_that_changed_is_named(folder):
    source = data_set(folder)
    with devnet_node(folder, "--reference-root", folder) as (_, api, watch):
        made = weir(api, "add", source, "--reference")[-1]
        with open(source / "large.bin", "r+b") as out:
            out.seek(2_500_000)
            out.write(b"other bytes")
        done = run_weir("get", made["cid"], "-o", folder / "back", "--api", api.base)
        check(done.returncode == 1, f"what is not the content was given out: {done}")
        told = watch.wait_for(event("store.damaged"))
        check(str(source.resolve() / "large.bin") in json.dumps(told), f"the event does not name the file: {told}")
        report = run_weir("store", "check", "--api", api.base)
        check(report.returncode == 1, f"the check found nothing: {report}")
        weir(api, "rm", made["id"], json_lines=False)


def only_what_the_operator_allows(folder):
    source = data_set(folder)
    secret = folder / "secret"
    write_tree(secret, {"key": b"secret"})
    with devnet_node(folder) as (_, api, _w):
        refused(api, "forbidden", "add", source, "--reference", words=("--reference-root",))
    os.symlink(secret / "key", source / "out-of-it")
    with devnet_node(folder, "--reference-root", source) as (_, api, _w):
        refused(api, "forbidden", "add", secret, "--reference")
        upload = api.post("/api/v1/uploads", {"name": "odd"})["id"]
        for path in (str(source / "out-of-it"), str(source / ".." / "secret" / "key"), "data/large.bin", "/nothing"):
            try:
                api.post(f"/api/v1/uploads/{upload}/references", {"path": "x", "file": path})
                check(False, f"{path} was taken")
            except urllib.error.HTTPError as problem:
                check(problem.code in (400, 403), f"{path}: {problem.code} {problem.read()}")


if __name__ == "__main__":
    run_tests([a_data_set_is_added_without_a_copy, a_file_that_changed_is_named, only_what_the_operator_allows])
