// What contents, buckets and instances are called: events name their subjects by id.
// Learnt from the stream's records, asked for once where that is not enough.
import { signal } from '@preact/signals'
import { getNow } from '../api/http'
import { onTransaction } from './feed'

const most = 20_000
const asksAtOnce = 4
const asksInAll = 400

const names = new Map<string, string>()
/// Counts up when names came in, so that what shows them is drawn again.
const learnt = signal(0)
const asked = new Set<string>()
const queue: [id: string, path: string][] = []
let running = 0
let frame = 0

function learn(id: string, name: string): void {
  if (names.get(id) === name) return
  if (names.size >= most) names.delete(names.keys().next().value!)
  names.set(id, name)
  if (!frame)
    frame = requestAnimationFrame(() => {
      frame = 0
      learnt.value++
    })
}

onTransaction((t) => {
  for (const { table, key, record } of t.changes ?? []) {
    if (!record) continue
    if (table === 'contents') learn(key, String(record.name))
    else if (table === 'buckets') learn(key, String(record.name) || 'global')
    else if (table === 'ffs-instances') learn(key, String(record.name))
  }
})

const tables: Record<string, string> = { bucket: 'buckets', content: 'contents', retrieval: 'contents', instance: 'ffs/instances' }

async function work(): Promise<void> {
  running++
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [id, path] = next
    try {
      const record = await getNow<{ name: string }>(path)
      learn(id, record.name || 'global')
    } catch {
      // removed meanwhile, or somebody else's: it stays an id
    }
  }
  running--
}

/// The name of a content, bucket or instance; "" while it is not known.
export function nameOf(thing: string, id: string): string {
  learnt.value
  const name = names.get(id)
  if (name !== undefined) return name
  const table = tables[thing] ?? ''
  if (table && id && !asked.has(id) && asked.size < asksInAll) {
    asked.add(id)
    queue.push([id, `/${table}/${encodeURIComponent(id)}`])
    if (running < asksAtOnce) void work()
  }
  return ''
}
