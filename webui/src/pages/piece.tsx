import type { Deal, Piece } from '../api/types'
import { CopiesLine } from '../drawings/copies'
import { promisedOf } from '../drawings/marks'
import { useRecord } from '../live/record'
import { Answer, Crumbs } from '../parts/answer'
import { History } from '../parts/history'
import { Rejections } from '../parts/rejections'
import { Bytes, Cid, Command, EpochTime, Facts, When } from '../parts/text'
import { ProblemLine, Trouble, Waiting } from '../parts/trouble'
import { link } from '../routes'
import { bytes, count, plural } from '../words/amounts'
import { shortCid, shortId } from '../words/names'
import { DealRows } from './dealtable'

interface Inside { content: string; name: string; size: number; part: number; parts: number; segment: number }
type Full = Piece & { contentList?: Inside[] }

function ContentsIn({ piece }: { piece: Full }) {
  const list = piece.contentList ?? []
  if (list.length === 0) return null
  return (
    <section aria-label="Contents">
      <h2>Contents in it</h2>
      <ul class="plain-list">
        {list.slice(0, 200).map((c) => (
          <li key={`${c.content}/${c.part}`} class="row">
            <a href={link('contents', c.content)}>{c.name}</a>
            <span class="quiet">
              {bytes(c.size)}, segment {c.segment + 1}{c.parts > 1 ? `, part ${c.part + 1} of ${c.parts}` : ''}
            </span>
          </li>
        ))}
      </ul>
      {list.length > 200 && <p class="quiet">and {count(list.length - 200)} more</p>}
    </section>
  )
}

function Chosen({ piece }: { piece: Full }) {
  const s = piece.selection
  if (!s) return null
  return (
    <section aria-label="Selection">
      <h2>Who was chosen, and why not the others</h2>
      <p>
        {plural(s.wanted, 'provider')} wanted, <EpochTime epoch={s.at} />: {s.chosen.length ? s.chosen.map((a) => <a key={a} class="spaced" href={link('providers', a)}>{a}</a>) : 'nobody was chosen'}
      </p>
      <Rejections rows={s.rejections} />
    </section>
  )
}

export function PiecePage({ cid }: { cid: string }) {
  const { value: p, error, reload } = useRecord<Full>({
    path: `/pieces/${cid}`,
    concerns: (c) => c.key === cid || (c.table === 'deals' && c.record?.piece === cid),
  })
  if (!p) return error ? <Trouble error={error} command="weir piece ls" retry={reload} /> : <Waiting />
  const deals = (p.deals ?? []) as Deal[]
  return (
    <article>
      <Crumbs trail={[['Pieces', link('pieces')]]} here={shortCid(cid, 12)} />
      <Answer big={bytes(p.paddedSize)} sentence="piece" more={`${plural(p.contents, 'content')} in ${plural(p.segments, 'segment')}; ${p.state === 'built' ? 'deals are wanted' : p.state}.`} />
      <ProblemLine problem={p.problem} />
      <div class="halves">
        <div>
          <section aria-label="Copies">
            <h2>Copies</h2>
            <CopiesLine copies={promisedOf(p.copies, deals)} deals={deals} />
            {p.copies === 0 && <p class="quiet">It promises no copies itself: its deals are those that an instance of FFS wants for its content.</p>}
            {deals.length > 0 && <DealRows deals={deals} />}
          </section>
          <Chosen piece={p} />
        </div>
        <div>
          <section aria-label="Facts">
            <h2>What and where</h2>
            <Facts
              rows={[
                ['Piece CID', <Cid cid={p.cid} head={16} />],
                ['Root', <Cid cid={p.root} head={16} />],
                ['Padded', <Bytes n={p.paddedSize} />],
                ['Payload', <Bytes n={p.payloadSize} />],
                ['Local file', p.local ? 'on this node, hosted for providers' : 'dropped'],
                ['Bucket', p.bucket ? <a href={link('buckets', p.bucket)}>{shortId(p.bucket)}</a> : '—'],
                ['Built', <When ms={p.created} />],
              ]}
            />
            <p><Command line={`weir piece show ${p.cid}`} /></p>
          </section>
          <ContentsIn piece={p} />
          <History subject={cid} others={deals.map((d) => d.uuid)} />
        </div>
      </div>
    </article>
  )
}
