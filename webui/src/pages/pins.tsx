// Pins: blocks that stay on this node whatever becomes of its contents. They
// are this node's own and not on the event stream, so they are asked for again
// when something here changes them.
import { at, send } from '../api/http'
import type { Pin } from '../api/types'
import { useList, type LiveList } from '../live/list'
import { Answer, Crumbs } from '../parts/answer'
import { Confirm } from '../parts/confirm'
import { ask } from '../parts/dialog'
import { Menu } from '../parts/menu'
import { Table, type Column } from '../parts/table'
import { Cid, When } from '../parts/text'
import { Empty } from '../parts/trouble'
import { copy } from '../parts/toast'
import { link } from '../routes'
import { bytes, count, exactBytes, plural } from '../words/amounts'
import { shortCid } from '../words/names'
import { NewPin } from './newpin'

const keyOf = (p: Pin) => `${p.cid}@${p.owner}`

function askUnpin(p: Pin, list: LiveList<Pin>): void {
  const owner = p.owner === 'local' ? '' : p.owner
  ask(
    <Confirm
      title={`Take the pin of ${p.name || shortCid(p.cid)} away?`}
      lost={[`What keeps ${plural(p.blocks, 'block')}, ${bytes(p.bytes)}, on this node: what no content and no other pin needs goes with the next collection of garbage.`]}
      kept={['Blocks that contents or other pins hold.', 'Copies with providers, which pins do not concern.']}
      verb="Take it away"
      command={`weir pin rm ${p.cid}${owner ? ` --owner ${owner}` : ''}`}
      run={async () => {
        await send('DELETE', `/pins/${p.cid}${owner ? `?owner=${encodeURIComponent(owner)}` : ''}`)
        list.take({ table: 'pins', key: keyOf(p), record: null })
      }}
      done="The pin was taken away."
    />,
  )
}

function columnsOf(list: () => LiveList<Pin>): Column<Pin>[] {
  return [
    { key: 'name', head: 'Name', width: 'minmax(140px, 1.2fr)', narrow: 'main', cell: (p) => p.name || <span class="quiet">no name</span> },
    { key: 'cid', head: 'CID', width: 'minmax(190px, 1fr)', narrow: 'sub', cell: (p) => <Cid cid={p.cid} head={14} /> },
    { key: 'mode', head: 'Keeps', width: 'minmax(150px, 0.8fr)', cell: (p) => (p.mode === 'recursive' ? 'it and all below it' : 'this block alone') },
    { key: 'blocks', head: 'Blocks', width: '90px', right: true, cell: (p) => count(p.blocks) },
    { key: 'bytes', head: 'Size', width: '90px', right: true, narrow: 'end', cell: (p) => <span title={exactBytes(p.bytes)}>{bytes(p.bytes)}</span> },
    { key: 'owner', wide: true, head: 'Owner', width: 'minmax(90px, 0.6fr)', cell: (p) => <span title={p.owner}>{shortCid(p.owner, 12)}</span> },
    { key: 'created', head: 'Since', width: '190px', cell: (p) => <When ms={p.created} /> },
    {
      key: 'menu', head: '', width: '40px', right: true, narrow: 'side',
      cell: (p) => (
        <Menu
          label={`What to do with ${p.name || p.cid}`}
          choices={[
            { name: 'Contents with this CID', href: `${link('files')}?q=${p.cid}` },
            { name: 'Copy CID', run: () => void copy(p.cid) },
            { name: 'Take the pin away…', run: () => askUnpin(p, list()), loss: true },
          ]}
        />
      ),
    },
  ]
}

export function PinsPage() {
  const list = useList<Pin>({ path: '/pins', table: '', key: keyOf, compare: (a, b) => b.created - a.created })
  if (at.value !== null)
    return <Empty title="Pins have no past."><button type="button" class="as-link" onClick={() => (at.value = null)}>Come back to now</button> to see those that there are.</Empty>
  const sum = [...list.items.values()].reduce((n, p) => n + p.bytes, 0)
  const add = () => ask(<NewPin made={(p) => list.take({ table: 'pins', key: keyOf(p), record: p as unknown as Record<string, unknown> })} />)
  return (
    <>
      <Crumbs trail={[['Files', link('files')]]} here="Pins" />
      <Answer
        big={count(list.order.length) + (list.complete ? '' : '+')}
        sentence={list.order.length === 1 ? 'pin keeps blocks on this node' : 'pins keep blocks on this node'}
        more={list.order.length > 0 && `${bytes(sum)}, with what several of them share counted for each.`}
      >
        <button type="button" class="primary" onClick={add}>New pin</button>
      </Answer>
      <Table
        list={list}
        columns={columnsOf(() => list)}
        label="Pins"
        href={(p) => `${link('files')}?q=${p.cid}`}
        tone={(p) => (list.gone.has(keyOf(p)) ? 'gone' : '')}
        empty={
          <Empty title="Nothing is pinned." command="weir pin add CID">
            A pin keeps a block, or a whole DAG, on this node, also when its content is deleted or its local copy dropped. It makes no deals.
          </Empty>
        }
        command="weir pin ls"
        things={['pin', 'pins']}
      />
    </>
  )
}
