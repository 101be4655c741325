#!/usr/bin/env python3
"""Every header compiles alone. Uses the include paths of the release build; remembers what passed."""
import concurrent.futures
import hashlib
import json
import re
import subprocess

from common import ROOT, finish, relative, tracked

database = ROOT / "build/release/compile_commands.json"
memory = ROOT / "build/release/headers_that_compile.json"
if not database.exists():
    finish("slow_self_contained_headers", ["build first: ./dev build"])

flags = {"-std=c++20", f"-I{ROOT}", "-DCAF_ENABLE_TYPE_ID_CHECKS"}
for entry in json.loads(database.read_text()):
    flags.update(re.findall(r"(?:-isystem |-I)\S+", entry["command"]))
flags = sorted({part for flag in flags for part in [flag]})
command = ["g++", "-fsyntax-only", "-x", "c++", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers"]
for flag in flags:
    command += flag.split(" ")


def digest(path):
    out = subprocess.run(command + ["-M", path], capture_output=True, text=True, cwd=ROOT)
    total = hashlib.sha256()
    for name in sorted(set(re.findall(r"\S+", out.stdout.replace("\\\n", " ")))):
        if str(ROOT) in name or not name.startswith("/"):
            file = ROOT / name
            if file.is_file():
                total.update(file.read_bytes())
    return total.hexdigest()


known = json.loads(memory.read_text()) if memory.exists() else {}


def check(path):
    key = digest(path)
    if known.get(relative(path)) == key:
        return path, key, ""
    source = f'#include "{relative(path)}"\n'
    run = subprocess.run(command + ["-"], input=source, capture_output=True, text=True, cwd=ROOT)
    return path, key, "" if run.returncode == 0 else run.stderr.splitlines()[0]


headers = [p for p in tracked(".hpp") if not relative(p).startswith("tests/fuzz/")]
complaints, passed = [], {}
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for path, key, problem in pool.map(check, headers):
        if problem:
            complaints.append(f"{relative(path)}: {problem}")
        else:
            passed[relative(path)] = key
memory.write_text(json.dumps(passed, indent=0))
finish("slow_self_contained_headers", complaints)
