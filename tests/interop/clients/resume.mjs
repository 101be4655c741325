// resume.mjs SOCKET TOKEN: stages a file, pushes a config and watches its job to the end; after a restart of the
// node once more, from the last revision. A line of JSON for each (see programs.py).
import { once } from "node:events";
import { Conn } from "capnp-es";
import { Transport } from "./transport.mjs";
import * as weir from "./weir.js";

const [, , socket, token] = process.argv;
const names = ["queued", "inProgress", "failed", "cancelled", "done"];

async function push(session, data) {
  const { upload } = await session.storing.upload((p) => (p._initWish().name = "file")).promise();
  const { sink } = await upload.file((p) => (p.path = "")).promise();
  await sink.write((p) => p._initData(data.length).copyBuffer(data)).promise();
  await sink.close().promise();
  const { content } = await upload.commit().promise();
  const { job } = await session.instance.storing.push((p) => {
    p.cid = content.cid;
    const config = p._initConfig();
    config._initHot();
    config._initCold().enabled = false;
  }).promise();
  return job;
}

async function watchAJob(data, from) {
  const told = [];
  let revision = 0, look = () => {};
  const { session } = await new Conn(new Transport(socket)).bootstrap(weir.Weir).authenticate((p) => (p.token = token)).promise();
  const watcher = new weir.JobWatcher$Server({
    async changed(news) {
      for (const job of news.jobs) told.push([job.id, names[job.state]]);
      if (news.revision) revision = Number(news.revision);
      look();
    },
    async ended({ problem }) { console.error(problem.message); process.exit(1); },
  });
  await session.instance.reading.watchJobs((p) => {
    p._initFilter();
    p.fromRevision = BigInt(from);
    p.watcher = watcher.client();
  }).promise();
  const job = await push(session, Buffer.from(data));
  await new Promise((done) => {
    look = () => { if (revision && told.some(([id, state]) => id === job && state === "done")) done(); };
    look();
  });
  console.log(JSON.stringify({ job, revision, told }));
  return revision;
}

const last = await watchAJob("first".repeat(1000), 0);
await once(process.stdin, "data");
await watchAJob("second".repeat(1000), last);
