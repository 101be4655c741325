// What an operator may change of an instance, its default config, and its end.
import { useEffect, useState } from 'preact/hooks'
import { at, type CidConfig, type Instance } from '../../api/ffs'
import { asError, getNow, send, type ApiError } from '../../api/http'
import { Answer, Crumbs } from '../../parts/answer'
import { Confirm } from '../../parts/confirm'
import { ask } from '../../parts/dialog'
import { Command, Facts, When } from '../../parts/text'
import { say } from '../../parts/toast'
import { Trouble, Waiting } from '../../parts/trouble'
import { go, link } from '../../routes'
import { plural } from '../../words/amounts'
import { amount, hasLimit, type LimitKind } from '../../words/limits'
import { ConfigForm } from './configform'
import { LimitsForm } from './limits'
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

/// "It may keep 10 GiB and let 5 jobs wait."
function limitWords({ limits }: Instance): string {
  const words: Record<LimitKind, string> = {
    bytes: `keep ${amount('bytes', limits.bytes)}`,
    jobs: `let ${plural(limits.jobs, 'job')} wait`,
    spend: `spend ${amount('spend', limits.spend)}`,
  }
  const set = (Object.keys(words) as LimitKind[]).filter((k) => hasLimit(limits, k)).map((k) => words[k])
  if (set.length === 0) return 'It has no limit.'
  return `It may ${set.length > 1 ? set.slice(0, -1).join(', ') + ' and ' : ''}${set.at(-1)}; more is refused.`
}

export function SettingsTab({ of }: { of: Instance }) {
  return (
    <>
      <Answer big={of.name} sentence="" more={limitWords(of)}>
        <button type="button" class="danger" onClick={() => askDelete(of)}>Delete…</button>
      </Answer>
      <div class="stack">
        <div class="halves">
          <div>
            <LimitsForm key={of.name + JSON.stringify(of.limits)} of={of} />
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
