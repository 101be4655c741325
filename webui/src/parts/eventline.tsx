// One event as a line: what it is about, what happened, the small facts.
import type { Transaction, WeirEvent } from '../api/types'
import { nameOf } from '../live/names'
import { bytes, fil } from '../words/amounts'
import { firstSentence } from '../words/ffs'
import { bucketTitle, kindTone, kindWords, shortCid, shortId, subjectRoute, withShort } from '../words/names'

export function subjectName(event: WeirEvent): string {
  if (event.fields?.name) return event.kind.startsWith('bucket.') ? bucketTitle(event.fields.name) : event.fields.name
  if (event.kind.startsWith('deal.') && event.fields?.provider) return `with ${event.fields.provider}`
  const s = event.subject
  if (!s) return ''
  const known = nameOf(event.kind.split('.')[0], s)
  if (known) return event.kind.startsWith('bucket.') ? bucketTitle(known) : known
  return /^[0-9a-f]{8}-/.test(s) ? shortId(s) : withShort(s) // names of tokens are names
}

/// Providers are chosen for a piece: it is the piece that the event is about.
function thingOf(event: WeirEvent): string {
  return event.kind === 'provider.selected' ? 'piece' : event.kind.split('.')[0]
}

export interface Group { key: string; time: number; events: WeirEvent[] }

/// Neighbours of one kind as one line, so that six deals do not push all else away.
export function grouped(transactions: Transaction[], most: number): Group[] {
  const groups: Group[] = []
  for (const t of transactions)
    for (const [i, event] of t.events.entries()) {
      const last = groups.at(-1)
      if (last?.events[0].kind === event.kind) last.events.push(event)
      else if (groups.length === most) return groups
      else groups.push({ key: `${t.revision}.${i}`, time: t.time, events: [event] })
    }
  return groups
}

export function GroupWords({ group }: { group: Group }) {
  const [first, ...rest] = group.events
  if (rest.length === 0) return <EventWords event={first} facts={false} />
  const thing = thingOf(first)
  const names = [...new Set(group.events.map(subjectName))].slice(0, 8).join(', ')
  return (
    <span class="event" title={names}>
      <b>{group.events.length}</b> <span class="thing">{thing}s:</span> <span class={`did ${kindTone(first.kind)}`}>{ofMany(kindWords(first.kind))}</span>
    </span>
  )
}

/// "is active" of one is "are active" of many.
function ofMany(words: string): string {
  const many: Record<string, string> = { is: 'are', was: 'were', has: 'have', its: 'their', needs: 'need', nears: 'near' }
  return words.replace(/\b(is|was|has|its|needs|nears)\b/g, (w) => many[w])
}

/// "paddedSize" → "padded size".
function factName(key: string): string {
  return key.replace(/[A-Z]/g, (c) => ' ' + c.toLowerCase())
}

/// attoFIL.
const amounts = new Set(['value', 'price', 'verifiedPrice', 'amount', 'paid'])

function factValue(key: string, value: string): string {
  if (key === 'message') return withShort(firstSentence(value)[0])
  if (/(size|threshold|bytes)$/i.test(key) && /^\d+$/.test(value)) return bytes(Number(value))
  if (amounts.has(key) && /^\d+$/.test(value)) return fil(value)
  if (key === 'bucket') {
    const name = nameOf('bucket', value)
    return name ? bucketTitle(name) : shortId(value)
  }
  return value.length > 46 && !value.includes(' ') ? shortCid(value) : withShort(value)
}

export function EventWords({ event, facts = true }: { event: WeirEvent; facts?: boolean }) {
  const to = subjectRoute(event.kind, event.subject, event.owner)
  const name = subjectName(event)
  const said = event.kind.startsWith('deal.') ? 'provider' : 'name'
  const rest = Object.entries(event.fields ?? {}).filter(([k, v]) => k !== said && !(k === 'dealId' && v === '0'))
  const thing = thingOf(event)
  return (
    <span class="event">
      <span class="thing">{thing}</span>{' '}
      {name && (to ? <a href={'#' + to} title={event.subject}>{name}</a> : <span title={event.subject}>{name}</span>)}{' '}
      <span class={`did ${kindTone(event.kind)}`} title={event.kind}>{kindWords(event.kind)}</span>{' '}
      {facts && rest.length > 0 && (
        <span class="quiet facts-line">
          {rest.map(([k, v]) => (
            <span key={k} title={v}>
              {k === 'message' ? '' : factName(k) + ' '}{factValue(k, v)}
            </span>
          ))}
        </span>
      )}
    </span>
  )
}
