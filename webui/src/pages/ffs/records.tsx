// Deal and retrieval records of an instance, independent of its jobs.
import { at, type FfsDeal, type Instance, type Retrieval } from '../../api/ffs'
import { ApiError, getNow } from '../../api/http'
import type { Change, Deal, Page } from '../../api/types'
import { useList, type LiveList } from '../../live/list'
import { throttle } from '../../live/throttle'
import { Answer } from '../../parts/answer'
import { Filter } from '../../parts/search'
import { Table, type Column } from '../../parts/table'
import { Bytes, Cid, EpochTime, When } from '../../parts/text'
import { Empty, hasProblem } from '../../parts/trouble'
import { link, route } from '../../routes'
import { count, fil, plural } from '../../words/amounts'
import { DealState, dealNumber } from '../dealtable'

function dealColumns(id: string): Column<FfsDeal>[] {
  return [
    { key: 'state', head: 'State', width: 'minmax(140px, 1fr)', narrow: 'main', cell: (d) => <a class="plain" href={link('deals', d.uuid)}><DealState deal={d} /></a> },
    { key: 'cid', head: 'CID', width: 'minmax(150px, 1fr)', narrow: 'sub', cell: (d) => <Cid cid={d.cid ?? ''} href={link('ffs', id, 'cids', d.cid ?? '')} head={10} /> },
    { key: 'provider', head: 'Provider', width: '100px', narrow: 'side', cell: (d) => <a href={link('providers', d.provider)}>{d.provider}</a> },
    { key: 'id', head: 'Deal id', width: '76px', right: true, cell: dealNumber },
    { key: 'price', head: 'Price per epoch', width: '130px', right: true, cell: (d) => fil(d.pricePerEpoch) },
    { key: 'size', wide: true, head: 'Size', width: '84px', right: true, cell: (d) => <Bytes n={d.paddedSize} /> },
    { key: 'ends', wide: true, head: 'Ends', width: '190px', cell: (d) => <EpochTime epoch={d.end} /> },
    { key: 'updated', head: 'Changed', width: '190px', narrow: 'end', cell: (d) => <When ms={d.updated ?? 0} /> },
    { key: 'problem', wide: true, head: 'Problem', width: 'minmax(80px, 1.5fr)', cell: (d) => hasProblem(d.problem) && <span class="wait" title={d.problem.message}>{d.problem.message}</span> },
  ]
}

function stateOf(d: Deal): 'pending' | 'active' | 'failed' {
  if (d.state === 'active') return 'active'
  return ['failed', 'slashed', 'expired', 'rejected'].includes(d.state) ? 'failed' : 'pending'
}

function changed(d: Deal): number {
  return Math.max(d.created, ...d.life.map((m) => m.time))
}

/// A deal that is not in the list yet may be of this instance: the feed of what changed says so.
function follower(path: string, state: string): (change: Change, list: LiveList<FfsDeal>) => void {
  let waiting: LiveList<FfsDeal> | null = null
  const ask = throttle(1000, () => {
    const list = waiting
    if (!list) return
    const since = Math.max(0, ...[...list.items.values()].map((d) => d.updated ?? 0))
    getNow<Page<FfsDeal>>(path, { since, state, limit: 1000 })
      .then(({ items }) => items.forEach((d) => list.take({ table: '', key: d.uuid, record: d as unknown as Record<string, unknown> })))
      .catch((e) => e instanceof ApiError || Promise.reject(e))
  })
  return ({ table, key, record }, list) => {
    if (table !== 'deals' || !record?.content) return
    const deal = record as unknown as FfsDeal
    const old = list.items.get(key)
    if (old) return list.take({ table: '', key, record: { ...old, ...deal, updated: changed(deal) } })
    waiting = list
    ask()
  }
}

const dealStates: [string, string][] = [['pending', 'on their way'], ['active', 'active'], ['failed', 'ended or refused']]

function DealRecords({ of }: { of: Instance }) {
  const state = route.value.query.get('state') ?? ''
  const path = at(of.id, 'deals')
  const list = useList<FfsDeal>({
    path,
    params: { state },
    table: '',
    key: (d) => d.uuid,
    match: (d) => !state || stateOf(d) === state,
    compare: (a, b) => (b.updated ?? 0) - (a.updated ?? 0),
    absorb: follower(path, state),
  })
  const items = [...list.items.values()]
  const number = (s: string) => items.filter((d) => stateOf(d) === s).length
  return (
    <>
      <Answer big={count(number('active'))} sentence={`deal${number('active') === 1 ? '' : 's'} active${list.complete ? '' : ' among the newest'}`} more={items.length > 0 && `${count(number('pending'))} on their way, ${count(number('failed'))} ended or refused.`} />
      <div class="tools row">
        <Kinds of={of} here="deals" />
        <Filter label="State" field="state" values={dealStates} />
      </div>
      <Table
        list={list}
        columns={dealColumns(of.id)}
        label="Deal records"
        href={(d) => link('deals', d.uuid)}
        tone={(d) => (d.state === 'slashed' || d.state === 'failed' ? 'hurt' : '')}
        empty={<Empty title={state ? 'No deal is in this state.' : 'No deal was made for it yet.'}>Deals are made by jobs of CIDs whose config has cold storage on. Those of shared pieces are the node's own, and among <a href={link('deals')}>its deals</a>.</Empty>}
        things={['deal', 'deals']}
      />
    </>
  )
}

function retrievalColumns(id: string): Column<Retrieval>[] {
  return [
    { key: 'cid', head: 'CID', width: 'minmax(160px, 1fr)', narrow: 'main', cell: (r) => <Cid cid={r.cid} href={link('ffs', id, 'cids', r.cid)} head={12} /> },
    { key: 'state', head: 'State', width: 'minmax(200px, 2fr)', narrow: 'sub', cell: (r) => (r.pending ? <span class="good">under way</span> : r.err.code === 'none' ? 'came back' : <span class="wait" title={r.err.message}>did not come back: {r.err.message}</span>) },
    { key: 'bytes', head: 'Bytes', width: '100px', right: true, narrow: 'side', cell: (r) => <Bytes n={r.bytesReceived} /> },
    { key: 'paid', head: 'Paid', width: '120px', right: true, cell: (r) => fil(r.paid) },
    { key: 'started', head: 'Began', width: '190px', narrow: 'end', cell: (r) => <When ms={r.started} /> },
    { key: 'ended', wide: true, head: 'Ended', width: '190px', cell: (r) => <When ms={r.ended} /> },
  ]
}

function RetrievalRecords({ of }: { of: Instance }) {
  const list = useList<Retrieval>({
    path: at(of.id, 'retrievals'),
    table: 'ffs-retrievals',
    key: (r) => `${r.instance}/${r.id}`,
    match: (r) => r.instance === of.id,
    compare: (a, b) => b.started - a.started,
  })
  const items = [...list.items.values()]
  const back = items.filter((r) => !r.pending && r.err.code === 'none')
  return (
    <>
      <Answer big={count(back.length)} sentence={`of ${plural(items.length, 'retrieval')} came back`} more="An unfreeze: a hot copy that was gone and came back from a provider." />
      <div class="tools row"><Kinds of={of} here="retrievals" /></div>
      <Table
        list={list}
        columns={retrievalColumns(of.id)}
        label="Retrieval records"
        href={(r) => link('ffs', of.id, 'jobs', r.id)}
        tone={(r) => (!r.pending && r.err.code !== 'none' ? 'hurt' : '')}
        empty={<Empty title="Nothing had to be brought back yet.">When a config wants a hot copy that is not here and allows to unfreeze, a job fetches it from a provider; it is recorded here with its bytes and its price.</Empty>}
        things={['retrieval', 'retrievals']}
      />
    </>
  )
}

function Kinds({ of, here }: { of: Instance; here: string }) {
  return (
    <span class="kinds row">
      {[['deals', 'Deals'], ['retrievals', 'Retrievals']].map(([kind, name]) => (
        <a key={kind} class="chip" href={link('ffs', of.id, 'records', kind)} aria-current={kind === here ? 'true' : undefined}>{name}</a>
      ))}
    </span>
  )
}

export function RecordsTab({ of, kind }: { of: Instance; kind: string }) {
  return kind === 'retrievals' ? <RetrievalRecords of={of} /> : <DealRecords of={of} />
}
