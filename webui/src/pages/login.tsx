// Asked for once where the node is reached other than over loopback. The
// token becomes a cookie that scripts cannot read.
import { useState } from 'preact/hooks'
import { ApiError, base, errorOf } from '../api/http'
import { Command } from '../parts/text'
import { begin } from '../shell/begin'

async function logIn(token: string): Promise<void> {
  const response = await fetch(`${base}/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    credentials: 'same-origin',
    body: JSON.stringify({ token }),
  })
  if (!response.ok) throw await errorOf(response)
}

export function LoginPage() {
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async (e: SubmitEvent) => {
    e.preventDefault()
    const token = String(new FormData(e.currentTarget as HTMLFormElement).get('token') ?? '').trim()
    setBusy(true)
    try {
      await logIn(token)
      await begin()
    } catch (problem) {
      const known = problem instanceof ApiError
      setError(known && problem.status === 401 ? 'The node does not know this token, or it was revoked.' : String((problem as Error).message))
    }
    setBusy(false)
  }
  return (
    <form class="login" onSubmit={submit}>
      <h1>This node asks for its token</h1>
      <p>It was shown once, when the node first started. It is kept in this browser as a session, not as text.</p>
      <label>
        Token
        <input type="password" name="token" autocomplete="current-password" required />
      </label>
      {error && <p class="problem" role="alert">{error}</p>}
      <button type="submit" class="primary" disabled={busy}>
        Open
      </button>
      <p class="quiet">
        The command line takes the same token: <Command line="WEIR_TOKEN=… weir ls" />
      </p>
    </form>
  )
}
