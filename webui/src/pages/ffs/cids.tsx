// What the instance wants of its CIDs, and whether it is so.
import { at, type CidEntry, type FfsDeal, type Instance } from '../../api/ffs'
import type { Change } from '../../api/types'
import { SixInRow } from '../../drawings/six'
import { useList, type LiveList } from '../../live/list'
import { Answer } from '../../parts/answer'
import { Filter, Search } from '../../parts/search'
import { Table, type Column } from '../../parts/table'
import { Cid, When } from '../../parts/text'
import { Empty } from '../../parts/trouble'
import { link, route } from '../../routes'
import { bytes, count, plural } from '../../words/amounts'
import { activeOf, standing, standings, type Standing } from '../../words/ffs'

const tones: Record<Standing, string> = { running: 'good', queued: 'quiet', wanted: '', stored: 'quiet', behind: 'wait', short: 'wait' }

export function StandingWords({ entry }: { entry: CidEntry }) {
  const s = standing(entry)
  return <span class={tones[s]}>{standings[s]}</span>
}

function hotWords(e: CidEntry): string {
  if (e.config.hot.enabled) return e.hot.enabled ? bytes(e.hot.size) : 'wanted'
  return e.hot.enabled ? `${bytes(e.hot.size)}, not wanted` : 'no'
}

function Cold({ entry: e }: { entry: CidEntry }) {
  const n = e.config.cold.repFactor
  if (e.config.cold.enabled) return <SixInRow copies={n} deals={e.deals ?? []} />
  return <span class="quiet">{activeOf(e.deals ?? []) ? 'not wanted any more' : 'no'}</span>
}

/// The deals of its content, as the stream tells of them.
function absorb({ table, record }: Change, list: LiveList<CidEntry>): void {
  if (table !== 'deals' || !record) return
  const deal = record as unknown as FfsDeal
  for (const [key, e] of list.items) {
    const known = e.deals?.some((d) => d.uuid === deal.uuid)
    if (!known && (!deal.content || deal.content !== e.cold.content)) continue
    list.take({ table, key, record: { ...e, deals: [...(e.deals ?? []).filter((d) => d.uuid !== deal.uuid), deal] } })
  }
}

function columnsOf(id: string): Column<CidEntry>[] {
  return [
    { key: 'cid', head: 'CID', width: 'minmax(190px, 1.2fr)', narrow: 'main', cell: (e) => <Cid cid={e.cid} href={link('ffs', id, 'cids', e.cid)} head={14} /> },
    { key: 'standing', head: 'Stands', width: 'minmax(200px, 1.5fr)', narrow: 'sub', cell: (e) => <StandingWords entry={e} /> },
    { key: 'hot', head: 'Hot', width: 'minmax(110px, 0.6fr)', narrow: 'side', cell: hotWords },
    { key: 'cold', head: 'Cold', width: 'minmax(130px, 0.8fr)', narrow: 'end', cell: (e) => <Cold entry={e} /> },
    { key: 'pushed', head: 'Config pushed', width: '190px', cell: (e) => <When ms={e.pushed} /> },
    { key: 'info', wide: true, head: 'State as of', width: '190px', cell: (e) => <When ms={e.infoTime} /> },
  ]
}

export function CidsTab({ of }: { of: Instance }) {
  const { query } = route.value
  const q = query.get('q') ?? ''
  const wanted = query.get('stands') ?? ''
  const list = useList<CidEntry>({
    path: at(of.id, 'cids'),
    params: { q },
    table: 'ffs-cids',
    key: (e) => `${e.instance}/${e.cid}`,
    match: (e) => e.instance === of.id && e.cid.startsWith(q),
    keep: (e) => !wanted || standing(e) === wanted,
    named: wanted,
    compare: (a, b) => b.pushed - a.pushed,
    absorb,
    // A CID that is new has no deal yet; those that it gets are heard of.
    merge: (old, e) => ({ ...e, deals: e.deals ?? old?.deals ?? [] }),
  })
  const items = [...list.items.values()]
  const number = (s: Standing) => items.filter((e) => standing(e) === s).length
  const none = list.complete && list.order.length === 0 && !q && !wanted
  const rest = [
    number('running') ? `${plural(number('running'), 'job')} run${number('running') === 1 ? 's' : ''}` : '',
    number('queued') ? `${count(number('queued'))} wait${number('queued') === 1 ? 's' : ''}` : '',
    number('behind') ? `the last job of ${count(number('behind'))} did not succeed` : '',
    number('short') ? `${count(number('short'))} ${number('short') === 1 ? 'has' : 'have'} too few active deals` : '',
  ].filter(Boolean)
  return (
    <>
      <Answer
        big={none ? 'Nothing' : count(wanted ? list.order.length : number('wanted'))}
        sentence={none ? 'is wanted of any CID yet' : wanted ? `${list.order.length === 1 ? 'CID' : 'CIDs'}: ${standings[wanted as Standing]}` : `of ${plural(list.order.length, 'CID')}${list.complete ? '' : ' and more'} ${number('wanted') === 1 ? 'is' : 'are'} as wanted`}
        more={!wanted && rest.length > 0 && rest.join(', ') + '.'}
      >
        <a class="button primary" href={link('ffs', of.id, 'push')}>Push a config</a>
      </Answer>
      <div class="tools row">
        <Search label="How the CID begins" />
        <Filter label="Stands" field="stands" values={Object.entries(standings)} />
      </div>
      <Table
        list={list}
        columns={columnsOf(of.id)}
        label="CIDs"
        href={(e) => link('ffs', of.id, 'cids', e.cid)}
        tone={(e) => (tones[standing(e)] === 'wait' ? 'waits' : '')}
        empty={
          <Empty title={q || wanted ? 'No CID matches.' : 'No config was pushed yet.'} command={`weir ffs push CID --instance ${of.id}`}>
            A pushed config says what is wanted of a CID: a hot copy here, deals with providers, or both. A job makes it so.
          </Empty>
        }
        command={`weir ffs cids --instance ${of.id}`}
        things={['CID', 'CIDs']}
      />
    </>
  )
}
