#!/usr/bin/env python3
"""Keys from one seed phrase, sealed at rest, through the public API and the command line."""
import json
import os
import subprocess

from ffs_tenant import Tenant, refused
from harness import DEADLINE, WEIR, Failure, check, devnet_node, run_tests, weir


def addresses(api):
    return [w["addr"] for w in weir(api, "wallet", "ls")]


def words_of(api):
    return weir(api, "wallet", "seed", "show", "--yes")[0]["words"]


def restore(api, words, *options, expect=0):
    done = subprocess.run([str(WEIR), "wallet", "restore", *options, "--json", "--api", api.base], input=words, text=True,
                          capture_output=True, timeout=DEADLINE)
    check(done.returncode == expect, f"{done.returncode}: {done.stdout}{done.stderr}")
    check(words.split()[0] + " " + words.split()[1] not in done.stdout + done.stderr, "the words are repeated")
    return json.loads(done.stdout) if expect == 0 else done.stderr


def at_rest(folder):
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file() and not p.name.endswith(".sock"))


def words_bring_addresses_back_on_another_machine(folder):
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    with devnet_node(folder / "a") as (node, api, _):
        weir(api, "wallet", "new", "--name", "second")
        tenant = Tenant(api).call("POST", "/api/v1/ffs/instances/me/wallets", {"name": "third"})["addr"]
        made = [*addresses(api)]
        check(len(made) == 3 and tenant in made, f"{made}")
        seed = api.get("/api/v1/wallets/seed")
        check(seed["next"] == 3 and seed["notFromSeed"] == [] and "words" not in seed, f"{seed}")
        weir(api, "wallet", "seed", "show", expect=2)
        refused("invalid-argument", api.post, "/api/v1/wallets/seed/show", {})
        words = words_of(api)
        check(len(words.split()) == 24, "not 24 words")
        key = api.request("POST", "/api/v1/wallets/seed/show", {"yes": True}, {"Idempotency-Key": "again"})
        check(key["words"] == words, "other words")
    phrase = " ".join(words.split()[:3]).encode()
    check(phrase not in at_rest(folder), "the words are on the disk, or in the log")
    with devnet_node(folder / "b") as (_, api, _w):
        refused_words = restore(api, words, "--addresses", "3", expect=1)
        check("another seed" in refused_words, refused_words)
        own = addresses(api)
        back = restore(api, words, "--addresses", "3", "--replace")
        check(sorted(back["addresses"]) == sorted(made) and back["next"] == 3, f"{back} of {made}")
        check(sorted(addresses(api)) == sorted(own + made), "an address is missing, or there twice")
        fresh = weir(api, "wallet", "new")[0]["addr"]
        check(fresh not in made, "an index was used twice")
        check(api.get("/api/v1/wallets/seed")["notFromSeed"] == own, "the former address is not named")
        secret = weir(api, "wallet", "export", tenant, "--yes")[0]["secret"]
        check(b"secp256k1" in bytes.fromhex(secret), "not as Lotus has it")
        check(restore(api, "abandon " * 24, "--addresses", "1", expect=1), "")


def keys_open_with_their_passphrase_only(folder):
    secret = folder / "passphrase"
    secret.write_text("a long passphrase\n")
    secret.chmod(0o600)
    with devnet_node(folder) as (_, api, _w):
        before = addresses(api)
        check((folder / "node" / "keys.key").exists(), "no key file")
    with devnet_node(folder, "--wallet-key-file", secret) as (_, api, _w):
        check(addresses(api) == before, "other addresses")
        check(not (folder / "node" / "keys.key").exists(), "the key file is still there")
    for wrong in ({}, {"WEIR_WALLET_PASSPHRASE": "another"}):
        try:
            with devnet_node(folder, **wrong):
                pass
        except Failure as ended:
            check("sealed with" in str(ended), f"{ended}")
        else:
            raise Failure("it opened")
    with devnet_node(folder, WEIR_WALLET_PASSPHRASE="a long passphrase") as (_, api, _w):
        check(addresses(api) == before, "other addresses")
        words_of(api)


def reseal(folder, *options, expect=0, typed=None, **environment):
    """The answer, or what it says on the standard error."""
    done = subprocess.run([str(WEIR), "wallet", "passphrase", "--data", str(folder / "node"), *map(str, options), "--json"],
                          input=typed, text=True, capture_output=True, timeout=DEADLINE,
                          env={**os.environ, **environment})
    check(done.returncode == expect, f"{done.returncode}: {done.stdout}{done.stderr}")
    check(typed is None or typed.strip() not in done.stdout + done.stderr, "the passphrase is repeated")
    return json.loads(done.stdout) if expect == 0 else done.stderr


def another_passphrase_takes_the_place_of_the_former(folder):
    first, second = folder / "first", folder / "second"
    first.write_text("the first one\n")
    second.write_bytes(bytes(range(1, 200)))
    for file in (first, second):
        file.chmod(0o600)
    with devnet_node(folder) as (_, api, _w):
        before = addresses(api)
        words = words_of(api)
        check("another node uses" in reseal(folder, "--new", first, expect=1), "the node runs")
    check("--new FILE" in reseal(folder, expect=2), "what the new one is was not said")
    check("--new FILE" in reseal(folder, "--new", first, "--own", expect=2), "both")
    check(reseal(folder, "--new", first) == {"sealedWith": "given"}, "another answer")
    check(not (folder / "node" / "keys.key").exists(), "two ways in")
    check("sealed with" in reseal(folder, "--new", second, expect=1), "no present one")
    check("another passphrase" in reseal(folder, "--wallet-key-file", second, "--new", second, expect=1), "a wrong one")
    reseal(folder, "--wallet-key-file", first, "--new", second)
    with devnet_node(folder, "--wallet-key-file", second) as (_, api, _w):
        check(addresses(api) == before and words_of(api) == words, "other keys")
    reseal(folder, "--wallet-key-file", second, "--new", "-", typed="typed in\n")
    with devnet_node(folder, WEIR_WALLET_PASSPHRASE="typed in") as (_, api, _w):
        check(addresses(api) == before, "other addresses")
    check(reseal(folder, "--own", WEIR_WALLET_PASSPHRASE="typed in") == {"sealedWith": "own"}, "another answer")
    with devnet_node(folder) as (_, api, _w):
        check(addresses(api) == before and words_of(api) == words, "other keys")
    check("not the data folder" in reseal(folder / "nowhere", "--own", expect=1), "a folder that is none")


def killed_at_any_moment_one_of_both_opens(folder):
    secrets = [folder / name for name in ("a", "b")]
    for file in secrets:
        file.write_text(f"passphrase {file.name}\n")
        file.chmod(0o600)
    with devnet_node(folder) as (_, api, _w):
        before = addresses(api)
    reseal(folder, "--new", secrets[0])
    for _ in range(6):
        started = subprocess.Popen([str(WEIR), "wallet", "passphrase", "--data", str(folder / "node"),
                                    "--wallet-key-file", str(secrets[0]), "--new", str(secrets[1])],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        lock = folder / "node" / "keys"
        names = {p.name for p in lock.iterdir()}
        while started.poll() is None and {p.name for p in lock.iterdir()} == names:
            pass
        started.kill()
        started.wait()
        if subprocess.run([str(WEIR), "wallet", "passphrase", "--data", str(folder / "node"), "--wallet-key-file",
                           str(secrets[0]), "--new", str(secrets[0])], capture_output=True).returncode:
            secrets.reverse()
    with devnet_node(folder, "--wallet-key-file", secrets[0]) as (_, api, _w):
        check(addresses(api) == before, "other addresses")


run_tests([words_bring_addresses_back_on_another_machine, keys_open_with_their_passphrase_only,
           another_passphrase_takes_the_place_of_the_former, killed_at_any_moment_one_of_both_opens])
