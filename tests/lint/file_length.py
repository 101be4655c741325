#!/usr/bin/env python3
"""No file over 400 lines without a line `// over 400 lines: <reason>` among its first twenty."""
from common import finish, relative, tracked

complaints = []
for path in tracked(".hpp", ".cpp", ".ts", ".tsx", ".py", ".sh", ".go", ".css"):
    lines = path.read_text(errors="replace").splitlines()
    if len(lines) > 400 and not any("over 400 lines:" in line for line in lines[:20]):
        complaints.append(f"{relative(path)} has {len(lines)} lines; split it, or state the reason")
finish("file_length", complaints)
