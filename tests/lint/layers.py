#!/usr/bin/env python3
"""A file includes only rooms to its left: messages <- storage <- actors | adapters <- node.

messages/types knows nothing but std; adapters/devnet is reached only from
node/ and tests/; nlohmann/json only in adapters/ and node/; Cap'n Proto only
in adapters/rpc; LevelDB only in storage/; libuv only in adapters/.
"""
import re

from common import finish, relative, tracked

MAY = {
    "messages/types": {"messages/types"},
    "messages": {"messages"},
    "storage": {"messages/types", "storage"},
    "actors": {"messages", "storage", "actors"},
    "adapters": {"messages", "storage", "adapters"},
    "node": {"messages", "storage", "actors", "adapters", "node", "webui"},
    "webui": {"webui", "messages/types"},
}
FOREIGN = {
    "nlohmann/": ("adapters", "node"),
    "leveldb/": ("storage",),
    "uv.h": ("adapters",),
    "curl/": ("adapters",),
    "llhttp": ("adapters",),
    "capnp/": ("adapters/rpc", "messages/rpc"),
    "kj/": ("adapters/rpc", "messages/rpc"),
    "openssl/": ("storage", "adapters"),
    "secp256k1": ("storage",),
    "spdlog/": ("actors", "adapters", "node"),
    "caf/": ("messages/actors", "actors", "adapters", "node"),
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def room_of(path):
    for room in MAY:
        if path.startswith(room + "/"):
            return room
    return None


complaints = []
for path in tracked(".hpp", ".cpp", ".h"):
    name = relative(path)
    room = room_of(name)
    if room is None:
        continue
    for quote, target in INCLUDE.findall(path.read_text()):
        if quote == '"':
            if target.startswith("adapters/devnet/") and not name.startswith(("node/", "adapters/devnet/")):
                complaints.append(f"{name} includes {target}: only node/ and tests/ may know the devnet")
            elif not any(target.startswith(allowed + "/") for allowed in MAY[room]):
                complaints.append(f"{name} includes {target}: {room}/ may not know that room")
        else:
            for prefix, rooms in FOREIGN.items():
                if target.startswith(prefix) and not name.startswith(tuple(r + "/" for r in rooms)):
                    complaints.append(f"{name} includes <{target}>: allowed only in {', '.join(rooms)}")
finish("layers", complaints)
