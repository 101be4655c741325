// What the instances that have a limit use of it, all of them: asked for apart
// from their list, so that a search never waits for it, and asked for again,
// not too often, when something that counts has changed.
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Quota, Usage } from '../api/ffs'
import { asError, getNow, type ApiError } from '../api/http'
import type { Page } from '../api/types'
import { generation, onTransaction } from './feed'
import { throttle } from './throttle'

export const usage = signal<ReadonlyMap<string, Usage> | null>(null)
export const usageError = signal<ApiError | null>(null)

const pace = 5000
const pageSize = 1000
const counts = new Set(['contents', 'deals', 'messages', 'ffs-cids', 'ffs-instances'])

async function all(): Promise<Map<string, Usage>> {
  const found = new Map<string, Usage>()
  let after: string | null = null
  do {
    const page: Page<Usage> = await getNow('/ffs/usage', { limit: pageSize, after })
    for (const u of page.items) found.set(u.id, u)
    after = page.next
  } while (after)
  return found
}

/// For as long as a page shows it.
export function useUsage(): ReadonlyMap<string, Usage> | null {
  useEffect(() => {
    let over = false
    const ask = throttle(pace, () => {
      if (over) return
      all().then(
        (found) => {
          usage.value = found
          usageError.value = null
        },
        (e) => (usageError.value = asError(e)),
      )
    })
    ask()
    const release = onTransaction((t) => t.changes?.some((c) => counts.has(c.table)) && ask())
    return () => {
      over = true
      release()
    }
  }, [generation.value])
  return usage.value
}

export function useOf(id: string): Quota | undefined {
  return usage.value?.get(id)?.usage
}
