import type { Deal } from '../api/types'
import { useList } from '../live/list'
import { summary } from '../live/summary'
import { Answer } from '../parts/answer'
import { Filter, Search } from '../parts/search'
import { Table } from '../parts/table'
import { Empty } from '../parts/trouble'
import { link, route } from '../routes'
import { count } from '../words/amounts'
import { dealStates } from '../words/names'
import { dealColumns } from './dealtable'

const onTheWay = ['intended', 'proposed', 'published', 'activated'] as const
const ended = ['rejected', 'failed', 'slashed', 'expired'] as const

export function DealsPage() {
  const { query } = route.value
  const state = query.get('state') ?? ''
  const provider = query.get('provider') ?? ''
  const list = useList<Deal>({
    path: '/deals',
    params: { state, provider },
    table: 'deals',
    key: (d) => d.uuid,
    match: (d) => (!state || d.state === state) && (!provider || d.provider === provider),
    compare: (a, b) => b.created - a.created || a.provider.localeCompare(b.provider),
  })
  const counts = summary.value?.deals ?? {}
  const sum = (states: readonly (keyof typeof counts)[]) => states.reduce((n, s) => n + (counts[s] ?? 0), 0)
  return (
    <>
      <Answer
        big={count(counts.active ?? 0)}
        sentence={counts.active === 1 ? 'deal active' : 'deals active'}
        more={`${count(sum(onTheWay))} on their way, ${count(sum(ended))} ended or refused.`}
      />
      <div class="tools row">
        <Search label="Provider, such as t01000" field="provider" />
        <Filter label="State" field="state" values={Object.entries(dealStates)} />
      </div>
      <Table
        list={list}
        columns={dealColumns}
        label="Deals"
        href={(d) => link('deals', d.uuid)}
        tone={(d) => (d.state === 'slashed' || d.state === 'failed' ? 'hurt' : '')}
        empty={
          <Empty title={state || provider ? 'No deal matches.' : 'No deal yet.'} command="weir deal ls">
            A deal is a provider's promise on chain to keep a piece. Deals are proposed as soon as a piece is built; each is
            committed here before it is sent.
          </Empty>
        }
        command="weir deal ls"
        things={['deal', 'deals']}
      />
    </>
  )
}
