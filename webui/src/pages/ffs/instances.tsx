// The tenants of the node: found by name among a thousand, each with what it
// does right now and how near it is to a limit.
import { useMemo } from 'preact/hooks'
import { at } from '../../api/http'
import type { Instance, Usage } from '../../api/ffs'
import type { Transaction } from '../../api/types'
import { Used } from '../../drawings/used'
import { useList, type LiveList, type ListSpec } from '../../live/list'
import { usageError, useOf, useUsage } from '../../live/usage'
import { Answer } from '../../parts/answer'
import { ask } from '../../parts/dialog'
import { Filter, Search } from '../../parts/search'
import { Table, type Column } from '../../parts/table'
import { Cid, When } from '../../parts/text'
import { Empty, Waiting } from '../../parts/trouble'
import { link, route } from '../../routes'
import { count, plural } from '../../words/amounts'
import { atLimit, fullness, isNear, limitsOf } from '../../words/limits'
import { shortId } from '../../words/names'
import { InstancePage } from './instance'
import { LookAt } from './lookat'
import { NewInstanceDialog } from './newinstance'
import { NoPast } from './nopast'

/// The limit that it comes to first.
function Nearest({ of }: { of: Instance }) {
  const use = useOf(of.id)
  const [nearest] = limitsOf(of.limits, use ?? { bytes: 0, jobs: 0, spend: '0' })
  if (!nearest) return <span class="quiet">no limit</span>
  return use ? <Used limit={nearest} named /> : <span class="quiet">{nearest.most} {nearest.name}</span>
}

const columns: Column<Instance>[] = [
  { key: 'name', head: 'Instance', width: 'minmax(160px, 2fr)', narrow: 'main', cell: (i) => <a href={link('ffs', i.id)}>{i.name} {i.name !== i.id && <span class="quiet">{shortId(i.id)}</span>}</a> },
  { key: 'jobs', head: 'Jobs that wait or run', width: '150px', right: true, narrow: 'side', cell: (i) => (i.openJobs ? <span class="good">{count(i.openJobs)}</span> : <span class="quiet">none</span>) },
  { key: 'limit', head: 'Nearest limit', width: 'minmax(270px, 1.4fr)', narrow: 'sub', cell: (i) => <Nearest of={i} /> },
  { key: 'wallet', wide: true, head: 'Pays from', width: 'minmax(150px, 1fr)', cell: (i) => (i.wallet ? <Cid cid={i.wallet} /> : <span class="quiet">the node's address</span>) },
  { key: 'scheduler', wide: true, head: 'Scheduler', width: '110px', cell: (i) => <a href={link('ffs', 'schedulers')}>{i.scheduler}</a> },
  { key: 'created', head: 'Made', width: '190px', narrow: 'end', cell: (i) => <When ms={i.created} /> },
]

const steps: Record<string, number> = { 'job.queued': 1, 'job.done': -1, 'job.failed': -1, 'job.cancelled': -1 }

/// Jobs come and go as events; each is counted once, whenever its instance was loaded.
function countJobs(t: Transaction, list: LiveList<Instance>): void {
  const changes = new Map<string, number>()
  for (const { kind, owner } of t.events)
    if (steps[kind] && owner.startsWith('ffs/')) changes.set(owner.slice(4), (changes.get(owner.slice(4)) ?? 0) + steps[kind])
  for (const [id, by] of changes) {
    const item = list.items.get(id)
    if (!item || t.revision <= (list.asOf.get(id) ?? 0)) continue
    list.asOf.set(id, t.revision)
    list.set(id, { ...item, openJobs: Math.max(0, (item.openJobs ?? 0) + by) })
  }
}

const limitFilters: [value: string, name: string][] = [['near', 'near or reached'], ['set', 'set'], ['none', 'not set']]

function instanceList(q: string, scheduler: string, limits: string, near: Set<string>): ListSpec<Instance> {
  const fits: Record<string, (i: Instance) => boolean> = { near: (i) => near.has(i.id), set: hasSome, none: (i) => !hasSome(i) }
  const word = q.toLowerCase()
  return {
    path: '/ffs/instances',
    params: { q },
    table: 'ffs-instances',
    keep: (i) => (!scheduler || i.scheduler === scheduler) && (fits[limits]?.(i) ?? true),
    named: [scheduler, limits, limits === 'near' ? [...near].join() : ''].join(' '),
    key: (i) => i.id,
    match: (i) => !i.deleting && (i.name.toLowerCase().includes(word) || i.id.startsWith(word)),
    // Those that have something to do come first; the order is made once, so that no row jumps.
    compare: (a, b) => Number(!!b.openJobs) - Number(!!a.openJobs) || a.name.localeCompare(b.name, undefined, { numeric: true }),
    hear: countJobs,
    merge: (old, i) => ({ ...i, openJobs: old?.openJobs ?? 0 }),
  }
}

function hasSome({ limits }: Instance): boolean {
  return limitsOf(limits, limits).length > 0
}

const nearest = (u: Usage) => limitsOf(u.limits, u.usage)[0].part

/// Those that are refused something soon, or already; the worst first.
function nearOnes(all: ReadonlyMap<string, Usage> | null): Usage[] {
  return [...(all?.values() ?? [])].filter((u) => isNear(u.limits, u.usage)).sort((a, b) => nearest(b) - nearest(a) || a.name.localeCompare(b.name))
}

/// Which are near when the filter is chosen: rows stay while they are looked at.
function useNearIds(chosen: boolean, near: Usage[], known: boolean): Set<string> {
  return useMemo(() => new Set(near.map((u) => u.id)), [chosen, known])
}

/// More are behind the filter.
const nearShown = 4

function NearLimit({ near }: { near: Usage[] }) {
  if (near.length === 0) return null
  return (
    <section aria-label="Near a limit" class="lookat">
      <h2 class="row">
        <a href={`${link('ffs')}?limits=near`}>Near a limit</a>
        <span class="quiet">{plural(near.length, 'instance')}</span>
      </h2>
      <ol class="nearest">
        {near.slice(0, nearShown).map((u) => {
          const [limit] = limitsOf(u.limits, u.usage)
          return (
            <li key={u.id}>
              <a href={link('ffs', u.id, 'settings')}>{u.name}</a>
              <Used limit={limit} named />
              <span class="wait">{fullness(limit.part) === 'full' ? atLimit[limit.kind] : ''}</span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function First() {
  return (
    <Empty title="There is no instance yet." command="weir ffs create NAME">
      An instance is a tenant of this node: it says what it wants of each CID, hot here and cold with providers, and jobs make it so.
      It works with a token of its own over HTTP, Cap'n Proto and the command line.
    </Empty>
  )
}

export function InstancesPage() {
  const q = route.value.query.get('q') ?? ''
  const scheduler = route.value.query.get('scheduler') ?? ''
  const limits = route.value.query.get('limits') ?? ''
  const known = useUsage()
  const near = nearOnes(known)
  const nearIds = useNearIds(limits === 'near', near, known !== null)
  const list = useList<Instance>(instanceList(q, scheduler, limits, nearIds))
  if (at.value !== null) return <NoPast />
  // Whoever came with the token of an instance sees that one.
  if (list.error?.status === 403) return <InstancePage id="me" tab="" rest={[]} />
  const items = [...list.items.values()]
  const busy = items.filter((i) => i.openJobs).length
  const jobs = items.reduce((n, i) => n + (i.openJobs ?? 0), 0)
  return (
    <>
      <Answer
        big={count(list.order.length) + (list.complete ? '' : '+')}
        sentence={(list.order.length === 1 ? 'instance' : 'instances') + (q ? ` with “${q}”` : '') + (scheduler ? ` of the scheduler ${scheduler}` : '')}
        more={items.length > 0 && (jobs ? `${plural(jobs, 'job')} of ${plural(busy, 'instance')} wait or run.` : 'No job waits or runs.')}
      >
        <a class="button" href={link('ffs', 'schedulers')}>Schedulers</a>
        <a class="button" href={link('ffs', 'default')}>Default config</a>
        <button type="button" class="primary" onClick={() => ask(<NewInstanceDialog />)}>New instance</button>
      </Answer>
      {!q && !limits && <NearLimit near={near} />}
      {!q && <LookAt />}
      <div class="tools row">
        <Search label="Search instances by name or id" />
        <Filter label="Limits" field="limits" values={limitFilters} />
        {scheduler && <a class="chip" href={link('ffs')} title="Show those of all schedulers">scheduler {scheduler} ✕</a>}
      </div>
      {/* The first time, what is near a limit comes above the list: both together, so that no row moves. */}
      {known || usageError.value ? <Table
        list={list}
        columns={columns}
        label="Instances"
        href={(i) => link('ffs', i.id)}
        empty={q ? <Empty title="No instance matches.">Its name has to have “{q}”, or its id to begin so.</Empty> : limits ? <Empty title={limits === 'near' ? 'Nobody is near a limit.' : 'No instance matches.'} command="weir ffs usage" /> : scheduler ? <Empty title={`No instance is wired to ${scheduler}.`} command={`weir ffs move ID ${scheduler}`} /> : <First />}
        command="weir ffs ls"
        things={['instance', 'instances']}
      /> : <Waiting />}
    </>
  )
}
