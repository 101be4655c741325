// One thing that a page is about: loaded, then asked for again when the event
// stream says that it, or what belongs to it, changed.
import { signal, type Signal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { ApiError, asError, at, get, type Params } from '../api/http'
import type { Change, Transaction } from '../api/types'
import { generation, onTransaction } from './feed'
import { throttle } from './throttle'

export interface Loaded<T> {
  value: T | null
  error: ApiError | null
  loading: boolean
}

export interface RecordSpec<T> {
  path: string
  params?: Params
  /// Whether a change concerns this thing. `value` is what is shown now.
  concerns: (change: Change, value: T | null) => boolean
  /// Least milliseconds between two questions.
  pace?: number
}

const usualPace = 250

class LiveRecord<T> {
  readonly state: Signal<Loaded<T>> = signal({ value: null, error: null, loading: true })
  private readonly abort = new AbortController()
  private release: () => void = () => {}
  private asked = 0
  private answered = 0

  constructor(private readonly spec: RecordSpec<T>) {}

  start(): void {
    const again = throttle(this.spec.pace ?? usualPace, () => void this.load())
    again()
    if (at.peek() !== null) return
    this.release = onTransaction((t: Transaction) => {
      if (t.changes?.some((c) => this.spec.concerns(c, this.state.peek().value))) again()
    })
  }

  stop(): void {
    this.abort.abort()
    this.release()
  }

  async load(): Promise<void> {
    const number = ++this.asked
    try {
      const value = await get<T>(this.spec.path, this.spec.params, this.abort.signal)
      if (number < this.answered) return
      this.answered = number
      this.state.value = { value, error: null, loading: false }
    } catch (e) {
      if (this.abort.signal.aborted) return
      const error = asError(e)
      this.state.value = { value: this.state.peek().value, error, loading: false }
    }
  }
}

export function useRecord<T>(spec: RecordSpec<T>): Loaded<T> & { reload: () => void } {
  const identity = JSON.stringify([spec.path, spec.params, at.value, generation.value])
  const record = useMemo(() => new LiveRecord(spec), [identity])
  useEffect(() => {
    record.start()
    return () => record.stop()
  }, [record])
  // The same thing as of another moment: what was shown stays until it is there.
  const kept = useRef<{ path: string; value: T | null }>({ path: '', value: null })
  const now = record.state.value
  if (now.value !== null || kept.current.path !== spec.path) kept.current = { path: spec.path, value: now.value }
  const value = now.value ?? (now.loading ? kept.current.value : null)
  return { ...now, value, reload: () => void record.load() }
}
