// The schedulers of the configuration: what each is set up with, and what it has to do.
import type { Scheduler } from '../../api/ffs'
import { at } from '../../api/http'
import { Answer, Crumbs } from '../../parts/answer'
import { Command } from '../../parts/text'
import { Trouble, Waiting } from '../../parts/trouble'
import { link } from '../../routes'
import { bytes, count, plural } from '../../words/amounts'
import { capWords, everyWords, layerWords, selectorWords } from '../../words/schedulers'
import { useSchedulers } from './move'
import { NoPast } from './nopast'

function Row({ s }: { s: Scheduler }) {
  return (
    <tr>
      <td class="first"><a href={`${link('ffs')}?scheduler=${encodeURIComponent(s.name)}`} title="Its instances">{s.name}</a></td>
      <td class="right" data-label="open jobs">{s.openJobs ? <span class="good">{count(s.openJobs)}</span> : <span class="quiet">none</span>}</td>
      <td class="right" data-label="at once">{count(s.parallel)}</td>
      <td data-label="hot layer">{layerWords(s.hot)}</td>
      <td data-label="chooses">{selectorWords(s)}{s.miners.length > 0 && <span class="quiet">: {s.miners.map((m) => <a key={m} class="spaced" href={link('providers', m)}>{m}</a>)}</span>}</td>
      <td class="right" data-label="price cap">{capWords(s)}</td>
      <td class="right" data-label="least size">{s.leastSize > 0 ? bytes(s.leastSize) : 'any'}</td>
      <td class="right" data-label="repairs every">{everyWords(s)}</td>
    </tr>
  )
}

export function SchedulersPage() {
  const { schedulers, error, reload } = useSchedulers()
  if (at.value !== null) return <NoPast />
  if (!schedulers) return error ? <Trouble error={error} command="weir ffs schedulers" retry={reload} /> : <Waiting />
  const jobs = schedulers.reduce((n, s) => n + s.openJobs, 0)
  return (
    <article>
      <Crumbs trail={[['FFS', link('ffs')]]} here="Schedulers" />
      <Answer big={count(schedulers.length)} sentence={schedulers.length === 1 ? 'scheduler runs the jobs of instances' : 'schedulers run the jobs of instances'} more={jobs ? `${plural(jobs, 'job')} ${jobs === 1 ? 'waits or runs' : 'wait or run'}.` : 'No job waits or runs.'} />
      <div class="stack close">
        <table class="small stacks">
          <thead>
            <tr><th>Name</th><th class="right">Open jobs</th><th class="right">At once</th><th>Hot layer</th><th>Chooses</th><th class="right">Price cap</th><th class="right">Least size</th><th class="right">Repairs every</th></tr>
          </thead>
          <tbody>{schedulers.map((s) => <Row key={s.name} s={s} />)}</tbody>
        </table>
        <p class="quiet">Others are named in the configuration file, under [schedulers.NAME]; the price cap is for a GiB and an epoch. An instance is moved on its page of settings.</p>
        <p><Command line="weir ffs schedulers" /></p>
      </div>
    </article>
  )
}
