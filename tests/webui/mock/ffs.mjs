// FFS over the mock world: instances, configs, jobs that go on when a test says
// so, their watches. The shapes are those of /api/v1/ffs.
import * as make from './names.mjs'

const noErr = () => ({ code: 'none', message: '', value: '', limit: '' })
const steps = ['waiting', 'hot', 'cold', 'finish']

export const defaults = () => ({
  hot: { enabled: true, allowUnfreeze: false, unfreezeMaxPrice: '0', addTimeout: 900 },
  cold: {
    enabled: true, repFactor: 1, dealMinDuration: 518400, excludedMiners: [], trustedMiners: [], countryCodes: [], renew: false, renewThreshold: 0, address: '', maxPrice: '0',
    fastRetrieval: true, dealStartOffset: 8640, verifiedDeal: false, sharePiece: false, dealTimeout: 0,
  },
  repairable: false,
})

export function config(hot = {}, cold = {}, rest = {}) {
  const d = defaults()
  return { ...d, ...rest, hot: { ...d.hot, ...hot }, cold: { ...d.cold, ...cold } }
}

export class Ffs {
  constructor(world) {
    this.world = world
    for (const table of ['ffs-instances', 'ffs-cids', 'ffs-retrievals', 'ffs-jobs', 'ffs-webhooks']) world.tables[table] = new Map()
    this.tokens = new Map()
    this.wallets = new Map()
    this.defaults = new Map()
    this.selections = new Map()
    this.uses = new Map()
    this.logs = []
    this.nodeDefault = defaults()
    this.watchers = new Set()
    /// The revision of each job's last change, for a watch that goes on.
    this.changed = new Map()
    this.next = 0
    this.schedulers = [
      { name: 'default', hot: 'store', selector: 'cheapest', miners: [], parallel: 10, repairEvery: 2880, maxPrice: '0', leastSize: 0 },
      { name: 'archive', hot: 'vault', selector: 'fixed', miners: ['t01000', 't01003'], parallel: 4, repairEvery: 20160, maxPrice: '200000000', leastSize: 2 ** 20 },
    ]
  }

  id() {
    return `01930000-${String(this.next++).padStart(4, '0')}-7000-${make.uuid().slice(19)}`
  }

  event(kind, subject, instance, fields = {}) {
    return { kind, subject, owner: `ffs/${instance}`, fields }
  }

  addInstance(name, limits = { bytes: 0, jobs: 0, spend: '0' }) {
    const id = make.uuid()
    const record = { id, name: name || id, owner: `ffs/${id}`, scheduler: 'default', created: this.world.clock, wallet: '', movedFrom: '', limits }
    this.tokens.set(id, [{ name: 'first', instance: id, scopes: ['read', 'store', 'wallet', 'admin'], created: this.world.clock, expires: 0, lastUse: 0 }])
    this.wallets.set(id, [])
    this.defaults.set(id, structuredClone(this.nodeDefault))
    this.world.commit([this.event('instance.created', id, id, { name: record.name })], [{ table: 'ffs-instances', key: id, record }])
    return record
  }

  addWallet(instance, name, balance = '0') {
    const all = this.wallets.get(instance)
    const w = { addr: 'f1' + make.uuid().replace(/-/g, '') + 'abcdefg', name, default: all.length === 0, balance, escrow: balance === '0' ? '0' : '500000000000000000', locked: '0', available: balance === '0' ? '0' : '500000000000000000' }
    all.push(w)
    if (w.default) this.change(instance, { wallet: w.addr })
    this.world.commit([{ kind: 'wallet.created', subject: w.addr, owner: '', fields: {} }], [])
    return w
  }

  change(instance, part) {
    const record = { ...this.world.tables['ffs-instances'].get(instance), ...part }
    this.world.commit([this.event('instance.changed', instance, instance, { name: record.name })], [{ table: 'ffs-instances', key: instance, record }])
    return record
  }

  addWebhook(instance, url, events = []) {
    const h = { instance, id: make.uuid(), url, events, created: this.world.clock, told: this.world.revision, failures: 0, failingSince: 0, lastTry: 0, lastSuccess: 0, nextTry: 0, err: noErr() }
    this.putWebhook(h, 'created')
    return h
  }

  /// As its sender notes it: with an event only when it stands differently.
  putWebhook(h, what) {
    const events = what ? [this.event('webhook.changed', h.id, h.instance, { what, url: h.url })] : []
    this.world.commit(events, [{ table: 'ffs-webhooks', key: `${h.instance}/${h.id}`, record: structuredClone(h) }])
  }

  /// A delivery that is taken, or answered with what is not a success.
  deliver(h, failure = '') {
    const before = this.world.tables['ffs-webhooks'].get(`${h.instance}/${h.id}`)
    const now = { ...before, lastTry: this.world.clock }
    if (failure) Object.assign(now, { failures: before.failures + 1, failingSince: before.failingSince || this.world.clock, nextTry: this.world.clock + 5000 * 2 ** before.failures, err: { code: 'protocol', message: failure, value: h.url, limit: '' } })
    else Object.assign(now, { failures: 0, failingSince: 0, nextTry: 0, lastSuccess: this.world.clock, told: this.world.revision, err: noErr() })
    this.putWebhook(now, !before.failures !== !now.failures ? (now.failures ? 'fails' : 'delivers') : '')
  }

  stuck(instance, id) {
    const j = this.job(instance, id)
    this.world.commit([this.event('job.stuck', id, instance, { cid: j.cid, step: j.step, since: String(this.world.epoch - 2880) })], [])
  }

  entry(instance, cid) {
    return this.world.tables['ffs-cids'].get(`${instance}/${cid}`)
  }

  /// Commits a CID's record and a job together, as the node does; watchers hear of the job.
  commit(kind, entry, job, words) {
    const changes = []
    if (entry) changes.push({ table: 'ffs-cids', key: `${entry.instance}/${entry.cid}`, record: structuredClone(entry) })
    if (job) changes.push({ table: 'ffs-jobs', key: `${job.instance}/${job.id}`, record: structuredClone(job) })
    const events = job ? [this.event(kind, job.id, job.instance, { cid: job.cid, state: job.state, step: job.step, ...(job.err.code === 'none' ? {} : { message: job.err.message }) })] : []
    if (words && job) this.logs.push({ instance: job.instance, cid: job.cid, time: this.world.clock + 1700, job: job.id, number: this.logs.length, message: words })
    const t = this.world.commit(events, changes)
    if (job) this.changed.set(job.id, t.revision)
    for (const w of this.watchers) this.tell(w, job, words ? this.logs.at(-1) : null, t.revision)
  }

  tell(w, job, line, revision) {
    const record = w.kind === 'job' ? job : line
    if (!record || record.instance !== w.instance || (w.cid && record.cid !== w.cid) || (w.job && (record.job ?? record.id) !== w.job)) return
    w.res.write(`event: ${w.kind}\ndata: ${JSON.stringify(record)}\n\nid: ${revision}\nevent: revision\ndata: {"revision":${revision}}\n\n`)
  }

  push(instance, cid, wanted, { noExec = false, why = 'push' } = {}) {
    const entry = this.entry(instance, cid) ?? {
      instance, cid, pushed: 0, stored: false, hot: { enabled: false, size: 0, layer: '', since: 0 }, cold: { enabled: false, content: '', pieceSize: 0 },
      infoJob: '', infoTime: 0, queued: '', running: '', latest: '', renewAt: -1, repairAt: -1, scheduler: 'default',
    }
    const next = { ...structuredClone(entry), config: wanted, pushed: this.world.clock }
    if (noExec) return this.commit('', next, null), null
    const job = {
      instance, id: this.id(), cid, scheduler: 'default', config: wanted, why, replaces: '', state: 'queued', step: 'waiting', err: noErr(), dealErrors: [],
      created: this.world.clock, started: 0, ended: 0, createdAt: this.world.epoch, startedAt: -1, unfroze: false,
    }
    Object.assign(next, { queued: job.id, latest: job.id })
    this.commit('job.queued', next, job, `Job ${job.id} was queued (${why}).`)
    return job.id
  }

  /// What an instance uses of its quota; `uses` says otherwise where a test wants it.
  use(instance) {
    const entries = [...this.world.tables['ffs-cids'].values()].filter((e) => e.instance === instance)
    const deals = [...this.world.tables.deals.values()].filter((d) => d.instance === instance && d.state !== 'rejected')
    return {
      bytes: entries.reduce((n, e) => n + e.hot.size, 0),
      jobs: entries.filter((e) => e.queued).length,
      spend: String(deals.reduce((n, d) => n + BigInt(d.pricePerEpoch) * BigInt(d.end - d.start), 0n)),
      ...this.uses.get(instance),
    }
  }

  job(instance, id) {
    return this.world.tables['ffs-jobs'].get(`${instance}/${id}`)
  }

  /// One step further; its deals are `deals` records of the world.
  step(instance, id, words = '') {
    const before = this.job(instance, id)
    const entry = structuredClone(this.entry(instance, before.cid))
    const job = { ...before, state: 'in_progress', step: steps[steps.indexOf(before.step) + (before.state === 'queued' ? 0 : 1)], started: before.started || this.world.clock }
    if (before.state === 'queued') Object.assign(entry, { queued: '', running: id })
    this.commit(before.state === 'queued' ? 'job.started' : 'job.progress', entry, job, words || `It comes to ${job.step}.`)
  }

  end(instance, id, state, { err = noErr(), dealErrors = [], content = '', size = 0, hot = true } = {}) {
    const before = this.job(instance, id)
    const entry = structuredClone(this.entry(instance, before.cid))
    const job = { ...before, state, step: state === 'cancelled' ? before.step : 'finish', err, dealErrors, started: before.started || this.world.clock, ended: this.world.clock }
    Object.assign(entry, { queued: '', running: '' })
    if (state === 'done') {
      const { config: c } = before
      Object.assign(entry, { stored: true, infoJob: id, infoTime: this.world.clock + 1700, repairAt: c.repairable ? this.world.epoch + 2880 : -1, renewAt: c.cold.renew ? this.world.epoch + 500000 : -1 })
      entry.hot = { enabled: c.hot.enabled && hot, size, layer: 'store', since: this.world.clock }
      entry.cold = { enabled: c.cold.enabled, content, pieceSize: c.cold.enabled ? 2 ** Math.ceil(Math.log2(Math.max(256, size))) : 0 }
    }
    this.commit(`job.${state}`, entry, job, `Job ${id} ${state === 'done' ? 'is done.' : state === 'failed' ? 'failed: ' + err.message : 'was cancelled.'}`)
  }

  /// A deal of an entry's content, in a state.
  addDeal(entry, provider, state, more = {}) {
    const d = {
      uuid: make.uuid(), piece: make.pieceCid(), content: entry.cold.content || entry.cid, instance: entry.instance, cid: entry.cid, paddedSize: 2 ** 26, client: 'f1payer', provider, label: entry.cid, verified: false,
      start: this.world.epoch + 2880, end: this.world.epoch + 2880 + 518400, pricePerEpoch: '2500000', providerCollateral: '0', clientCollateral: '0', state, proposal: make.messageCid(), id: this.world.nextDeal++, publishMessage: '',
      sector: 0, sectorStart: -1, createdAt: this.world.epoch, created: this.world.clock, problem: { code: 'none', message: '' }, replaces: '', attempts: 1, life: [{ state, at: this.world.epoch, time: this.world.clock }], ...more,
    }
    this.world.commit([{ kind: `deal.${state}`, subject: d.uuid, owner: '', fields: { provider } }], [{ table: 'deals', key: d.uuid, record: d }])
    return d
  }

  proposals(entry) {
    const of = entry.cold.content || entry.cid
    return [...this.world.tables.deals.values()].filter((d) => d.content === of)
  }
}
