// The events of one thing: what the node still has in its journal, then live.
import { useEffect, useState } from 'preact/hooks'
import type { Transaction } from '../api/types'
import { at } from '../api/http'
import { eventsSince } from '../live/events'
import { onTransaction, revision } from '../live/feed'
import { count } from '../words/amounts'
import { absolute, exact } from '../words/time'
import { grouped, GroupWords } from './eventline'

/// Revisions that are looked through: further back for a thing that was long quiet.
const looks = [5_000, 50_000]
const enough = 12
const mostSubjects = 10
const shown = 40

function about(t: Transaction, subjects: Set<string>): Transaction | null {
  const events = t.events.filter((e) => subjects.has(e.subject))
  return events.length ? { ...t, events } : null
}

async function before(subject: string, look: number): Promise<Transaction[]> {
  return (await eventsSince(revision.peek() - look, '', { subject })).slice(0, shown)
}

export function History({ subject, others = [] }: { subject: string; others?: string[] }) {
  const [lines, setLines] = useState<Transaction[]>([])
  const [looked, setLooked] = useState(0)
  const key = [subject, ...others].join(' ')
  useEffect(() => {
    const subjects = new Set([subject, ...others])
    let over = false
    const add = (items: Transaction[]) => {
      const found = items.map((t) => about(t, subjects)).filter((t) => t !== null)
      if (over || found.length === 0) return
      setLines((old) => {
        const all = new Map([...old, ...found].map((t) => [t.revision, t]))
        return [...all.values()].sort((a, b) => b.revision - a.revision).slice(0, shown)
      })
    }
    const ask = async (of: string[], look: number) => {
      const found = await Promise.all(of.map((one) => before(one, look).catch(() => [])))
      if (over) return
      found.forEach(add)
      setLooked(look)
      const own = found[of.indexOf(subject)]?.length ?? 0
      if (own < enough && look < looks[1] && look < revision.peek()) void ask([subject], looks[1])
    }
    setLines([])
    setLooked(0)
    void ask([...subjects].slice(0, mostSubjects), looks[0])
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
      {visible.length === 0 && looked > 0 && <p class="quiet">None among the last {count(looked)} revisions.</p>}
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
