#!/usr/bin/env python3
"""Tests use no wall clock, no sleep and no fixed port.

A line that must (a deadline of a test against a real process, say) ends in
`// lint: <reason>`.
"""
import re

from common import finish, relative, tracked

FORBIDDEN = [
    (re.compile(r"\bsleep_(for|until)\b|\busleep\s*\(|\bnanosleep\s*\(|(?<![\w.])sleep\s*\("), "sleeps"),
    (re.compile(r"\bsystem_clock::now\b|\btime\s*\(\s*(nullptr|NULL|0)\s*\)|\bgettimeofday\b"), "reads the wall clock"),
    (re.compile(r"127\.0\.0\.1:(?!0\b)\d{2,5}\b"), "names a fixed port"),
]
complaints = []
for path in tracked(".cpp", ".hpp"):
    name = relative(path)
    if not name.startswith("tests/") or name.startswith("tests/bench/"):
        continue
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if "// lint:" in line:
            continue
        for pattern, what in FORBIDDEN:
            if pattern.search(line):
                complaints.append(f"{name}:{number} {what}: {line.strip()}")
finish("deterministic_tests", complaints)
