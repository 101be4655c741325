// `./dev ui mock`: the dashboard over a made-up world that moves by itself.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildAll } from '../../../webui/build.mjs'
import { tenant, working } from '../scenes.mjs'
import { config } from './ffs.mjs'
import { Mock } from './server.mjs'

const dist = mkdtempSync(join(tmpdir(), 'weir-ui-'))
process.on('exit', () => rmSync(dist, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0))

await buildAll(dist, { minify: false, sourcemap: 'linked' })
const world = tenant(working())
const mock = await new Mock(world, { dist }).start(Number(process.argv[2] ?? 0))
let round = 0
let job = world.jobs.running

/// The job that runs comes a step further; when it has ended, its CID gets another one.
function work() {
  const { step, state } = world.ffs.job(world.of.id, job)
  if (state === 'done' || state === 'cancelled') job = world.ffs.push(world.of.id, world.cids.runs, config({}, { repFactor: 2 }))
  else if (step === 'finish') world.ffs.end(world.of.id, job, 'done', { size: 51 * 2 ** 20, content: world.cids.runs })
  else world.ffs.step(world.of.id, job)
}

setInterval(() => {
  if (++round % 5 === 0) world.addContent(`field-recording-${round}.wav`, (20 + (round % 7) * 17) * 2 ** 20)
  world.advance()
  work()
  mock.sendNode()
}, 2000)
console.log(`dashboard at ${mock.url}/ over a made-up world; Ctrl-C ends`)
