#!/usr/bin/env python3
"""Every crash point of the table is passed somewhere, and not only in tests.

(That every passed name is in the table, the compiler checks.)
"""
import re

from common import ROOT, finish, relative, tracked

TABLE = "storage/support/crash_point.hpp"
listed = re.search(r"crash_names\[\] = \{(.*?)\};", (ROOT / TABLE).read_text(), re.S).group(1)
names = re.findall(r'"([^"]+)"', "\n".join(line.split("//")[0] for line in listed.splitlines()))
passed = set()
for path in tracked(".hpp", ".cpp"):
    name = relative(path)
    if not name.startswith("tests/") and name != TABLE:
        passed.update(re.findall(r'"([a-z0-9_.-]+)"', path.read_text()))
finish("crash_points", [f"{TABLE}: nobody passes '{name}'" for name in names if name not in passed])
