import type { Provider } from '../api/types'
import { useList } from '../live/list'
import { chainNow, epochTime } from '../live/node'
import { Answer } from '../parts/answer'
import { Filter, Search } from '../parts/search'
import { Table, type Column } from '../parts/table'
import { EpochTime } from '../parts/text'
import { Empty, hasProblem } from '../parts/trouble'
import { link, route } from '../routes'
import { bytes, count, fil, plural, share } from '../words/amounts'

export function avoided(p: Provider): boolean {
  return p.avoidUntil >= 0 && epochTime.value(p.avoidUntil) > chainNow.value
}

export function standing(p: Provider): [word: string, tone: string] {
  if (!p.reachable) return ['does not answer', 'wait']
  if (avoided(p)) return ['avoided for now', 'wait']
  return hasProblem(p.problem) ? ['has a problem', 'wait'] : ['answers', 'good']
}

/// Made against failed, as a thin bar with its numbers.
export function Score({ ok, bad }: { ok: number; bad: number }) {
  const all = ok + bad
  if (all === 0) return <span class="quiet">none yet</span>
  return (
    <span class="score" title={`${count(ok)} good, ${count(bad)} failed`}>
      <svg viewBox="0 0 40 6" aria-hidden="true" preserveAspectRatio="none">
        <rect class="all" width="40" height="6" />
        <rect class="ok" width={(40 * ok) / all} height="6" />
      </svg>
      {share(ok, all)} <span class="quiet">of {count(all)}</span>
    </span>
  )
}

const columns: Column<Provider>[] = [
  { key: 'id', head: 'Provider', width: 'minmax(96px, 1fr)', cell: (p) => <a href={link('providers', p.id)}>{p.id}</a>, narrow: 'main' },
  { key: 'standing', head: 'Standing', width: 'minmax(130px, 1fr)', narrow: 'side', cell: (p) => <span class={standing(p)[1]} title={hasProblem(p.problem) ? p.problem.message : ''}>{standing(p)[0]}</span> },
  { key: 'price', head: 'Ask per GiB and epoch', width: '160px', right: true, cell: (p) => fil(p.price), narrow: 'sub' },
  { key: 'pieces', head: 'Piece sizes', width: '150px', right: true, cell: (p) => `${bytes(p.minPiece)} – ${bytes(p.maxPiece)}` },
  { key: 'deals', head: 'Deals kept', width: 'minmax(130px, 1fr)', cell: (p) => <Score ok={p.dealsMade} bad={p.dealsFailed} />, narrow: 'end' },
  { key: 'retrievals', head: 'Retrievals', width: 'minmax(130px, 1fr)', cell: (p) => <Score ok={p.retrievalsOk} bad={p.retrievalsFailed} /> },
  { key: 'asked', wide: true, head: 'Ask read', width: '190px', cell: (p) => <EpochTime epoch={p.askedAt} /> },
]

const standings: [string, string][] = ['answers', 'does not answer', 'avoided for now', 'has a problem'].map((s) => [s, s])

export function ProvidersPage() {
  const { query } = route.value
  const q = query.get('q') ?? ''
  const wanted = query.get('standing') ?? ''
  const list = useList<Provider>({
    path: '/providers',
    table: 'providers',
    key: (p) => p.id,
    keep: (p) => p.id.includes(q.toLowerCase()) && (!wanted || standing(p)[0] === wanted),
    named: `${q} ${wanted}`,
    compare: (a, b) => a.id.localeCompare(b.id, undefined, { numeric: true }),
  })
  const items = [...list.items.values()]
  const good = items.filter((p) => p.reachable && !avoided(p)).length
  return (
    <>
      <Answer
        big={count(good)}
        sentence={`of ${plural(items.length, 'provider')}${q || wanted ? ' that match' + (items.length === 1 ? 'es' : '') : ''} can be chosen now`}
        more="Why one was not chosen for a piece is on its page, each time with the value that decided."
      />
      <div class="tools row">
        <Search label="Search providers" />
        <Filter label="Standing" field="standing" values={standings} />
      </div>
      <Table
        list={list}
        columns={columns}
        label="Providers"
        href={(p) => link('providers', p.id)}
        empty={q || wanted ? <Empty title="No provider matches." command="weir provider ls" /> : <Empty title="No provider is known." command="weir node --data DIR --devnet">Providers come from the node's configuration; with --devnet there are eight simulated ones.</Empty>}
        command="weir provider ls"
        things={['provider', 'providers']}
      />
    </>
  )
}
