// A small world with the API's shapes and a scripted life, for tests of the
// dashboard alone. Nothing happens by itself: tests call advance().
import { Ffs } from './ffs.mjs'
import * as make from './names.mjs'

const day = 2880
const noProblem = () => ({ code: 'none', message: '' })
const keyOf = { contents: 'id', buckets: 'id', pieces: 'cid', deals: 'uuid', providers: 'id', selections: 'piece' }
const way = ['intended', 'proposed', 'published', 'activated', 'active']
const rankOf = { intended: 'packed', proposed: 'proposed', published: 'published', activated: 'published', active: 'active' }

export class World {
  constructor({ threshold = 64 * 2 ** 20, start = Date.UTC(2026, 10, 21, 9, 0, 0) } = {}) {
    this.clock = start
    this.startedAt = start
    this.genesis = start / 1000 - 5000 * 30
    this.epoch = 5000
    this.threshold = threshold
    this.tables = { contents: new Map(), buckets: new Map(), pieces: new Map(), deals: new Map(), providers: new Map(), selections: new Map(), placements: new Map() }
    this.journal = []
    this.ffs = new Ffs(this)
    this.listeners = new Set()
    this.files = new Map()
    this.flow = { in: [], packed: [], proposed: [], active: [] }
    this.nextDeal = 40
    /// Of this node alone: no events, no past.
    this.pins = new Map()
    this.freeBytes = 181 * 2 ** 30
    for (let i = 0; i < 8; i++) this.addProvider(`t0${1000 + i}`, i)
  }

  get revision() {
    return this.journal.length
  }

  commit(events, changes) {
    this.clock += 1700
    for (const { table, key, record } of changes) {
      if (record) this.tables[table].set(key, record)
      else this.tables[table].delete(key)
    }
    const copies = structuredClone(changes)
    const t = { revision: this.revision + 1, time: this.clock, events, changes: copies }
    this.journal.push(t)
    for (const listener of this.listeners) listener(t)
    return t
  }

  event(kind, subject, fields = {}) {
    return { kind, subject, owner: 'local', fields }
  }

  put(table, record, ...events) {
    const key = table === 'placements' ? `${record.content}/${record.part}` : record[keyOf[table]]
    return this.commit(events, [{ table, key, record: structuredClone(record) }])
  }

  addProvider(id, i) {
    const record = {
      id, multiaddrs: [`/ip4/127.0.0.1/tcp/${4100 + i}/http`], peerId: '12D3KooW' + 'abcdefgh'[i].repeat(20), sectorSize: 2 ** 35,
      reachable: i !== 6, price: String(i === 7 ? 9_000_000_000 : 40_000_000 + i * 3_000_000), verifiedPrice: '0', minPiece: i === 5 ? 2 ** 30 : 256, maxPiece: 2 ** 35,
      askExpiry: 9000, askedAt: 4980, dealsMade: 12 + i, dealsFailed: i % 3, retrievalsOk: 30 - i, retrievalsFailed: i % 2, avoidUntil: -1,
      problem: i === 6 ? { code: 'unreachable', message: 'The provider does not answer on any of its addresses.' } : noProblem(),
    }
    this.put('providers', record, this.event('provider.seen', id))
  }

  pin(cid, { name = '', mode = 'recursive', owner = 'local', blocks = 34, bytes = 2 ** 25 } = {}) {
    const p = { cid, mode, name, owner, created: this.clock, blocks: mode === 'direct' ? 1 : blocks, bytes: mode === 'direct' ? 812 : bytes }
    this.pins.set(`${cid}@${owner}`, p)
    return p
  }

  openBucket(name) {
    for (const b of this.tables.buckets.values()) if (b.name === name && b.state === 'init' && b.ready === 'open') return b
    const b = {
      id: make.uuid(), owner: name ? 'local' : '', name, state: 'init', ready: 'open', threshold: this.threshold, maxCount: 0, every: 0, dueAt: this.epoch + 2 * day,
      size: 0, count: 0, createdAt: this.epoch, created: this.clock, readyAt: -1, completeAt: -1, pieces: [], problem: noProblem(),
    }
    this.put('buckets', b, this.event('bucket.created', b.id, { name: name || 'global' }))
    return this.tables.buckets.get(b.id)
  }

  addContent(name, size, { files = 1, bucket = '', copies = 6, tree = null } = {}) {
    const c = {
      id: make.uuid(), owner: 'local', name, cid: files > 1 ? make.cid() : make.rawCid(), size, dagSize: size + files * 90, blocks: Math.max(1, Math.ceil(size / 2 ** 20)) + (files > 1 ? 1 : 0), files,
      state: 'stored', copies, local: true, bucket: '', bucketName: bucket, createdAt: this.epoch, created: this.clock, problem: noProblem(), failingSince: -1,
      mayBeDropped: false, life: [{ state: 'stored', at: this.epoch, time: this.clock }],
    }
    this.files.set(c.id, tree ?? [{ name, type: 'file', size, cid: c.cid }])
    this.flow.in.push([this.clock, size])
    this.put('contents', c, this.event('content.stored', c.id, { name, size: String(size) }))
    return c.id
  }

  reach(c, state) {
    c.state = state
    if (!c.life.some((m) => m.state === state)) c.life.push({ state, at: this.epoch, time: this.clock })
  }

  /// One round: assigns, packs what is ready, moves every deal one state.
  advance(rounds = 1) {
    for (let i = 0; i < rounds; i++) {
      this.epoch += 10
      this.clock += 9000
      this.moveDeals()
      this.packReady()
      this.assign()
    }
  }

  assign() {
    for (const c of this.tables.contents.values()) {
      if (c.state !== 'stored') continue
      const b = { ...this.openBucket(c.bucketName) }
      const next = structuredClone({ ...c, bucket: b.id })
      this.reach(next, 'in_bucket')
      b.size += c.dagSize
      b.count++
      if (b.threshold && b.size > b.threshold) Object.assign(b, { ready: 'size', readyAt: this.epoch })
      const events = [this.event('content.assigned', c.id, { bucket: b.id }), this.event('bucket.filled', b.id, { size: String(b.size), count: String(b.count) })]
      if (b.ready !== 'open') events.push(this.event('bucket.ready', b.id, { why: b.ready }))
      this.commit(events, [{ table: 'contents', key: c.id, record: next }, { table: 'buckets', key: b.id, record: b }])
    }
  }

  close(id) {
    const b = { ...this.tables.buckets.get(id), ready: 'closed', readyAt: this.epoch }
    this.put('buckets', b, this.event('bucket.ready', id, { why: 'closed' }))
  }

  packReady() {
    for (const b of [...this.tables.buckets.values()]) if (b.state === 'init' && b.ready !== 'open') this.pack(b)
  }

  pack(b) {
    const inside = [...this.tables.contents.values()].filter((c) => c.bucket === b.id && c.state === 'in_bucket')
    const payload = inside.reduce((n, c) => n + c.dagSize, 0)
    const piece = {
      cid: make.pieceCid(), paddedSize: 2 ** Math.ceil(Math.log2(Math.max(256, (payload * 128) / 127))), payloadSize: payload, root: make.cid(), state: 'built', bucket: b.id,
      copies: Math.max(...inside.map((c) => c.copies), 1), local: true, segments: inside.length, contents: inside.length, createdAt: this.epoch, created: this.clock, problem: noProblem(), failingSince: -1,
    }
    const done = { ...b, state: 'complete', completeAt: this.epoch, pieces: [piece.cid] }
    const changes = [{ table: 'pieces', key: piece.cid, record: piece }, { table: 'buckets', key: b.id, record: done }]
    const events = [this.event('piece.built', piece.cid, { size: String(piece.paddedSize) }), this.event('bucket.complete', b.id, { name: b.name || 'global' })]
    inside.forEach((c, i) => {
      const next = structuredClone(c)
      this.reach(next, 'packed')
      this.flow.packed.push([this.clock, c.size])
      changes.push({ table: 'contents', key: c.id, record: next })
      changes.push({ table: 'placements', key: `${c.id}/0`, record: { content: c.id, part: 0, parts: 1, piece: piece.cid, segment: i, offset: i * 2 ** 20, length: c.dagSize, root: c.cid } })
      events.push(this.event('content.packed', c.id, { piece: piece.cid }))
    })
    this.commit(events, changes)
    this.select(piece)
  }

  select(piece, replaces = '') {
    const busy = new Set([...this.tables.deals.values()].filter((d) => d.piece === piece.cid && !['rejected'].includes(d.state)).map((d) => d.provider))
    const rejections = []
    const chosen = []
    const wanted = replaces ? 1 : piece.copies
    for (const p of this.tables.providers.values()) {
      const no = (code, reason, value, limit) => rejections.push({ provider: p.id, code, reason, value, limit })
      if (!p.reachable) no('unreachable', 'It did not answer when it was asked for its terms.', p.multiaddrs[0], '')
      else if (BigInt(p.price) > 100_000_000n) no('price-too-high', 'Its ask is over the price limit.', p.price, '100000000')
      else if (busy.has(p.id)) no('already-exists', 'It has a deal for this piece already.', p.id, '1')
      else if (chosen.length < wanted) chosen.push(p.id)
      else no('precondition', 'Enough cheaper providers were found.', p.price, '')
    }
    const problem = chosen.length < wanted ? { code: 'no-providers', message: `Only ${chosen.length} of ${wanted} providers are eligible; it is tried again when a provider or the chain changes.` } : noProblem()
    const selection = { piece: piece.cid, at: this.epoch, wanted, chosen, rejections }
    this.commit([this.event('provider.selected', piece.cid, { chosen: chosen.join(' ') })], [
      { table: 'selections', key: piece.cid, record: selection },
      { table: 'pieces', key: piece.cid, record: { ...this.tables.pieces.get(piece.cid), problem } },
    ])
    for (const provider of chosen) this.intend(piece, provider, replaces)
  }

  intend(piece, provider, replaces) {
    const d = {
      uuid: make.uuid(), piece: piece.cid, paddedSize: piece.paddedSize, client: 't3client', provider, label: piece.root, verified: false, start: this.epoch + 2 * day, end: this.epoch + 520 * day,
      pricePerEpoch: '2500000', providerCollateral: '1200000000000000', clientCollateral: '0', state: 'intended', proposal: make.messageCid(), id: 0, publishMessage: '', sector: 0, sectorStart: -1,
      createdAt: this.epoch, created: this.clock, problem: noProblem(), replaces, attempts: 1, life: [{ state: 'intended', at: this.epoch, time: this.clock }],
    }
    this.put('deals', d, this.event('deal.intended', d.uuid, { provider, piece: piece.cid }))
  }

  moveDeals() {
    for (const d of [...this.tables.deals.values()]) {
      const at = way.indexOf(d.state)
      if (at >= 0 && at < way.length - 1) this.moveDeal(d, way[at + 1])
    }
    for (const p of this.tables.pieces.values()) this.settle(p)
  }

  moveDeal(d, state, problem = noProblem()) {
    const next = structuredClone({ ...d, state, problem })
    next.life.push({ state, at: this.epoch, time: this.clock })
    if (state === 'published') Object.assign(next, { id: this.nextDeal++, publishMessage: make.messageCid() })
    if (state === 'activated') Object.assign(next, { sector: 7 + this.nextDeal, sectorStart: this.epoch })
    this.put('deals', next, this.event(`deal.${state}`, d.uuid, { provider: d.provider, ...(next.id ? { id: String(next.id) } : {}) }))
  }

  slash(uuid) {
    const d = this.tables.deals.get(uuid)
    this.moveDeal(d, 'slashed', { code: 'chain-error', message: `The chain ended deal ${d.id} at epoch ${this.epoch}: the sector was terminated.` })
    const piece = { ...this.tables.pieces.get(d.piece), state: 'degraded' }
    this.put('pieces', piece, this.event('piece.degraded', piece.cid))
    for (const c of this.contentsOf(d.piece)) {
      if (c.state !== 'active') continue
      this.put('contents', { ...c, state: 'degraded' }, this.event('content.degraded', c.id, { name: c.name }))
    }
    return piece
  }

  contentsOf(piece) {
    const ids = [...this.tables.placements.values()].filter((p) => p.piece === piece).map((p) => p.content)
    return ids.map((id) => this.tables.contents.get(id)).filter(Boolean)
  }

  /// Contents stand where the slowest of their promised copies stands.
  settle(piece) {
    const good = [...this.tables.deals.values()].filter((d) => d.piece === piece.cid && way.includes(d.state))
    if (good.length < piece.copies) return
    const slowest = Math.min(...good.map((d) => way.indexOf(d.state)))
    const state = rankOf[way[slowest]]
    for (const c of this.contentsOf(piece.cid)) {
      if (c.state === state || (c.state === 'degraded' && state !== 'active')) continue
      const next = structuredClone(c)
      this.reach(next, state)
      if (this.flow[state]) this.flow[state].push([this.clock, c.size])
      this.put('contents', next, this.event(`content.${state}`, c.id))
    }
    if (state === 'active' && piece.state !== 'placed') this.put('pieces', { ...piece, state: 'placed' }, this.event('piece.placed', piece.cid))
  }

  /// The tables as they were after revision `at`.
  past(at) {
    const tables = Object.fromEntries(Object.keys(this.tables).map((k) => [k, new Map()]))
    for (const t of this.journal.slice(0, at))
      for (const { table, key, record } of t.changes) {
        if (record) tables[table].set(key, record)
        else tables[table].delete(key)
      }
    return tables
  }
}
