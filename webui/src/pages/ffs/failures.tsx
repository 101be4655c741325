// The jobs that failed last, of all instances: what an operator has to look at.
import { useEffect, useState } from 'preact/hooks'
import type { Transaction, WeirEvent } from '../../api/types'
import { eventsFrom } from '../../live/events'
import { generation, onTransaction, revision } from '../../live/feed'
import { nameOf } from '../../live/names'
import { link } from '../../routes'
import { firstSentence } from '../../words/ffs'
import { absolute, exact } from '../../words/time'

const look = 5000
/// More are on the page of events.
const kept = 3

interface Failure { time: number; event: WeirEvent }

function failuresOf(items: Transaction[]): Failure[] {
  return items.flatMap((t) => t.events.filter((e) => e.kind === 'job.failed').map((event) => ({ time: t.time, event })))
}

export function Failures() {
  const [found, setFound] = useState<Failure[]>([])
  useEffect(() => {
    let over = false
    const add = (more: Failure[]) =>
      setFound((old) => {
        const all = new Map([...old, ...more].map((f) => [f.event.subject, f]))
        return [...all.values()].sort((a, b) => b.time - a.time).slice(0, kept)
      })
    eventsFrom(revision.peek() - look, 1000, { kind: 'job.failed' }).then((a) => !over && add(failuresOf(a.items))).catch(() => {})
    const release = onTransaction((t) => {
      const more = failuresOf([t])
      if (more.length) add(more)
    })
    return () => {
      over = true
      release()
    }
  }, [generation.value])
  if (found.length === 0) return null
  return (
    <section aria-label="Jobs that failed last" class="failures">
      <h2><a href="#/events?kind=job&q=failed">Jobs that failed last</a></h2>
      <ol class="ticker">
        {found.map(({ time, event }) => {
          const instance = event.owner.slice('ffs/'.length)
          return (
            <li key={event.subject}>
              <time class="quiet" title={exact(time)}>{absolute(time)}</time>
              <span class="event">
                <a href={link('ffs', instance, 'jobs', event.subject)}>{nameOf('instance', instance) || instance.slice(0, 8)}</a> <span title={event.fields.message}>{firstSentence(event.fields.message || 'It said no reason.')[0]}</span>
              </span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
