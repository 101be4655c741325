// The stream, live, with its revision: pause, filter, jump; and from any line
// the way into the past, where all pages show that moment.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { at } from '../api/http'
import type { Transaction } from '../api/types'
import { eventsOf, followEvents, loadOlder, log, logError, oldest } from '../live/events'
import { generation, revision } from '../live/feed'
import { Answer } from '../parts/answer'
import { EventWords } from '../parts/eventline'
import { park } from '../parts/roving'
import { Filter, Search } from '../parts/search'
import { say } from '../parts/toast'
import { Empty, Trouble } from '../parts/trouble'
import { route } from '../routes'
import { count, plural } from '../words/amounts'
import { alertKinds } from '../words/alerts'
import { absolute, exact } from '../words/time'

const things = ['alerts', 'content', 'bucket', 'piece', 'deal', 'provider', 'wallet', 'message', 'chain', 'retrieval', 'instance', 'config', 'job', 'token', 'webhook', 'store', 'node']
const stepSize = 200

function filtered(items: Transaction[], thing: string, words: string): Transaction[] {
  if (!thing && !words) return items
  const word = words.toLowerCase()
  return items
    .map((t) => ({
      ...t,
      events: t.events.filter(
        (e) => (!thing || (thing === 'alerts' ? alertKinds.includes(e.kind) : e.kind.startsWith(thing + '.'))) && (!word || `${e.kind} ${e.subject} ${Object.values(e.fields ?? {}).join(' ')}`.toLowerCase().includes(word)),
      ),
    }))
    .filter((t) => t.events.length > 0)
}

function travel(to: number): void {
  if (!Number.isInteger(to) || to < 1) return say('A revision is a whole number from 1.', true)
  if (to > revision.peek()) return say(`The newest revision is ${count(revision.peek())}.`, true)
  if (to < oldest.peek()) return say(`The journal begins at revision ${count(oldest.peek())}; what was before is folded together.`, true)
  at.value = to
}

function Line({ t, active }: { t: Transaction; active: boolean }) {
  return (
    <li class={at.value === t.revision ? 'chosen' : ''} tabIndex={active ? 0 : -1} data-revision={t.revision}>
      <button type="button" class="text revision" title="See all pages as of this revision" onClick={() => travel(t.revision)}>
        r{count(t.revision)}
      </button>
      <time class="quiet" title={exact(t.time)}>{absolute(t.time)}</time>
      <span class="lines">
        {t.events.map((event, i) => <EventWords key={i} event={event} />)}
      </span>
    </li>
  )
}

function moveFocus(e: KeyboardEvent): void {
  const line = (e.target as HTMLElement).closest('li')
  const step = e.key === 'ArrowDown' ? 'nextElementSibling' : e.key === 'ArrowUp' ? 'previousElementSibling' : null
  if (line && e.key === 'Enter' && e.target === line) travel(Number(line.dataset.revision))
  if (!line || !step) return
  e.preventDefault()
  ;(line[step] as HTMLElement | null)?.focus()
}

function Jump() {
  return (
    <form class="jump" onSubmit={(e) => (e.preventDefault(), travel(Number(new FormData(e.currentTarget as HTMLFormElement).get('r'))))}>
      <label>
        <span>Revision</span>
        <input type="number" name="r" min={Math.max(1, oldest.value)} max={revision.value} placeholder={String(revision.value)} />
      </label>
      <button type="submit">See that moment</button>
    </form>
  )
}

function Lines({ items }: { items: Transaction[] }) {
  const list = useRef<HTMLOListElement>(null)
  const [focused, setFocused] = useState(0)
  const active = items.some((t) => t.revision === focused) ? focused : items[0]?.revision
  useLayoutEffect(() => {
    const lines = [...(list.current?.children ?? [])] as HTMLElement[]
    park(lines, lines.find((line) => Number(line.dataset.revision) === active) ?? null)
  })
  const follow = (e: FocusEvent) => {
    const line = (e.target as HTMLElement).closest('li')
    if (line) setFocused(Number(line.dataset.revision))
  }
  return (
    <ol class="stream" ref={list} aria-label="Events, newest first" onKeyDown={moveFocus} onFocusIn={follow}>
      {items.map((t) => <Line key={t.revision} t={t} active={t.revision === active} />)}
    </ol>
  )
}

/// Of one kind there may be few: they are looked for further back than all of them.
function useBefore(kind: string): Transaction[] {
  const [found, setFound] = useState<Transaction[]>([])
  useEffect(() => {
    let over = false
    setFound([])
    if (kind) eventsOf(kind).then((all) => !over && setFound(all)).catch(() => {})
    return () => void (over = true)
  }, [kind, generation.value])
  return found
}

function withBefore(newest: Transaction[], before: Transaction[]): Transaction[] {
  const first = newest.at(-1)?.revision ?? Infinity
  return before.length ? [...newest, ...before.filter((t) => t.revision < first)] : newest
}

export function EventsPage() {
  useEffect(followEvents, [])
  const [paused, setPaused] = useState<Transaction[] | null>(null)
  const [room, setRoom] = useState(stepSize)
  const query = route.value.query
  const before = useBefore(query.get('kind') ?? '')
  const source = withBefore(paused ?? log.value, before)
  const shown = filtered(source, query.get('kind') ?? '', query.get('q') ?? '').filter((t) => at.value === null || t.revision <= at.value)
  const waiting = paused ? log.value.length - paused.length : 0
  const older = async () => {
    setRoom(room + stepSize)
    if (room + stepSize > shown.length && !(await loadOlder().catch(() => false))) say('The journal has nothing older.')
  }
  return (
    <>
      <Answer
        big={`r${count(revision.value)}`}
        sentence="is the newest revision"
        more={oldest.value > 0 ? `The journal begins at r${count(oldest.value)}. Press a revision to see every page as it was then.` : 'Press a revision to see every page as it was then.'}
      />
      <div class="tools row">
        <Search label="Search events" />
        <Filter label="About" field="kind" values={things.map((t) => [t, t])} />
        <button type="button" aria-pressed={!!paused} onClick={() => setPaused(paused ? null : log.peek())}>{paused ? `Go on${waiting > 0 ? ` (${plural(waiting, 'more', 'more')})` : ''}` : 'Pause'}</button>
        <Jump />
      </div>
      {logError.value && <Trouble error={logError.value} command="weir watch --from 0" />}
      {shown.length === 0 && !logError.value && <Empty title="No event matches." command="weir watch --from 0">Every change of a shared record is an event with a revision; they appear here as they are committed.</Empty>}
      <Lines items={shown.slice(0, room)} />
      {shown.length > 0 && <p class="foot"><button type="button" onClick={() => void older()}>Older</button></p>}
    </>
  )
}
