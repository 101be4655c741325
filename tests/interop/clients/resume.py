"""resume.py SCHEMA SOCKET TOKEN: stages a file, pushes a config and watches its job to the end; after a
restart of the node once more, from the last revision. A line of JSON for each (see programs.py)."""
import asyncio
import json
import sys

import capnp

SCHEMA = capnp.load(sys.argv[1], imports=[capnp.__path__[0] + "/.."])
HOT_ONLY = {"hot": {}, "cold": {"enabled": False}}


class Watcher(SCHEMA.JobWatcher.Server):
    def __init__(self):
        self.told, self.revision, self.news = [], 0, asyncio.Event()

    async def changed(self, jobs, revision, **_):
        self.told += [(str(job.id), str(job.state)) for job in jobs]
        self.revision = revision or self.revision
        self.news.set()

    async def ended(self, problem, **_):
        sys.exit(problem.message)

    async def until_done(self, job):
        while (job, "done") not in self.told or self.revision == 0:
            await self.news.wait()
            self.news.clear()


async def connect():
    stream = await capnp.AsyncIoStream.create_unix_connection(sys.argv[2])
    client = capnp.TwoPartyClient(stream)
    return client, (await client.bootstrap().cast_as(SCHEMA.Weir).authenticate(sys.argv[3])).session


async def push(session, data):
    upload = (await session.storing.upload({"name": "file"})).upload
    sink = (await upload.file("")).sink
    await sink.write(data)
    await sink.close()
    content = (await upload.commit()).content
    return str((await session.instance.storing.push(content.cid, HOT_ONLY)).job)


async def watch_a_job(data, revision):
    client, session = await connect()
    watcher = Watcher()
    subscription = (await session.instance.reading.watchJobs({}, revision, watcher)).subscription
    job = await push(session, data)
    await watcher.until_done(job)
    print(json.dumps({"job": job, "revision": watcher.revision, "told": watcher.told}), flush=True)
    return client, subscription, watcher


async def main():
    first = await watch_a_job(b"first" * 1000, 0)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    await watch_a_job(b"second" * 1000, first[2].revision)


asyncio.run(capnp.run(main()))
