#!/usr/bin/env python3
"""V1 to V3: webhooks of FFS, on the devnet, with a receiver of their own."""
import base64
import hashlib
import hmac
import http.server
import json
import queue
import threading
import time

from faults import run_weir
from ffs_tenant import HOT, Tenant, refused
from harness import DEADLINE, check, devnet_node, run_tests


class Receiver:
    """Keeps what came, and answers with what it is told."""

    def __init__(self):
        self.heard, self.status = queue.Queue(), 200
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = outer.status
                outer.heard.put((status, dict(self.headers), body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def next(self):
        status, head, body = self.heard.get(timeout=DEADLINE)
        return status, {k.lower(): v for k, v in head.items()}, body

    def until(self, kind):
        """What was taken up to the first event of that kind."""
        events = []
        while True:
            status, head, body = self.next()
            if status == 200:
                events.append((head, json.loads(body), body))
                if events[-1][1]["type"] == kind:
                    return events


def is_signed(head, body, secret):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    made = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(made, head["webhook-signature"])


def v1_events_are_delivered_and_signed(folder):
    there = Receiver()
    with devnet_node(folder, "--private-webhooks") as (_, api, _w):
        a, b = Tenant(api, "a"), Tenant(api, "b")
        made = a.call("POST", f"{a.base}/webhooks", {"url": there.url, "events": ["job"]})
        check("secret" not in json.dumps(a.get("/webhooks")["items"]).replace('"secret": "kept"', ""), "it is shown")
        check(a.get(f"/webhooks/{made['id']}")["state"] == "new", "state")
        job = a.push(a.stage(b"told of" * 500), HOT)
        b.done(b.push(b.stage(b"not told of" * 500), HOT))
        events = there.until("job.done")
        for head, told, body in events:
            check(is_signed(head, body, made["signingSecret"]), f"{head}")
            check(told["data"]["subject"] == job and told["data"]["instance"] == a.made["id"], f"{told}")
        ids = [head["webhook-id"] for head, _, _ in events]
        check(len(set(ids)) == len(ids) and events[0][1]["type"] == "job.queued", f"{ids}")
        refused("not-found", b.call, "GET", f"{b.base}/webhooks/{made['id']}")
        refused("invalid-argument", a.call, "POST", f"{a.base}/webhooks", {"url": "ftp://x/"})
        refused("invalid-argument", a.call, "POST", f"{a.base}/webhooks", {"url": there.url, "events": ["jobs"]})


def hooks(api):
    text = api.request("GET", "/metrics", raw=True).decode()
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("weir_ffs_webhook"))
    return (lines['weir_ffs_webhooks{state="delivering"}'], lines['weir_ffs_webhooks{state="failing"}'],
            int(lines["weir_ffs_webhook_backlog_revisions"]) > 0)


def stand(api, *wanted):
    """Once GET /metrics says so: what a try came to is kept a moment after it."""
    end = time.monotonic() + DEADLINE
    while hooks(api) != wanted:
        check(time.monotonic() < end, f"{hooks(api)} and never {wanted}")


def v2_a_receiver_that_fails_is_tried_again(folder):
    there = Receiver()
    with devnet_node(folder, "--private-webhooks") as (_, api, _w):
        a = Tenant(api)
        hook = a.call("POST", f"{a.base}/webhooks", {"url": there.url, "events": ["job.done"]})["id"]
        there.status = 500
        a.done(a.push(a.stage(b"again" * 500), HOT))
        status, first, _ = there.next()
        check(status == 500, f"{status}")
        tested = a.call("POST", f"{a.base}/webhooks/{hook}/test", {})
        check(not tested["delivered"] and "500" in tested["err"]["message"], f"{tested}")
        stand(api, "0", "1", True)
        there.status = 200
        head, told, _ = there.until("job.done")[-1]
        check(head["webhook-id"] == first["webhook-id"], "another id at the second try")
        stand(api, "1", "0", False)
        check(a.call("POST", f"{a.base}/webhooks/{hook}/test", {})["delivered"], "the test")


def v3_a_restart_keeps_them_and_what_was_not_delivered(folder):
    there = Receiver()
    with devnet_node(folder, "--private-webhooks") as (_, api, _w):
        a = Tenant(api)
        a.call("POST", f"{a.base}/webhooks", {"url": there.url, "events": ["job.done"]})
        there.status = 503
        job = a.push(a.stage(b"late" * 500), HOT)
        a.done(job)
        there.next()
        made = a.made
    there.status = 200
    with devnet_node(folder, "--private-webhooks") as (_, api, _w):
        a = Tenant(api, made=made)
        check(there.until("job.done")[-1][1]["data"]["subject"] == job, "another job")
        mine = ("--api", api.base, "--token", made["token"], "--json")
        hook = json.loads(run_weir("ffs", "webhook", "ls", *mine).stdout)["id"]
        check(run_weir("ffs", "webhook", "test", hook, *mine).returncode == 0, "the command line's test")
        check(run_weir("ffs", "webhook", "rm", hook, *mine).returncode == 0, "rm")
        check(a.get("/webhooks")["items"] == [], "it is still there")


def addresses_inside_are_not_called_unless_the_operator_says_so(folder):
    there = Receiver()
    with devnet_node(folder) as (_, api, _w):
        a = Tenant(api)
        hook = a.call("POST", f"{a.base}/webhooks", {"url": there.url})["id"]
        tested = a.call("POST", f"{a.base}/webhooks/{hook}/test", {})
        check(not tested["delivered"] and "public internet" in tested["err"]["message"], f"{tested}")
        check(there.heard.empty(), "it was called")


run_tests([v1_events_are_delivered_and_signed, v2_a_receiver_that_fails_is_tried_again,
           v3_a_restart_keeps_them_and_what_was_not_delivered,
           addresses_inside_are_not_called_unless_the_operator_says_so])
