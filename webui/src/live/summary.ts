// The totals that the overview and the counters show. Asked for again when
// something was committed, at most once a second.
import { effect, signal } from '@preact/signals'
import { ApiError, at, get } from '../api/http'
import type { Flow, Summary } from '../api/types'
import { generation, onTransaction } from './feed'
import { throttle } from './throttle'

export const summary = signal<Summary | null>(null)
export const summaryError = signal<ApiError | null>(null)
export const flow = signal<Flow | null>(null)

async function loadSummary(): Promise<void> {
  try {
    summary.value = await get<Summary>('/summary')
    summaryError.value = null
  } catch (e) {
    summaryError.value = e instanceof ApiError ? e : new ApiError(0, 'internal', String(e))
  }
}

async function loadFlow(): Promise<void> {
  try {
    flow.value = await get<Flow>('/flow', { window: 3600 })
  } catch {
    // the plot keeps what it has; the summary's error is what a person needs to read
  }
}

export function followSummary(): void {
  const totals = throttle(1000, () => void loadSummary())
  const plot = throttle(3000, () => void loadFlow())
  onTransaction(() => {
    if (at.peek() !== null) return
    totals()
    plot()
  })
  effect(() => {
    void at.value
    void generation.value
    totals()
    plot()
  })
}
