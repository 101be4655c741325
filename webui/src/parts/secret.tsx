// What is shown once and nowhere again: a token, the secret of a webhook.
import type { ComponentChildren } from 'preact'
import { closeDialog, Dialog } from './dialog'
import { copy } from './toast'

export interface SecretProps {
  title: string
  /// "token", "signing secret"
  what: string
  text: string
  why: string
  then?: () => void
  children?: ComponentChildren
}

export function SecretShown({ title, what, text, why, then, children }: SecretProps) {
  const close = () => {
    closeDialog()
    then?.()
  }
  return (
    <Dialog title={title}>
      <p>
        <b>This is its {what}. It is not shown again:</b> {why}
      </p>
      <pre class="secret" tabIndex={0} aria-label={`The ${what}`}>{text}</pre>
      {children}
      <footer>
        <button type="button" onClick={() => void copy(text, `the ${what}`)}>Copy it</button>
        <button type="button" class="primary" onClick={close}>I have it</button>
      </footer>
    </Dialog>
  )
}
