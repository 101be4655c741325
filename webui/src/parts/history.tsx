// The events of one thing: what the node still has in its journal, then live.
import { useEffect, useState } from 'preact/hooks'
import type { Transaction } from '../api/types'
import { at } from '../api/http'
import { eventsFrom } from '../live/events'
import { onTransaction, revision } from '../live/feed'
import { absolute, exact } from '../words/time'
import { grouped, GroupWords } from './eventline'

/// Revisions that are looked through.
const look = 5000
const mostSubjects = 10
const shown = 40

function about(t: Transaction, subjects: Set<string>): Transaction | null {
  const events = t.events.filter((e) => subjects.has(e.subject))
  return events.length ? { ...t, events } : null
}

export function History({ subject, others = [] }: { subject: string; others?: string[] }) {
  const [lines, setLines] = useState<Transaction[]>([])
  const key = [subject, ...others].join(' ')
  useEffect(() => {
    const subjects = new Set([subject, ...others])
    let over = false
    const add = (items: Transaction[]) =>
      setLines((old) => {
        const all = new Map(old.map((t) => [t.revision, t]))
        for (const t of items) {
          const found = about(t, subjects)
          if (found) all.set(t.revision, found)
        }
        return [...all.values()].sort((a, b) => b.revision - a.revision).slice(0, shown)
      })
    for (const one of [...subjects].slice(0, mostSubjects))
      eventsFrom(revision.peek() - look, shown, { subject: one }).then((a) => !over && add(a.items)).catch(() => {})
    const release = onTransaction((t) => add([t]))
    return () => {
      over = true
      release()
    }
  }, [key])
  const past = at.value
  const visible = lines.filter((t) => past === null || t.revision <= past)
  return (
    <section aria-label="Events">
      <h2>Its events</h2>
      {visible.length === 0 && <p class="quiet">None among the last {look} revisions.</p>}
      <ol class="ticker">
        {grouped(visible, shown).map((group) => (
          <li key={group.key}>
            <time class="quiet" title={`revision ${group.key.split('.')[0]}, ${exact(group.time)}`}>{absolute(group.time)}</time> <GroupWords group={group} />
          </li>
        ))}
      </ol>
    </section>
  )
}
