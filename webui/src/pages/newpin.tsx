// Pins what is on this node already.
import { useState } from 'preact/hooks'
import { send, wordsOf } from '../api/http'
import type { Pin } from '../api/types'
import { closeDialog, Dialog } from '../parts/dialog'
import { Command } from '../parts/text'
import { say } from '../parts/toast'
import { plural } from '../words/amounts'

export function NewPin({ cid: known = '', name: usual = '', made }: { cid?: string; name?: string; made?: (p: Pin) => void }) {
  const [cid, setCid] = useState(known)
  const [name, setName] = useState(usual)
  const [direct, setDirect] = useState(false)
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const quoted = /^[\w.-]*$/.test(name) ? name : `'${name.replace(/'/g, `'\\''`)}'`
  const line = ['weir pin add', cid.trim() || 'CID', direct ? '--direct' : '', name ? `--name ${quoted}` : ''].filter(Boolean).join(' ')
  const submit = async (e: Event) => {
    e.preventDefault()
    setBusy(true)
    try {
      const p = await send<Pin>('POST', '/pins', { cid: cid.trim(), mode: direct ? 'direct' : 'recursive', name })
      made?.(p)
      closeDialog()
      say(`${plural(p.blocks, 'block')} ${p.blocks === 1 ? 'is' : 'are'} kept here until the pin is taken away.`)
    } catch (problem) {
      setError(wordsOf(problem))
      setBusy(false)
    }
  }
  return (
    <Dialog title="New pin">
      <form onSubmit={submit}>
        <p>Keeps what is on this node already, whatever becomes of its contents. It fetches nothing and makes no deals.</p>
        <label>CID <input type="text" required value={cid} autocomplete="off" spellcheck={false} aria-invalid={!!error} onInput={(e) => (setCid(e.currentTarget.value), setError(''))} /></label>
        <label>Name <span class="quiet">for people; may be empty</span> <input type="text" value={name} maxLength={255} onInput={(e) => setName(e.currentTarget.value)} /></label>
        <label class="check"><input type="checkbox" checked={direct} onChange={(e) => setDirect(e.currentTarget.checked)} /> This block alone, not what is below it</label>
        {error && <p class="problem" role="alert">{error}</p>}
        <footer>
          <Command line={line} />
          <button type="submit" class="primary" disabled={busy || !cid.trim()}>Pin it</button>
        </footer>
      </form>
    </Dialog>
  )
}
