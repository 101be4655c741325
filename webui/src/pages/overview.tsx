// Is my data safe? One sentence and one bar; then what moves, then what waits.
import { useEffect } from 'preact/hooks'
import type { Attention as AttentionItem, Bucket, Summary } from '../api/types'
import { at } from '../api/http'
import { Course } from '../drawings/course'
import { FlowPlot } from '../drawings/flowplot'
import { Level } from '../drawings/level'
import { Safety } from '../drawings/safety'
import { followEvents, log } from '../live/events'
import { useList } from '../live/list'
import { flow, summary, summaryError } from '../live/summary'
import { Answer } from '../parts/answer'
import { agePart, dueWords, fillWords } from '../parts/bucketage'
import { EventWords } from '../parts/eventline'
import { Command } from '../parts/text'
import { Empty, Trouble, Waiting } from '../parts/trouble'
import { link } from '../routes'
import { bytes, plural } from '../words/amounts'
import { bucketTitle, subjectRoute } from '../words/names'
import { timeOfDay } from '../words/time'
import { AddButtons } from '../upload/drop'

function Sentence({ s }: { s: Summary }) {
  const way = s.onTheirWay.bytes + s.none.bytes
  const needs = s.attention.length
  if (s.contents.count === 0) return <Answer big="Nothing" sentence="is stored here yet"><AddButtons /></Answer>
  const more = [
    way > 0 ? `${bytes(way)} on their way` : '',
    needs > 0 ? `${plural(needs, 'thing')} ${needs === 1 ? 'needs' : 'need'} you` : way === 0 ? 'Every promised copy is active' : '',
  ].filter(Boolean)
  return (
    <Answer big={bytes(s.safe.bytes)} sentence="safe" more={more.join(', ') + '.'}>
      <AddButtons />
    </Answer>
  )
}

function First() {
  return (
    <Empty title="What happens to a file here" command="weir add PATH…">
      Drop files or folders anywhere on this page. Their bytes are stored on this node, gathered in a bucket, packed into a piece
      and offered to six different storage providers. They are safe when all six deals are active on the chain; each step shows
      here as it happens.
    </Empty>
  )
}

function Buckets() {
  const list = useList<Bucket>({
    path: '/buckets',
    params: { state: 'init' },
    table: 'buckets',
    key: (b) => b.id,
    match: (b) => b.state === 'init',
    compare: (a, b) => a.name.localeCompare(b.name) || b.created - a.created,
  })
  const shown = list.order.slice(0, 8).map((k) => list.items.get(k)!).filter(Boolean)
  return (
    <section aria-label="Buckets">
      <h2><a href={link('buckets')}>Buckets</a></h2>
      {list.error && <Trouble error={list.error} />}
      {shown.length === 0 && list.complete && <p class="quiet">No bucket is open. One opens with the next content.</p>}
      <ul class="levels">
        {shown.map((b) => (
          <li key={b.id}>
            <a class="plain" href={link('buckets', b.id)}>
              <Level bucket={b} age={agePart(b)} />
              <b>{bucketTitle(b.name)}</b>
              <span>{fillWords(b)}, {plural(b.count, 'content')}</span>
              <span class="quiet">{dueWords(b)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

function AttentionRow({ item }: { item: AttentionItem }) {
  const to = subjectRoute(item.kind.includes('.') ? item.kind : item.kind + '.problem', item.subject)
  return (
    <li>
      <p><b>{to ? <a href={'#' + to}>{item.name || item.subject}</a> : item.name || item.subject}</b> <span class="quiet">{item.kind.split('.')[0]}</span></p>
      <p>{item.problem.message}</p>
      {item.action && <p class="row">{item.action.startsWith('weir ') ? <Command line={item.action} /> : <span class="act">{item.action}</span>}{to && <a class="button" href={'#' + to}>Look at it</a>}</p>}
    </li>
  )
}

function Attention({ s }: { s: Summary }) {
  return (
    <section aria-label="Needs attention" class={s.attention.length ? 'needs' : ''}>
      <h2>Needs you</h2>
      {s.attention.length === 0 ? (
        <p class="quiet">Nothing does. What is on its way needs only time.</p>
      ) : (
        <ul class="attention">{s.attention.slice(0, 12).map((a) => <AttentionRow key={a.kind + a.subject} item={a} />)}</ul>
      )}
    </section>
  )
}

function LastEvents() {
  useEffect(followEvents, [])
  const lines = log.value
    .filter((t) => at.value === null || t.revision <= at.value)
    .flatMap((t) => t.events.map((event, i) => ({ t, event, key: `${t.revision}.${i}` })))
    .slice(0, 10)
  return (
    <section aria-label="Last events">
      <h2><a href={link('events')}>Last events</a></h2>
      {lines.length === 0 && <p class="quiet">Nothing has happened yet.</p>}
      <ol class="ticker">
        {lines.map(({ t, event, key }) => (
          <li key={key}><time class="quiet">{timeOfDay(t.time)}</time> <EventWords event={event} facts={false} /></li>
        ))}
      </ol>
    </section>
  )
}

export function OverviewPage() {
  const s = summary.value
  if (!s) return summaryError.value ? <Trouble error={summaryError.value} command="weir ls" /> : <Waiting />
  const some = s.contents.count > 0
  return (
    <div class="overview">
      <Sentence s={s} />
      {some ? <Safety summary={s} /> : <First />}
      {some && <Course summary={s} />}
      <div class="halves">
        <div>
          <Buckets />
          <section aria-label="Flow of the last hour">
            <h2>Flow of the last hour</h2>
            {flow.value ? <FlowPlot flow={flow.value} /> : <p class="quiet">Nothing flowed yet.</p>}
          </section>
        </div>
        <div>
          <Attention s={s} />
          <LastEvents />
        </div>
      </div>
    </div>
  )
}
