// One line at the bottom that says what just happened, and goes.
import { signal } from '@preact/signals'

interface Toast { text: string; loss: boolean }

const toast = signal<Toast | null>(null)
const shownFor = 4000
let timer = 0

export function say(text: string, loss = false): void {
  toast.value = { text, loss }
  clearTimeout(timer)
  timer = setTimeout(() => (toast.value = null), loss ? 2 * shownFor : shownFor) as unknown as number
}

/// `called` is said instead of the text: of a secret.
export async function copy(text: string, called = ''): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    say(`Copied ${called || (text.length > 40 ? text.slice(0, 40) + '…' : text)}`)
  } catch {
    say('The browser does not allow copying here; select the text instead.', true)
  }
}

export function ToastLine() {
  return (
    <div class="toast-room" role="status" aria-live="polite">
      {toast.value && <div class={`toast ${toast.value.loss ? 'loss' : ''}`}>{toast.value.text}</div>}
    </div>
  )
}
