// The newest transactions for the event pages: what was before this tab was
// opened is asked for once, what comes after is heard on the stream.
import { signal } from '@preact/signals'
import { ApiError, asError, getNow, type Params } from '../api/http'
import type { Transaction } from '../api/types'
import { generation, onTransaction, revision } from './feed'

interface Answer { items: Transaction[]; next: number | null; oldest: number; revision: number }

/// Newest first.
export const log = signal<Transaction[]>([])
export const oldest = signal(0)
export const logError = signal<ApiError | null>(null)

const keep = 5000
const firstLook = 200
let following = false

export async function eventsFrom(from: number, limit: number, extra: Params = {}): Promise<Answer> {
  return getNow<Answer>('/events', { from: Math.max(0, from), limit, ...extra })
}

async function fill(): Promise<void> {
  try {
    const answer = await eventsFrom(revision.peek() - firstLook, firstLook)
    oldest.value = answer.oldest
    merge(answer.items)
    logError.value = null
  } catch (e) {
    logError.value = asError(e)
  }
}

/// Revisions that are looked through for one kind of events: further back while few are found.
const looks = [5_000, 50_000]
const enough = 200

/// Of one kind after a revision, newest first, without the others of their transactions.
export async function eventsSince(first: number, kind: string, extra: Params = {}): Promise<Transaction[]> {
  let found: Transaction[] = []
  // The journal is read forwards: page by page up to now.
  for (let from: number | null = Math.max(0, first); from !== null; ) {
    const page: Answer = await eventsFrom(from, 1000, { kind, ...extra })
    found = [...page.items.reverse(), ...found].slice(0, keep)
    from = page.next
  }
  return found
}

export async function eventsOf(kind: string): Promise<Transaction[]> {
  let found: Transaction[] = []
  for (const look of looks) {
    const first = revision.peek() - look
    found = await eventsSince(first, kind)
    if (found.length >= enough || first <= 0) break
  }
  return found
}

function merge(items: Transaction[]): void {
  const all = new Map(log.peek().map((t) => [t.revision, t]))
  for (const t of items) all.set(t.revision, t)
  log.value = [...all.values()].sort((a, b) => b.revision - a.revision).slice(0, keep)
}

/// Loads what lies before the oldest that is shown.
export async function loadOlder(): Promise<boolean> {
  const first = log.peek().at(-1)?.revision ?? revision.peek()
  const answer = await eventsFrom(first - firstLook - 1, firstLook)
  oldest.value = answer.oldest
  const before = log.peek().length
  merge(answer.items)
  return log.peek().length > before
}

let waiting: Transaction[] = []
let frame = 0

export function followEvents(): void {
  if (following) return
  following = true
  onTransaction((t) => {
    // Without its records: many are kept, for their words alone.
    waiting.push({ revision: t.revision, time: t.time, events: t.events })
    if (!frame)
      frame = requestAnimationFrame(() => {
        frame = 0
        log.value = [...waiting.reverse(), ...log.peek()].slice(0, keep)
        waiting = []
      })
  })
  generation.subscribe(() => void fill())
}
