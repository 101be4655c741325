// What an operator may change of an instance, its default config, and its end.
import { useEffect, useState } from 'preact/hooks'
import { at, type CidConfig, type Instance } from '../../api/ffs'
import { ApiError, asError, getNow, send } from '../../api/http'
import { Answer, Crumbs } from '../../parts/answer'
import { Confirm } from '../../parts/confirm'
import { ask } from '../../parts/dialog'
import { Command, Facts, When } from '../../parts/text'
import { say } from '../../parts/toast'
import { Trouble, Waiting } from '../../parts/trouble'
import { go, link } from '../../routes'
import { plural } from '../../words/amounts'
import { ConfigForm } from './configform'
import { SchedulerSection } from './move'

function askDelete(of: Instance): void {
  ask(
    <Confirm
      title={`Delete the instance ${of.name}?`}
      lost={['All its tokens: whoever uses one is shut out at once, also on open watches.', 'Its CIDs, configs, jobs and logs, and what it stored here, unless somebody else stores the same bytes.']}
      kept={['Deals that are on chain: the providers keep their copies until the deals end.', 'Its addresses, with what is on them: the keys stay with the node.']}
      name={of.name}
      verb="Delete"
      command={`weir ffs rm ${of.id}`}
      run={async () => {
        await send('DELETE', at(of.id))
        go(link('ffs'))
      }}
      done={`${of.name} was deleted.`}
    />,
  )
}

function Limits({ of }: { of: Instance }) {
  const [name, setName] = useState(of.name)
  const [jobs, setJobs] = useState(String(of.limits.jobs))
  const [error, setError] = useState('')
  const wrong = /^\d+$/.test(jobs.trim()) ? '' : 'A whole number is needed; 0 is no limit.'
  const same = name === of.name && jobs.trim() === String(of.limits.jobs)
  const submit = async (e: Event) => {
    e.preventDefault()
    try {
      await send('PATCH', at(of.id), { ...(name !== of.name ? { name } : {}), ...(jobs.trim() !== String(of.limits.jobs) ? { limits: { jobs: Number(jobs) } } : {}) })
      say('The instance was changed.')
      setError('')
    } catch (problem) {
      setError(problem instanceof ApiError ? problem.message : String(problem))
    }
  }
  return (
    <section aria-label="Name and limits">
      <h2>Name and limits</h2>
      <form class="config" onSubmit={submit} noValidate>
        <div class="field">
          <label for="instance-name">Name</label>
          <input id="instance-name" type="text" value={name} maxLength={100} onInput={(e) => setName(e.currentTarget.value)} />
        </div>
        <div class={`field count ${wrong ? 'wrong' : ''}`}>
          <label for="instance-jobs">Jobs that wait or run</label>
          <input id="instance-jobs" type="text" inputMode="numeric" value={jobs} aria-invalid={!!wrong} onInput={(e) => setJobs(e.currentTarget.value)} />
          <p class="help">At a time; 0 is no limit. What is over it is refused, and says so.</p>
          {wrong && <p class="no" role="alert">{wrong}</p>}
        </div>
        {error && <p class="problem" role="alert">{error}</p>}
        <footer class="row"><button type="submit" class="primary" disabled={same || !!wrong || !name.trim()}>Change</button></footer>
      </form>
    </section>
  )
}

/// A default config, of the node or of an instance: what a push begins with.
export function DefaultConfig({ path, instance, command }: { path: string; instance?: string; command?: string }) {
  const [config, setConfig] = useState<CidConfig | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  useEffect(() => {
    getNow<CidConfig>(path).then(setConfig).catch((e) => setError(asError(e)))
  }, [path])
  if (!config) return error ? <Trouble error={error} command={command} /> : <Waiting />
  const run = async (wished: CidConfig) => {
    setConfig(await send<CidConfig>('PUT', path, wished))
    say('The default was changed. What was pushed before keeps its own config.')
  }
  return <ConfigForm key={JSON.stringify(config)} preset={config} instance={instance} verb="Change the default" command={command} run={run} />
}

export function SettingsTab({ of }: { of: Instance }) {
  return (
    <>
      <Answer big={of.name} sentence="" more={of.limits.jobs ? `At most ${plural(of.limits.jobs, 'job')} may wait or run at a time.` : 'No limit is set.'}>
        <button type="button" class="danger" onClick={() => askDelete(of)}>Delete…</button>
      </Answer>
      <div class="stack">
        <div class="halves">
          <div>
            <Limits key={of.name + of.limits.jobs} of={of} />
            <SchedulerSection of={of} />
          </div>
          <div>
            <section aria-label="Facts">
              <h2>What it is</h2>
              <Facts rows={[['Id', <code>{of.id}</code>], ['Owner of its contents', <code>{of.owner ?? `ffs/${of.id}`}</code>], ['Made', <When ms={of.created} />]]} />
              <p><Command line={`weir ffs show --instance ${of.id}`} /></p>
            </section>
          </div>
        </div>
        <section aria-label="Default config">
          <h2>Default config: of what is pushed without one</h2>
          <DefaultConfig path={at(of.id, 'config')} instance={of.id} command={`weir ffs config --instance ${of.id}`} />
        </section>
      </div>
    </>
  )
}

/// What new instances begin with.
export function NodeDefaultPage() {
  return (
    <article>
      <Crumbs trail={[['FFS', link('ffs')]]} here="Default config" />
      <Answer big="Default" sentence="that new instances begin with" more="Each instance may change its own; what was made before keeps what it has." />
      <DefaultConfig path="/ffs/config" />
    </article>
  )
}
