// Tokens of an instance: made with a name, scopes and an end; shown once;
// revoked at once, also on open watches.
import { useEffect, useState } from 'preact/hooks'
import { allScopes, at, type Instance, type Scope, type Token } from '../../api/ffs'
import { ApiError, asError, getNow, send } from '../../api/http'
import type { Page } from '../../api/types'
import { generation, onTransaction } from '../../live/feed'
import { throttle } from '../../live/throttle'
import { Answer } from '../../parts/answer'
import { Confirm } from '../../parts/confirm'
import { ask, Dialog } from '../../parts/dialog'
import { Command, When } from '../../parts/text'
import { Empty, Trouble, Waiting } from '../../parts/trouble'
import { count, plural } from '../../words/amounts'
import { now } from '../../words/time'
import { TokenShown } from './newinstance'

const meanings: Record<Scope, string> = {
  read: 'look and watch',
  store: 'upload, push, replace, cancel',
  wallet: 'addresses, balances, send, sign',
  admin: 'tokens and defaults of the instance',
}

const ends: [name: string, text: string][] = [['never', ''], ['in a day', '1d'], ['in 30 days', '30d'], ['in a year', '365d']]

function NewToken({ of }: { of: Instance }) {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Scope[]>(['read'])
  const [expires, setExpires] = useState('')
  const [error, setError] = useState('')
  const turn = (s: Scope, on: boolean) => setScopes(allScopes.filter((x) => (x === s ? on : scopes.includes(x))))
  const submit = async (e: Event) => {
    e.preventDefault()
    try {
      const made = await send<Token>('POST', at(of.id, 'tokens'), { name, scopes, ...(expires ? { expires } : {}) })
      ask(<TokenShown title={`The token ${made.name} was made`} token={made.token ?? ''} />)
    } catch (problem) {
      setError(problem instanceof ApiError ? problem.message : String(problem))
    }
  }
  return (
    <Dialog title={`New token for ${of.name}`}>
      <form onSubmit={submit}>
        <label>
          Name
          <input type="text" required value={name} maxLength={100} aria-invalid={!!error} onInput={(e) => (setName(e.currentTarget.value), setError(''))} />
        </label>
        <fieldset class="plain">
          <legend>It may</legend>
          {allScopes.map((s) => (
            <label key={s} class="check">
              <input type="checkbox" checked={scopes.includes(s)} onChange={(e) => turn(s, e.currentTarget.checked)} /> <b>{s}</b> <span class="quiet">{meanings[s]}</span>
            </label>
          ))}
        </fieldset>
        <label>
          It ends
          <select value={expires} onChange={(e) => setExpires(e.currentTarget.value)}>{ends.map(([n, v]) => <option key={v} value={v}>{n}</option>)}</select>
        </label>
        {error && <p class="problem" role="alert">{error}</p>}
        <footer>
          <Command line={`weir ffs token new ${name || 'NAME'} --scopes ${scopes.join(',') || '…'}${expires ? ` --expires ${expires}` : ''} --instance ${of.id}`} />
          <button type="submit" class="primary" disabled={!name.trim() || scopes.length === 0}>Create</button>
        </footer>
      </form>
    </Dialog>
  )
}

function askRevoke(of: Instance, t: Token): void {
  ask(
    <Confirm
      title={`Revoke the token ${t.name}?`}
      lost={['Whoever uses it is shut out at once, also on open connections and watches.']}
      kept={['Everything that was done with it: contents, configs, jobs.', 'The other tokens of the instance.']}
      verb="Revoke"
      command={`weir ffs token rm ${t.name} --instance ${of.id}`}
      run={() => send('DELETE', at(of.id, 'tokens', t.name))}
      done={`${t.name} was revoked.`}
    />,
  )
}

const usePace = 5000
const soon = 14 * 86_400_000

/// Amber while its end is near enough that somebody has to make another one.
function End({ t }: { t: Token }) {
  if (!t.expires) return <span class="quiet">never</span>
  const left = t.expires - now.value
  if (left <= 0) return <span class="wait"><b>ended</b> <When ms={t.expires} brief /></span>
  return left < soon ? <span class="wait"><b>soon</b>: <When ms={t.expires} /></span> : <When ms={t.expires} />
}

function endWords(tokens: Token[]): string {
  const ended = tokens.filter((t) => t.expires && t.expires <= now.value).length
  const near = tokens.filter((t) => t.expires > now.value && t.expires < now.value + soon).length
  return [near ? `${plural(near, 'token')} ${near === 1 ? 'ends' : 'end'} within two weeks.` : '', ended ? `${plural(ended, 'token')} ${ended === 1 ? 'has' : 'have'} ended and ${ended === 1 ? 'opens' : 'open'} nothing.` : ''].filter(Boolean).join(' ')
}

export function TokensTab({ of }: { of: Instance }) {
  const [tokens, setTokens] = useState<Token[] | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  useEffect(() => {
    const load = () =>
      getNow<Page<Token>>(at(of.id, 'tokens'))
        .then((p) => (setTokens(p.items), setError(null)))
        .catch((e) => setError(asError(e)))
    void load()
    // What the instance does is done with a token: its last use is looked at again, at most so often.
    const used = throttle(usePace, () => void load())
    return onTransaction((t) => {
      const mine = t.events.filter((e) => e.owner === `ffs/${of.id}`)
      if (mine.some((e) => e.kind.startsWith('token.'))) void load()
      else if (mine.length) used()
    })
  }, [of.id, generation.value])
  if (!tokens) return error ? <Trouble error={error} command={`weir ffs token ls --instance ${of.id}`} /> : <Waiting />
  const open = tokens.filter((t) => !t.expires || t.expires > now.value).length
  return (
    <>
      <Answer big={count(open)} sentence={open === 1 ? 'token opens this instance' : 'tokens open this instance'} more={<>{endWords(tokens) && <span class="wait">{endWords(tokens)} </span>}Only their hashes are kept: the text of a token is shown when it is made, and never again.</>}>
        <button type="button" class="primary" onClick={() => ask(<NewToken of={of} />)}>New token</button>
      </Answer>
      {tokens.length === 0 ? (
        <Empty title="Nobody can use this instance." command={`weir ffs token new NAME --instance ${of.id}`}>Its last token was revoked; only the operator of the node reaches it.</Empty>
      ) : (
        <table class="small stacks">
          <thead><tr><th>Name</th><th>It may</th><th class="n-out">Made</th><th>Used last</th><th>Ends</th><th /></tr></thead>
          <tbody>
            {tokens.map((t) => (
              <tr key={t.name}>
                <td class="first">{t.name}</td>
                <td data-label="may">{t.scopes.length === allScopes.length ? 'everything' : t.scopes.join(', ')}</td>
                <td class="n-out"><When ms={t.created} /></td>
                <td data-label="used last">{t.lastUse ? <span title="To the minute"><When ms={t.lastUse} brief /></span> : <span class="quiet">never</span>}</td>
                <td data-label="ends"><End t={t} /></td>
                <td class="right acts"><button type="button" class="text" onClick={() => askRevoke(of, t)} aria-label={`Revoke ${t.name}`}>revoke…</button></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
