// What the pages say, without a browser: numbers, marks, contrast.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'

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
