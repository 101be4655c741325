// A new instance, and tokens: their text is shown here once and nowhere again.
import { useState } from 'preact/hooks'
import type { NewInstance } from '../../api/ffs'
import { ApiError, send } from '../../api/http'
import { ask, Dialog } from '../../parts/dialog'
import { SecretShown } from '../../parts/secret'
import { Command } from '../../parts/text'
import { go, link } from '../../routes'

/// The text of a token, the only time that anybody sees it.
export function TokenShown({ title, token, then }: { title: string; token: string; then?: () => void }) {
  return (
    <SecretShown title={title} what="token" text={token} why="the node keeps only a hash of it." then={then}>
      <p class="quiet">Whoever has it acts for the instance. Another one can be made, and this one revoked, at any time.</p>
      <p><Command line="WEIR_TOKEN=… weir ffs stage FILE" /></p>
    </SecretShown>
  )
}

export function NewInstanceDialog() {
  const [name, setName] = useState('')
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async (e: Event) => {
    e.preventDefault()
    setBusy(true)
    try {
      const made = await send<NewInstance>('POST', '/ffs/instances', { name })
      ask(<TokenShown title={`${made.name} was made`} token={made.token} then={() => go(link('ffs', made.id))} />)
    } catch (problem) {
      setError(problem instanceof ApiError ? problem.message : String(problem))
      setBusy(false)
    }
  }
  return (
    <Dialog title="New instance">
      <form onSubmit={submit}>
        <p>An instance is a tenant: its own CIDs, addresses, tokens and limits. What it stores is paid from its own addresses, and nobody else sees it.</p>
        <label>
          Name
          <input type="text" required value={name} maxLength={100} aria-invalid={!!error} onInput={(e) => (setName(e.currentTarget.value), setError(''))} />
        </label>
        {error && <p class="problem" role="alert">{error}</p>}
        <footer>
          <Command line={`weir ffs create ${name || 'NAME'}`} />
          <button type="submit" class="primary" disabled={busy || !name.trim()}>Create</button>
        </footer>
      </form>
    </Dialog>
  )
}
