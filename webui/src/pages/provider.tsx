import { useState } from 'preact/hooks'
import { at, send } from '../api/http'
import type { Provider, Rejection } from '../api/types'
import { useRecord } from '../live/record'
import { Answer, Crumbs } from '../parts/answer'
import { History } from '../parts/history'
import { Rejections } from '../parts/rejections'
import { Command, EpochTime, Facts } from '../parts/text'
import { say } from '../parts/toast'
import { ProblemLine, Trouble, Waiting } from '../parts/trouble'
import { link } from '../routes'
import { bytes, fil, plural } from '../words/amounts'
import { avoided, Score, standing } from './providers'

/// Only a person knows it; configs of FFS may ask for some countries.
function Country({ p }: { p: Provider }) {
  const [code, setCode] = useState(p.country ?? '')
  const save = async (e: Event) => {
    e.preventDefault()
    try {
      await send('PATCH', `/providers/${p.id}`, { country: code.trim().toUpperCase() })
      say(code.trim() ? `${p.id} is in ${code.trim().toUpperCase()}.` : `Where ${p.id} is, is not known any more.`)
    } catch (problem) {
      say((problem as Error).message, true)
    }
  }
  if (at.value !== null) return <>{p.country || 'not known'}</>
  return (
    <form class="row" onSubmit={save}>
      <input type="text" class="code-field" aria-label="Country, two letters" placeholder="CH" maxLength={2} value={code} onInput={(e) => setCode(e.currentTarget.value)} />
      <button type="submit" class="text" disabled={code.trim().toUpperCase() === (p.country ?? '')}>say so</button>
      {!p.country && <span class="quiet">not known</span>}
    </form>
  )
}

export function ProviderPage({ id }: { id: string }) {
  const { value: p, error, reload } = useRecord<Provider>({
    path: `/providers/${id}`,
    concerns: (c) => c.key === id || c.table === 'selections',
  })
  if (!p) return error ? <Trouble error={error} command="weir provider ls" retry={reload} /> : <Waiting />
  const selections = p.lastSelections ?? []
  const chosen = selections.filter((s) => s.chosen.includes(id))
  const refused = selections.flatMap((s) => s.rejections.filter((r) => r.provider === id).map((r): Rejection & { piece: string } => ({ ...r, piece: s.piece })))
  return (
    <article>
      <Crumbs trail={[['Providers', link('providers')]]} here={id} />
      <Answer big={id} sentence={standing(p)[0]} more={avoided(p) ? <>Not asked again before <EpochTime epoch={p.avoidUntil} />.</> : undefined}>
        <a class="button" href={`${link('deals')}?provider=${encodeURIComponent(id)}`}>Its deals</a>
      </Answer>
      <ProblemLine problem={p.problem} />
      <div class="halves">
        <div>
          <section aria-label="Selections">
            <h2>Chosen, and why not</h2>
            <p>{plural(chosen.length, 'time')} chosen in the last {plural(selections.length, 'selection')}.</p>
            {refused.length > 0 && <Rejections rows={refused} subject />}
          </section>
          <History subject={id} />
        </div>
        <div>
          <section aria-label="Facts">
            <h2>What it offers</h2>
            <Facts
              rows={[
                ['Ask', `${fil(p.price)} per GiB and epoch`],
                ['Verified ask', `${fil(p.verifiedPrice)} per GiB and epoch`],
                ['Pieces', `${bytes(p.minPiece)} to ${bytes(p.maxPiece)}`],
                ['Sector', bytes(p.sectorSize)],
                ['Ask read', <EpochTime epoch={p.askedAt} />],
                ['Ask ends', <EpochTime epoch={p.askExpiry} />],
                ['Deals kept', <Score ok={p.dealsMade} bad={p.dealsFailed} />],
                ['Retrievals', <Score ok={p.retrievalsOk} bad={p.retrievalsFailed} />],
                ['Country', <Country p={p} />],
                ['Peer', p.peerId || '—'],
                ['Addresses', p.multiaddrs.length ? p.multiaddrs.map((m) => <code key={m} class="line">{m}</code>) : '—'],
              ]}
            />
            <p><Command line={`weir provider show ${id}`} /></p>
          </section>
        </div>
      </div>
    </article>
  )
}
