// One CID of an instance: what is wanted and what is, its deals, who was
// chosen and why not the others, its jobs and its log as they go.
import { at, type CidShown, type FfsSelection, type Instance, type Job } from '../../api/ffs'
import { CopiesLine } from '../../drawings/copies'
import { useList } from '../../live/list'
import { node } from '../../live/node'
import { useRecord } from '../../live/record'
import { Answer, Crumbs } from '../../parts/answer'
import { Menu } from '../../parts/menu'
import { Rejections } from '../../parts/rejections'
import { Cid, Command, EpochTime, When } from '../../parts/text'
import { Empty, Trouble, Waiting } from '../../parts/trouble'
import { link } from '../../routes'
import { plural } from '../../words/amounts'
import { sides, standing, standings } from '../../words/ffs'
import { shortCid } from '../../words/names'
import { DealRows } from '../dealtable'
import { cidChoices } from './cidactions'
import { JobLog } from './joblog'
import { askCancel, jobList, JobTable } from './jobs'
import { SideBySide } from './sidebyside'

function Deals({ e }: { e: CidShown }) {
  const copies = e.config.cold.enabled ? e.config.cold.repFactor : 0
  return (
    <section aria-label="Deals">
      <h2>Deals</h2>
      {copies > 0 && <CopiesLine copies={copies} deals={e.proposals} />}
      {e.proposals.length > 0 ? <DealRows deals={e.proposals} /> : <p class="quiet">{copies > 0 ? 'No provider was asked yet.' : 'None is wanted.'}</p>}
    </section>
  )
}

function Selection({ s, open }: { s: FfsSelection; open: boolean }) {
  return (
    <details open={open}>
      <summary>
        <EpochTime epoch={s.at} brief />: {s.chosen.length} of {plural(s.wanted, 'provider')} chosen{s.rejections.length > 0 && `, ${s.rejections.length} turned down`}
      </summary>
      {s.chosen.length > 0 && <p>Chosen: {s.chosen.map((a) => <a key={a} class="spaced" href={link('providers', a)}>{a}</a>)}</p>}
      <Rejections rows={s.rejections} />
    </details>
  )
}

function Selections({ e }: { e: CidShown }) {
  if (e.selections.length === 0) return null
  const newest = [...e.selections].sort((a, b) => b.at - a.at)
  return (
    <section aria-label="Selection">
      <h2>Who was chosen, and why not the others</h2>
      {newest.map((s, i) => <Selection key={s.piece + i} s={s} open={i === 0} />)}
      {e.cold.content && <p><Command line={`weir explain ${e.cid}`} /></p>}
    </section>
  )
}

function answerOf(e: CidShown): [big: string, sentence: string] {
  const differs = sides(e, node.value?.epochSeconds || 30).filter((s) => s.differs).length
  const now = standing(e)
  const job = now === 'running' || now === 'queued' ? standings[now] : ''
  if (differs === 0) return ['As wanted', job && `and ${job}`]
  return [String(differs), `${differs === 1 ? 'point is' : 'points are'} not as wanted${job && `; ${job}`}`]
}

export function CidPage({ of, cid, trail }: { of: Instance; cid: string; trail: [string, string][] }) {
  const { value: e, error, reload } = useRecord<CidShown>({
    path: at(of.id, 'cids', cid),
    concerns: (c, v) =>
      (c.table === 'ffs-cids' && c.key === `${of.id}/${cid}`) || (c.table === 'deals' && !!v?.cold.content && c.record?.content === v.cold.content) || (c.table === 'deals' && !!v?.proposals.some((d) => d.uuid === c.key)) || (c.table === 'contents' && c.key === v?.cold.content),
  })
  const jobs = useList<Job>(jobList(of.id, { cid }))
  const open = [...jobs.items.values()].find((j) => j.id === e?.running || j.id === e?.queued)
  if (error?.status === 404)
    return (
      <Empty title="The instance does not keep this CID." command={`weir ffs push ${cid} --instance ${of.id}`}>
        It was let go of, or never pushed. <a href={link('ffs', of.id, 'push', cid)}>Push a config for it</a>, or go back to <a href={link('ffs', of.id)}>the others</a>.
      </Empty>
    )
  if (!e) return error ? <Trouble error={error} command={`weir ffs cids --instance ${of.id}`} retry={reload} /> : <Waiting />
  const [big, sentence] = answerOf(e)
  return (
    <article>
      <Crumbs trail={trail} here={shortCid(cid)} />
      <Answer big={big} sentence={sentence} more={<><Cid cid={cid} head={16} /> Config pushed <When ms={e.pushed} />; its state is as of <When ms={e.infoTime} />.</>}>
        <a class="button" href={link('ffs', of.id, 'push', cid)}>Change the config</a>
        {open && <button type="button" onClick={() => askCancel(open)}>Cancel the job</button>}
        <Menu label="What to do with this CID" choices={cidChoices(e)} text="More ⋯" />
      </Answer>
      <div class="halves">
        <div>
          <section aria-label="Wanted and is">
            <h2>Wanted, and what is</h2>
            <SideBySide entry={e} />
            <p><Command line={`weir ffs cid ${cid} --instance ${of.id}`} /></p>
          </section>
          <section aria-label="Jobs">
            <h2>Jobs</h2>
            <JobTable list={jobs} ofCid none="No job of it yet." command={`weir ffs jobs --cid ${cid} --instance ${of.id}`} />
          </section>
        </div>
        <div>
          <Deals e={e} />
          <Selections e={e} />
          <JobLog instance={of.id} cid={cid} />
        </div>
      </div>
    </article>
  )
}
