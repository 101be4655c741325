// Where is that file? Search first; the six beside each name.
import { at } from '../api/http'
import type { Content } from '../api/types'
import { useList } from '../live/list'
import { summary } from '../live/summary'
import { Answer } from '../parts/answer'
import { Filter, Search } from '../parts/search'
import { Table } from '../parts/table'
import { Empty } from '../parts/trouble'
import { link, route } from '../routes'
import { bytes, count, plural } from '../words/amounts'
import { contentStates } from '../words/names'
import { AddButtons } from '../upload/drop'
import { contentList } from './contentlist'
import { contentColumns } from './contenttable'

const states = Object.entries(contentStates).filter(([s]) => s !== 'removed')

function NothingHere({ searched }: { searched: boolean }) {
  if (searched)
    return (
      <Empty title="Nothing matches." command="weir ls">
        The search looks at names and at the beginnings of CIDs. What was removed is not shown.
      </Empty>
    )
  return (
    <Empty title="Nothing has been added yet." command="weir add PATH…">
      Drop files or folders anywhere on this page. Each becomes a content: its bytes are stored here first, and the promised
      copies are then made with six different providers.
    </Empty>
  )
}

export function FilesPage() {
  const { query } = route.value
  const filter = { q: query.get('q') ?? '', state: query.get('state') ?? '', bucket: query.get('bucket') ?? '' }
  const list = useList<Content>(contentList(filter))
  const all = summary.value?.contents
  return (
    <>
      <Answer
        big={all ? count(all.count) : '…'}
        sentence={all && all.count === 1 ? 'content' : 'contents'}
        more={all && <>{bytes(all.bytes)}{at.value === null ? '' : ' at that moment'}; {plural(summary.value?.byState.active?.count ?? 0, 'content')} with all promised copies active</>}
      >
        {at.value === null && <a class="button" href={link('pins')} title="Blocks that stay here whatever becomes of their contents">Pins</a>}
        <AddButtons />
      </Answer>
      <div class="tools row">
        <Search label="Search names and CIDs" />
        <Filter label="State" field="state" values={states} />
        {filter.bucket && (
          <a class="chip" href={link('files')}>
            in one bucket <span aria-hidden="true">×</span><span class="hidden">: show all</span>
          </a>
        )}
      </div>
      <Table
        list={list}
        columns={contentColumns}
        label="Contents"
        href={(c) => (c.files > 1 ? link('files', c.id) : link('contents', c.id))}
        tone={(c) => (list.gone.has(c.id) ? 'gone' : c.state === 'degraded' || c.state === 'failed' ? 'hurt' : '')}
        empty={<NothingHere searched={!!(filter.q || filter.state || filter.bucket)} />}
        command="weir ls"
        things={['content', 'contents']}
      />
    </>
  )
}
