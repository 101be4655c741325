// A list that is loaded by key, page by page, and kept true by the event
// stream. Rows change in place; new ones wait in `fresh` while somebody's
// pointer or focus is in the list, so that nothing jumps under their hand.
import { signal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { ApiError, at, get, type Params } from '../api/http'
import type { Change, Page, Transaction } from '../api/types'
import { generation, onTransaction, recent, revision } from './feed'
import { Watch } from './watch'

export interface ListSpec<T> {
  path: string
  params?: Params
  table: string
  /// A watch of FFS whose records of this kind keep the list true instead of the event stream.
  watch?: { path: string; kind: string; params?: Params }
  key: (item: T) => string
  /// Whether a record that appears on the stream belongs into this list.
  match?: (item: T) => boolean
  /// What of the node's answer is shown; `named` tells one such list from another.
  keep?: (item: T) => boolean
  named?: string
  /// Newest first or so; used when a list is loaded and for no later change.
  compare?: (a: T, b: T) => number
  /// Other tables' changes that alter an item (a deal in a content's row).
  absorb?: (change: Change, list: LiveList<T>) => void
  /// Events that alter an item without a record of it; not twice for one item (asOf).
  hear?: (t: Transaction, list: LiveList<T>) => void
  /// A record of the stream made an item, keeping what only the list's answer has.
  merge?: (old: T | undefined, record: T) => T
}

const pageSize = 200
const refreshSize = 1000
/// As many are loaded without scrolling, so that a list of usual size is sorted whole.
const eager = 2000

export class LiveList<T> {
  readonly version = signal(0)
  readonly items = new Map<string, T>()
  order: string[] = []
  fresh: string[] = []
  gone = new Set<string>()
  /// The revision that each item was counted up to, for `hear`.
  readonly asOf = new Map<string, number>()
  complete = false
  loading = false
  error: ApiError | null = null
  holding = false
  private readonly held = new Set<string>()
  private next: string | null = null
  private abort = new AbortController()
  private loadedAt = 0
  private frame = 0
  private watch: Watch | null = null
  private release: () => void = () => {}

  constructor(readonly spec: ListSpec<T>) {}

  start(): void {
    if (at.peek() === null && !this.spec.watch) this.release = onTransaction((t) => this.apply(t))
    void this.load()
  }

  stop(): void {
    this.abort.abort()
    this.release()
    this.watch?.stop()
    cancelAnimationFrame(this.frame)
  }

  /// One redraw for all changes of a frame.
  touch(): void {
    if (!this.frame)
      this.frame = requestAnimationFrame(() => {
        this.frame = 0
        this.version.value++
      })
  }

  set(key: string, item: T): void {
    this.items.set(key, item)
    this.touch()
  }

  /// Somebody's pointer or focus came in or went.
  hold(by: 'pointer' | 'focus', on: boolean): void {
    if (on) this.held.add(by)
    else this.held.delete(by)
    this.holding = this.held.size > 0
    if (!this.held.has('pointer') && this.gone.size) {
      for (const key of this.gone) this.drop(key)
      this.gone.clear()
      this.touch()
    }
  }

  showFresh(): void {
    this.order = [...this.fresh.reverse(), ...this.order]
    this.fresh = []
    this.touch()
  }

  async load(): Promise<void> {
    if (this.loading || this.complete) return
    this.loading = true
    this.error = null
    this.touch()
    const asked = revision.peek()
    try {
      const params = { ...this.spec.params, limit: pageSize, after: this.next }
      const page = await get<Page<T> & { entries?: T[] }>(this.spec.path, params, this.abort.signal)
      this.answer({ ...page, items: page.items ?? page.entries ?? [] }, asked)
    } catch (e) {
      if (e instanceof ApiError) this.error = e
      else if (!this.abort.signal.aborted) throw e
      return
    } finally {
      this.loading = false
      this.touch()
    }
    if (!this.complete && this.order.length < eager) await this.load()
  }

  /// Of what the stream does not tell: asked for again whole, and told apart from what is shown.
  async refresh(): Promise<void> {
    if (this.loading || !this.complete) return
    this.loading = true
    const found = new Map<string, T>()
    try {
      let after: string | null = null
      do {
        const page: Page<T> = await get(this.spec.path, { ...this.spec.params, limit: refreshSize, after }, this.abort.signal)
        for (const item of page.items) found.set(this.spec.key(item), item)
        after = page.next
      } while (after)
      this.error = null
    } catch (e) {
      if (!(e instanceof ApiError) && !this.abort.signal.aborted) throw e
      return // what is shown stays; the banner says that the node is away
    } finally {
      this.loading = false
    }
    for (const key of [...this.items.keys()]) if (!found.has(key)) this.lose(key)
    // The oldest first: each new one goes to the top.
    const { compare } = this.spec
    const items = [...found]
    if (compare) items.sort(([, a], [, b]) => compare(b, a))
    for (const [key, item] of items) this.take({ key, table: '', record: item as Record<string, unknown> })
  }

  private answer(page: Page<T>, asked: number): void {
    const since = page.revision ?? asked
    // Rows of the first page are the oldest: what came after them is not skipped for the sake of later pages.
    if (this.order.length === 0) {
      this.loadedAt = since
      this.follow(since)
    }
    for (const item of page.items) {
      if (this.spec.keep && !this.spec.keep(item)) continue
      const key = this.spec.key(item)
      if (!this.items.has(key)) this.order.push(key)
      else if (this.spec.watch) continue // the watch was faster
      this.items.set(key, item)
      this.asOf.set(key, since)
    }
    this.next = page.next
    this.complete = !page.next
    const { compare } = this.spec
    if (this.complete && compare && this.order.length <= eager + pageSize)
      this.order.sort((a, b) => compare(this.items.get(a)!, this.items.get(b)!))
    // What was committed after the answer was made has been heard meanwhile.
    if (at.peek() === null && !this.spec.watch) for (const t of recent) if (t.revision > since) this.apply(t)
  }

  /// From the moment of the first page on: what comes while others are loaded is not lost.
  private follow(from: number): void {
    const { watch, key } = this.spec
    if (!watch || this.watch || this.abort.signal.aborted) return
    const take = (kind: string, record: unknown) => {
      if (kind === watch.kind) this.take({ table: '', key: key(record as T), record: record as Record<string, unknown> })
    }
    this.watch = new Watch(watch.path, watch.params ?? {}, from, take, () => generation.value++)
    this.watch.start()
  }

  private apply(t: Transaction): void {
    if (t.revision <= this.loadedAt) return
    for (const change of t.changes ?? []) {
      if (change.table === this.spec.table) this.take(change)
      else this.spec.absorb?.(change, this)
    }
    this.spec.hear?.(t, this)
  }

  /// A record as it is now, from the stream or learnt otherwise.
  take({ key, record }: Change): void {
    const old = this.items.get(key)
    if (record === null) {
      if (old) this.lose(key)
      return
    }
    const raw = record as unknown as T
    const item = this.spec.merge ? this.spec.merge(old, raw) : old ? { ...old, ...raw } : raw
    if ((this.spec.match && !this.spec.match(item)) || (this.spec.keep && !this.spec.keep(item))) {
      if (old) this.lose(key)
      return
    }
    if (!old) this.add(key)
    this.set(key, item)
  }

  private add(key: string): void {
    if (this.holding) this.fresh.push(key)
    else this.order.unshift(key)
  }

  private lose(key: string): void {
    // Struck through while a pointer is there: nothing may move under it.
    if (this.held.has('pointer')) this.gone.add(key)
    else this.drop(key)
    this.touch()
  }

  private drop(key: string): void {
    this.items.delete(key)
    this.asOf.delete(key)
    this.order = this.order.filter((k) => k !== key)
    this.fresh = this.fresh.filter((k) => k !== key)
  }
}

/// A list for as long as a page shows it; made anew when what it asks for changes.
export function useList<T>(spec: ListSpec<T>): LiveList<T> {
  const what = JSON.stringify([spec.path, spec.params, spec.named])
  const list = useMemo(() => new LiveList(spec), [what, at.value, generation.value])
  const shown = useRef<{ what: string; list: LiveList<T> } | null>(null)
  useEffect(() => {
    list.start()
    return () => list.stop()
  }, [list])
  list.version.value // subscribes the caller
  // What was shown stays until the same list is there as of another moment.
  const before = shown.current
  if (before?.what === what && list.order.length === 0 && !list.complete && !list.error) return before.list
  shown.current = { what, list }
  return list
}
