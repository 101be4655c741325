// What the pages say, without a browser: numbers, marks, contrast.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'

// The clock of the pages would keep this process alive.
globalThis.setInterval = () => 0

const here = dirname(fileURLToPath(import.meta.url))
const webui = join(here, '../../webui')
const { buildSync } = createRequire(join(webui, 'package.json'))('esbuild')
const out = mkdtempSync(join(tmpdir(), 'weir-words-'))
after(() => rmSync(out, { recursive: true, force: true }))

async function load(path) {
  const outfile = join(out, path.replace(/\W/g, '_') + '.mjs')
  buildSync({ entryPoints: [join(webui, 'src', path)], bundle: true, format: 'esm', outfile })
  return import(pathToFileURL(outfile))
}

test('sizes are binary, with three digits that say something', async () => {
  const { bytes } = await load('words/amounts.ts')
  assert.deepEqual([0, 1, 1023, 1024, 1536, 10 * 2 ** 20, 2 ** 40 * 1.25].map(bytes), ['0 B', '1 B', '1023 B', '1 KiB', '1.5 KiB', '10 MiB', '1.25 TiB'])
  assert.equal(bytes(-1), '—')
})

test('attoFIL reads in the shortest unit and never loses the whole part', async () => {
  const { fil } = await load('words/amounts.ts')
  assert.equal(fil('0'), '0 FIL')
  assert.equal(fil('1000000000000000000'), '1 FIL')
  assert.equal(fil('1234500000000000000000'), '1,234.5 FIL')
  assert.equal(fil('250'), '250 attoFIL')
  assert.equal(fil('40000000'), '0.04 nanoFIL')
  assert.equal(fil('x'), '—')
})

test('a share is never rounded to a promise', async () => {
  const { share } = await load('words/amounts.ts')
  assert.equal(share(999_999, 1_000_000), '> 99 %')
  assert.equal(share(1, 1_000_000), '< 1 %')
  assert.equal(share(1, 1), '100 %')
})

test('each promised copy has its mark: good ones first, then lost, then wanted', async () => {
  const { marksOf, sentenceOf } = await load('drawings/marks.ts')
  const deal = (uuid, state, replaces = '') => ({ uuid, state, replaces, provider: 't01000', id: 0 })
  const marks = (copies, deals) => marksOf(copies, deals).map((m) => m.mark).join(' ')
  assert.equal(marks(3, []), 'wanted wanted wanted')
  assert.equal(marks(4, [deal('a', 'published'), deal('b', 'active'), deal('c', 'rejected')]), 'active published wanted wanted')
  assert.equal(marks(2, [deal('a', 'slashed'), deal('b', 'active')]), 'active struck')
  assert.equal(marks(2, [deal('a', 'slashed'), deal('b', 'active'), deal('c', 'proposed', 'a')]), 'active turning')
  assert.equal(sentenceOf(marksOf(2, [deal('b', 'active')])), '1 of 2 copies active, 1 wanted')
})

test('amounts and times are written into a field so that they are read back as they were', async () => {
  const { exactFil, parseFil } = await load('words/amounts.ts')
  const { exactSpan, parseSpan } = await load('words/time.ts')
  for (const atto of ['0', '1', '999', '20000000000', '1500000000000000000', '1000000000000000001', '123456789000000000'])
    assert.equal(parseFil(exactFil(atto)), atto, exactFil(atto))
  assert.deepEqual(['500000000000000000', '20000000000', '7', '2500000'].map(exactFil), ['0.5 FIL', '20 nanoFIL', '7 attoFIL', '0.0025 nanoFIL'])
  assert.deepEqual(['2', '0.1 fil', '1.5', 'x', '1.2 attoFIL', '-1', ''].map(parseFil), ['2000000000000000000', '100000000000000000', '1500000000000000000', null, null, null, null])
  for (const seconds of [0, 30, 900, 3600, 15552000, 86401]) assert.equal(parseSpan(exactSpan(seconds), 30), seconds)
  assert.deepEqual(['180 d', '72h', '10 epochs', '1.5 h', '12', 'soon'].map((t) => parseSpan(t, 30)), [15552000, 259200, 300, 5400, null, null])
})

const config = (hot = {}, cold = {}) => ({
  hot: { enabled: true, allowUnfreeze: false, unfreezeMaxPrice: '0', addTimeout: 900, ...hot },
  cold: { enabled: true, repFactor: 2, dealMinDuration: 518400, excludedMiners: [], trustedMiners: [], countryCodes: [], renew: false, renewThreshold: 0, address: '', maxPrice: '0', fastRetrieval: true, dealStartOffset: 8640, verifiedDeal: false, sharePiece: false, dealTimeout: 0, ...cold },
  repairable: false,
})
const entry = (config, more = {}) => ({ config, pushed: 1, infoTime: 2, infoJob: 'a', latest: 'a', running: '', queued: '', stored: true, hot: { enabled: true, size: 1, layer: 'store' }, cold: { enabled: true, pieceSize: 256 }, renewAt: -1, repairAt: -1, proposals: [], ...more })
const deal = (provider, state, more = {}) => ({ uuid: provider, provider, state, start: 0, end: 518400, pricePerEpoch: '10', paddedSize: 2 ** 30, client: 'f1', verified: false, ...more })

test('what differs from what is wanted, and only that, is marked', async () => {
  const { sides } = await load('words/ffs.ts')
  const differing = (e) => sides(e, 30).filter((s) => s.differs).map((s) => s.name)
  const two = [deal('t01', 'active'), deal('t02', 'active')]
  assert.deepEqual(differing(entry(config(), { proposals: two })), [])
  assert.deepEqual(differing(entry(config(), { proposals: [two[0], deal('t02', 'published')] })), ['Deals'])
  assert.deepEqual(differing(entry(config({}, { excludedMiners: ['t01'], maxPrice: '9', dealMinDuration: 600000, verifiedDeal: true }), { proposals: two })), ['Providers', 'Length', 'Price per GiB and epoch', 'DataCap'])
  assert.deepEqual(differing(entry(config({ enabled: false }, { enabled: false }))), ['Hot copy', 'Cold storage'])
})

test('how a CID stands', async () => {
  const { standing } = await load('words/ffs.ts')
  const active = [deal('t01', 'active'), deal('t02', 'active')]
  assert.equal(standing(entry(config(), { deals: active })), 'wanted')
  assert.equal(standing(entry(config(), { deals: active.slice(1) })), 'short')
  assert.equal(standing(entry(config(), { latest: 'b' })), 'behind')
  assert.equal(standing(entry(config(), { pushed: 9 })), 'stored')
  assert.equal(standing(entry(config(), { running: 'b', latest: 'b' })), 'running')
})

test('a form says what it means: what is hidden does not contradict, and the command line has what changed', async () => {
  const { configOf, draftOf, setFlags, allFields } = await load('words/ffsconfig.ts')
  const { fieldOf } = await load('words/ffs.ts')
  const preset = config()
  assert.deepEqual(configOf(draftOf(preset, 30), 30), { config: preset, errors: {} })
  const draft = { ...draftOf(preset, 30), 'cold.repFactor': '3', 'cold.countryCodes': 'CH, DE', 'cold.maxPrice': 'lots', 'cold.dealTimeout': '2 weeks' }
  const { config: meant, errors } = configOf(draft, 30)
  assert.deepEqual(Object.keys(errors), ['cold.dealTimeout', 'cold.maxPrice'])
  assert.deepEqual(meant.cold.countryCodes, ['CH', 'DE'])
  assert.equal(setFlags({ ...preset, cold: { ...preset.cold, repFactor: 3, countryCodes: ['CH'] } }, preset), ` --set cold.repFactor=3 --set cold.countryCodes='["CH"]'`)
  assert.equal(fieldOf('cold.renewThreshold is not shorter than the deal.'), 'cold.renewThreshold')
  assert.equal(fieldOf('The CID has another config already.'), '')
  const known = allFields.map((f) => f.path).sort()
  assert.deepEqual(known, [...Object.keys(preset.hot).map((k) => `hot.${k}`), ...Object.keys(preset.cold).map((k) => `cold.${k}`), 'repairable'].sort(), 'every field of a config is in the form')
})

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a, b) {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p)
  return (x + 0.05) / (y + 0.05)
}

test('text has the contrast of AA on every ground, in light and in dark', () => {
  const css = readFileSync(join(webui, 'src/styles/tokens.css'), 'utf8')
  for (const block of css.split(/^}/m).slice(0, 2)) {
    const tokens = Object.fromEntries([...block.matchAll(/(--[\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]))
    for (const text of ['--ink', '--ink-2', '--water', '--wait', '--loss'])
      for (const ground of ['--ground', '--sheet', '--hover']) {
        const ratio = contrast(tokens[text], tokens[ground])
        assert.ok(ratio >= 4.5, `${text} on ${ground} is ${ratio.toFixed(2)}`)
      }
    assert.ok(contrast(tokens['--water-fill'], tokens['--ground']) >= 3, 'marks on the ground')
    assert.ok(contrast(tokens['--wait'], tokens['--wait-soft']) >= 4.5, 'amber on its own ground')
    assert.ok(contrast(tokens['--ink'], tokens['--loss-soft']) >= 4.5, 'text on the red banner')
  }
})

test('a webhook stands as its record says', async () => {
  const { hookState, nextWords, toldOf, namesIn } = await load('words/webhooks.ts')
  assert.deepEqual([{ failures: 0, lastSuccess: 0 }, { failures: 0, lastSuccess: 9 }, { failures: 2, lastSuccess: 9 }].map(hookState), ['new', 'delivering', 'failing'])
  assert.deepEqual([nextWords({ nextTry: 61_000 }, 1000), nextWords({ nextTry: 500 }, 1000), nextWords({ nextTry: 0 }, 1000)], ['in 1 min', 'now', 'now'])
  assert.equal(toldOf(['job', 'deal.active']), 'all job events, deal.active')
  assert.deepEqual(namesIn(' job.done, deal;job.done\nalerts '), ['job.done', 'deal', 'alerts'])
})

test('an alert says what happened and leads to where something can be done', async () => {
  const { alertKinds, alertRoute, alertWords } = await load('words/alerts.ts')
  for (const kind of alertKinds) assert.ok(alertWords({ kind, subject: 's', owner: '', fields: {} }).what, kind)
  const failed = { kind: 'job.failed', subject: 'j1', owner: 'ffs/i1', fields: { cid: 'bafybeibwzif4shmsvimqgvsrb7r6vkxk', message: 'No provider is left. t01: it is full.' } }
  assert.deepEqual(alertWords(failed), { what: 'job for bafybeib…vkxk failed', said: 'No provider is left.', tone: 'wait' })
  assert.equal(alertRoute(failed), '/ffs/i1/jobs/j1')
  const low = { kind: 'wallet.low', subject: 'f1abc', owner: '', fields: {} }
  assert.deepEqual([alertRoute(low), alertRoute(low, 'i1')], ['/node', '/ffs/i1/wallets'])
})

test('long names are short, and those that begin alike are told apart by their ends', async () => {
  const { bucketTitle, shortId, withShort } = await load('words/names.ts')
  assert.deepEqual(['', 'rare', 'own/a5cdefa6-473d-4c90-a95e-f227d4d64955'].map(bucketTitle), ['global', 'rare', "one content's own"])
  assert.equal(shortId('a5cdefa6-473d-4c90-a95e-f227d4d64955'), 'a5cdefa6')
  assert.deepEqual(['01a2011e-57de-7000-98fd-9a4714ce167f', '01a2011e-5416-7000-b1a6-5a6ee8527405'].map(shortId), ['14ce167f', 'e8527405'])
  assert.equal(withShort('The wallet f17b737eemj76ji4saqcfdkgwbidut3oh3paja56a lacks 2 FIL.'), 'The wallet f17b737e…a56a lacks 2 FIL.')
  assert.equal(withShort('f01000 has no room'), 'f01000 has no room')
})

test('a piece that promises nothing itself shows its good deals', async () => {
  const { promisedOf } = await load('drawings/marks.ts')
  const deals = ['active', 'published', 'slashed'].map((state, i) => ({ uuid: String(i), provider: 't01', id: i, state }))
  assert.deepEqual([promisedOf(6, deals), promisedOf(0, deals), promisedOf(0, [])], [6, 2, 0])
})

test('a size is read as the command line reads it, and written without loss', async () => {
  const { parseBytes, exactSize } = await load('words/amounts.ts')
  assert.deepEqual(['10 GiB', '1.5G', '2TB', '500 MB', '4096', '64mib', '0'].map(parseBytes), [10 * 2 ** 30, 1.5 * 2 ** 30, 2e12, 5e8, 4096, 2 ** 26, 0])
  assert.deepEqual(['', 'a lot', '-1', '1.5', '10 GiBB', '1e3', '99999 PiB'].map(parseBytes), Array(7).fill(null))
  for (const n of [0, 1, 1023, 1536, 5e8, 2 ** 30, 10 * 2 ** 30 + 1, 1.25 * 2 ** 40]) assert.equal(parseBytes(exactSize(n)), n, exactSize(n))
  assert.equal(exactSize(1.5 * 2 ** 30), '1.5 GiB')
})

test('how near a limit is: the nearest first, over it too, none where there is none', async () => {
  const { limitsOf, isNear, fullness, limitFlags } = await load('words/limits.ts')
  const limits = { bytes: 1000, jobs: 10, spend: '3000000000000000000' }
  const found = limitsOf(limits, { bytes: 790, jobs: 12, spend: '2400000000000000000' })
  assert.deepEqual(found.map((l) => [l.kind, l.part, fullness(l.part)]), [['jobs', 1.2, 'full'], ['spend', 0.8, 'near'], ['bytes', 0.79, '']])
  assert.equal(found[1].exact, '2.4 FIL of 3 FIL')
  assert.deepEqual(limitsOf({ bytes: 0, jobs: 0, spend: '0' }, limits), [])
  assert.ok(isNear(limits, { bytes: 0, jobs: 8, spend: '0' }) && !isNear(limits, { bytes: 0, jobs: 7, spend: '0' }) && !isNear(limits, undefined))
  assert.equal(limitFlags({ ...limits, bytes: 0, spend: '20000000000' }, limits), ' --bytes 0 --spend 20nanoFIL')
})

test('red is for what is lost, amber for what waits on somebody', async () => {
  const { kindTone } = await load('words/names.ts')
  assert.deepEqual(['deal.slashed', 'deal.failed', 'content.degraded', 'store.damaged'].map(kindTone), Array(4).fill('loss'))
  assert.deepEqual(['job.failed', 'provider.lost', 'chain.lost', 'message.failed', 'retrieval.failed', 'wallet.low'].map(kindTone), Array(6).fill('wait'))
})
