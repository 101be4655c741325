#!/usr/bin/env python3
"""Faults of what is read and kept: files that change, a full disk, flipped bits, a clock that is set back."""
import json
import os
import pathlib
import shutil
import subprocess
import urllib.error

from faults import bucket_and_upload, event, nothing_is_sent_twice, run_weir, six_with_six, small_disk
from harness import check, devnet_node, run_tests, same_trees, test_tree, weir, write_tree


def shim(folder, **settings):
    """An environment in which libc's clock and files do what a test wants; see shim.c."""
    library = folder / "shim.so"
    if not library.exists():
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, pathlib.Path(__file__).with_name("shim.c"),
                        "-ldl"], check=True)
    return {"LD_PRELOAD": str(library), **{name: str(value) for name, value in settings.items()}}


# ---- files that change while they are read

def changing(folder, how, *command):
    """A command that reads a folder, one file of which changes after its first part was read."""
    source = folder / "source"
    write_tree(source, {"a.bin": os.urandom(100_000), "b/changes.bin": os.urandom(9_000_000), "c.bin": b"c"})
    victim = source / "b/changes.bin"
    done = run_weir(*[source if c == "SOURCE" else c for c in command],
                    env=dict(os.environ, **shim(folder, SHIM_FILE=victim, SHIM_CHANGE=how)))
    said = done.stdout + done.stderr
    check(done.returncode == 1, f"{command} ended with {done.returncode}: {said}")
    check("changed" in said and "changes.bin" in said, f"it does not say which file changed: {said}")
    return source


def a_file_that_changes_while_it_is_added_is_named(folder):
    with devnet_node(folder) as (_, api, _w):
        for how in ("cut", "touch"):
            source = changing(folder, how, "add", "SOURCE", "--api", api.base)
            check(api.get("/api/v1/contents")["items"] == [], "something was added all the same")
        cid = weir(api, "add", source)[-1]["cid"]
        weir(api, "get", cid, "-o", folder / "back")
        check(same_trees(source, folder / "back"), "what was added afterwards is not what is there")


def a_file_that_changes_while_a_car_is_made_is_named(folder):
    for how in ("cut", "touch"):
        out = folder / f"{how}.car"
        source = changing(folder, how, "car", "create", "SOURCE", "-o", out)
        left = [p.name for p in folder.iterdir() if p.name not in ("source", "shim.so")]
        check(left == [], f"left behind: {left}")
        check(run_weir("car", "create", source, "-o", out).returncode == 0, "a second try")
        out.unlink()


def a_file_that_changes_while_pieces_are_made_is_read_again(folder):
    size = ("--piece-size", "4MiB")
    source = changing(folder, "touch", "car", "create", "SOURCE", "-o", f"{folder}/pieces/", *size)
    made = []
    for where in (folder / "pieces", folder / "fresh"):
        done = run_weir("car", "create", source, "-o", f"{where}/", *size)
        check(done.returncode == 0, f"a second try: {done}")
        made.append([line.split()[:2] for line in done.stdout.splitlines()])
    check(made[0] == made[1], f"what goes on from a file that changed is not what a new run makes: {made}")


# ---- the clock

def a_clock_that_is_set_back(folder):
    clock = folder / "clock"
    clock.write_text("0")
    with devnet_node(folder, **shim(folder, SHIM_CLOCK=clock)) as (node, api, watch):
        first = bucket_and_upload(api)
        watch.wait_for(event("content.stored", first))
        clock.write_text(str(-3 * 86400))
        second = bucket_and_upload(api, seed=6, name="second")
        for content in (first, second):
            watch.wait_for(event("content.active", content))
            six_with_six(api, content)
        nothing_is_sent_twice(api)
    clock.write_text(str(-400 * 86400))
    with devnet_node(folder, **shim(folder, SHIM_CLOCK=clock)) as (node, api, watch):
        third = bucket_and_upload(api, seed=7, name="third")
        watch.wait_for(event("content.active", third))
        for content in (first, second, third):
            six_with_six(api, content)
        watch.check_gapless(api)
        times = [t["time"] for t in watch.transactions]
        check(times == sorted(times), "the journal's times go back")
        check(node.child.poll() is None, node.tail())


# ---- the disk

def fill(disk, leaving):
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    ballast.write_bytes(b"\0" * (free.f_bavail * free.f_frsize - leaving))
    return ballast


def a_full_disk_refuses_and_goes_on(folder):
    with small_disk(folder, 48) as disk:
        if disk is None:
            return
        with devnet_node(disk) as (node, api, watch):
            kept = bucket_and_upload(api)
            watch.wait_for(event("content.active", kept))
            ballast = fill(disk, 2_000_000)
            try:
                api.upload("large", {"large.bin": os.urandom(8_000_000)})
                check(False, "8 MB were taken where 2 MB were free")
            except urllib.error.HTTPError as problem:
                told = json.loads(problem.read())
                check(problem.code == 507 and told["code"] == "disk-full", f"{problem.code} {told}")
            check(node.child.poll() is None, f"the node ended: {node.tail()}")
            six_with_six(api, kept)
            ballast.unlink()
            again = api.upload("large", {"large.bin": os.urandom(8_000_000)})
            weir(api, "get", again["cid"], "-o", folder / "back")
        with devnet_node(disk) as (_, api, _w):
            six_with_six(api, kept)


def a_disk_that_is_full_while_packing_packs_later(folder):
    with small_disk(folder, 320) as disk:
        if disk is None:
            return
        with devnet_node(disk) as (node, api, watch):
            weir(api, "bucket", "create", "one")
            content = api.upload("tree", {"a.bin": os.urandom(10_000_000)}, bucket="one")["id"]
            watch.wait_for(event("content.assigned", content))
            ballast = fill(disk, 4_000_000)
            weir(api, "bucket", "close", "one")
            said = watch.wait_for(lambda e: e["kind"].endswith(".problem"))
            check(said["fields"]["code"] == "disk-full", f"the problem is {said}")
            check("There is no space left" in said["fields"]["message"], f"the problem is {said}")
            ballast.unlink()
            watch.wait_for(event("content.active", content))
            six_with_six(api, content)
            check(node.child.poll() is None, f"the node ended: {node.tail()}")

def a_disk_that_is_full_in_the_middle_of_a_commit(folder):
    """Not one byte is left: a commit that was refused is not there, one that was taken stays."""
    with small_disk(folder, 48) as disk:
        if disk is None:
            return
        taken, problem = set(), None
        with devnet_node(disk) as (node, api, watch):
            kept = bucket_and_upload(api)
            watch.wait_for(event("content.active", kept))
            ballast = fill(disk, 0)
            for number in range(2000):
                try:
                    api.post("/api/v1/buckets", {"name": f"b{number}"})
                    taken.add(f"b{number}")
                except urllib.error.HTTPError as refusal:
                    problem = (refusal.code, json.loads(refusal.read()))
                    break
            check(problem and problem[0] == 507 and problem[1]["code"] == "disk-full", f"{problem}")
            check(problem[1]["detail"], f"no sentence: {problem}")
            check(node.child.poll() is None, f"the node ended: {node.tail()}")
            six_with_six(api, kept)
            ballast.unlink()
            api.post("/api/v1/buckets", {"name": "later"})
            taken.add("later")
        with devnet_node(disk) as (_, api, _w):
            there = {b["name"] for b in api.everything("/api/v1/buckets")} - {"tree", ""}
            check(there == taken, f"there: {there ^ taken}")
            six_with_six(api, kept)


# ---- flipped bytes

def flip(path, at):
    with open(path, "r+b") as out:
        out.seek(at)
        byte = out.read(1)
        out.seek(at)
        out.write(bytes([byte[0] ^ 1]))


def picture(api):
    """What a user sees of the contents; errors as their code."""
    def ask(path):
        try:
            return api.get(path)
        except urllib.error.HTTPError as refusal:
            told = json.loads(refusal.read())
            check(told["code"] == "corrupt" and told["message"], f"{path}: {refusal.code} {told}")
            return None
    listed = ask("/api/v1/contents")
    if listed is None:
        return None
    seen = {}
    for content in listed["items"]:
        one = ask(f"/api/v1/contents/{content['id']}")
        seen[content["id"]] = one and (one["cid"], one["size"], one["name"],
                                       sorted((d["provider"], d["id"]) for d in one["deals"] if d["state"] == "active"))
    return seen


def a_flipped_byte_in_a_record_is_told(folder):
    """Wherever it is: the node refuses to start and says why, or starts and gives the truth or an error."""
    with devnet_node(folder) as (node, api, watch):
        for seed in (5, 6):
            content = bucket_and_upload(api, seed=seed, name=f"tree{seed}")
            watch.wait_for(event("content.active", content))
        truth = picture(api)
    with devnet_node(folder):
        pass  # what was in the log is in tables now
    saved = folder / "saved"
    node.folder.rename(saved)
    places = []
    for file in sorted((saved / "records").iterdir()):
        size = file.stat().st_size
        if size and file.name != "LOCK" and not file.name.startswith("LOG"):
            places += [(file.name, size * part // 8) for part in ((1, 3, 5, 6) if file.suffix == ".ldb" else (4,))]
    refused, told, unseen = 0, 0, 0
    for name, at in places:
        shutil.rmtree(node.folder, ignore_errors=True)
        shutil.copytree(saved, node.folder)
        flip(node.folder / "records" / name, at)
        node.log.unlink(missing_ok=True)
        node.start()
        if not node.wait_ready():
            said = node.tail()
            check(node.child.returncode == 1 and ("damaged" in said or "corrupt" in said),
                  f"{name} at {at}: ended with {node.child.returncode}: {said}")
            refused += 1
            continue
        seen = picture(type(api)(node.addresses["api"]))
        if seen is not None:
            check(set(seen) == set(truth), f"{name} at {at}: contents are missing: {set(truth) - set(seen)}")
            for content, one in seen.items():
                check(one is None or one == truth[content], f"{name} at {at}: {one} is not {truth[content]}")
        said = node.log.read_text(errors="replace")
        hidden = seen == truth and "damaged" not in said and "corrupt" not in said and "checksum" not in said
        unseen, told = unseen + hidden, told + (not hidden)
        check(node.stop() == 0, f"{name} at {at}: it ended with {node.child.returncode}: {node.tail()}")
    print(f"     {len(places)} flipped bytes: {refused} starts refused, {told} told, {unseen} in what was not read")
    check(refused + told > 0, "no flipped byte was ever noticed")


def a_flipped_byte_in_a_loose_block_is_named(folder):
    """Nobody else has it yet: the error says which block; who adds it again makes it whole."""
    files = test_tree(5, files=3, size=200_000)
    with devnet_node(folder) as (node, api, watch):
        cid = api.upload("tree", files)["cid"]
    block = max(pathlib.Path(node.folder, "blocks").rglob("*.data"), key=lambda p: p.stat().st_size)
    flip(block, 100)
    with devnet_node(folder) as (node, api, watch):
        done = run_weir("get", cid, "-o", folder / "back", "--api", api.base)
        check(done.returncode == 1, f"wrong bytes were given: {done}")
        check("corrupt" in done.stderr or "unreachable" in done.stderr, f"{done}")
        api.upload("tree", files)
        weir(api, "get", cid, "-o", folder / "again")
        write_tree(folder / "source", files)
        check(same_trees(folder / "source", folder / "again"), "wrong bytes were given")


def a_flipped_byte_in_a_piece_is_fetched_again(folder):
    files = test_tree(5, files=3, size=20_000)
    with devnet_node(folder) as (node, api, watch):
        content = bucket_and_upload(api)
        watch.wait_for(event("content.active", content))
        cid = api.get(f"/api/v1/contents/{content}")["cid"]
    piece = next(pathlib.Path(node.folder, "pieces").glob("*.piece"))
    whole = piece.read_bytes()
    flip(piece, whole.index(files["folder1/file1.bin"][:64]) + 1000)
    with devnet_node(folder) as (node, api, watch):
        weir(api, "get", cid, "-o", folder / "back")
        write_tree(folder / "source", files)
        check(same_trees(folder / "source", folder / "back"), "wrong bytes were given")
        damaged = watch.wait_for(event("store.damaged"))["subject"]
        watch.wait_for(event("store.repaired", damaged))
        check(piece.read_bytes() == whole, "the file of the piece is not whole again")


run_tests([a_file_that_changes_while_it_is_added_is_named, a_file_that_changes_while_a_car_is_made_is_named,
           a_file_that_changes_while_pieces_are_made_is_read_again, a_clock_that_is_set_back,
           a_full_disk_refuses_and_goes_on, a_disk_that_is_full_while_packing_packs_later,
           a_disk_that_is_full_in_the_middle_of_a_commit, a_flipped_byte_in_a_record_is_told,
           a_flipped_byte_in_a_loose_block_is_named,
           a_flipped_byte_in_a_piece_is_fetched_again])
