import type { Change, Deal, Piece } from '../api/types'
import { SixInRow } from '../drawings/six'
import { useList, type LiveList } from '../live/list'
import { Answer } from '../parts/answer'
import { Filter } from '../parts/search'
import { Table, type Column } from '../parts/table'
import { Bytes, Cid, When } from '../parts/text'
import { Empty, hasProblem } from '../parts/trouble'
import { link, route } from '../routes'
import { count, plural } from '../words/amounts'

export const pieceStates: [string, string][] = [
  ['built', 'built, deals wanted'], ['placed', 'placed'], ['degraded', 'degraded'], ['retired', 'retired'],
]

const columns: Column<Piece>[] = [
  { key: 'cid', head: 'Piece', width: 'minmax(170px, 1fr)', cell: (p) => <Cid cid={p.cid} href={link('pieces', p.cid)} head={12} />, narrow: 'main' },
  { key: 'six', head: 'Copies', width: '112px', cell: (p) => <SixInRow copies={p.copies} deals={p.deals ?? []} />, narrow: 'side' },
  { key: 'state', head: 'State', width: 'minmax(140px, 1fr)', narrow: 'sub', cell: (p) => <span class={`state-word ${p.state}`} title={hasProblem(p.problem) ? p.problem.message : ''}>{pieceStates.find(([s]) => s === p.state)?.[1]}{p.local ? '' : ' · offloaded'}</span> },
  { key: 'size', head: 'Padded', width: '84px', right: true, cell: (p) => <Bytes n={p.paddedSize} />, narrow: 'end' },
  { key: 'payload', head: 'Payload', width: '84px', right: true, cell: (p) => <Bytes n={p.payloadSize} /> },
  { key: 'contents', head: 'Contents', width: '80px', right: true, cell: (p) => count(p.contents) },
  { key: 'segments', wide: true, head: 'Segments', width: '80px', right: true, cell: (p) => count(p.segments) },
  { key: 'created', head: 'Built', width: '190px', cell: (p) => <When ms={p.created} /> },
]

/// The list's answer may or may not bring the deals; the stream brings what follows.
function absorb({ table, record }: Change, list: LiveList<Piece>): void {
  if (table !== 'deals' || !record) return
  const deal = record as unknown as Deal
  const piece = list.items.get(deal.piece)
  if (!piece) return
  const deals = (piece.deals ?? []).filter((d) => d.uuid !== deal.uuid)
  list.set(deal.piece, { ...piece, deals: [...deals, deal] })
}

export function PiecesPage() {
  const state = route.value.query.get('state') ?? ''
  const list = useList<Piece>({
    path: '/pieces',
    params: { state },
    table: 'pieces',
    key: (p) => p.cid,
    match: (p) => !state || p.state === state,
    compare: (a, b) => b.created - a.created,
    absorb,
    merge: (old, p) => ({ ...p, deals: p.deals ?? old?.deals ?? [] }),
  })
  const items = [...list.items.values()]
  const placed = items.filter((p) => p.state === 'placed').length
  return (
    <>
      <Answer
        big={count(list.order.length) + (list.complete ? '' : '+')}
        sentence={list.order.length === 1 ? 'piece' : 'pieces'}
        more={items.length > 0 && `${plural(placed, 'piece')} with all promised deals active.`}
      />
      <div class="tools row">
        <Filter label="State" field="state" values={pieceStates} />
      </div>
      <Table
        list={list}
        columns={columns}
        label="Pieces"
        href={(p) => link('pieces', p.cid)}
        tone={(p) => (p.state === 'degraded' ? 'hurt' : '')}
        empty={<Empty title="No piece yet." command="weir bucket close NAME">A piece is what providers store: the contents of a ready bucket, packed together. A bucket becomes ready when it is over its threshold, two days old, full, on schedule, or closed by hand.</Empty>}
        command="weir piece ls"
        things={['piece', 'pieces']}
      />
    </>
  )
}
