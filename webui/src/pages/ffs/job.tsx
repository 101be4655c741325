// One job: how far it has come, why it ended, each step of its log as it happens.
import { useEffect, useState } from 'preact/hooks'
import { at, isFinal, type Instance, type Job } from '../../api/ffs'
import { ApiError, asError, getNow } from '../../api/http'
import { JobLine } from '../../drawings/jobline'
import { generation } from '../../live/feed'
import { Watch } from '../../live/watch'
import { Answer, Crumbs } from '../../parts/answer'
import { Cid, Command, Facts, When } from '../../parts/text'
import { Trouble, Waiting } from '../../parts/trouble'
import { link } from '../../routes'
import { plural } from '../../words/amounts'
import { firstSentence, jobCauses, jobStates, jobSteps } from '../../words/ffs'
import { shortCid, shortId } from '../../words/names'
import { JobLog } from './joblog'
import { askCancel, JobTime } from './jobs'

/// Asked for once, then told by the watch: what comes is newer.
function useJob(of: string, id: string): { job: Job | null; error: ApiError | null } {
  const [job, setJob] = useState<Job | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  useEffect(() => {
    let told = false
    const watch = new Watch(at(of, 'watch'), { job: id }, null, (kind, record) => {
      if (kind !== 'job') return
      told = true
      setJob(record as Job)
    })
    getNow<Job>(at(of, 'jobs', id))
      .then((j) => {
        if (!told) setJob(j)
        if (!isFinal(j.state)) watch.start()
      })
      .catch((e) => setError(asError(e)))
    return () => watch.stop()
  }, [of, id, generation.value])
  return { job, error }
}

function Ended({ j }: { j: Job }) {
  if (j.err.code === 'none') return null
  const [first, rest] = firstSentence(j.err.message)
  return (
    <div class={`words ${j.state === 'failed' ? 'lost' : ''}`}>
      <p>{first}</p>
      {rest && <details><summary>All that it said</summary><p>{rest}</p></details>}
      {(j.err.value || j.err.limit) && <p class="quiet">{[j.err.value && `Value: ${j.err.value}.`, j.err.limit && `Limit: ${j.err.limit}.`].filter(Boolean).join(' ')}</p>}
      {j.state === 'failed' && <p class="quiet">What it had done until then stays. Push the config again for another try; <a href={link('ffs', j.instance, 'cids', j.cid)}>the page of its CID</a> says why providers were not chosen.</p>}
    </div>
  )
}

function DealErrors({ j }: { j: Job }) {
  if (j.dealErrors.length === 0) return null
  return (
    <section aria-label="Deals that came to nothing">
      <h2>{plural(j.dealErrors.length, 'deal')} came to nothing</h2>
      <table class="small">
        <thead><tr><th>Provider</th><th>In its own words, or the chain's</th><th class="n-out">Deal</th></tr></thead>
        <tbody>
          {j.dealErrors.map((d) => (
            <tr key={d.deal + d.provider}>
              <td><a href={link('providers', d.provider)}>{d.provider}</a></td>
              <td>{d.message}</td>
              <td class="n-out">{d.deal ? <a href={link('deals', d.deal)}>{shortId(d.deal)}</a> : '—'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

export function JobPage({ of, job: id, trail }: { of: Instance; job: string; trail: [string, string][] }) {
  const { job: j, error } = useJob(of.id, id)
  if (!j) return error ? <Trouble error={error} command={`weir ffs jobs --instance ${of.id}`} /> : <Waiting />
  const more = j.state === 'in_progress' ? `It ${jobSteps[j.step]}.` : j.state === 'queued' ? 'It runs when it is the turn of its instance.' : undefined
  return (
    <article>
      <Crumbs trail={trail} here={shortId(j.id)} />
      <Answer big={jobStates[j.state]} sentence={`because of ${jobCauses[j.why]}, for ${shortCid(j.cid)}`} more={more}>
        <a class="button" href={link('ffs', of.id, 'cids', j.cid)}>Its CID</a>
        {!isFinal(j.state) && <button type="button" onClick={() => askCancel(j)}>Cancel</button>}
      </Answer>
      <JobLine job={j} />
      <Ended j={j} />
      <div class="halves">
        <div>
          <DealErrors j={j} />
          <JobLog instance={of.id} cid={j.cid} job={j.id} />
        </div>
        <div>
          <section aria-label="Facts">
            <h2>What it is</h2>
            <Facts
              rows={[
                ['Job', <code>{j.id}</code>],
                ['CID', <Cid cid={j.cid} href={link('ffs', of.id, 'cids', j.cid)} head={16} />],
                ...(j.replaces ? [['Replaces', <Cid cid={j.replaces} head={16} />] as [string, preact.ComponentChildren]] : []),
                ['Queued', <When ms={j.created} />],
                ['Began', <When ms={j.started} />],
                ['Ended', <When ms={j.ended} />],
                ['Took', <JobTime job={j} />],
                ['Scheduler', j.scheduler],
              ]}
            />
            <p><Command line={`weir ffs job ${j.id} --watch --instance ${of.id}`} /></p>
            <details><summary>The config that it enforces</summary><pre tabIndex={0}>{JSON.stringify(j.config, null, 2)}</pre></details>
          </section>
        </div>
      </div>
    </article>
  )
}
