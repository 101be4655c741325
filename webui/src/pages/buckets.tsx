// Buckets as levels: the open ones large, all of them below.
import type { Bucket } from '../api/types'
import { at } from '../api/http'
import { Level } from '../drawings/level'
import { useList } from '../live/list'
import { summary } from '../live/summary'
import { Answer } from '../parts/answer'
import { agePart, dueWords, fillWords } from '../parts/bucketage'
import { ask } from '../parts/dialog'
import { Filter } from '../parts/search'
import { Table, type Column } from '../parts/table'
import { When } from '../parts/text'
import { Empty } from '../parts/trouble'
import { link, route } from '../routes'
import { count, plural } from '../words/amounts'
import { bucketTitle, shortId } from '../words/names'
import { NewBucket } from './newbucket'

const columns: Column<Bucket>[] = [
  {
    key: 'level', head: '', width: '56px',
    cell: (b) => <Level bucket={b} age={agePart(b)} />,
  },
  { key: 'name', head: 'Bucket', width: 'minmax(140px, 1.5fr)', narrow: 'main', cell: (b) => <a href={link('buckets', b.id)} title={b.name}>{bucketTitle(b.name)} <span class="quiet">{shortId(b.id)}</span></a> },
  { key: 'fill', head: 'Level', width: 'minmax(150px, 1fr)', narrow: 'side', cell: fillWords },
  { key: 'count', head: 'Contents', width: '108px', right: true, cell: (b) => count(b.count) + (b.maxCount ? ` of ${count(b.maxCount)}` : '') },
  { key: 'due', head: 'State', width: 'minmax(180px, 1.5fr)', narrow: 'sub', cell: dueWords },
  { key: 'created', head: 'Opened', width: '190px', narrow: 'end', cell: (b) => <When ms={b.created} brief /> },
]

const rank = (b: Bucket) => (b.state === 'complete' ? 2 : b.ready === 'open' ? 0 : 1)

export function BucketsPage() {
  const state = route.value.query.get('state') ?? ''
  const list = useList<Bucket>({
    path: '/buckets',
    params: { state },
    table: 'buckets',
    key: (b) => b.id,
    match: (b) => !state || b.state === state,
    compare: (a, b) => rank(a) - rank(b) || b.created - a.created,
  })
  const totals = summary.value?.buckets
  return (
    <>
      <Answer
        big={totals ? count(totals.open) : '…'}
        sentence={totals?.open === 1 ? 'bucket takes contents' : 'buckets take contents'}
        more={totals && `${plural(totals.ready, 'bucket')} waiting to be packed, ${count(totals.complete)} complete.`}
      >
        {at.value === null && <button type="button" class="primary" onClick={() => ask(<NewBucket />)}>New bucket</button>}
      </Answer>
      <div class="tools row">
        <Filter label="State" field="state" values={[['init', 'not yet complete'], ['complete', 'complete']]} />
      </div>
      <Table
        list={list}
        columns={columns}
        label="Buckets"
        href={(b) => link('buckets', b.id)}
        tone={(b) => (b.state === 'complete' ? 'done' : '')}
        empty={
          <Empty title="There is no bucket yet." command="weir bucket create NAME --size 4GiB">
            The global bucket opens by itself with the first content. A bucket of your own gathers what belongs together, and has
            its own threshold, count and schedule.
          </Empty>
        }
        command="weir bucket ls"
        things={['bucket', 'buckets']}
      />
    </>
  )
}
