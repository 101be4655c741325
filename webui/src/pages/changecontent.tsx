// What its owner may change: what a content is called, and how many copies
// on distinct providers it is promised.
import { useState } from 'preact/hooks'
import { ApiError, send } from '../api/http'
import type { Content } from '../api/types'
import { closeDialog, Dialog } from '../parts/dialog'
import { say } from '../parts/toast'

const mostCopies = 64

export function ChangeContent({ content }: { content: Content }) {
  const [name, setName] = useState(content.name)
  const [copies, setCopies] = useState(content.copies)
  const [error, setError] = useState('')
  const fewer = copies < content.copies
  const submit = async (e: Event) => {
    e.preventDefault()
    try {
      await send('PATCH', `/contents/${content.id}`, {
        ...(name !== content.name ? { name } : {}),
        ...(copies !== content.copies ? { copies } : {}),
      })
      closeDialog()
      say(`${name} was changed.`)
    } catch (problem) {
      setError(problem instanceof ApiError ? problem.message : String(problem))
    }
  }
  const same = name === content.name && copies === content.copies
  return (
    <Dialog title={`Change ${content.name}`}>
      <form onSubmit={submit}>
        <label>
          Name
          <input type="text" required value={name} onInput={(e) => setName(e.currentTarget.value)} />
        </label>
        <label>
          Promised copies, each with another provider
          <input type="number" min={1} max={mostCopies} value={copies} onInput={(e) => setCopies(Number(e.currentTarget.value))} />
        </label>
        <p class="quiet">
          {fewer
            ? 'Deals that are on chain go on until their end; those too many are not replaced or renewed.'
            : 'More copies mean more deals for every piece that it is in, which are proposed at once.'}
        </p>
        {error && <p class="problem" role="alert">{error}</p>}
        <footer>
          <button type="submit" class="primary" disabled={same || !name.trim() || !(copies >= 1 && copies <= mostCopies)}>
            Change
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
