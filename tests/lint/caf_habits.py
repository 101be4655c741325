#!/usr/bin/env python3
"""Habits that CAF 0.17.6 punishes the lack of.

No infinite timeouts (but where the line says why: "// infinite: ..."), no default captures by copy, no blocking actors, no CAF
streams or groups, no <caf/all.hpp> (it costs a second in every file).
"""
import re

from common import finish, relative, tracked

FORBIDDEN = [
    (re.compile(r"\bcaf::infinite\b|\brequest\([^;]*\binfinite\b"), "uses an infinite timeout"),
    (re.compile(r"\[=\s*[\],]"), "captures everything by copy"),
    (re.compile(r"\bblocking_actor\b"), "uses a blocking actor"),
    (re.compile(r"<caf/all\.hpp>"), "includes all of CAF"),
    (re.compile(r"\bcaf::group\b|\bcaf::stream\b"), "uses a group or a stream of CAF"),
]
complaints = []
for path in tracked(".hpp", ".cpp"):
    name = relative(path)
    if name.startswith("tests/"):
        continue
    for number, line in enumerate(path.read_text().splitlines(), 1):
        code, _, comment = line.partition("//")
        if comment.startswith(" infinite: "):
            continue
        for pattern, what in FORBIDDEN:
            if pattern.search(code):
                complaints.append(f"{name}:{number} {what}")
finish("caf_habits", complaints)
