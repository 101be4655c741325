// Is my data safe? One sentence and one bar; then what moves, then what waits.
import { useEffect, useState } from 'preact/hooks'
import type { Attention as AttentionItem, Bucket, Summary } from '../api/types'
import { at, send } from '../api/http'
import { Course } from '../drawings/course'
import { cropped, FlowPlot } from '../drawings/flowplot'
import { Lesson } from '../drawings/lesson'
import { Level } from '../drawings/level'
import { Safety } from '../drawings/safety'
import { followEvents, log } from '../live/events'
import { useList } from '../live/list'
import { flow, summary, summaryError } from '../live/summary'
import { Answer } from '../parts/answer'
import { agePart, dueWords, fillWords } from '../parts/bucketage'
import { grouped, GroupWords } from '../parts/eventline'
import { Command } from '../parts/text'
import { say } from '../parts/toast'
import { Empty, Trouble, Waiting } from '../parts/trouble'
import { link } from '../routes'
import { bytes, plural } from '../words/amounts'
import { bucketTitle, shortCid, subjectRoute } from '../words/names'
import { duration, exact, timeOfDay } from '../words/time'
import { LookAt } from './ffs/lookat'
import { AddButtons } from '../upload/drop'

function Sentence({ s }: { s: Summary }) {
  const needs = s.attention.length
  if (s.contents.count === 0) return <Answer big="Nothing" sentence="is stored here yet"><AddButtons /></Answer>
  const hurt = (s.byState.degraded?.count ?? 0) + (s.byState.failed?.count ?? 0)
  const more = [
    hurt > 0 ? `${plural(hurt, 'content')} lost a copy that is being replaced` : '',
    s.onTheirWay.count > 0 ? `${bytes(s.onTheirWay.bytes)} on their way` : '',
    s.none.count > 0 ? `${bytes(s.none.bytes)} only here so far` : '',
    needs > 0 ? `${plural(needs, 'thing')} ${needs === 1 ? 'needs' : 'need'} you` : '',
    s.safe.count === s.contents.count ? 'Every promised copy is active' : '',
  ].filter(Boolean)
  return (
    <Answer big={bytes(s.safe.bytes)} sentence="safe" more={more.join(', ') + '.'}>
      <AddButtons />
    </Answer>
  )
}

function First() {
  return (
    <>
      <Empty title="Drop files or folders anywhere on this page." command="weir add PATH…">
        Each of them becomes a content and goes the way below. It is safe when all its promised copies, six of them unless you
        choose otherwise, are active with different storage providers. Every step shows here as it happens.
      </Empty>
      <Lesson />
    </>
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

/// The node's advice as a button or the command that does it.
function Remedy({ item, to }: { item: AttentionItem; to: string | null }) {
  const restore = () =>
    send('POST', `/contents/${item.subject}/restore`).then(
      () => say('It is brought back from a provider.'),
      (e) => say((e as Error).message, true),
    )
  const line = item.action === 'add-escrow' ? 'weir wallet add-escrow 2FIL' : item.action.startsWith('weir ') ? item.action : ''
  const plain = line || ['show', 'explain', 'restore', ''].includes(item.action) ? '' : item.action
  return (
    <p class="row">
      {plain && <span class="act">{plain}</span>}
      {line && <Command line={line} />}
      {item.action === 'restore' && <button type="button" onClick={() => void restore()}>Bring it back</button>}
      {to && <a class="button" href={'#' + to}>{item.action === 'explain' ? 'Explain' : 'Look at it'}</a>}
    </p>
  )
}

function AttentionRow({ item }: { item: AttentionItem }) {
  const to = subjectRoute(item.kind.includes('.') ? item.kind : item.kind + '.problem', item.subject)
  return (
    <li>
      <p><b>{to ? <a href={'#' + to} title={item.subject}>{shortCid(item.name || item.subject, 14)}</a> : item.name || item.subject}</b> <span class="quiet">{item.kind.split('.')[0]}</span></p>
      <p>{item.problem.message}</p>
      <Remedy item={item} to={to} />
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

const leastLines = 10
const mostLines = 40
const usedAbove = 900
const lineRoom = 36

/// As many lines as a tall screen has room for beside what is above them.
function useLines(): number {
  const fitting = () => Math.max(leastLines, Math.min(mostLines, Math.floor((innerHeight - usedAbove) / lineRoom)))
  const [lines, setLines] = useState(fitting)
  useEffect(() => {
    const measure = () => setLines(fitting())
    addEventListener('resize', measure)
    return () => removeEventListener('resize', measure)
  }, [])
  return lines
}

function LastEvents() {
  useEffect(followEvents, [])
  const past = at.value
  const lines = grouped(past === null ? log.value : log.value.filter((t) => t.revision <= past), useLines())
  return (
    <section aria-label="Last events">
      <h2><a href={link('events')}>Last events</a></h2>
      {lines.length === 0 && <p class="quiet">Nothing has happened yet.</p>}
      <ol class="ticker">
        {lines.map((group) => (
          <li key={group.key}><time class="quiet" title={exact(group.time)}>{timeOfDay(group.time)}</time> <GroupWords group={group} /></li>
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
      {some ? (
        <div class="halves">
          <div>
            <Buckets />
            {/* It is of now: in the past it would say what had not happened yet. */}
            {at.value === null && (
              <section aria-label="Flow">
                <h2>Flow of the last {flow.value ? duration(flow.value.step * cropped(flow.value).series.in.length) : 'hour'}</h2>
                {flow.value ? <FlowPlot flow={flow.value} /> : <p class="quiet">Nothing flowed yet.</p>}
              </section>
            )}
          </div>
          <div>
            <Attention s={s} />
            {at.value === null && <LookAt all />}
          </div>
          <div>
            <LastEvents />
          </div>
        </div>
      ) : (
        <div class="stack">
          {at.value === null && <LookAt all />}
          <LastEvents />
        </div>
      )}
    </div>
  )
}
