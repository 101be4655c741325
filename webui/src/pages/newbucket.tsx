import { useState } from 'preact/hooks'
import { ApiError, send } from '../api/http'
import type { Bucket } from '../api/types'
import { node } from '../live/node'
import { closeDialog, Dialog } from '../parts/dialog'
import { Command } from '../parts/text'
import { go, link } from '../routes'

const sizes: [string, number][] = [
  ['as the node has it', 0], ['16 MiB', 2 ** 24], ['256 MiB', 2 ** 28], ['1 GiB', 2 ** 30], ['4 GiB', 2 ** 32], ['16 GiB', 2 ** 34],
]
const schedules: [string, number][] = [['none', 0], ['every hour', 3600], ['every day', 86400], ['every week', 7 * 86400]]

export function NewBucket() {
  const [name, setName] = useState('')
  const [size, setSize] = useState(0)
  const [limit, setLimit] = useState(0)
  const [every, setEvery] = useState(0)
  const [error, setError] = useState('')
  const line = ['weir bucket create', name || 'NAME', size ? `--size ${size}` : '', limit ? `--count ${limit}` : '', every ? `--every ${every / 3600}h` : ''].filter(Boolean).join(' ')
  const submit = async (e: Event) => {
    e.preventDefault()
    try {
      const epochs = Math.round(every / (node.peek()?.epochSeconds || 30))
      const made = await send<Bucket>('POST', '/buckets', {
        name,
        ...(size ? { threshold: String(size) } : {}),
        ...(limit ? { maxCount: limit } : {}),
        ...(epochs ? { every: epochs } : {}),
      })
      closeDialog()
      if (made?.id) go(link('buckets', made.id))
    } catch (problem) {
      setError(problem instanceof ApiError ? problem.message : String(problem))
    }
  }
  return (
    <Dialog title="New bucket">
      <form onSubmit={submit}>
        <p>It is packed as soon as any of these holds: over its size, count full, schedule come, two days old, or closed by hand.</p>
        <label>Name <input type="text" required value={name} maxLength={255} onInput={(e) => setName(e.currentTarget.value)} /></label>
        <label>Threshold
          <select onChange={(e) => setSize(Number(e.currentTarget.value))}>{sizes.map(([n, v]) => <option key={v} value={v}>{n}</option>)}</select>
        </label>
        <label>Most contents <span class="quiet">0 is no limit</span>
          <input type="number" min={0} value={limit} onInput={(e) => setLimit(Math.max(0, Number(e.currentTarget.value) || 0))} />
        </label>
        <label>Schedule
          <select onChange={(e) => setEvery(Number(e.currentTarget.value))}>{schedules.map(([n, v]) => <option key={v} value={v}>{n}</option>)}</select>
        </label>
        {error && <p class="problem" role="alert">{error}</p>}
        <footer>
          <Command line={line} />
          <button type="submit" class="primary" disabled={!name.trim()}>Create</button>
        </footer>
      </form>
    </Dialog>
  )
}
