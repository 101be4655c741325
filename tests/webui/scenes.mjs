// Worlds as the tests and the screenshots want them.
import { config } from './mock/ffs.mjs'
import * as make from './mock/names.mjs'
import { World } from './mock/world.mjs'

const MiB = 2 ** 20

function photos(n) {
  return Array.from({ length: n }, (_, i) => ({ name: `IMG_${String(4100 + i)}.jpg`, type: 'file', size: 3 * MiB + i * 7919, cid: `bafkrei${'a'.repeat(48)}${String(1000 + i)}` }))
}

const tree = [
  { name: '2024', type: 'dir', size: 40 * MiB, cid: 'bafybei' + 'b'.repeat(52), children: photos(12) },
  { name: '2025', type: 'dir', size: 62 * MiB, cid: 'bafybei' + 'c'.repeat(52), children: photos(20) },
  { name: 'README.txt', type: 'file', size: 812, cid: 'bafkrei' + 'd'.repeat(52) },
  { name: 'latest', type: 'symlink', size: 4, cid: 'bafkrei' + 'e'.repeat(52) },
]

export function empty() {
  return new World()
}

export function working() {
  const w = new World({ threshold: 256 * MiB })
  w.addContent('field-notes-2019', 190 * MiB, { files: 214 })
  w.addContent('survey.parquet', 88 * MiB)
  w.advance(8)
  w.addContent('photographs', 102 * MiB, { files: 33, tree })
  w.addContent('interviews.tar', 171 * MiB)
  w.advance(4)
  w.addContent('genome-assembly.fa', 240 * MiB)
  w.addContent('instrument-logs', 31 * MiB, { files: 1208 })
  w.advance(3)
  w.addContent('microfilm.tiff', 52 * MiB, { copies: 7, bucket: 'rare' })
  w.advance(1)
  w.close([...w.tables.buckets.values()].find((b) => b.name === 'rare').id)
  w.addContent('thesis.pdf', 11 * MiB)
  w.addContent('minutes-of-the-assembly', 84 * MiB, { files: 61, bucket: 'archive' })
  w.advance(1)
  w.epoch += 1500
  w.addContent('sky-survey-plates', 149 * MiB, { files: 96 })
  w.addContent('oral-histories', 290 * MiB, { files: 41, bucket: 'recordings' })
  w.assign()
  w.addContent('late-arrival.csv', 640 * 1024)
  return w
}

export function done() {
  const w = new World({ threshold: 200 * MiB })
  for (const [name, size, files] of [['field-notes-2019', 190, 214], ['survey.parquet', 88, 1], ['photographs', 102, 33], ['interviews.tar', 171, 1], ['genome-assembly.fa', 240, 1]])
    w.addContent(name, size * MiB, { files, tree: files === 33 ? tree : null })
  w.advance(12)
  for (const b of w.tables.buckets.values()) if (b.state === 'init' && b.count) w.close(b.id)
  w.advance(12)
  return w
}

export function pinned() {
  const w = done()
  for (const c of [...w.tables.contents.values()].slice(0, 3)) w.pin(c.cid, { name: c.name, blocks: c.blocks, bytes: c.dagSize })
  w.pin('bafkrei' + 'p'.repeat(52), { mode: 'direct', owner: 'ffs/1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed' })
  return w
}

export function scarce() {
  return Object.assign(done(), { freeBytes: 3 * 2 ** 30 })
}

export function hurt() {
  const w = done()
  const deal = [...w.tables.deals.values()].find((d) => d.state === 'active')
  const piece = w.slash(deal.uuid)
  w.advance(1)
  const provider = { ...w.tables.providers.get('t01006'), reachable: true, problem: { code: 'none', message: '' } }
  w.put('providers', provider, w.event('provider.changed', provider.id))
  w.select(piece, deal.uuid)
  w.advance(1)
  return w
}

export function idOf(world, name) {
  return [...world.tables.contents.values()].find((c) => c.name === name).id
}

const refusal = (provider, code, reason, value, limit = '') => ({ provider, code, reason, value, limit })
const rejections = [
  refusal('t01006', 'unreachable', 'It did not answer when it was asked for its terms.', '/ip4/127.0.0.1/tcp/4106/http'),
  refusal('t01007', 'price-too-high', 'Its ask is over the price limit.', '9000000000', '100000000'),
  refusal('t01005', 'too-large', 'The piece is smaller than it takes.', '67108864', '1073741824'),
  refusal('t01002', 'excluded', 'The config leaves it out.', 't01002'),
]

const hour = 3600e3

/// Webhooks of each state, tokens of each end, alerts of each kind.
export function watched(w = tenant()) {
  const { ffs, of } = w
  const good = ffs.addWebhook(of.id, 'https://status.observatory.example/hooks/weir', ['job', 'deal.active'])
  ffs.deliver(good)
  ffs.addWebhook(of.id, 'https://archive.example.org/a/very/long/path/that/somebody/has/made/for/reasons/of/their/own?tenant=observatory&kind=storage', [])
  const bad = ffs.addWebhook(of.id, 'https://pager.example.net/weir', ['alerts'])
  ffs.deliver(bad)
  for (let i = 0; i < 4; i++) ffs.deliver(bad, 'The receiver answered 503.')
  ffs.tokens.get(of.id)[0].lastUse = w.clock - 70e3
  const token = (name, scopes, days, lastUse) => ffs.tokens.get(of.id).push({ name, instance: of.id, scopes, created: w.clock - 30 * 24 * hour, expires: w.clock + days * 24 * hour, lastUse })
  token('uploads-of-the-dome', ['read', 'store'], 200, w.clock - 3 * hour)
  token('phone', ['read'], 3, w.clock - 9 * 24 * hour)
  token('old-script', ['read', 'wallet'], -2, 0)
  ffs.stuck(of.id, w.jobs.running)
  const wallet = ffs.wallets.get(of.id)[1]
  w.commit([{ kind: 'wallet.low', subject: wallet.addr, owner: '', fields: { message: 'Escrow of 0 FIL does not cover the next deal, which needs 0.02 FIL, and the balance is 0 FIL.' } }], [])
  ffs.addDeal(ffs.entry(of.id, w.cids.good), 't01005', 'failed')
  return Object.assign(w, { hooks: { good, bad } })
}

/// A tenant with CIDs in each state that its pages have to show.
export function tenant(w = new World()) {
  const { ffs } = w
  const of = ffs.addInstance('observatory', { bytes: 0, jobs: 20, spend: '0' })
  ffs.addInstance('field-station')
  ffs.addWallet(of.id, 'deals', '12500000000000000000')
  ffs.addWallet(of.id, 'archive')
  const [good, behind, failed, runs, waits, stored] = Array.from({ length: 6 }, () => make.cid())
  const finished = (cid, c, size, deals) => {
    const job = ffs.push(of.id, cid, c)
    for (let i = 0; i < 3; i++) ffs.step(of.id, job)
    ffs.end(of.id, job, 'done', { size, content: make.uuid() })
    for (const [provider, state, more] of deals) ffs.addDeal(ffs.entry(of.id, cid), provider, state, more)
    return job
  }
  finished(good, config({}, { repFactor: 2 }, { repairable: true }), 40 * MiB, [['t01000', 'active'], ['t01001', 'active']])
  finished(behind, config({ allowUnfreeze: true, unfreezeMaxPrice: '20000000000' }, { repFactor: 3, excludedMiners: ['t01002'], maxPrice: '30000000', renew: true, renewThreshold: 14400 }), 51 * MiB, [['t01000', 'active'], ['t01003', 'published'], ['t01004', 'slashed']])
  ffs.selections.set(behind, [{ piece: make.pieceCid(), at: w.epoch - 40, wanted: 3, chosen: ['t01000', 't01003', 't01004'], rejections }])
  const lost = ffs.push(of.id, failed, config({}, { repFactor: 5 }))
  for (let i = 0; i < 3; i++) ffs.step(of.id, lost)
  ffs.end(of.id, lost, 'failed', {
    err: { code: 'no-providers', message: 'No provider is left to ask: 2 of 5 deals are active. t01006: It did not answer when it was asked for its terms. t01007: Its ask is over the price limit.', value: '2', limit: '5' },
    dealErrors: [{ deal: make.uuid(), provider: 't01003', message: 'deal rejected: the provider is not taking storage deals now' }, { deal: '', provider: 't01004', message: 'sealing failed before the start epoch' }],
  })
  const running = ffs.push(of.id, runs, config({}, { repFactor: 2 }))
  ffs.step(of.id, running, `Job ${running} began.`)
  ffs.step(of.id, running, 'All of its 51 blocks are here.')
  ffs.push(of.id, waits, config())
  ffs.push(of.id, stored, config({}, { enabled: false }), { noExec: true })
  const err = { code: 'none', message: '', value: '', limit: '' }
  const back = { instance: of.id, id: lost, cid: good, address: '', pending: false, bytesReceived: 40 * MiB, paid: '0', started: w.clock - 60e3, ended: w.clock - 20e3, updated: w.clock, err }
  w.commit([], [{ table: 'ffs-retrievals', key: `${of.id}/${lost}`, record: back }])
  w.commit([], [{ table: 'ffs-retrievals', key: `${of.id}/${running}`, record: { ...back, id: running, cid: behind, bytesReceived: 3 * MiB, err: { ...err, code: 'unreachable', message: 'No provider could give it back.' } } }])
  return Object.assign(w, { of, cids: { good, behind, failed, runs, waits, stored }, jobs: { lost, running } })
}

/// Limits of each kind: one reached, one near, one far.
export function limited(w = tenant()) {
  const { ffs, of } = w
  ffs.change(of.id, { limits: { bytes: 100 * MiB, jobs: 1, spend: '9000000000000000000' } })
  const near = ffs.addInstance('glacier-cores', { bytes: 10 * 2 ** 30, jobs: 0, spend: '0' })
  ffs.uses.set(near.id, { bytes: 9.5 * 2 ** 30 })
  const dear = ffs.addInstance('radio-telescope', { bytes: 0, jobs: 50, spend: '2500000000000000000' })
  ffs.uses.set(dear.id, { spend: '2500000000000000000' })
  const calm = ffs.addInstance('census-1890', { bytes: 2 ** 40, jobs: 0, spend: '0' })
  ffs.uses.set(calm.id, { bytes: 17 * 2 ** 30 })
  return Object.assign(w, { near, dear, calm })
}

/// An operator's thousand.
export function thousand() {
  const w = tenant()
  const words = ['river', 'survey', 'archive', 'genome', 'plates', 'radio', 'census', 'glacier']
  for (let i = 0; i < 998; i++) {
    const of = w.ffs.addInstance(`${words[i % words.length]}-${String(i).padStart(3, '0')}`, { bytes: i % 3 ? 2 ** 30 : 0, jobs: i % 5 ? 0 : 10, spend: '0' })
    w.ffs.uses.set(of.id, { bytes: Math.round(2 ** 30 * ((i * 37) % 103) / 103) })
    if (i % 40 === 0) for (let n = 0; n <= i % 7; n++) w.ffs.push(of.id, make.cid(), config())
  }
  return w
}
