// A deal: each state with its time, the provider's own words, the chain
// message, the raw record folded away.
import type { ComponentChildren } from 'preact'
import type { Deal, Moment } from '../api/types'
import { markOfState, OneMark } from '../drawings/six'
import { useRecord } from '../live/record'
import { Answer, Crumbs } from '../parts/answer'
import { History } from '../parts/history'
import { Bytes, Cid, Command, EpochTime, Facts } from '../parts/text'
import { hasProblem, Trouble, Waiting } from '../parts/trouble'
import { link } from '../routes'
import { count, fil } from '../words/amounts'
import { dealStates, shortId } from '../words/names'
import { absolute, duration, exact } from '../words/time'

const line = ['intended', 'proposed', 'published', 'activated', 'active'] as const

function Way({ deal }: { deal: Deal }) {
  const times = new Map<string, Moment>(deal.life.map((m) => [m.state, m]))
  const reached = line.indexOf(deal.state as (typeof line)[number])
  const ended = reached < 0 ? [deal.state] : []
  let before = 0
  return (
    <ol class="way" aria-label="Its way through the states">
      {[...line, ...ended].map((state, i) => {
        const moment = times.get(state)
        const took = moment && before ? (moment.time - before) / 1000 : 0
        if (moment) before = moment.time
        const past = !!moment || (reached >= 0 && i <= reached) || state === deal.state
        return (
          <li key={state} class={`${past ? 'past' : 'later'} ${state === deal.state ? 'current' : ''}`}>
            <OneMark mark={markOfState(state)} size={18} />
            <b>{dealStates[state as Deal['state']]}</b>
            {moment ? <time title={exact(moment.time)}>{absolute(moment.time)}</time> : <span class="quiet">{past ? '' : 'to come'}</span>}
            <span class="quiet">{took >= 1 ? `+${duration(took)}` : ''}{moment && moment.at >= 0 ? ` epoch ${count(moment.at)}` : ''}</span>
          </li>
        )
      })}
    </ol>
  )
}

function DealFacts({ d }: { d: Deal }) {
  return (
    <Facts
      rows={[
        ['Provider', <a href={link('providers', d.provider)}>{d.provider}</a>],
        ['Deal id', d.id > 0 ? count(d.id) : 'none until it is published'],
        ['Piece', <Cid cid={d.piece} href={link('pieces', d.piece)} head={16} />],
        ['Size', <Bytes n={d.paddedSize} />],
        ['Starts', <EpochTime epoch={d.start} />],
        ['Ends', <EpochTime epoch={d.end} />],
        ['Price', `${fil(d.pricePerEpoch)} per epoch${d.end > d.start ? `, ${fil(String(BigInt(d.pricePerEpoch || '0') * BigInt(d.end - d.start)))} in all` : ''}`],
        ['Collateral', `${fil(d.providerCollateral)} of the provider's`],
        ['Verified', d.verified ? 'yes' : 'no'],
        ['Sector', d.sector > 0 ? <>{count(d.sector)}, since <EpochTime epoch={d.sectorStart} brief /></> : 'not yet'],
        ['Publish message', <Cid cid={d.publishMessage} head={12} />],
        ['Proposal', <Cid cid={d.proposal} head={12} />],
        ['Client', <Cid cid={d.client} head={12} />],
        ['Sent', d.attempts === 1 ? 'once' : `${count(d.attempts)} times`],
        ...(d.replaces ? ([['Replaces', <a href={link('deals', d.replaces)}>{shortId(d.replaces)}</a>]] as [string, ComponentChildren][]) : []),
      ]}
    />
  )
}

export function DealPage({ uuid }: { uuid: string }) {
  const { value: d, error, reload } = useRecord<Deal>({ path: `/deals/${uuid}`, concerns: (c) => c.table === 'deals' && c.key === uuid })
  if (!d) return error ? <Trouble error={error} command="weir deal ls" retry={reload} /> : <Waiting />
  const lost = d.state === 'slashed' || d.state === 'failed' || d.state === 'expired'
  return (
    <article>
      <Crumbs trail={[['Deals', link('deals')]]} here={d.id > 0 ? String(d.id) : shortId(d.uuid)} />
      <Answer
        big={dealStates[d.state]}
        sentence={`with ${d.provider}`}
        more={lost ? 'This copy no longer counts. Another provider is asked for its place as long as the promise stands.' : d.state === 'active' ? 'It counts as a promised copy: active and final on the chain.' : 'It does not count as a copy yet.'}
      />
      {hasProblem(d.problem) && (
        <blockquote class="words">
          <p>“{d.problem.message}”</p>
          <footer class="quiet">{d.state === 'rejected' ? `the words of ${d.provider}` : d.problem.code}</footer>
        </blockquote>
      )}
      <div class="halves">
        <div>
          <section aria-label="Its way"><h2>Its way</h2><Way deal={d} /></section>
          <History subject={uuid} />
        </div>
        <div>
          <section aria-label="Facts">
            <h2>Terms</h2>
            <DealFacts d={d} />
            <p><Command line={`weir deal show ${d.uuid}`} /></p>
            <details><summary>Raw record</summary><pre tabIndex={0}>{JSON.stringify(d, null, 2)}</pre></details>
          </section>
        </div>
      </div>
    </article>
  )
}
