// Which scheduler an instance is wired to, and moving it to another one.
import { useState } from 'preact/hooks'
import { at, type Instance, type Scheduler } from '../../api/ffs'
import { ApiError, send, wordsOf } from '../../api/http'
import type { Page } from '../../api/types'
import { useRecord } from '../../live/record'
import { ask, closeDialog, Dialog } from '../../parts/dialog'
import { Command, Facts } from '../../parts/text'
import { say } from '../../parts/toast'
import { link } from '../../routes'
import { layerWords, rowsOf, selectorWords } from '../../words/schedulers'

/// Every job that comes or goes is a change of a CID of FFS.
export function useSchedulers(): { schedulers: Scheduler[] | null; error: ApiError | null; reload: () => void } {
  const { value, error, reload } = useRecord<Page<Scheduler>>({ path: '/ffs/schedulers', concerns: (c) => c.table === 'ffs-cids' || c.table === 'ffs-instances', pace: 1000 })
  return { schedulers: value?.items ?? null, error, reload }
}

function Move({ of, all }: { of: Instance; all: Scheduler[] }) {
  const others = all.filter((s) => s.name !== of.scheduler)
  const [to, setTo] = useState(others[0]?.name ?? '')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const chosen = all.find((s) => s.name === to)
  const submit = async (e: Event) => {
    e.preventDefault()
    setBusy(true)
    try {
      await send('PATCH', at(of.id), { scheduler: to })
      closeDialog()
      say(`${of.name} was moved to ${to}.`)
    } catch (problem) {
      setError(wordsOf(problem))
      setBusy(false)
    }
  }
  return (
    <Dialog title={`Move ${of.name} to another scheduler`}>
      <form onSubmit={submit}>
        <label>
          To
          <select value={to} onChange={(e) => (setTo(e.currentTarget.value), setError(''))}>
            {others.map((s) => <option key={s.name} value={s.name}>{s.name}: {selectorWords(s)}, hot in {layerWords(s.hot)}</option>)}
          </select>
        </label>
        {chosen && <Facts rows={rowsOf(chosen)} />}
        <h3>What changes</h3>
        <ul>
          <li>Pushes are its jobs from now on, and what waits goes over with its place.</li>
          <li>What is hot follows: the new layer gets the blocks before the old one lets go.</li>
          <li>Renewals and repairs are made by its selector and under its price cap.</li>
        </ul>
        <h3>What stays</h3>
        <ul>
          <li>What runs ends where it began.</li>
          <li>Deals, configs, addresses and tokens stay as they are.</li>
        </ul>
        {error && <p class="problem" role="alert">{error}</p>}
        <footer>
          <Command line={`weir ffs move ${of.id} ${to}`} />
          <button type="submit" class="primary" disabled={busy || !to}>Move it</button>
        </footer>
      </form>
    </Dialog>
  )
}

/// What a tenant sees is its name: what it is set up with is the operator's.
export function SchedulerSection({ of }: { of: Instance }) {
  const { schedulers, error } = useSchedulers()
  const mine = schedulers?.find((s) => s.name === of.scheduler)
  const others = schedulers?.filter((s) => s.name !== of.scheduler).length ?? 0
  return (
    <section aria-label="Scheduler">
      <h2>Scheduler: who runs its jobs</h2>
      {of.movedFrom && <p class="words">It was moved here from <b>{of.movedFrom}</b>, which still has CIDs of it: they are being taken over.</p>}
      {schedulers && !mine && <p class="words lost">The configuration has no <b>{of.scheduler}</b> any more: pushes are refused until it is there again, or the instance is moved.</p>}
      <Facts rows={[['Wired to', <b>{of.scheduler}</b>], ...(mine ? rowsOf(mine) : [])]} />
      {error && error.status !== 403 && <p class="quiet">{error.message}</p>}
      {schedulers && (
        <p class="row">
          <button type="button" disabled={others === 0} onClick={() => ask(<Move of={of} all={schedulers} />)}>Move to another…</button>
          {others === 0 && <span class="quiet">The configuration names no other.</span>} <a href={link('ffs', 'schedulers')}>All schedulers</a>
        </p>
      )}
    </section>
  )
}
