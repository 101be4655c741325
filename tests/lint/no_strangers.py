#!/usr/bin/env python3
"""No path of a developer's machine, no unfinished marks, in anything that is tracked."""
import re

from common import finish, relative, tracked

FORBIDDEN = [
    (re.compile(r"/(work|farm|root|home/\w+)/"), "names a path of a machine"),
    (re.compile(r"\b(TODO|FIXME|XXX)\b"), "has an unfinished mark"),
]
SELF = "tests/lint/no_strangers.py"
complaints = []
for path in tracked(".hpp", ".cpp", ".ts", ".tsx", ".md", ".sh", ".py", ".cmake", ".txt", ".json", ".go", ".css", ".html"):
    name = relative(path)
    if name == SELF or name.endswith("package-lock.json") or name.startswith("tests/data/"):
        continue
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        for pattern, what in FORBIDDEN:
            if pattern.search(line):
                complaints.append(f"{name}:{number} {what}: {line.strip()[:100]}")
finish("no_strangers", complaints)
