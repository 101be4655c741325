// Alerts as lines: what happened to what, the words of whoever refused or
// failed, and the way to where something can be done.
import type { Alert } from '../live/alerts'
import { haveSeen, isNew } from '../live/alerts'
import { nameOf } from '../live/names'
import { alertRoute, alertWords } from '../words/alerts'
import { shortCid } from '../words/names'
import { absolute, exact } from '../words/time'

function Line({ a, of }: { a: Alert; of?: string }) {
  const { owner } = a.event
  const instance = owner.startsWith('ffs/') ? owner.slice(4) : ''
  const { what, said, tone } = alertWords(a.event)
  const to = alertRoute(a.event, of)
  return (
    <li class={isNew(a) ? 'new' : ''}>
      <time class="quiet" title={exact(a.time)}>{absolute(a.time)}</time>
      <span class="event">
        {instance && instance !== of && <><a href={`#/ffs/${instance}`}>{nameOf('instance', instance) || shortCid(instance)}</a>{' '}</>}
        <a class={tone} href={'#' + to} title={a.event.kind}>{what}</a> {said && <span title={a.event.fields?.message}>{said}</span>}
      </span>
    </li>
  )
}

export function AlertLines({ list, of }: { list: Alert[]; of?: string }) {
  return <ol class="ticker alerts">{list.map((a) => <Line key={a.key} a={a} of={of} />)}</ol>
}

export function SeenButton({ list }: { list: Alert[] }) {
  if (!list.some(isNew)) return null
  return <button type="button" class="text" onClick={haveSeen} title="Their number leaves the pages' names, in this browser">all seen</button>
}
