// One event as a line: what it is about, what happened, the small facts.
import type { WeirEvent } from '../api/types'
import { kindTone, kindWords, shortCid, subjectRoute } from '../words/names'

export function subjectName(event: WeirEvent): string {
  if (event.fields?.name) return event.fields.name
  const s = event.subject
  if (!s) return ''
  return /^(baga|bafy|bafk|Qm)/.test(s) ? shortCid(s) : s.length > 20 ? s.slice(0, 8) : s
}

export function EventWords({ event, facts = true }: { event: WeirEvent; facts?: boolean }) {
  const to = subjectRoute(event.kind, event.subject)
  const name = subjectName(event)
  const rest = Object.entries(event.fields ?? {}).filter(([k]) => k !== 'name')
  const thing = event.kind.split('.')[0]
  return (
    <span class="event">
      <span class="thing">{thing}</span>{' '}
      {name && (to ? <a href={'#' + to} title={event.subject}>{name}</a> : <span title={event.subject}>{name}</span>)}{' '}
      <span class={`did ${kindTone(event.kind)}`} title={event.kind}>{kindWords(event.kind)}</span>
      {facts && rest.length > 0 && (
        <span class="quiet facts-line">
          {rest.map(([k, v]) => (
            <span key={k} title={v}>
              {k} {v.length > 46 ? shortCid(v) : v}
            </span>
          ))}
        </span>
      )}
    </span>
  )
}
