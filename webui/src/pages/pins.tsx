// Pins: blocks that stay on this node whatever becomes of its contents. They
// are this node's own and not on the event stream, so they are asked for again
// when something may have changed them.
import { useEffect } from 'preact/hooks'
import { at, send } from '../api/http'
import type { Pin } from '../api/types'
import { onNode, onTransaction } from '../live/feed'
import { useList, type LiveList } from '../live/list'
import { nameOf } from '../live/names'
import { throttle } from '../live/throttle'
import { Answer, Crumbs } from '../parts/answer'
import { Confirm } from '../parts/confirm'
import { ask } from '../parts/dialog'
import { Menu } from '../parts/menu'
import { Filter, Search } from '../parts/search'
import { Table, type Column } from '../parts/table'
import { Cid, When } from '../parts/text'
import { Empty } from '../parts/trouble'
import { copy } from '../parts/toast'
import { link, route } from '../routes'
import { bytes, count, exactBytes, plural } from '../words/amounts'
import { shortCid } from '../words/names'
import { NewPin } from './newpin'

const keyOf = (p: Pin) => `${p.cid}@${p.owner}`

const instanceOf = (p: Pin) => (p.owner.startsWith('ffs/') ? p.owner.slice(4) : '')

/// Whose it is, in a word: an instance's pins are its hot copies.
function Owner({ p }: { p: Pin }) {
  const of = instanceOf(p)
  if (of) return <a href={link('ffs', of, 'cids', p.cid)} title={`${p.owner}: its hot copy`}>{nameOf('instance', of) || shortCid(of)}</a>
  return <span title={p.owner}>{p.owner === 'local' ? "this node's own" : shortCid(p.owner, 12)}</span>
}

function Name({ p }: { p: Pin }) {
  if (p.name) return <span title={p.name}>{p.name}</span>
  const of = instanceOf(p)
  return <span class="quiet">{of ? `hot copy of ${nameOf('instance', of) || shortCid(of)}` : 'no name'}</span>
}

function askUnpin(p: Pin, list: LiveList<Pin>): void {
  const owner = p.owner === 'local' ? '' : p.owner
  ask(
    <Confirm
      title={`Take the pin of ${p.name || shortCid(p.cid)} away?`}
      lost={[`What keeps ${plural(p.blocks, 'block')}, ${bytes(p.bytes)}, on this node: what no content and no other pin needs goes with the next collection of garbage.`]}
      kept={[
        ...(owner.startsWith('ffs/') ? ['The config of the instance: it still says that a hot copy is wanted, and a repair would bring it back.'] : []),
        'Blocks that contents or other pins hold.',
        'Copies with providers, which pins do not concern.',
      ]}
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
    { key: 'name', head: 'Name', width: 'minmax(140px, 1.2fr)', narrow: 'main', cell: (p) => <Name p={p} /> },
    { key: 'cid', head: 'CID', width: 'minmax(190px, 1fr)', narrow: 'sub', cell: (p) => <Cid cid={p.cid} head={14} /> },
    { key: 'mode', head: 'Keeps', width: 'minmax(130px, 0.6fr)', cell: (p) => (p.mode === 'recursive' ? 'it and all below it' : 'this block alone') },
    { key: 'blocks', head: 'Blocks', width: '70px', right: true, cell: (p) => count(p.blocks) },
    { key: 'bytes', head: 'Size', width: '84px', right: true, narrow: 'end', cell: (p) => <span title={exactBytes(p.bytes)}>{bytes(p.bytes)}</span> },
    { key: 'owner', head: 'Whose', width: 'minmax(110px, 0.6fr)', cell: (p) => <Owner p={p} /> },
    { key: 'created', head: 'Since', width: '116px', cell: (p) => <When ms={p.created} brief /> },
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

const pace = 5000
const slowPace = 15_000
const tables = new Set(['ffs-cids', 'contents'])

/// Pins are not records, and the stream has no word of them: they are asked for again when
/// something came that may have made or taken some, and slowly with the news of the node.
function useFresh(list: LiveList<Pin>): void {
  useEffect(() => {
    if (at.value !== null) return
    const soon = throttle(pace, () => void list.refresh())
    const later = throttle(slowPace, () => void list.refresh())
    const releases = [onTransaction((t) => t.changes?.some((c) => tables.has(c.table)) && soon()), onNode(later)]
    return () => releases.forEach((release) => release())
  }, [list])
}

const owners: [string, string][] = [['own', "this node's own"], ['ffs', 'hot copies of FFS']]

export function PinsPage() {
  const { query } = route.value
  const [q, whose] = [(query.get('q') ?? '').toLowerCase(), query.get('owner') ?? '']
  const list = useList<Pin>({
    path: '/pins',
    table: '',
    key: keyOf,
    compare: (a, b) => b.created - a.created,
    keep: (p) => (!q || p.cid.startsWith(q) || p.name.toLowerCase().includes(q)) && (!whose || (whose === 'ffs') === p.owner.startsWith('ffs/')),
    named: `${q} ${whose}`,
  })
  useFresh(list)
  if (at.value !== null)
    return <Empty title="Pins have no past."><button type="button" class="as-link" onClick={() => (at.value = null)}>Come back to now</button> to see those that there are.</Empty>
  const sum = [...list.items.values()].reduce((n, p) => n + p.bytes, 0)
  const add = () => ask(<NewPin made={(p) => list.take({ table: 'pins', key: keyOf(p), record: p as unknown as Record<string, unknown> })} />)
  return (
    <>
      <Crumbs trail={[['Files', link('files')]]} here="Pins" />
      <Answer
        big={count(list.order.length) + (list.complete ? '' : '+')}
        sentence={`${list.order.length === 1 ? 'pin' : 'pins'}${q || whose ? ` that match${list.order.length === 1 ? 'es' : ''}` : ''} ${list.order.length === 1 ? 'keeps' : 'keep'} blocks on this node`}
        more={list.order.length > 0 && `${bytes(sum)}, with what several of them share counted for each.`}
      >
        <button type="button" class="primary" onClick={add}>New pin</button>
      </Answer>
      {(list.order.length > 0 || q || whose) && (
        <div class="tools row">
          <Search label="Search names and CIDs" />
          <Filter label="Whose" field="owner" values={owners} />
        </div>
      )}
      <Table
        list={list}
        columns={columnsOf(() => list)}
        label="Pins"
        href={(p) => `${link('files')}?q=${p.cid}`}
        tone={(p) => (list.gone.has(keyOf(p)) ? 'gone' : '')}
        empty={
          q || whose ? <Empty title="No pin matches." command="weir pin ls" /> : <Empty title="Nothing is pinned." command="weir pin add CID">
            A pin keeps a block, or a whole DAG, on this node, also when its content is deleted or its local copy dropped. It makes no deals.
          </Empty>
        }
        command="weir pin ls"
        things={['pin', 'pins']}
      />
    </>
  )
}
