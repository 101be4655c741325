// The API of the node over the mock world, and the built dashboard under the
// Content-Security-Policy that the node sends. For tests of the dashboard.
import { createServer } from 'node:http'
import { readFileSync, existsSync } from 'node:fs'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as views from './views.mjs'
import * as make from './names.mjs'
import { FfsApi } from './ffsapi.mjs'

const header = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../../webui/assets.hpp'), 'utf8')
/// The policy is read from where the node has it, so that the pages are tested under the true one.
const policy = [...header.slice(header.indexOf('content_security_policy =')).split(';\n')[0].matchAll(/"([^"]*)"/g)].map((m) => m[1]).join('')
const mimes = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' }

const alertKinds = ['wallet.low', 'deal.failed', 'deal.slashed', 'content.degraded', 'job.failed', 'job.stuck']

class Problem extends Error {
  constructor(status, code, detail) {
    super(detail)
    Object.assign(this, { status, code })
  }
}

function json(res, body, status = 200) {
  res.writeHead(status, { 'Content-Type': 'application/json' })
  res.end(JSON.stringify(body))
}

async function bodyOf(req) {
  const parts = []
  for await (const part of req) parts.push(part)
  return Buffer.concat(parts)
}

function page(items, key, query, revision) {
  const sorted = items.sort((a, b) => (key(a) < key(b) ? -1 : 1))
  const after = query.get('after')
  const rest = after ? sorted.filter((i) => key(i) > after) : sorted
  const limit = Number(query.get('limit') ?? 100)
  const some = rest.slice(0, limit)
  return { items: some, next: rest.length > limit ? key(some.at(-1)) : null, revision }
}

export class Mock {
  constructor(world, { dist, token = '' }) {
    Object.assign(this, { world, dist, token })
    this.uploads = new Map()
    this.ffs = new FfsApi(world, { json, page, bodyOf, Problem })
    this.streams = new Set()
    this.refuseStream = false
    this.puts = 0
    this.server = createServer((req, res) => this.serve(req, res).catch((e) => this.fail(res, e)))
    world.listeners.add((t) => this.streams.forEach((s) => this.write(s, t)))
  }

  async start(port = 0) {
    await new Promise((ok) => this.server.listen(port, '127.0.0.1', ok))
    this.url = `http://127.0.0.1:${this.server.address().port}`
    return this
  }

  stop() {
    this.breakStreams()
    this.server.closeAllConnections()
    return new Promise((ok) => this.server.close(ok))
  }

  breakStreams() {
    for (const s of this.streams) s.destroy()
    this.streams.clear()
  }

  sendNode() {
    const { epoch, finalizedEpoch, chain, store, memory, queues } = views.node(this.world)
    for (const s of this.streams) s.write(`event: node\ndata: ${JSON.stringify({ epoch, finalizedEpoch, chain, store, memory, queues })}\n\n`)
  }

  fail(res, e) {
    if (!(e instanceof Problem)) console.error(e)
    if (res.headersSent) return res.destroy()
    const status = e.status ?? 500
    res.writeHead(status, { 'Content-Type': 'application/problem+json' })
    res.end(JSON.stringify({ code: e.code ?? 'internal', title: e.message, detail: e.message, value: e.value, limit: e.limit }))
  }

  async serve(req, res) {
    const url = new URL(req.url, 'http://mock')
    if (!url.pathname.startsWith('/api/v1/')) return this.file(url.pathname, res)
    const parts = url.pathname.slice('/api/v1/'.length).split('/').map(decodeURIComponent)
    if (this.token && parts[0] !== 'session' && !(req.headers.cookie ?? '').includes('session=yes')) throw new Problem(401, 'unauthenticated', 'A valid token is needed.')
    if (parts[0] === 'ffs') return this.ffs.serve({ req, res, parts: parts.slice(1), query: url.searchParams })
    const handler = this[`${req.method.toLowerCase()}_${parts[0]}`]
    if (!handler) throw new Problem(404, 'not-found', 'There is no such thing.')
    const at = url.searchParams.get('at')
    const tables = at ? this.world.past(Number(at)) : this.world.tables
    await handler.call(this, { req, res, parts: parts.slice(1), query: url.searchParams, tables })
  }

  file(path, res) {
    const file = normalize(join(this.dist, path === '/' ? 'index.html' : path))
    if (!file.startsWith(this.dist) || !existsSync(file)) throw new Problem(404, 'not-found', 'There is no such thing.')
    res.writeHead(200, { 'Content-Type': mimes[extname(file)], 'Content-Security-Policy': policy })
    res.end(readFileSync(file))
  }

  async post_session({ req, res }) {
    const { token } = JSON.parse(await bodyOf(req))
    if (token !== this.token) throw new Problem(401, 'unauthenticated', 'A valid token is needed.')
    res.writeHead(204, { 'Set-Cookie': 'session=yes; HttpOnly; SameSite=Strict; Path=/' })
    res.end()
  }

  get_node({ res }) {
    json(res, views.node(this.world))
  }

  get_summary({ res, tables }) {
    json(res, views.summary(tables))
  }

  get_flow({ res }) {
    json(res, views.flow(this.world))
  }

  get_wallets({ res }) {
    json(res, [{ addr: 't3' + 'vxyzabcdefg'.repeat(7), name: 'deals', isDefault: true, balance: this.world.balance ?? '993120000000000000000', escrow: this.world.balance ?? '4200000000000000000', locked: '310000000000000000' }])
  }

  get_events({ res, query }) {
    const from = Number(query.get('from') ?? 0)
    const [subject, kind, instance] = [query.get('subject'), query.get('kind'), query.get('instance')]
    const of = (e) => !instance || (e.owner ? e.owner === `ffs/${instance}` : this.world.tables.deals.get(e.subject)?.instance === instance || (this.world.ffs.wallets.get(instance) ?? []).some((w) => w.addr === e.subject))
    const about = (t) => t.events.some((e) => (!subject || e.subject === subject) && (!kind || e.kind === kind || (kind === 'alerts' && alertKinds.includes(e.kind))) && of(e))
    const items = this.world.journal.filter((t) => t.revision > from && about(t)).slice(0, Number(query.get('limit') ?? 100))
    json(res, { items: items.map(({ changes, ...t }) => t), next: null, oldest: 1, revision: this.world.revision })
  }

  write(stream, t) {
    stream.write(`id: ${t.revision}\nevent: transaction\ndata: ${JSON.stringify(t)}\n\n`)
  }

  get_watch({ res, query }) {
    if (this.refuseStream) throw new Problem(503, 'shutting-down', 'The node is stopping.')
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    res.write(': hello\n\n')
    const from = Number(query.get('from') ?? 0)
    for (const t of this.world.journal) if (t.revision > from) this.write(res, t)
    this.streams.add(res)
    res.on('close', () => this.streams.delete(res))
  }

  one(map, key) {
    const found = map.get(key)
    if (!found) throw new Problem(404, 'not-found', 'There is no such thing.')
    return found
  }

  get_contents({ res, parts, query, tables }) {
    const [id, what, ...rest] = parts
    const revision = Number(query.get('at') ?? this.world.revision)
    if (id === undefined) {
      const q = (query.get('q') ?? '').toLowerCase()
      const items = [...tables.contents.values()].filter(
        (c) => c.state !== 'removed' && (!query.get('state') || c.state === query.get('state')) && (!query.get('bucket') || c.bucket === query.get('bucket')) && (!q || c.name.toLowerCase().includes(q) || c.cid.startsWith(q)),
      )
      const found = page(items, (c) => c.id, query, revision)
      return json(res, { ...found, items: found.items.map((c) => views.content(tables, c)) })
    }
    const c = this.one(tables.contents, id)
    if (what === 'explain') return json(res, views.explain(this.world, tables, c))
    if (what === 'files') return json(res, { entries: this.entries(c, query.get('path') ?? ''), next: null })
    if (what === 'data') return this.bytes(res, rest.join('/'))
    json(res, { ...views.content(tables, c), placements: [...tables.placements.values()].filter((p) => p.content === id) })
  }

  entries(c, path) {
    let here = this.world.files.get(c.id) ?? []
    for (const name of path.split('/').filter(Boolean)) here = here.find((e) => e.name === name)?.children ?? []
    return here.map(({ children, ...e }) => e)
  }

  bytes(res, path) {
    res.writeHead(200, { 'Content-Disposition': 'attachment', 'Content-Type': 'application/octet-stream' })
    res.end(`These are the bytes of ${path}.\n`)
  }

  post_contents({ res, parts }) {
    const c = this.one(this.world.tables.contents, parts[0])
    this.world.put('contents', { ...c, local: false }, this.world.event('content.offloaded', c.id, { name: c.name }))
    json(res, {})
  }

  async patch_contents({ req, res, parts }) {
    const c = this.one(this.world.tables.contents, parts[0])
    const next = { ...c, ...JSON.parse(await bodyOf(req)) }
    this.world.put('contents', next, this.world.event('content.changed', c.id, { name: next.name, copies: String(next.copies) }))
    json(res, next)
  }

  delete_contents({ res, parts }) {
    const c = this.one(this.world.tables.contents, parts[0])
    this.world.commit([this.world.event('content.removed', c.id, { name: c.name })], [{ table: 'contents', key: c.id, record: null }])
    json(res, {})
  }

  async post_uploads({ req, res, parts }) {
    if (parts[1] === 'commit') return this.commitUpload(res, parts[0])
    const { name, bucket = '' } = JSON.parse(await bodyOf(req))
    const id = make.uuid()
    this.uploads.set(id, { name, bucket, files: [] })
    json(res, { id })
  }

  commitUpload(res, id) {
    const u = this.one(this.uploads, id)
    if (u.files.length === 1 && u.files[0].path === '') u.files[0].path = u.name
    const size = u.files.reduce((n, f) => n + f.size, 0)
    const content = this.world.addContent(u.name, size, { files: u.files.length, bucket: u.bucket, tree: treeOf(u.files) })
    this.uploads.delete(id)
    json(res, this.world.tables.contents.get(content))
  }

  async put_uploads({ req, res, parts }) {
    const [id, , ...path] = parts
    const size = (await bodyOf(req)).length
    this.puts++
    this.one(this.uploads, id).files.push({ path: path.join('/'), size })
    json(res, { cid: make.rawCid(), size })
  }

  delete_uploads({ res, parts }) {
    this.uploads.delete(parts[0])
    json(res, {})
  }

  get_pins({ res, query }) {
    json(res, page([...this.world.pins.values()], (p) => `${p.cid}@${p.owner}`, query, this.world.revision))
  }

  async post_pins({ req, res }) {
    const { cid, mode, name } = JSON.parse(await bodyOf(req))
    if (!/^(baf|Qm)/.test(cid)) throw new Problem(400, 'invalid-cid', 'This is not a CID.')
    if (cid.endsWith('nothere')) throw new Problem(404, 'not-found', 'A block is not here.')
    json(res, this.world.pin(cid, { name, mode }), 201)
  }

  delete_pins({ res, parts, query }) {
    const key = `${parts[0]}@${query.get('owner') ?? 'local'}`
    this.one(this.world.pins, key)
    this.world.pins.delete(key)
    res.writeHead(204).end()
  }

  get_buckets({ res, parts, query, tables }) {
    if (parts[0]) return json(res, this.one(tables.buckets, parts[0]))
    json(res, page([...tables.buckets.values()].filter((b) => !query.get('state') || b.state === query.get('state')), (b) => b.id, query, this.world.revision))
  }

  async post_buckets({ req, res, parts }) {
    if (parts[1] === 'close') return this.world.close(parts[0]), json(res, {})
    const { name, threshold } = JSON.parse(await bodyOf(req))
    if (threshold) this.world.threshold = Number(threshold)
    json(res, this.world.openBucket(name))
  }

  get_pieces({ res, parts, query, tables }) {
    const withDeals = (p) => ({ ...p, deals: [...tables.deals.values()].filter((d) => d.piece === p.cid) })
    if (!parts[0]) return json(res, page([...tables.pieces.values()].map(withDeals), (p) => p.cid, query, this.world.revision))
    const p = withDeals(this.one(tables.pieces, parts[0]))
    const ids = [...tables.placements.values()].filter((x) => x.piece === p.cid).map((x) => x.content)
    const contentList = ids.map((id, segment) => ({ name: tables.contents.get(id)?.name ?? '', size: tables.contents.get(id)?.size ?? 0, content: id, part: 0, parts: 1, segment }))
    json(res, { ...p, contentList, selection: tables.selections.get(p.cid) ?? null })
  }

  get_deals({ res, parts, query, tables }) {
    if (parts[0]) return json(res, this.one(tables.deals, parts[0]))
    const match = (d) => (!query.get('state') || d.state === query.get('state')) && (!query.get('provider') || d.provider === query.get('provider'))
    json(res, page([...tables.deals.values()].filter(match), (d) => d.uuid, query, this.world.revision))
  }

  get_providers({ res, parts, query, tables }) {
    if (!parts[0]) return json(res, page([...tables.providers.values()], (p) => p.id, query, this.world.revision))
    json(res, { ...this.one(tables.providers, parts[0]), lastSelections: [...tables.selections.values()].slice(-10) })
  }
}

function treeOf(files) {
  const root = []
  for (const { path, size } of files) {
    const names = path.split('/')
    let here = root
    for (const name of names.slice(0, -1)) {
      let dir = here.find((e) => e.name === name)
      if (!dir) here.push((dir = { name, type: 'dir', size: 0, cid: make.cid(), children: [] }))
      dir.size += size
      here = dir.children
    }
    here.push({ name: names.at(-1), type: 'file', size, cid: make.rawCid() })
  }
  return root
}
