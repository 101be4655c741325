"""Whole nodes and a devnet as processes, for the end-to-end tests.

Everything is found out from the processes themselves (ports are 0, addresses
are read from DATA/addresses.json); waiting is waiting for an event of the
node's own stream or the exit of a process, with a deadline that only a
failure reaches.
"""
import contextlib
import json
import os
import pathlib
import queue
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WEIR = pathlib.Path(os.environ.get("WEIR_BINARY", ROOT / "build/release/weir"))
DEADLINE = float(os.environ.get("WEIR_E2E_DEADLINE", "120"))
CRASHED = 137


class Failure(Exception):
    """What a test found wrong."""


def check(condition, message):
    if not condition:
        raise Failure(message)


@contextlib.contextmanager
def scratch(keep_on_failure=True):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-e2e-"))
    try:
        yield folder
    except BaseException:
        if not keep_on_failure:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"kept for a look: {folder}", file=sys.stderr)
        raise
    else:
        shutil.rmtree(folder, ignore_errors=True)


class Process:
    """A child with its output in a file, and addresses that it writes when it listens."""

    def __init__(self, name, folder, arguments, environment=None):
        self.name, self.folder = name, folder
        self.arguments = [str(WEIR), *map(str, arguments)]
        self.environment = dict(os.environ, **(environment or {}))
        self.log = folder.parent / f"{folder.name}.log"
        self.child = None
        self.addresses = {}

    def start(self, **environment):
        (self.folder / "addresses.json").unlink(missing_ok=True)
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(
                self.arguments, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                env=dict(self.environment, **environment))
        return self

    def wait_ready(self):
        """True when it listens, False when it ended before."""
        end = time.monotonic() + DEADLINE
        path = self.folder / "addresses.json"
        while time.monotonic() < end:
            with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
                self.addresses = json.loads(path.read_text())
                return True
            try:
                self.child.wait(0.01)
                return False
            except subprocess.TimeoutExpired:
                pass
        raise Failure(f"{self.name} does not listen; its log: {self.tail()}")

    def wait_exit(self, seconds=DEADLINE):
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self):
        if self.child and self.child.poll() is None:
            self.child.kill()
            self.child.wait()

    def stop(self, seconds=10):
        if self.child is None or self.child.poll() is not None:
            return self.child.returncode if self.child else None
        self.child.send_signal(signal.SIGTERM)
        status = self.wait_exit(seconds)
        if status is None:
            self.kill()
            raise Failure(f"{self.name} did not stop within {seconds} s; its log: {self.tail()}")
        return status

    def tail(self, lines=25):
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return ""


class Api:
    """The HTTP API of a node."""

    def __init__(self, base):
        self.base = base

    def request(self, method, path, body=None, headers=None, raw=False):
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method, headers=headers or {})
        if data is not None and not isinstance(body, bytes):
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=DEADLINE) as reply:
            content = reply.read()
        return content if raw else (json.loads(content) if content else None)

    def get(self, path, **query):
        return self.request("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))

    def post(self, path, body=None):
        return self.request("POST", path, body if body is not None else {})

    def everything(self, path, **query):
        """All pages of a list."""
        after = None
        while True:
            page = self.get(path, limit=500, **query, **({"after": after} if after else {}))
            yield from page["items"]
            after = page.get("next")
            if not after:
                return

    def upload(self, name, files, **options):
        ticket = self.post("/api/v1/uploads", {"name": name, **options})["id"]
        for path, data in files.items():
            self.request("PUT", f"/api/v1/uploads/{ticket}/files/{urllib.parse.quote(path)}", data)
        return self.post(f"/api/v1/uploads/{ticket}/commit")


class Watch:
    """A log watch that survives restarts: resumes from its last revision."""

    def __init__(self, kinds=()):
        self.revision = 0
        self.transactions = []
        self.kinds = kinds
        self.arrived = queue.Queue()
        self.closed = threading.Event()
        self.wrong = None
        self.api = None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.wake = threading.Condition()
        self.thread.start()

    def attach(self, api):
        with self.wake:
            self.api = api
            self.wake.notify()

    def close(self):
        self.closed.set()
        with self.wake:
            self.wake.notify()

    def run(self):
        while not self.closed.is_set():
            with self.wake:
                while self.api is None and not self.closed.is_set():
                    self.wake.wait()
                api = self.api
            if self.closed.is_set():
                return
            try:
                self.read(api)
            except Failure as wrong:
                self.wrong = wrong
                return
            except (OSError, ValueError, AttributeError, urllib.error.URLError):
                pass
            with self.wake:
                if self.api is api:
                    self.wake.wait(0.05)

    def read(self, api):
        url = f"{api.base}/api/v1/watch?from={self.revision}"
        with urllib.request.urlopen(url, timeout=DEADLINE) as stream:
            kind, data, identity = "", [], None
            for line in stream:
                if self.closed.is_set():
                    return
                text = line.decode().rstrip("\r\n")
                if text.startswith("event:"):
                    kind = text[6:].strip()
                elif text.startswith("data:"):
                    data.append(text[5:].strip())
                elif text.startswith("id:"):
                    identity = int(text[3:])
                elif not text:
                    if kind == "transaction" and data:
                        self.take(identity, json.loads("".join(data)))
                    kind, data, identity = "", [], None

    def take(self, identity, transaction):
        check(identity == transaction["revision"], f"id {identity} is not revision {transaction['revision']}")
        check(transaction["previous"] == self.revision,
              f"{transaction['previous']} is before {identity}, and {self.revision} came last")
        self.transactions.append(transaction)
        self.revision = transaction["revision"]
        self.arrived.put(transaction)

    def events(self):
        for transaction in list(self.transactions):
            for event in transaction["events"]:
                yield transaction["revision"], event

    def wait_for(self, predicate, while_running=None, seconds=DEADLINE):
        """The first event (past or coming) that fits; None when `while_running` ends first."""
        end = time.monotonic() + seconds
        seen = 0
        while time.monotonic() < end:
            known = list(self.transactions)
            if self.wrong:
                raise self.wrong
            for transaction in known[seen:]:
                for event in transaction["events"]:
                    if predicate(event):
                        return event
            seen = len(known)
            if while_running is not None and while_running.child.poll() is not None:
                return None
            with contextlib.suppress(queue.Empty):
                self.arrived.get(timeout=0.05)
        raise Failure("the event that was waited for did not come")

    def check_gapless(self, api):
        """Every transaction that has events, once and in order: those that the journal lists."""
        if self.wrong:
            raise self.wrong
        seen = [t["revision"] for t in self.transactions]
        listed, after = [], 0
        while page := [t["revision"] for t in api.get("/api/v1/events", **{"from": after}, limit=500)["items"]]:
            listed += page
            after = page[-1]
        listed = [r for r in listed if r <= seen[-1]]
        check(seen == listed, f"the watch saw {seen}, the journal has {listed}")


def test_tree(seed, files=6, size=90_000):
    """Files of a small content, the same for the same seed."""
    source = random.Random(seed)
    return {f"folder{i % 2}/file{i}.bin": source.randbytes(size + 1000 * i) for i in range(files)}


def weir(api, *arguments, expect=0, json_lines=True):
    """Runs the command line against a node; the objects that it printed, one a line."""
    command = [str(WEIR), *map(str, arguments), *(["--json"] if json_lines else [])]
    if api is not None:
        command += ["--api", api.base]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, stdin=subprocess.DEVNULL)
    check(done.returncode == expect, f"{' '.join(command)} ended with {done.returncode}: {done.stdout}{done.stderr}")
    if not json_lines:
        return done.stdout
    return [json.loads(line) for line in done.stdout.splitlines()]


@contextlib.contextmanager
def devnet_node(folder, *options, **environment):
    """A node with its own devnet whose clock stands still unless something is pending."""
    data = folder / "node"
    data.mkdir(exist_ok=True)
    node = Process("node", data, [
        "node", "--data", data, "--devnet", "--api", "127.0.0.1:0", "--gateway", "127.0.0.1:0",
        "--pieces", "127.0.0.1:0", *options], environment)
    node.start()
    try:
        check(node.wait_ready(), f"the node ended: {node.tail()}")
        api = Api(node.addresses["api"])
        watch = Watch()
        watch.attach(api)
        yield node, api, watch
        watch.close()
        node.stop()
    finally:
        node.kill()


def write_tree(folder, files):
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def same_trees(a, b):
    def listing(top):
        return {p.relative_to(top).as_posix(): p.read_bytes() for p in sorted(top.rglob("*")) if p.is_file()}
    return listing(a) == listing(b)


def run_tests(tests):
    """Runs functions named on the command line, or all; prints a line each."""
    wanted = sys.argv[1:]
    passed = failed = 0
    for test in tests:
        if wanted and test.__name__ not in wanted:
            continue
        begin = time.monotonic()
        try:
            with scratch() as folder:
                test(folder)
            passed += 1
            print(f"ok   {test.__name__} ({time.monotonic() - begin:.1f} s)", flush=True)
        except (Failure, OSError, subprocess.SubprocessError, KeyError, IndexError) as problem:
            failed += 1
            print(f"FAIL {test.__name__}: {type(problem).__name__}: {problem}", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
