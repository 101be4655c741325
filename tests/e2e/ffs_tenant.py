"""An FFS instance through the public API, for the scenarios of docs/ffs-scenarios.md."""
import json
import time
import urllib.error
import urllib.parse
import urllib.request

from harness import DEADLINE, Failure, check

ENDS = ("done", "failed", "cancelled")


class Tenant:
    """An instance with its token, and what it does with the API."""

    def __init__(self, api, name="a", made=None):
        self.api = api
        self.made = made or api.post("/api/v1/ffs/instances", {"name": name})
        self.head = {"Authorization": "Bearer " + self.made["token"]}
        self.base = "/api/v1/ffs/instances/me"

    def call(self, method, path, body=None, raw=False):
        return self.api.request(method, path, body, self.head, raw=raw)

    def get(self, path, **query):
        return self.call("GET", self.base + path + ("?" + urllib.parse.urlencode(query) if query else ""))

    def stage(self, data, name="file"):
        upload = self.call("POST", "/api/v1/uploads", {"name": name})["id"]
        self.call("PUT", f"/api/v1/uploads/{upload}/files/", data)
        return self.call("POST", f"/api/v1/uploads/{upload}/commit", {})["cid"]

    def push(self, cid, config=None, **more):
        body = dict(more, **({"config": config} if config is not None else {}))
        return self.call("PUT", f"{self.base}/cids/{cid}", body)["job"]

    def cid(self, cid):
        return self.get(f"/cids/{cid}")

    def job(self, job):
        return self.get(f"/jobs/{job}")

    def log(self, cid, **query):
        return self.get(f"/cids/{cid}/log", **query)["items"]

    def data(self, cid):
        return self.call("GET", f"{self.base}/cids/{cid}/data/", raw=True)

    def stream(self, path, **query):
        url = self.api.base + self.base + path + ("?" + urllib.parse.urlencode(query) if query else "")
        return urllib.request.urlopen(urllib.request.Request(url, headers=self.head), timeout=DEADLINE)

    def events(self, path, **query):
        """Server-sent events as (kind, record), as they come."""
        end = time.monotonic() + DEADLINE
        with self.stream(path, **query) as stream:
            kind, data = "", ""
            for line in stream:
                check(time.monotonic() < end, f"nothing that was waited for came at {path}")
                text = line.decode().rstrip("\r\n")
                if text.startswith("event:"):
                    kind = text[6:].strip()
                elif text.startswith("data:"):
                    data += text[5:].strip()
                elif not text and data:
                    yield kind, json.loads(data)
                    kind, data = "", ""

    def wait(self, job, *states):
        """The job in one of these states; else its end."""
        for kind, record in self.events("/watch", job=job):
            if kind == "job" and record["id"] == job and (record["state"] in (states or ENDS)):
                return record
            check(kind != "job" or record["state"] not in ENDS, f"the job ended: {record}")
        raise Failure("the watch ended")

    def done(self, job):
        ended = self.wait(job)
        check(ended["state"] == "done", f"{ended['state']}: {ended['err']} {ended['dealErrors']}")
        return ended

    def failed(self, job, code):
        ended = self.wait(job)
        check(ended["state"] == "failed" and ended["err"]["code"] == code, f"{ended['state']}: {ended['err']}")
        return ended


def refused(code, call, *arguments, **named):
    """The API's answer; it has to be this error."""
    try:
        call(*arguments, **named)
    except urllib.error.HTTPError as error:
        told = json.loads(error.read())
        check(told["code"] == code, f"{told} instead of {code}")
        return told
    raise Failure(f"was not refused with {code}")


def active(entry):
    return [d for d in entry["proposals"] if d["state"] == "active"]


def uuids(tenant, cid):
    return {d["uuid"] for d in tenant.cid(cid)["proposals"]}


def sealing(api, goes_on):
    """Whether the providers of the devnet seal what they took."""
    for provider in api.get("/api/v1/devnet/providers"):
        api.post(f"/api/v1/devnet/providers/{provider['id']}", {"never-seal": "" if goes_on else "on"})


HOT = {"hot": {"enabled": True}, "cold": {"enabled": False}}
COLD = {"hot": {"enabled": False}, "cold": {"enabled": True}}
BOTH = {"hot": {"enabled": True}, "cold": {"enabled": True}}
NONE = {"hot": {"enabled": False}, "cold": {"enabled": False}}
