// The first question to the node, and again after a login or while it is away.
import { signal } from '@preact/signals'
import { ApiError, asError, locked } from '../api/http'
import { generation, listen, onTransaction, retry, status } from '../live/feed'
import { loadNode, node } from '../live/node'
import { throttle } from '../live/throttle'

export const startError = signal<ApiError | null>(null)

const pause = 2000
let listening = false

export async function begin(): Promise<void> {
  try {
    const info = await loadNode()
    startError.value = null
    locked.value = false
    if (listening) {
      generation.value++
      return retry()
    }
    listening = true
    listen(info.revision)
    generation.value++
  } catch (e) {
    const error = asError(e)
    startError.value = error
    if (error.status !== 401) setTimeout(() => void begin(), pause)
  }
}

// The node's totals (its store, its queues) move with what is committed.
const refresh = throttle(2000, () => void loadNode().catch(() => {}))
onTransaction(refresh)

// A node that came back may be another version of itself.
let broken = false
status.subscribe((s) => {
  if (s.state === 'live' && broken && node.peek()) void loadNode().catch(() => {})
  broken = s.state === 'broken'
})
