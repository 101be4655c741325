// What the API makes of the tables: the answers of GET.
const lost = ['failed', 'slashed', 'expired', 'rejected']

export function dealsOfContent(t, c) {
  const pieces = piecesOf(t, c)
  return [...t.deals.values()].filter((d) => pieces.includes(d.piece)).map(({ uuid, provider, id, state, piece, replaces, start, end, problem }) => ({ uuid, provider, id, state, piece, replaces, start, end, problem }))
}

export function piecesOf(t, c) {
  return [...t.placements.values()].filter((p) => p.content === c.id).map((p) => p.piece)
}

export function content(t, c) {
  return { ...c, deals: dealsOfContent(t, c), pieces: piecesOf(t, c) }
}

const sum = (items) => ({ count: items.length, bytes: items.reduce((n, c) => n + c.size, 0) })

function attention(t) {
  const found = []
  for (const c of t.contents.values())
    if (c.problem.code !== 'none') found.push({ kind: 'content', subject: c.id, name: c.name, problem: c.problem, action: c.action ?? '' })
  for (const p of t.pieces.values())
    if (p.problem.code !== 'none')
      found.push({ kind: 'piece', subject: p.cid, name: p.cid.slice(0, 16) + '…', problem: p.problem, action: 'weir provider ls' })
  return found
}

export function summary(t) {
  const all = [...t.contents.values()].filter((c) => c.state !== 'removed')
  const has = (c, states) => dealsOfContent(t, c).some((d) => states.includes(d.state))
  const safe = all.filter((c) => c.state === 'active')
  const rest = all.filter((c) => c.state !== 'active')
  const way = rest.filter((c) => has(c, ['proposed', 'published', 'activated', 'active']))
  const byState = {}
  for (const c of all) byState[c.state] = sum(all.filter((o) => o.state === c.state))
  const deals = {}
  for (const d of t.deals.values()) deals[d.state] = (deals[d.state] ?? 0) + 1
  const buckets = [...t.buckets.values()]
  return {
    contents: sum(all), safe: sum(safe), onTheirWay: sum(way), none: sum(rest.filter((c) => !way.includes(c))), attention: attention(t), byState, deals,
    buckets: {
      open: buckets.filter((b) => b.state === 'init' && b.ready === 'open').length,
      ready: buckets.filter((b) => b.state === 'init' && b.ready !== 'open').length,
      complete: buckets.filter((b) => b.state === 'complete').length,
    },
  }
}

export function explain(world, t, c) {
  const deals = dealsOfContent(t, c)
  const count = (state) => deals.filter((d) => d.state === state).length
  const safe = c.state === 'active'
  const sentences = []
  if (c.state === 'stored') sentences.push('Its bytes are durable on this node and it waits to be put in a bucket.')
  if (c.state === 'in_bucket') sentences.push('It is in a bucket that is still open; it is packed when the bucket is full, closed, or two days old.')
  if (c.state === 'degraded') sentences.push('One of its promised copies was lost; a new provider is asked to take its place.')
  if (deals.length) sentences.push(`${count('active')} of ${c.copies} promised copies are active and final, ${count('published') + count('activated')} are on chain and not yet final.`)
  const refused = deals.filter((d) => lost.includes(d.state))
  if (refused.length) sentences.push(`${refused.length} deals ended or were refused and do not count.`)
  if (safe) sentences.push('Every promised copy is active at the chain’s finality. Nothing is waited for.')
  const next = safe ? null : { what: c.state === 'in_bucket' ? 'The bucket becomes ready by its age.' : 'The next deal has to be sealed by its start.', when: '', atEpoch: world.epoch + 1400 }
  const pieces = piecesOf(t, c)
  const rejections = safe ? [] : pieces.flatMap((p) => t.selections.get(p)?.rejections ?? [])
  return { sentences, safe, next, rejections }
}

export function flow(world) {
  const step = 60
  const slots = 60
  const from = Math.floor(world.clock / 1000) - step * slots
  const series = {}
  for (const [name, points] of Object.entries(world.flow)) {
    series[name] = Array(slots).fill(0)
    for (const [time, bytes] of points) {
      const i = Math.floor((time / 1000 - from) / step)
      if (i >= 0 && i < slots) series[name][i] += bytes
    }
  }
  return { step, from, series }
}

export function node(world) {
  return {
    version: '0.1.0', network: 'devnet', role: 'both', startedAt: world.startedAt, uptimeSeconds: Math.round((world.clock - world.startedAt) / 1000), revision: world.revision,
    epoch: world.epoch, finalizedEpoch: world.epoch - 30, genesisTime: world.genesis, epochSeconds: 30, chain: { connected: true, lagEpochs: 0, problem: null },
    store: { blocks: 4812, blockBytes: 612 * 2 ** 20, pieceBytes: 3 * 2 ** 30, freeBytes: world.freeBytes }, memory: { rss: 84 * 2 ** 20 },
    queues: [
      { name: 'commits', length: 0, limit: 4096 }, { name: 'packing', length: 1, limit: 16 }, { name: 'proposals', length: 3, limit: 64 }, { name: 'retrievals', length: 0, limit: 32 },
    ],
    config: { data: 'DIR', api: '127.0.0.1:3004', gateway: '127.0.0.1:3005', pieces: '127.0.0.1:3006', copies: 6, threshold: world.threshold },
  }
}
