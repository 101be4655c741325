// What can be done with a CID of an instance.
import { useState } from 'preact/hooks'
import { at, type CidShown } from '../../api/ffs'
import { ApiError, base, send } from '../../api/http'
import { Confirm } from '../../parts/confirm'
import { ask, closeDialog, Dialog } from '../../parts/dialog'
import type { Choice } from '../../parts/menu'
import { Command } from '../../parts/text'
import { say } from '../../parts/toast'
import { go, link } from '../../routes'
import { shortCid } from '../../words/names'

function Replace({ entry: e }: { entry: CidShown }) {
  const [by, setBy] = useState('')
  const [error, setError] = useState('')
  const submit = async (event: Event) => {
    event.preventDefault()
    try {
      const { job } = await send<{ job: string | null }>('POST', at(e.instance, 'cids', e.cid, 'replace'), { by: by.trim() })
      closeDialog()
      if (job) go(link('ffs', e.instance, 'jobs', job))
      else say('It was replaced.')
    } catch (problem) {
      setError(problem instanceof ApiError ? problem.message : String(problem))
    }
  }
  return (
    <Dialog title={`Replace ${shortCid(e.cid)}`}>
      <form onSubmit={submit}>
        <p>Another CID takes its config and its place. This one stays until the job of the other has succeeded.</p>
        <label>
          The other CID
          <input type="text" required value={by} spellcheck={false} aria-invalid={!!error} onInput={(i) => (setBy(i.currentTarget.value), setError(''))} />
        </label>
        {error && <p class="problem" role="alert">{error}</p>}
        <footer>
          <Command line={`weir ffs replace ${e.cid} ${by.trim() || 'NEW'} --instance ${e.instance}`} />
          <button type="submit" class="primary" disabled={!by.trim()}>Replace</button>
        </footer>
      </form>
    </Dialog>
  )
}

function askRemove(e: CidShown): void {
  const active = e.proposals.filter((d) => d.state === 'active').length
  ask(
    <Confirm
      title={`Let go of ${shortCid(e.cid)}?`}
      lost={['Its config, its place in the instance, its log and the history of its jobs.']}
      kept={[active ? `${active} active deals: the providers keep their copies until the deals end.` : 'Nothing: no provider holds a copy for this instance.']}
      name={e.cid.slice(-8)}
      verb="Let go"
      command={`weir ffs remove ${e.cid} --instance ${e.instance}`}
      run={async () => {
        await send('DELETE', at(e.instance, 'cids', e.cid))
        go(link('ffs', e.instance))
      }}
      done="The instance let go of it."
    />,
  )
}

export function cidChoices(e: CidShown): Choice[] {
  const on = e.config.hot.enabled || e.config.cold.enabled
  return [
    { name: 'Download the hot copy', href: `${base}${at(e.instance, 'cids', e.cid, 'data')}/`, download: true, not: e.hot.enabled ? undefined : 'There is no hot copy.' },
    ...(e.cold.content ? [{ name: 'Its life and deals', href: link('contents', e.cold.content) }] : []),
    { name: 'Replace by another CID…', run: () => ask(<Replace entry={e} />) },
    { name: 'Let go of it…', run: () => askRemove(e), loss: true, not: on ? 'Push a config with hot and cold off first.' : undefined },
  ]
}
