import type { Deal, DealBrief } from '../api/types'
import { markOfState, OneMark } from '../drawings/six'
import type { Column } from '../parts/table'
import { Bytes, Cid, EpochTime, When } from '../parts/text'
import { hasProblem } from '../parts/trouble'
import { link } from '../routes'
import { fil } from '../words/amounts'
import { dealStates } from '../words/names'

export function DealState({ deal }: { deal: DealBrief }) {
  return (
    <span class={`deal-state ${deal.state}`}>
      <OneMark mark={markOfState(deal.state)} /> {dealStates[deal.state] ?? deal.state}
    </span>
  )
}

export function dealNumber(deal: DealBrief): string {
  return deal.id > 0 ? String(deal.id) : '—'
}

export const dealColumns: Column<Deal>[] = [
  { key: 'state', head: 'State', width: 'minmax(150px, 1fr)', cell: (d) => <a class="plain" href={link('deals', d.uuid)}><DealState deal={d} /></a>, narrow: 'main' },
  { key: 'provider', head: 'Provider', width: 'minmax(100px, 0.7fr)', cell: (d) => <a href={link('providers', d.provider)}>{d.provider}</a>, narrow: 'side' },
  { key: 'id', head: 'Deal id', width: '80px', right: true, cell: dealNumber, narrow: 'sub' },
  { key: 'piece', head: 'Piece', width: 'minmax(150px, 0.7fr)', cell: (d) => <Cid cid={d.piece} href={link('pieces', d.piece)} /> },
  { key: 'size', head: 'Size', width: '84px', right: true, cell: (d) => <Bytes n={d.paddedSize} />, narrow: 'end' },
  { key: 'price', wide: true, head: 'Price per epoch', width: '120px', right: true, cell: (d) => fil(d.pricePerEpoch) },
  { key: 'ends', head: 'Ends', width: '190px', cell: (d) => <EpochTime epoch={d.end} /> },
  { key: 'created', wide: true, head: 'Begun', width: '120px', cell: (d) => <When ms={d.created} brief /> },
  {
    key: 'problem', wide: true, head: 'Problem', width: 'minmax(80px, 1.5fr)',
    cell: (d) => hasProblem(d.problem) && <span class="wait" title={d.problem.message}>{d.problem.message}</span>,
  },
]

/// The deals of one piece or content, few enough for a plain table.
export function DealRows({ deals }: { deals: (DealBrief & Partial<Deal>)[] }) {
  const order = ['active', 'activated', 'published', 'proposed', 'intended', 'expired', 'slashed', 'failed', 'rejected']
  const sorted = [...deals].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.provider.localeCompare(b.provider))
  const dates = sorted.some((d) => d.end !== undefined)
  return (
    <table class="small">
      <thead>
        <tr>
          <th>State</th>
          <th>Provider</th>
          <th class="right">Deal id</th>
          {dates && <th class="n-out">Starts</th>}
          {dates && <th class="n-out">Ends</th>}
        </tr>
      </thead>
      <tbody>
        {sorted.map((d) => (
          <tr key={d.uuid}>
            <td><a class="plain" href={link('deals', d.uuid)}><DealState deal={d} /></a></td>
            <td><a href={link('providers', d.provider)}>{d.provider}</a></td>
            <td class="right">{dealNumber(d)}</td>
            {dates && <td class="n-out"><EpochTime epoch={d.start ?? -1} brief /></td>}
            {dates && <td class="n-out"><EpochTime epoch={d.end ?? -1} /></td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
