// The files inside a content: folders, breadcrumbs, preview and download.
import { base, escapePath } from '../api/http'
import type { Content, FileEntry } from '../api/types'
import { SixInRow } from '../drawings/six'
import { useList } from '../live/list'
import { useRecord } from '../live/record'
import { Answer, Crumbs } from '../parts/answer'
import { ask } from '../parts/dialog'
import { Menu } from '../parts/menu'
import { Table, type Column } from '../parts/table'
import { Bytes, Cid } from '../parts/text'
import { copy } from '../parts/toast'
import { Empty, Trouble } from '../parts/trouble'
import { go, link } from '../routes'
import { choicesFor } from './contentactions'
import { Preview } from './preview'

const shapes: Record<FileEntry['type'], string> = {
  dir: 'M1.5 4h4.5l1.5 1.800h7v7.700h-13z',
  file: 'M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3',
  symlink: 'M3 12c0-5 4-6 9-6M9 3l3.5 3L9 9',
}

function columnsFor(content: Content | null, id: string, path: string[]): Column<FileEntry>[] {
  const fileUrl = (name: string) => `${base}/contents/${id}/data/${escapePath([...path, name].join('/'))}?download=1`
  const show = (e: FileEntry) => ask(<Preview name={e.name} size={e.size} path={`/contents/${id}/data/${escapePath([...path, e.name].join('/'))}`} />)
  const name = (e: FileEntry) =>
    e.type === 'dir' ? (
      <a href={link('files', id, ...path, e.name)}>{e.name}</a>
    ) : (
      <button type="button" class="as-link" onClick={() => show(e)}>
        {e.name}
      </button>
    )
  const choices = (e: FileEntry) => [
    ...(e.type === 'file' ? [{ name: 'Preview', run: () => show(e) }, { name: 'Download', href: fileUrl(e.name), download: true }] : []),
    { name: 'Copy CID', run: () => void copy(e.cid) },
    ...(content ? [{ name: 'Copy the command', run: () => void copy(`weir get ${content.cid}/${[...path, e.name].join('/')} -o ${e.name}`) }] : []),
  ]
  return [
    {
      key: 'name', head: 'Name', width: 'minmax(180px, 3fr)', narrow: 'main',
      cell: (e) => (
        <span class="file-name">
          <svg viewBox="0 0 16 16" class="kind" aria-hidden="true"><path d={shapes[e.type]} /></svg>
          {name(e)}
        </span>
      ),
    },
    { key: 'size', head: 'Size', width: '96px', right: true, cell: (e) => (e.type === 'dir' && e.size === 0 ? <span class="quiet">—</span> : <Bytes n={e.size} />), narrow: 'side' },
    { key: 'cid', head: 'CID', width: '160px', cell: (e) => <Cid cid={e.cid} />, narrow: 'sub' },
    { key: 'menu', head: '', width: '36px', right: true, cell: (e) => <Menu label={`What to do with ${e.name}`} choices={choices(e)} />, narrow: 'end' },
  ]
}

export function FolderPage({ id, path }: { id: string; path: string[] }) {
  const { value: content, error } = useRecord<Content>({
    path: `/contents/${id}`,
    concerns: (c, v) => c.key === id || (c.table === 'deals' && !!v?.pieces?.includes(String(c.record?.piece))),
  })
  const list = useList<FileEntry>({ path: `/contents/${id}/files`, params: { path: path.join('/') }, table: '', key: (e) => e.name })
  const trail: [string, string][] = [['Files', link('files')]]
  const names = [content?.name ?? '…', ...path]
  names.slice(0, -1).forEach((name, i) => trail.push([name, link('files', id, ...path.slice(0, i))]))
  if (error && !content) return <Trouble error={error} command="weir ls" />
  return (
    <>
      <Crumbs trail={trail} here={names[names.length - 1]} />
      <Answer
        big={names[names.length - 1]}
        sentence=""
        more={content && (
          <span class="row">
            <a class="plain" href={link('contents', id)}><SixInRow copies={content.copies} deals={content.deals ?? []} /></a>
            <Bytes n={content.size} /> <Cid cid={content.cid} />
            <a href={link('contents', id)}>life and deals</a>
            <Menu label={`What to do with ${content.name}`} choices={choicesFor(content, () => go('/files'))} />
          </span>
        )}
      />
      <Table
        list={list}
        columns={columnsFor(content, id, path)}
        label={`Files in ${names[names.length - 1]}`}
        href={(e) => (e.type === 'dir' ? link('files', id, ...path, e.name) : link('files', id, ...path))}
        empty={<Empty title="This folder is empty." />}
        command={content ? `weir get ${content.cid} -o OUT` : undefined}
        things={['entry', 'entries']}
      />
    </>
  )
}
