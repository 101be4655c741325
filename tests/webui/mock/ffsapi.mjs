// The routes of /api/v1/ffs over the mock of FFS.
import * as make from './names.mjs'

const updated = (d) => Math.max(d.created, ...d.life.map((m) => m.time))
const final = (j) => ['done', 'failed', 'cancelled'].includes(j.state)

export class FfsApi {
  /// `page`, `json`, `bodyOf` and `Problem` are the server's.
  constructor(world, tools) {
    Object.assign(this, { world, ffs: world.ffs, ...tools })
    this.asked = []
  }

  problem(status, code, detail, value = '', limit = '') {
    return Object.assign(new this.Problem(status, code, detail), { value, limit })
  }

  async serve({ req, res, parts, query }) {
    const [what, id, sub, key, more] = parts
    const method = req.method
    this.asked.push(`${method} ${parts.join('/')}`)
    const body = ['POST', 'PUT', 'PATCH'].includes(method) ? JSON.parse((await this.bodyOf(req)).toString() || '{}') : {}
    if (what === 'config') return this.json(res, method === 'PUT' ? Object.assign(this.ffs.nodeDefault, this.checked(body)) : this.ffs.nodeDefault)
    if (what === 'schedulers') return this.listSchedulers(res)
    if (what === 'usage') return this.listUsage(res, query)
    if (!id && this.ffs.tenant) throw this.problem(403, 'forbidden', 'This needs an admin token.')
    if (!id) return method === 'POST' ? this.create(res, body) : this.list(res, query)
    const of = this.world.tables['ffs-instances'].get(id === 'me' ? this.ffs.tenant : id)
    if (!of) throw this.problem(404, 'not-found', 'There is no such instance.', id)
    if (!sub) return this.instance(method, res, of, body, query)
    const call = this[`${method.toLowerCase()}_${sub}`]
    if (!call) throw this.problem(404, 'not-found', 'There is no such thing.')
    return call.call(this, { req, res, of, key, more, parts, query, body })
  }

  list(res, query) {
    const q = (query.get('q') ?? '').toLowerCase()
    const open = new Map()
    for (const j of this.world.tables['ffs-jobs'].values()) if (!final(j)) open.set(j.instance, (open.get(j.instance) ?? 0) + 1)
    const found = [...this.world.tables['ffs-instances'].values()].filter((i) => i.name.toLowerCase().includes(q) || i.id.startsWith(q))
    this.json(res, this.page(found.map((i) => ({ ...i, openJobs: open.get(i.id) ?? 0 })), (i) => i.id, query, this.world.revision))
  }

  create(res, { name }) {
    if ([...this.world.tables['ffs-instances'].values()].some((i) => i.name === name)) throw this.problem(409, 'already-exists', 'There is an instance of this name.', name)
    this.json(res, { ...this.ffs.addInstance(name), token: 'weir_' + make.uuid().replace(/-/g, '') }, 201)
  }

  listUsage(res, query) {
    if (this.ffs.tenant) throw this.problem(403, 'forbidden', 'This needs an admin token.')
    const limited = [...this.world.tables['ffs-instances'].values()].filter(({ limits: l }) => l.bytes || l.jobs || l.spend !== '0')
    this.json(res, this.page(limited.map(({ id, name, limits }) => ({ id, name, limits, usage: this.ffs.use(id) })), (i) => i.id, query, this.world.revision))
  }

  instance(method, res, of, body, query) {
    if (method === 'GET') return this.json(res, query.get('usage') ? { ...of, usage: this.ffs.use(of.id) } : of)
    if (this.ffs.tenant) throw this.problem(403, 'forbidden', 'This needs an admin token.')
    if (body.limits?.spend?.startsWith('-')) throw this.problem(400, 'invalid-argument', 'A quota is not less than nothing; 0 is no limit.', body.limits.spend)
    if (method === 'PATCH') return this.json(res, this.ffs.change(of.id, { ...this.moved(of, body.scheduler), ...(body.name ? { name: body.name } : {}), limits: { ...of.limits, ...body.limits } }))
    this.world.commit([this.ffs.event('instance.deleted', of.id, of.id, { name: of.name })], [{ table: 'ffs-instances', key: of.id, record: null }])
    res.writeHead(204).end()
  }

  moved(of, scheduler) {
    if (!scheduler) return {}
    const names = this.ffs.schedulers.map((s) => s.name)
    if (!names.includes(scheduler)) throw this.problem(404, 'not-found', 'There is no such scheduler.', scheduler, names.join(' '))
    return { scheduler, movedFrom: of.scheduler }
  }

  listSchedulers(res) {
    if (this.ffs.tenant) throw this.problem(403, 'forbidden', 'This needs an admin token.')
    const open = (name) => [...this.world.tables['ffs-jobs'].values()].filter((j) => !final(j) && j.scheduler === name).length
    this.json(res, { items: this.ffs.schedulers.map((s) => ({ ...s, openJobs: open(s.name) })), next: null, revision: this.world.revision })
  }

  shownHook(h) {
    return { ...h, state: h.failures ? 'failing' : h.lastSuccess ? 'delivering' : 'new' }
  }

  get_webhooks({ res, of }) {
    const mine = [...this.world.tables['ffs-webhooks'].values()].filter((h) => h.instance === of.id)
    this.json(res, { items: mine.map((h) => this.shownHook(h)), next: null, revision: this.world.revision })
  }

  post_webhooks({ res, of, key, more, body }) {
    if (more === 'test') return this.json(res, this.ffs.testAnswer ?? { delivered: true, err: { code: 'none', message: '' } })
    this.checkedHook(body)
    this.json(res, { ...this.shownHook(this.ffs.addWebhook(of.id, body.url, body.events)), signingSecret: 'whsec_' + Buffer.from(make.uuid()).toString('base64') }, 201)
  }

  /// In the node's words.
  checkedHook({ url, events }) {
    if (!/^https?:/.test(url)) throw this.problem(400, 'invalid-argument', "A webhook's url is http://… or https://…, of at most 2000 bytes.", url, '2000')
    const bad = events.find((e) => !/^(alerts|(content|deal|wallet|config|job|retrieval|token|instance)(\.[a-z]+)?)$/.test(e))
    if (bad) throw this.problem(400, 'invalid-argument', 'There is no such event of an instance.', bad, 'names as in job.done, kinds as in job, or alerts')
  }

  patch_webhooks({ res, of, key, body }) {
    this.checkedHook(body)
    const h = { ...this.world.tables['ffs-webhooks'].get(`${of.id}/${key}`), ...body }
    this.ffs.putWebhook(h, 'changed')
    this.json(res, this.shownHook(h))
  }

  delete_webhooks({ res, of, key }) {
    this.world.commit([this.ffs.event('webhook.changed', key, of.id, { what: 'removed' })], [{ table: 'ffs-webhooks', key: `${of.id}/${key}`, record: null }])
    res.writeHead(204).end()
  }

  /// Two of the node's rules, in its words.
  checked(c) {
    if (c.cold.enabled && c.cold.dealMinDuration < 518400) throw this.problem(400, 'invalid-argument', 'cold.dealMinDuration is too short.', String(c.cold.dealMinDuration), '518400')
    if (c.cold.renew && c.cold.renewThreshold <= 0) throw this.problem(400, 'invalid-argument', 'cold.renewThreshold: epochs before the end are needed to renew.', String(c.cold.renewThreshold), '1')
    if (c.cold.trustedMiners.some((m) => c.cold.excludedMiners.includes(m))) throw this.problem(400, 'invalid-argument', 'cold.trustedMiners: a miner cannot be trusted and excluded.')
    return c
  }

  get_config({ res, of }) {
    this.json(res, this.ffs.defaults.get(of.id))
  }

  put_config({ res, of, body }) {
    this.ffs.defaults.set(of.id, this.checked(body))
    this.json(res, body)
  }

  get_tokens({ res, of }) {
    this.json(res, { items: this.ffs.tokens.get(of.id), next: null })
  }

  post_tokens({ res, of, body }) {
    const all = this.ffs.tokens.get(of.id)
    if (all.some((t) => t.name === body.name)) throw this.problem(409, 'already-exists', 'There is a token of this name; revoke it first.', body.name)
    const made = { name: body.name, instance: of.id, scopes: body.scopes, created: this.world.clock, expires: body.expires ? this.world.clock + parseInt(body.expires) * 86400e3 : 0, lastUse: 0 }
    all.push(made)
    this.world.commit([this.ffs.event('token.created', made.name, of.id)], [])
    this.json(res, { ...made, token: 'weir_' + make.uuid() }, 201)
  }

  delete_tokens({ res, of, key }) {
    this.ffs.tokens.set(of.id, this.ffs.tokens.get(of.id).filter((t) => t.name !== key))
    this.world.commit([this.ffs.event('token.revoked', key, of.id)], [])
    res.writeHead(204).end()
  }

  shown(e) {
    return { ...e, proposals: this.ffs.proposals(e), selections: this.ffs.selections.get(e.cid) ?? [] }
  }

  get_cids({ res, of, key, more, parts, query }) {
    if (more === 'log' && parts[5] === 'watch') return this.watch(res, { kind: 'log', instance: of.id, cid: key, job: query.get('job') ?? '' }, this.ffs.logs)
    if (key) {
      const e = this.ffs.entry(of.id, key)
      if (!e) throw this.problem(404, 'not-found', 'The instance does not keep this CID.', key)
      return this.json(res, this.shown(e))
    }
    const items = [...this.world.tables['ffs-cids'].values()].filter((e) => e.instance === of.id && e.cid.startsWith(query.get('q') ?? ''))
    this.json(res, this.page(items.map((e) => ({ ...e, deals: this.ffs.proposals(e) })), (e) => e.cid, query, this.world.revision))
  }

  put_cids({ res, of, key, body }) {
    if (!/^(baf|Qm)/.test(key)) throw this.problem(400, 'invalid-cid', 'This is not a CID.', key)
    if (this.ffs.entry(of.id, key) && !body.override) throw this.problem(409, 'precondition', 'The CID has another config already; say that the push overrides it.')
    this.json(res, { job: this.ffs.push(of.id, key, this.checked(body.config), body) }, 202)
  }

  delete_cids({ res, of, key }) {
    this.world.commit([], [{ table: 'ffs-cids', key: `${of.id}/${key}`, record: null }])
    res.writeHead(204).end()
  }

  get_jobs({ res, of, key, query }) {
    if (key) {
      const j = this.ffs.job(of.id, key)
      if (!j) throw this.problem(404, 'not-found', 'There is no such job.', key)
      return this.json(res, j)
    }
    const state = query.get('state') ?? ''
    const cid = query.get('cid') ?? ''
    const items = [...this.world.tables['ffs-jobs'].values()].filter((j) => j.instance === of.id && (!cid || j.cid === cid) && (!state || (state === 'final' ? final(j) : j.state === state)))
    this.json(res, { items: items.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, Number(query.get('limit') ?? 100)), next: null, revision: this.world.revision })
  }

  post_jobs({ res, of, key }) {
    this.ffs.end(of.id, key, 'cancelled', { err: { code: 'cancelled', message: 'It was cancelled on request.', value: '', limit: '' } })
    this.json(res, this.ffs.job(of.id, key))
  }

  get_watch({ res, of, query }) {
    const watcher = { kind: 'job', instance: of.id, cid: query.get('cid') ?? '', job: query.get('job') ?? '' }
    const from = query.get('from')
    const told = (j) => (from ? this.ffs.changed.get(j.id) > Number(from) : watcher.job || !final(j))
    this.watch(res, watcher, [...this.world.tables['ffs-jobs'].values()].filter(told))
  }

  /// What there is, then what comes.
  watch(res, watcher, history) {
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    res.write(': hello\n\n')
    const w = { ...watcher, res }
    for (const record of history) this.ffs.tell(w, record, record, this.world.revision)
    this.ffs.watchers.add(w)
    res.on('close', () => this.ffs.watchers.delete(w))
  }

  get_deals({ res, of, query }) {
    const all = [...this.world.tables.deals.values()].filter((d) => d.instance === of.id).map((d) => ({ ...d, updated: updated(d) }))
    const since = Number(query.get('since') ?? 0)
    const state = query.get('state') ?? ''
    const kind = (d) => (d.state === 'active' ? 'active' : ['failed', 'slashed', 'expired', 'rejected'].includes(d.state) ? 'failed' : 'pending')
    this.json(res, { items: all.filter((d) => d.updated > since && (!state || kind(d) === state)).sort((a, b) => b.updated - a.updated), next: null, revision: this.world.revision })
  }

  get_retrievals({ res, of }) {
    this.json(res, { items: [...this.world.tables['ffs-retrievals'].values()].filter((r) => r.instance === of.id), next: null, revision: this.world.revision })
  }

  get_wallets({ res, of }) {
    this.json(res, { items: this.ffs.wallets.get(of.id), next: null })
  }

  post_wallets({ res, of, key, more, body }) {
    if (!key) return this.json(res, this.ffs.addWallet(of.id, body.name), 201)
    const all = this.ffs.wallets.get(of.id)
    const w = all.find((x) => x.addr === key)
    if (more === 'default') {
      for (const x of all) x.default = x === w
      this.ffs.change(of.id, { wallet: key })
      return this.json(res, w, 201)
    }
    const atto = BigInt(body.amount.replace(' attoFIL', ''))
    if (more === 'send' && !/^[ft]\d/.test(body.to)) throw this.problem(400, 'malformed', 'an address has a network, a protocol and a payload', body.to)
    if (more === 'send' && atto > BigInt(w.balance)) throw this.problem(409, 'insufficient-funds', 'There is not enough on the address.', String(atto), w.balance)
    w.balance = String(BigInt(w.balance) + (more === 'fund' ? atto : -atto))
    const message = make.messageCid()
    this.world.commit([{ kind: 'message.landed', subject: message, owner: '', fields: {} }], [])
    this.json(res, { message }, 202)
  }
}
