// The addresses of an instance: what is on them, who pays for its deals.
import { useEffect, useState } from 'preact/hooks'
import { at, type FfsWallet, type Instance } from '../../api/ffs'
import { ApiError, asError, getNow, send, wordsOf } from '../../api/http'
import type { Page } from '../../api/types'
import { generation, onTransaction } from '../../live/feed'
import { throttle } from '../../live/throttle'
import { Answer } from '../../parts/answer'
import { ask, closeDialog, Dialog } from '../../parts/dialog'
import { Menu, type Choice } from '../../parts/menu'
import { Cid } from '../../parts/text'
import { copy, say } from '../../parts/toast'
import { Empty, Trouble, Waiting } from '../../parts/trouble'
import { fil, parseFil, plural } from '../../words/amounts'
import { shortCid } from '../../words/names'

function sum(wallets: FfsWallet[]): string {
  return String(wallets.reduce((n, w) => n + BigInt(w.balance || '0'), 0n))
}

function NewAddress({ of }: { of: Instance }) {
  const [name, setName] = useState('')
  const [error, setError] = useState('')
  const submit = async (e: Event) => {
    e.preventDefault()
    try {
      await send('POST', at(of.id, 'wallets'), { name })
      closeDialog()
      say(`The address ${name} was made.`)
    } catch (problem) {
      setError(problem instanceof ApiError ? problem.message : String(problem))
    }
  }
  return (
    <Dialog title="New address">
      <form onSubmit={submit}>
        <p>Its key is made and kept by this node. The first address of an instance pays for its deals, until another one is made the default.</p>
        <label>
          Name
          <input type="text" required value={name} maxLength={100} aria-invalid={!!error} onInput={(e) => (setName(e.currentTarget.value), setError(''))} />
        </label>
        {error && <p class="problem" role="alert">{error}</p>}
        <footer><button type="submit" class="primary" disabled={!name.trim()}>Create</button></footer>
      </form>
    </Dialog>
  )
}

/// Money from an address, or from the node to it. `to` is asked for unless it is known.
function Transfer({ of, wallet, fund }: { of: Instance; wallet: FfsWallet; fund: boolean }) {
  const [to, setTo] = useState('')
  const [amount, setAmount] = useState('')
  const [errors, setErrors] = useState<{ to?: string; amount?: string; rest?: string }>({})
  const atto = parseFil(amount)
  const submit = async (e: Event) => {
    e.preventDefault()
    if (!atto || atto === '0') return setErrors({ amount: 'An amount over 0 is needed, such as 0.5 FIL or 20 nanoFIL.' })
    try {
      const body = { ...(fund ? {} : { to: to.trim() }), amount: `${atto} attoFIL` }
      const { message } = await send<{ message: string }>('POST', at(of.id, 'wallets', wallet.addr, fund ? 'fund' : 'send'), body)
      closeDialog()
      say(`${fil(atto)} are on their way; the chain message is ${shortCid(message)}.`)
    } catch (problem) {
      if (!(problem instanceof ApiError)) return setErrors({ rest: String(problem) })
      const words = wordsOf(problem)
      setErrors(/address/i.test(problem.message) && problem.value === to.trim() && !fund ? { to: words } : { rest: words })
    }
  }
  return (
    <Dialog title={fund ? `Fund ${wallet.name}` : `Send from ${wallet.name}`}>
      <form onSubmit={submit} noValidate>
        <p class="quiet">{fund ? `From the node's default address to ${shortCid(wallet.addr, 10)}, by a message on chain.` : `${fil(wallet.balance)} are on it. A message on chain cannot be taken back.`}</p>
        {!fund && (
          <label>
            To
            <input type="text" required value={to} spellcheck={false} placeholder="f1…" aria-invalid={!!errors.to} onInput={(e) => (setTo(e.currentTarget.value), setErrors({}))} />
            {errors.to && <span class="no" role="alert">{errors.to}</span>}
          </label>
        )}
        <label>
          Amount
          <input type="text" required value={amount} inputMode="decimal" placeholder="0.5 FIL" aria-invalid={!!errors.amount} onInput={(e) => (setAmount(e.currentTarget.value), setErrors({}))} />
          {errors.amount ? <span class="no" role="alert">{errors.amount}</span> : <span class="quiet">{atto ? fil(atto) : 'FIL, unless another unit is said'}</span>}
        </label>
        {errors.rest && <p class="problem" role="alert">{errors.rest}</p>}
        <footer><button type="submit" class="primary" disabled={!amount.trim() || (!fund && !to.trim())}>{fund ? 'Fund it' : 'Send'}</button></footer>
      </form>
    </Dialog>
  )
}

function choices(of: Instance, w: FfsWallet): Choice[] {
  const choose = () =>
    send('POST', at(of.id, 'wallets', w.addr, 'default')).then(
      () => say(`${w.name} pays from now on.`),
      (e) => say((e as Error).message, true),
    )
  return [
    { name: 'Fund it from the node…', run: () => ask(<Transfer of={of} wallet={w} fund />) },
    { name: 'Send from it…', run: () => ask(<Transfer of={of} wallet={w} fund={false} />), not: w.balance === '0' ? 'Nothing is on it.' : undefined },
    { name: 'Pay deals from it', run: () => void choose(), not: w.default ? 'It pays already.' : undefined },
    { name: 'Copy the address', run: () => void copy(w.addr) },
  ]
}

/// Balances move by messages on chain: asked for again when one was executed.
function useWallets(of: Instance): { wallets: FfsWallet[] | null; error: ApiError | null } {
  const [wallets, setWallets] = useState<FfsWallet[] | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  useEffect(() => {
    const load = throttle(2000, () => {
      getNow<Page<FfsWallet>>(at(of.id, 'wallets'))
        .then((p) => (setWallets(p.items), setError(null)))
        .catch((e) => setError(asError(e)))
    })
    load()
    return onTransaction((t) => t.events.some((e) => /^(wallet|message)\.|^instance\.changed$|^deal\.(published|active)$/.test(e.kind)) && load())
  }, [of.id, of.wallet, generation.value])
  return { wallets, error }
}

export function WalletsTab({ of }: { of: Instance }) {
  const { wallets, error } = useWallets(of)
  if (!wallets) return error ? <Trouble error={error} /> : <Waiting />
  const pays = wallets.find((w) => w.default)
  return (
    <>
      <Answer big={fil(sum(wallets))} sentence={`on ${plural(wallets.length, 'address', 'addresses')}`} more={pays ? <>The address <b>{pays.name}</b> pays for its deals, with {fil(pays.available)} free in the market.</> : "Without an address of its own, the node's default address pays for its deals."}>
        <button type="button" class="primary" onClick={() => ask(<NewAddress of={of} />)}>New address</button>
      </Answer>
      {error && <p class="problem" role="alert">{error.message}</p>}
      {wallets.length === 0 ? (
        <Empty title="It has no address of its own.">Make one and fund it, and its deals are paid from there: what it spends is then its own.</Empty>
      ) : (
        <table class="small stacks">
          <thead><tr><th>Name</th><th class="n-out">Address</th><th class="right">Balance</th><th class="right n-out">In the market</th><th class="right n-out">Locked by deals</th><th /></tr></thead>
          <tbody>
            {wallets.map((w) => (
              <tr key={w.addr}>
                <td class="first">{w.name} {w.default && <span class="good">pays</span>}</td>
                <td data-label="address"><Cid cid={w.addr} head={12} /></td>
                <td class="right" data-label="balance">{fil(w.balance)}</td>
                <td class="right" data-label="in the market">{fil(w.escrow)}</td>
                <td class="right" data-label="locked">{fil(w.locked)}</td>
                <td class="right acts"><Menu label={`What to do with ${w.name}`} choices={choices(of, w)} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
