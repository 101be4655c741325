// Before something is given up: what will be lost, what will still exist, the
// command that does the same. What cannot be undone needs the name typed.
import { useState } from 'preact/hooks'
import { wordsOf } from '../api/http'
import { closeDialog, Dialog } from './dialog'
import { Command } from './text'
import { say } from './toast'

export interface ConfirmProps {
  title: string
  lost: string[]
  kept: string[]
  /// To be typed; left out when the act can be undone.
  name?: string
  verb: string
  command: string
  run: () => Promise<void>
  done: string
}

export function Confirm({ title, lost, kept, name, verb, command, run, done }: ConfirmProps) {
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const ready = !busy && (name === undefined || typed === name)
  const submit = async (e: Event) => {
    e.preventDefault()
    if (!ready) return
    setBusy(true)
    try {
      await run()
      closeDialog()
      say(done)
    } catch (problem) {
      setError(wordsOf(problem))
      setBusy(false)
    }
  }
  return (
    <Dialog title={title}>
      <form onSubmit={submit}>
        <h3>What will be lost</h3>
        <ul class="loss">{lost.map((l) => <li key={l}>{l}</li>)}</ul>
        <h3>What will still exist</h3>
        <ul>{kept.map((k) => <li key={k}>{k}</li>)}</ul>
        {name !== undefined && (
          <label>
            <span>
              Type <b class="name">{name}</b> to go on
            </span>
            <input type="text" value={typed} autocomplete="off" spellcheck={false} onInput={(e) => setTyped(e.currentTarget.value)} />
          </label>
        )}
        {error && <p class="problem" role="alert">{error}</p>}
        <footer>
          <Command line={command} />
          <button type="button" onClick={closeDialog}>Keep it</button>
          <button type="submit" class={name === undefined ? 'primary' : 'danger'} disabled={!ready}>{verb}</button>
        </footer>
      </form>
    </Dialog>
  )
}
