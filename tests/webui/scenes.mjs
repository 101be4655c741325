// Worlds as the tests and the screenshots want them.
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
