// The totals that the overview and the counters show. Asked for again when
// something was committed, at most once a second.
import { effect, signal } from '@preact/signals'
import { ApiError, asError, at, get } from '../api/http'
import type { Flow, Summary } from '../api/types'
import { generation, onTransaction } from './feed'
import { node } from './node'
import { throttle } from './throttle'

export const summary = signal<Summary | null>(null)
export const summaryError = signal<ApiError | null>(null)
export const flow = signal<Flow | null>(null)

async function loadSummary(): Promise<void> {
  const asked = at.peek()
  try {
    const answer = await get<Summary>('/summary')
    if (at.peek() !== asked) return
    summary.value = answer
    summaryError.value = null
  } catch (e) {
    summaryError.value = asError(e)
  }
}

const hour = 3600
/// A node that is up for less than this is shown on a shorter window.
const young = 600

async function loadFlow(): Promise<void> {
  try {
    const up = node.peek()?.uptimeSeconds ?? hour
    flow.value = await get<Flow>('/flow', { window: up < young ? young : hour })
  } catch {
    // the plot keeps what it has; the summary's error is what a person needs to read
  }
}

export function followSummary(): void {
  const totals = throttle(1000, () => void loadSummary())
  const plot = throttle(1500, () => void loadFlow())
  onTransaction(() => {
    if (at.peek() !== null) return
    totals()
    plot()
  })
  effect(() => {
    void at.value
    if (generation.value === 0) return
    void loadSummary()
    void loadFlow()
  })
}
