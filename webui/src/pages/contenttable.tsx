import type { Content } from '../api/types'
import { SixInRow } from '../drawings/six'
import { Menu } from '../parts/menu'
import type { Column } from '../parts/table'
import { Bytes, Cid, When } from '../parts/text'
import { hasProblem } from '../parts/trouble'
import { link } from '../routes'
import { count } from '../words/amounts'
import { contentStates } from '../words/names'
import { choicesFor } from './contentactions'

function Name({ c }: { c: Content }) {
  const folder = c.files > 1
  return (
    <span class="file-name">
      <svg viewBox="0 0 16 16" class="kind" aria-hidden="true">
        <path d={folder ? 'M1.5 4h4.5l1.5 1.800h7v7.700h-13z' : 'M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3'} />
      </svg>
      <a href={folder ? link('files', c.id) : link('contents', c.id)} title={c.name}>
        {c.name}
      </a>
    </span>
  )
}

function State({ c }: { c: Content }) {
  const wrong = hasProblem(c.problem)
  return (
    <span class={`state-word ${c.state} ${wrong ? 'wait' : ''}`} title={wrong ? c.problem.message : undefined}>
      {contentStates[c.state] ?? c.state}
      {wrong ? ' · waits' : ''}
      {c.local ? '' : ' · offloaded'}
    </span>
  )
}

export const contentColumns: Column<Content>[] = [
  { key: 'name', head: 'Name', width: 'minmax(160px, 3fr)', cell: (c) => <Name c={c} />, narrow: 'main' },
  {
    key: 'six', head: 'Copies', width: '112px', narrow: 'side',
    cell: (c) => (
      <a href={link('contents', c.id)} class="plain" tabIndex={-1}>
        <SixInRow copies={c.copies} deals={c.deals ?? []} />
      </a>
    ),
  },
  { key: 'state', head: 'State', width: 'minmax(96px, 1fr)', cell: (c) => <State c={c} />, narrow: 'sub' },
  { key: 'size', head: 'Size', width: '84px', right: true, cell: (c) => <Bytes n={c.size} />, narrow: 'end' },
  { key: 'files', head: 'Files', width: '64px', right: true, cell: (c) => count(c.files) },
  { key: 'cid', wide: true, head: 'CID', width: '132px', cell: (c) => <Cid cid={c.cid} /> },
  { key: 'created', head: 'Added', width: '188px', cell: (c) => <When ms={c.created} /> },
  { key: 'menu', head: '', width: '36px', right: true, cell: (c) => <Menu label={`What to do with ${c.name}`} choices={choicesFor(c)} /> },
]
