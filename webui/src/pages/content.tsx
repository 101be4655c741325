// One content: its life line and its six; then explain in words, where it
// lies, its events.
import type { ComponentChildren } from 'preact'
import { base } from '../api/http'
import type { Content, Deal, Explain } from '../api/types'
import { CopiesLine } from '../drawings/copies'
import { LifeLine } from '../drawings/lifeline'
import { nameOf } from '../live/names'
import { useRecord } from '../live/record'
import { Answer, Crumbs } from '../parts/answer'
import { Menu } from '../parts/menu'
import { Rejections } from '../parts/rejections'
import { History } from '../parts/history'
import { Bytes, Cid, Command, EpochTime, Facts, When } from '../parts/text'
import { Empty, ProblemLine, Trouble, Waiting } from '../parts/trouble'
import { go, link } from '../routes'
import { count, plural } from '../words/amounts'
import { bucketTitle, shortId } from '../words/names'
import { choicesFor } from './contentactions'
import { DealRows } from './dealtable'

function concerns(id: string) {
  return (c: { table: string; key: string; record: Record<string, unknown> | null }, v: Content | null) =>
    c.key === id ||
    (c.table === 'deals' && !!v?.pieces?.includes(String(c.record?.piece))) ||
    (c.table === 'placements' && c.record?.content === id) ||
    (c.table === 'buckets' && !!v && c.key === v.bucket)
}

function Explained({ content }: { content: Content }) {
  const { value, error } = useRecord<Explain>({
    path: `/contents/${content.id}/explain`,
    concerns: (c) => concerns(content.id)(c, content) || c.table === 'selections',
    pace: 400,
  })
  return (
    <section aria-label="Explained">
      <h2>{value?.safe ? 'Why it is safe' : 'Why it is not yet safe'}</h2>
      {error && <p class="quiet">{error.message}</p>}
      {value && <ul class="sentences">{value.sentences.map((s) => <li key={s}><Told text={s} /></li>)}</ul>}
      {value?.next?.what && (
        <p class="next-step">
          <b>Next:</b> <Told text={value.next.what} />{' '}
          <span class="quiet">{value.next.atEpoch > 0 ? <EpochTime epoch={value.next.atEpoch} /> : value.next.when}</span>
        </p>
      )}
      {value && value.rejections.length > 0 && (
        <details open={!value.safe}>
          <summary>{plural(value.rejections.length, 'provider')} turned down, each with its reason</summary>
          <Rejections rows={value.rejections} />
        </details>
      )}
      <p><Command line={`weir explain ${content.cid}`} /></p>
    </section>
  )
}

/// A sentence of the node with its piece CIDs as short links.
function Told({ text }: { text: string }) {
  return <>{text.split(/(baga[a-z2-7]{40,})/).map((part, i) => (i % 2 ? <Cid key={i} cid={part} href={link('pieces', part)} /> : part))}</>
}

function Copies({ content }: { content: Content }) {
  const deals = (content.deals ?? []) as (Deal | (typeof content.deals & object)[number])[]
  return (
    <section aria-label="Copies">
      <h2>Copies</h2>
      <CopiesLine copies={content.copies} deals={deals} />
      {deals.length > 0 ? <DealRows deals={deals} /> : <Empty title="No deal yet.">{content.pieces?.length ? 'It is packed; why no provider has it is explained below.' : 'Deals are made once it is packed into a piece.'}</Empty>}
    </section>
  )
}

/// That it lies in its pieces, for anyone to check without this node.
function ProofLink({ c }: { c: Content }) {
  return <a href={`${base}/contents/${c.id}/proof`} download={`${c.cid}.proof.json`} title="Anyone can check it with weir piece verify and the piece's CID alone">Download the inclusion proof</a>
}

function Place({ c }: { c: Content }) {
  const pieces = c.pieces ?? []
  return (
    <section aria-label="Facts">
      <h2>What and where</h2>
      <Facts
        rows={[
          ['CID', <Cid cid={c.cid} head={16} />],
          ['Size', <><Bytes n={c.size} /> in <a href={link('files', c.id)}>{plural(c.files, 'file')}</a></>],
          ['Blocks', <>{count(c.blocks)}, <Bytes n={c.dagSize} /> with each counted once</>],
          ['Local copy', c.local ? 'on this node' : 'dropped; the providers hold it'],
          ['Promise', plural(c.copies, 'copy', 'copies')],
          ['Bucket', c.bucket ? <a href={link('buckets', c.bucket)}>{bucketTitle(c.bucketName)} <span class="quiet">{shortId(c.bucket)}</span></a> : 'none yet'],
          [pieces.length > 1 ? 'Pieces' : 'Piece', pieces.length ? pieces.map((p) => <Cid key={p} cid={p} href={link('pieces', p)} head={12} />) : 'none yet'],
          ...(pieces.length ? [['Proof', <ProofLink c={c} />] as [string, ComponentChildren]] : []),
          ['Owner', c.owner.startsWith('ffs/') ? <>the instance <a href={link('ffs', c.owner.slice(4))}>{nameOf('instance', c.owner.slice(4)) || shortId(c.owner.slice(4))}</a></> : c.owner || 'the node'],
          ['Added', <When ms={c.created} />],
        ]}
      />
    </section>
  )
}

export function ContentPage({ id }: { id: string }) {
  const { value: c, error, reload } = useRecord<Content>({ path: `/contents/${id}`, concerns: concerns(id) })
  if (!c) return error ? <Trouble error={error} command="weir ls" retry={reload} /> : <Waiting />
  return (
    <article>
      <Crumbs trail={[['Files', link('files')]]} here={c.name} />
      <Answer big={c.name} sentence="">
        <a class="button" href={link('files', id)}>{c.files > 1 ? 'Open its files' : 'Show its file'}</a>
        <Menu label={`What to do with ${c.name}`} choices={choicesFor(c, () => go('/files'))} text="More ⋯" />
      </Answer>
      <LifeLine state={c.state} life={c.life} />
      <ProblemLine problem={c.problem} />
      <div class="halves">
        <div>
          <Copies content={c} />
          <Explained content={c} />
        </div>
        <div>
          <Place c={c} />
          <History subject={id} others={[...(c.pieces ?? []), ...(c.deals ?? []).map((d) => d.uuid)]} />
        </div>
      </div>
    </article>
  )
}
