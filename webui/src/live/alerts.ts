// Alerts: what somebody should look at, of the whole node or of one instance.
// What the journal has is asked for once, what comes after is heard on the
// stream. Those that somebody has seen are remembered in this browser.
import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { ApiError, asError } from '../api/http'
import type { Transaction, WeirEvent } from '../api/types'
import { alertKinds } from '../words/alerts'
import { eventsOf, eventsSince } from './events'
import { generation, onTransaction, revision } from './feed'
import { throttle } from './throttle'

export interface Alert { key: string; revision: number; time: number; event: WeirEvent }

export interface FoundAlerts { found: Alert[] | null; error: ApiError | null }

const kept = 200
/// Revisions that are looked through for one instance.
const look = 20_000

function alertsIn(items: Transaction[]): Alert[] {
  // The stream tells all events of a transaction, the journal's page those that were asked for: no place is a name.
  const one = (t: Transaction, event: WeirEvent): Alert => ({ key: `${t.revision} ${event.kind} ${event.subject}`, revision: t.revision, time: t.time, event })
  return items.flatMap((t) => t.events.filter((e) => alertKinds.includes(e.kind)).map((e) => one(t, e)))
}

function merged(old: Alert[], more: Alert[]): Alert[] {
  const all = new Map([...old, ...more].map((a) => [a.key, a]))
  return [...all.values()].sort((a, b) => b.revision - a.revision || (a.key < b.key ? 1 : -1)).slice(0, kept)
}

export const alerts = signal<Alert[]>([])

/// Of the node, for the badge and the pages that show all of them.
export function followAlerts(): void {
  onTransaction((t) => {
    const more = alertsIn([t])
    if (more.length) alerts.value = merged(alerts.peek(), more)
  })
  generation.subscribe((n) => {
    if (n > 0) eventsOf('alerts').then((all) => (alerts.value = merged(alerts.peek(), alertsIn(all)))).catch(() => {})
  })
}

/// What an operator of instances looks at: without those of the node's own contents.
export function ofInstances(list: Alert[]): Alert[] {
  return list.filter((a) => a.event.owner.startsWith('ffs/') || a.event.kind === 'wallet.low')
}

/// Of one instance. Deals and addresses do not say whose they are: the node knows.
export function useAlerts(instance: string): FoundAlerts {
  const [found, setFound] = useState<Alert[] | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  useEffect(() => {
    let over = false
    let upTo = revision.peek() - look
    let all: Alert[] = []
    const take = (items: Transaction[], asked: number) => {
      upTo = Math.max(upTo, asked)
      all = merged(all, alertsIn(items))
      if (over) return
      setFound(all)
      setError(null)
    }
    const ask = throttle(1000, () => {
      const asked = revision.peek()
      eventsSince(upTo, 'alerts', { instance }).then((items) => take(items, asked)).catch((e) => !over && setError(asError(e)))
    })
    ask()
    const release = onTransaction((t) => {
      if (t.events.some((e) => alertKinds.includes(e.kind) && (!e.owner || e.owner === `ffs/${instance}`))) ask()
    })
    return () => {
      over = true
      release()
    }
  }, [instance, generation.value])
  return { found, error }
}

const key = 'weir.alerts.seen'

function stored(): number {
  try {
    return Number(localStorage.getItem(key)) || 0
  } catch {
    return 0 // storage may be forbidden; all are then new with each page
  }
}

/// The revision up to which somebody has seen them. Another data folder begins anew.
const seen = signal(stored())
addEventListener('storage', (e) => e.key === key && (seen.value = stored()))

export function isNew(a: Alert): boolean {
  return a.revision > (seen.value > revision.value ? 0 : seen.value)
}

export function haveSeen(): void {
  seen.value = revision.peek()
  try {
    localStorage.setItem(key, String(seen.value))
  } catch {
    // kept for this page only
  }
}
