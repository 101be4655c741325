// The jobs of an instance, told as they go by its watch.
import { at, isFinal, type Instance, type Job } from '../../api/ffs'
import { send } from '../../api/http'
import { useList, type LiveList, type ListSpec } from '../../live/list'
import { Answer } from '../../parts/answer'
import { Confirm } from '../../parts/confirm'
import { ask } from '../../parts/dialog'
import { Menu, type Choice } from '../../parts/menu'
import { Filter } from '../../parts/search'
import { Table, type Column } from '../../parts/table'
import { Cid, When } from '../../parts/text'
import { copy } from '../../parts/toast'
import { Empty } from '../../parts/trouble'
import { link, route } from '../../routes'
import { count, plural } from '../../words/amounts'
import { firstSentence, jobCauses, jobStates, jobSteps } from '../../words/ffs'
import { shortId, withShort } from '../../words/names'
import { duration, now } from '../../words/time'

export function askCancel(j: Job): void {
  ask(
    <Confirm
      title="Cancel this job?"
      lost={['What it has not done yet. Deals that are not proposed are not made any more.']}
      kept={['What it has done: a hot copy, and every deal that a provider accepted.', 'The config of the CID; push it again for another job.']}
      verb="Cancel the job"
      command={`weir ffs cancel ${j.id} --instance ${j.instance}`}
      run={() => send('POST', at(j.instance, 'jobs', j.id, 'cancel'))}
      done="The job was cancelled."
    />,
  )
}

/// A job's state with what it does right now, or why it ended.
export function JobWords({ job: j }: { job: Job }) {
  const tone = { queued: 'quiet', in_progress: 'good', failed: 'wait', cancelled: 'quiet', done: '' }[j.state]
  const more = j.state === 'in_progress' ? jobSteps[j.step] : j.state === 'failed' ? withShort(firstSentence(j.err.message)[0]) : ''
  return <span class={tone} title={j.err.message}>{jobStates[j.state]}{more && `: ${more}`}</span>
}

/// How long it waited or ran.
export function JobTime({ job: j }: { job: Job }) {
  if (!j.started) return <span class="quiet">{isFinal(j.state) ? 'never began' : `${duration((now.value - j.created) / 1000)} so far`}</span>
  const end = j.ended || now.value
  return <>{duration((end - j.started) / 1000)}{j.ended ? '' : <span class="quiet"> so far</span>}</>
}

export function jobList(of: string, filter: { cid?: string; state?: string }): ListSpec<Job> {
  const { cid = '', state = '' } = filter
  return {
    path: at(of, 'jobs'),
    params: { cid, state },
    table: '',
    // What ends leaves a list of those that run: the watch is of every state.
    watch: { path: at(of, 'watch'), kind: 'job', params: { cid } },
    key: (j) => j.id,
    match: (j) => (!state || (state === 'final' ? isFinal(j.state) : j.state === state)) && (!cid || j.cid === cid),
    compare: (a, b) => (a.id < b.id ? 1 : -1),
  }
}

function choices(j: Job): Choice[] {
  return [
    { name: 'What it does, and its log', href: link('ffs', j.instance, 'jobs', j.id) },
    { name: 'Its CID', href: link('ffs', j.instance, 'cids', j.cid) },
    { name: 'Copy its id', run: () => void copy(j.id) },
    { name: 'Cancel…', run: () => askCancel(j), loss: true, not: isFinal(j.state) ? 'It has ended already.' : undefined },
  ]
}

function columnsOf(ofCid: boolean): Column<Job>[] {
  const all: (Column<Job> | null)[] = [
    { key: 'state', head: 'State', width: ofCid ? 'minmax(120px, 2fr)' : 'minmax(220px, 2fr)', narrow: 'main', cell: (j) => <a class="plain" href={link('ffs', j.instance, 'jobs', j.id)}><JobWords job={j} /></a> },
    ofCid ? null : { key: 'cid', head: 'CID', width: 'minmax(160px, 1fr)', narrow: 'sub', cell: (j) => <Cid cid={j.cid} href={link('ffs', j.instance, 'cids', j.cid)} head={10} /> },
    { key: 'why', head: 'Because of', width: 'minmax(124px, 0.6fr)', narrow: ofCid ? 'sub' : undefined, cell: (j) => jobCauses[j.why] },
    { key: 'took', head: 'Took', width: '110px', right: true, narrow: 'end', cell: (j) => <JobTime job={j} /> },
    { key: 'created', head: 'Queued', width: ofCid ? '116px' : '190px', cell: (j) => <When ms={j.created} brief={ofCid} /> },
    ofCid ? null : { key: 'id', wide: true, head: 'Job', width: '110px', cell: (j) => <code title={j.id}>{shortId(j.id)}</code> },
    { key: 'menu', head: '', width: '32px', narrow: 'side', cell: (j) => <Menu label={`What to do with job ${shortId(j.id)}`} choices={choices(j)} /> },
  ]
  return all.filter((c): c is Column<Job> => c !== null)
}

export function JobTable({ list, ofCid = false, none, command }: { list: LiveList<Job>; ofCid?: boolean; none: string; command: string }) {
  return (
    <Table
      list={list}
      columns={columnsOf(ofCid)}
      label="Jobs"
      href={(j) => link('ffs', j.instance, 'jobs', j.id)}
      tone={(j) => (j.state === 'failed' ? 'hurt' : isFinal(j.state) ? 'done' : '')}
      empty={<Empty title={none} command={command}>A job brings a CID to what its config wants: hot copy, then deals. Each step shows here as it happens.</Empty>}
      command={command}
      things={['job', 'jobs']}
    />
  )
}

const states: [string, string][] = [...Object.entries(jobStates), ['final', 'ended']]

export function JobsTab({ of }: { of: Instance }) {
  const state = route.value.query.get('state') ?? ''
  const list = useList<Job>(jobList(of.id, { state }))
  const items = [...list.items.values()]
  const number = (s: Job['state']) => items.filter((j) => j.state === s).length
  const more = [number('queued') ? `${plural(number('queued'), 'job')} wait${number('queued') === 1 ? 's' : ''}` : '', number('failed') ? `${count(number('failed'))} failed` : ''].filter(Boolean)
  return (
    <>
      <Answer
        big={count(number('in_progress'))}
        sentence={`job${number('in_progress') === 1 ? ' runs' : 's run'} now`}
        more={(more.length > 0 || of.limits.jobs > 0) && [more.join(', '), of.limits.jobs ? `at most ${count(of.limits.jobs)} may wait or run` : ''].filter(Boolean).join('; ') + '.'}
      />
      <div class="tools row">
        <Filter label="State" field="state" values={states} />
      </div>
      <JobTable list={list} none={state ? 'No job is in this state.' : 'No job yet.'} command={`weir ffs jobs --instance ${of.id}`} />
    </>
  )
}
